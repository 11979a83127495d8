import { ipcCalls, ipcEvents, type IpcBridge, type IpcCallName, type IpcEventName } from '../../main/ipc/schema.ts';
import { CallError } from './call-error.ts';
import { shellFrameSchema, type ShellFrame } from './frames.ts';

/** The window's own link to its shell: not the link axis, which is desktop to engine. */
export interface WindowLink {
  state: 'connecting' | 'ready' | 'lost';
  attempt: number;
  /** Unix ms of the next try while lost. */
  nextTryAt?: number;
  /** Unix ms of the last frame. */
  lastSeenAt?: number;
}

/** The part of a WebSocket the bridge uses; tests hand in another. */
export interface SocketLike {
  send(text: string): void;
  close(): void;
  onopen: (() => void) | null;
  onmessage: ((event: { data: unknown }) => void) | null;
  onclose: (() => void) | null;
}

export interface SocketBridgeOptions {
  connect: () => SocketLike;
  onLink: (link: WindowLink) => void;
  now?: () => number;
  delay?: (callback: () => void, ms: number) => void;
}

const RETRY_BASE_MS = 250;
const RETRY_MAX_MS = 8000;
/** A restart of the practice venues and the engine takes seconds; nothing the shell answers takes longer than this. */
const CALL_TIMEOUT_MS = 60_000;

interface Waiting {
  name: IpcCallName;
  frame: string;
  sent: boolean;
  resolve: (output: never) => void;
  reject: (error: CallError) => void;
}

/**
 * The browser-shell transport of `IpcBridge`: JSON frames over a WebSocket that is reopened with doubling waits
 * (250 ms to 8 s). Calls made while it is down wait for it; calls whose answer was cut off are rejected, because
 * whether they took effect is not known.
 */
export function createSocketBridge(options: SocketBridgeOptions): IpcBridge {
  const now = options.now ?? Date.now;
  const delay = options.delay ?? ((callback, ms) => void setTimeout(callback, ms));
  const waiting = new Map<number, Waiting>();
  const listeners = new Map<IpcEventName, Set<(data: never) => void>>();
  let socket: SocketLike | undefined;
  let open = false;
  let nextId = 1;
  let link: WindowLink = { state: 'connecting', attempt: 1 };

  function setLink(next: WindowLink): void {
    link = next;
    options.onLink(next);
  }

  function connect(): void {
    const opened = options.connect();
    socket = opened;
    opened.onopen = () => {
      open = true;
      setLink({ state: 'ready', attempt: 0, lastSeenAt: now() });
      for (const call of waiting.values()) send(opened, call);
    };
    opened.onmessage = (event) => {
      link.lastSeenAt = now();
      receive(event.data);
    };
    opened.onclose = () => {
      open = false;
      rejectUnanswered();
      const attempt = link.attempt + 1;
      const waitMs = Math.min(RETRY_MAX_MS, RETRY_BASE_MS * 2 ** Math.min(attempt - 1, 10));
      setLink({ state: 'lost', attempt, nextTryAt: now() + waitMs, lastSeenAt: link.lastSeenAt });
      delay(connect, waitMs);
    };
  }

  function send(to: SocketLike, call: Waiting): void {
    if (call.sent) return;
    call.sent = true;
    to.send(call.frame);
  }

  function rejectUnanswered(): void {
    for (const [id, call] of waiting) {
      if (!call.sent) continue;
      waiting.delete(id);
      call.reject(
        new CallError(
          'HS_WINDOW_LINK_LOST',
          `The link was lost before "${call.name}" was answered; whether it took effect is not known.`,
          'Look at the state shown once the link is back, then repeat it if needed.',
        ),
      );
    }
  }

  function receive(data: unknown): void {
    const frame = parseFrame(data);
    if (!frame) return;
    if (frame.kind === 'answer') answer(frame);
    else {
      const parsed = ipcEvents[frame.name].safeParse(frame.data);
      if (!parsed.success) {
        console.error(`HS_IPC_EVENT_INVALID: event "${frame.name}" does not fit its schema`, parsed.error.issues);
        return;
      }
      for (const listener of listeners.get(frame.name) ?? []) listener(parsed.data as never);
    }
  }

  function answer(frame: Extract<ShellFrame, { kind: 'answer' }>): void {
    const call = waiting.get(Number(frame.id));
    if (!call) return;
    waiting.delete(Number(frame.id));
    if (!frame.ok) {
      const error = frame.error ?? { code: 'HS_UNKNOWN', message: 'The call failed without a reason.', remedy: '' };
      call.reject(new CallError(error.code, error.message, error.remedy));
      return;
    }
    const output = ipcCalls[call.name].output.safeParse(frame.output);
    if (output.success) call.resolve(output.data as never);
    else call.reject(invalid(call.name, 'answer', output.error.message));
  }

  connect();
  return {
    call: (name, input) =>
      new Promise((resolve, reject) => {
        const checked = ipcCalls[name].input.safeParse(input);
        if (!checked.success) {
          reject(invalid(name, 'input', checked.error.message));
          return;
        }
        const id = nextId++;
        const frame = JSON.stringify({ kind: 'call', id, name, input: checked.data });
        const call: Waiting = { name, frame, sent: false, resolve, reject };
        waiting.set(id, call);
        if (open && socket) send(socket, call);
        delay(() => {
          if (!waiting.delete(id)) return;
          reject(
            new CallError(
              'HS_CALL_TIMEOUT',
              `"${name}" was not answered within ${CALL_TIMEOUT_MS / 1000} s.`,
              'Look at the state shown, then repeat it if needed.',
            ),
          );
        }, CALL_TIMEOUT_MS);
      }),
    on: (name, listener) => {
      const set = listeners.get(name) ?? new Set();
      listeners.set(name, set.add(listener as (data: never) => void));
      return () => void set.delete(listener as (data: never) => void);
    },
  };
}

function parseFrame(data: unknown): ShellFrame | undefined {
  try {
    const parsed = shellFrameSchema.safeParse(JSON.parse(String(data)));
    if (parsed.success) return parsed.data;
    console.error('HS_IPC_FRAME_INVALID: a frame of the shell does not fit its schema', parsed.error.issues);
  } catch (error) {
    console.error('HS_IPC_FRAME_INVALID: a frame of the shell is not JSON', error);
  }
  return undefined;
}

function invalid(name: string, what: string, detail: string): CallError {
  return new CallError(
    'HS_IPC_INVALID',
    `The ${what} of "${name}" does not fit the schema: ${detail}`,
    'Window and program are probably of different versions: restart Halfspread.',
  );
}

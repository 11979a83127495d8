import { startRefusedSchema } from '../../engine/protocol/launch.ts';
import { HalfspreadError, toWireError, type WireError } from '../../engine/protocol/errors.ts';
import type { ProcessState } from '../ipc/schema.ts';
import type { ChildHandle, LaunchSpec, ProcessLauncher } from './launcher.ts';
import {
  DEFAULT_POLICY,
  INITIAL_PROCESS,
  stepProcess,
  type ProcessInput,
  type ProcessPolicy,
} from './process-machine.ts';

export interface SupervisedProcess<Ready> {
  /** "The engine", "The practice venues": begins the sentences of errors. */
  title: string;
  launcher: ProcessLauncher;
  /** Asked at every start: secrets and pipe belong to one start. What it throws blocks the process until a new start. */
  spec(): LaunchSpec | Promise<LaunchSpec>;
  /** Reads the process's first line of output. Throws when it is not its ready line. */
  parseReady(line: string): Ready;
  onReady(ready: Ready): void;
  /** It was ready and is no more. */
  onGone(): void;
  onState(state: ProcessState): void;
  onLog(line: string): void;
  policy?: ProcessPolicy;
  /** A refusal that is over once another process has ended: it is tried again. */
  mustWait?(refusal: WireError): boolean;
  readyTimeoutMs: number;
  /** From asking it to end until it is ended by force. */
  stopTimeoutMs: number;
}

export interface Supervisor {
  state(): ProcessState;
  start(): void;
  /** Resolves when the process has really ended. */
  stop(): Promise<void>;
}

/** Runs a ProcessMachine against real processes. */
export function supervise<Ready>(options: SupervisedProcess<Ready>): Supervisor {
  const policy = options.policy ?? DEFAULT_POLICY;
  let machine = INITIAL_PROCESS;
  let child: ChildHandle | undefined;
  let isReady = false;
  let refusal: WireError | undefined;
  let lastLogLine = '';
  let retryTimer: NodeJS.Timeout | undefined;
  let readyTimer: NodeJS.Timeout | undefined;
  let killTimer: NodeJS.Timeout | undefined;
  const waitingForEnd: (() => void)[] = [];

  function state(): ProcessState {
    const { state: name, restarts, failures, nextTryAt, error } = machine;
    return {
      state: name,
      restarts,
      ...(child?.pid !== undefined && { pid: child.pid }),
      ...(failures > 0 && { attempt: failures }),
      ...(nextTryAt !== undefined && { nextTryAt }),
      ...(error && { error }),
    };
  }

  function feed(input: ProcessInput): void {
    const before = machine;
    const step = stepProcess(machine, input, Date.now(), policy, Math.random);
    machine = step.machine;
    if (machine.state !== 'restarting') clearTimeout(retryTimer);
    for (const effect of step.effects) {
      if (effect.type === 'spawn') void spawn();
      else if (effect.type === 'terminate') terminate();
      else retryTimer = setTimeout(() => feed({ type: 'retryDue' }), effect.waitMs);
    }
    if (machine !== before) options.onState(state());
    if (machine.state === 'stopped' || machine.state === 'blocked') for (const done of waitingForEnd.splice(0)) done();
  }

  async function spawn(): Promise<void> {
    isReady = false;
    refusal = undefined;
    lastLogLine = '';
    let spec: LaunchSpec;
    try {
      spec = await options.spec();
    } catch (error) {
      const refusal = error instanceof HalfspreadError ? toWireError(error) : startFailed(options.title, String(error));
      return feed({ type: 'exited', refused: true, error: refusal });
    }
    if (machine.state === 'stopping') {
      return feed({ type: 'exited', refused: false, error: startFailed(options.title, 'stopped') });
    }
    const started = options.launcher(spec, {
      onStdoutLine: (line) => onLine(line),
      onStderrLine: (line) => {
        lastLogLine = line;
        options.onLog(line);
      },
      onExit: (code, signal, startError) => onExit(code, signal, startError),
    });
    child = started;
    readyTimer = setTimeout(() => {
      refusal = undefined;
      options.onLog(`${options.title} did not report ready within ${options.readyTimeoutMs} ms; ending it`);
      lastLogLine = `not ready within ${options.readyTimeoutMs / 1000} s`;
      started.kill();
    }, options.readyTimeoutMs);
    options.onState(state());
  }

  function onLine(line: string): void {
    if (isReady || machine.state !== 'starting') return options.onLog(line);
    const refused = startRefusedSchema.safeParse(parsed(line));
    if (refused.success) {
      refusal = refused.data.error;
      return;
    }
    let ready: Ready;
    try {
      ready = options.parseReady(line);
    } catch (error) {
      // Anything else on standard output is a log line; the ready line may still come.
      return options.onLog(`${line} (not a ready line: ${String(error)})`);
    }
    isReady = true;
    clearTimeout(readyTimer);
    feed({ type: 'ready' });
    options.onReady(ready);
  }

  function terminate(): void {
    clearTimeout(readyTimer);
    if (!child) return;
    const ending = child;
    killTimer = setTimeout(() => ending.kill(), options.stopTimeoutMs);
    ending.terminate();
  }

  function onExit(code: number | null, signal: string | null, startError: Error | undefined): void {
    clearTimeout(readyTimer);
    clearTimeout(killTimer);
    child = undefined;
    const wasReady = isReady;
    isReady = false;
    const why = startError?.message ?? `${signal === null ? `code ${code}` : `signal ${signal}`}: ${lastLogLine}`;
    if (wasReady) options.onGone();
    feed({
      type: 'exited',
      refused: refusal !== undefined,
      mustWait: refusal !== undefined && (options.mustWait?.(refusal) ?? false),
      error: refusal ?? (wasReady ? crashed(options.title, why) : startFailed(options.title, why)),
    });
  }

  return {
    state,
    start: () => feed({ type: 'start' }),
    stop() {
      feed({ type: 'stop' });
      if (machine.state !== 'stopping') return Promise.resolve();
      return new Promise((resolve) => waitingForEnd.push(resolve));
    },
  };
}

function parsed(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    return undefined;
  }
}

function startFailed(title: string, why: string): WireError {
  return {
    code: 'HS_PROCESS_START',
    message: `${title} could not be started (${why}).`,
    remedy: 'Look into the log for the reason, then choose a tape again or restart Halfspread.',
  };
}

function crashed(title: string, why: string): WireError {
  return {
    code: 'HS_PROCESS_CRASHED',
    message: `${title} ended unexpectedly (${why}).`,
    remedy: 'It is started again by itself; if it keeps ending, look into the log.',
  };
}

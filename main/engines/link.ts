import { randomBytes } from 'node:crypto';
import { createConnection } from 'node:net';
import { WebSocket } from 'ws';
import { createClientSession, type ClientIdentity, type ClientSession } from '../../engine/protocol/client-session.ts';
import { fromWireError, HalfspreadError } from '../../engine/protocol/errors.ts';
import {
  AGENT_PATH,
  AUTH_TIMEOUT_MS,
  HEARTBEAT_PERIOD_MS,
  LOCAL_HOST,
  MAX_FRAGMENTS,
  MAX_PAYLOAD_TO_CLIENT_BYTES,
  PEER_DEAD_AFTER_MS,
} from '../../engine/protocol/handshake.ts';
import { SUBPROTOCOL, type Command } from '../../engine/protocol/messages.ts';
import type { DeskEvent, Snapshot } from '../../engine/protocol/model.ts';
import { uuidV7 } from '../../engine/protocol/uuid-v7.ts';
import type { LinkState } from '../ipc/schema.ts';
import { backoffMs, type Backoff } from './backoff.ts';
import { createRoundTrips } from './round-trips.ts';

const RECONNECT: Backoff = { baseMs: 100, maxMs: 5_000 };
/** More often than the heartbeat asks for: the window shows the round trip as a distribution. */
const PING_PERIOD_MS = Math.min(HEARTBEAT_PERIOD_MS, 5_000);
const COMMAND_TIMEOUT_MS = 30_000;

export interface LinkHandlers {
  onState(state: LinkState): void;
  onSnapshot(snapshot: Snapshot): void;
  onEvent(sequence: number, event: DeskEvent): void;
}

/** The desktop's link to one start of an engine. */
export interface EngineLink {
  state(): LinkState;
  /**
   * Resolves with the command's result. A command cut off by a lost connection is sent again with its id when the
   * link is back: it takes effect once.
   * @param authorize sign it with this device's key: only for what a person has confirmed outside of the window.
   * @throws HalfspreadError as the engine gave it; HS_LINK_DOWN (not sent), HS_COMMAND_UNKNOWN (outcome not known)
   */
  command(command: Command, authorize?: boolean): Promise<unknown>;
  stop(): void;
}

interface PendingCommand {
  command: Command;
  authorize: boolean;
  answer: PromiseWithResolvers<unknown>;
  timeout: NodeJS.Timeout;
}

/** Connects to the pipe and stays connected: back-off, resume after the last event seen, round trips. */
export function connectEngine(pipe: string, identity: ClientIdentity, handlers: LinkHandlers): EngineLink {
  const roundTrips = createRoundTrips();
  const pending = new Map<string, PendingCommand>();
  let state: LinkState = { state: 'connecting', rtt: { n: 0 }, attempt: 1 };
  let resume: { bootId: string; sequence: number } | undefined;
  let current: WebSocket | undefined;
  let live: { socket: WebSocket; session: ClientSession } | undefined;
  let retry: NodeJS.Timeout | undefined;
  let stopped = false;

  function setState(change: Partial<LinkState>): void {
    state = { ...state, nextTryAt: undefined, ...change };
    handlers.onState(state);
  }

  function connect(): void {
    const socket = new WebSocket(`ws://${LOCAL_HOST}${AGENT_PATH}`, SUBPROTOCOL, {
      createConnection: () => createConnection(pipe),
      perMessageDeflate: false,
      maxPayload: MAX_PAYLOAD_TO_CLIENT_BYTES,
      maxFragments: MAX_FRAGMENTS,
      handshakeTimeout: AUTH_TIMEOUT_MS,
    });
    current = socket;
    let heardAtMs = performance.now();
    const session = createClientSession(
      identity,
      {
        send: (text) => socket.send(text),
        onReady({ bootId }) {
          live = { socket, session };
          setState({ state: 'ready', attempt: 0, lastSeenAt: Date.now() });
          session.subscribe(resume?.bootId === bootId ? resume : undefined);
          for (const [id, { command, authorize }] of pending) session.command(id, command, authorize);
          session.ping();
        },
        onSnapshot(snapshot) {
          resume = { bootId: snapshot.desk.bootId, sequence: snapshot.sequence };
          handlers.onSnapshot(snapshot);
        },
        onResumed: () => undefined,
        onEvent(sequence, event) {
          if (resume) resume.sequence = sequence;
          handlers.onEvent(sequence, event);
        },
        onAnswer: (answer) =>
          settle(answer.id, (waiting) => {
            if (answer.error) waiting.reject(fromWireError(answer.error));
            else waiting.resolve(answer.result);
          }),
        onRoundTrip(roundTripMs) {
          roundTrips.record(roundTripMs);
          setState({ rtt: roundTrips.percentiles(), lastSeenAt: Date.now() });
        },
        onFailed: () => socket.terminate(),
      },
      () => performance.now(),
    );
    const authTimeout = setTimeout(() => live?.socket !== socket && socket.terminate(), 2 * AUTH_TIMEOUT_MS);
    const beat = setInterval(() => {
      if (performance.now() - heardAtMs > PEER_DEAD_AFTER_MS) socket.terminate();
      else if (live?.socket === socket) session.ping();
    }, PING_PERIOD_MS);

    socket.on('message', (data) => {
      heardAtMs = performance.now();
      session.receive(data.toString());
    });
    // 'close' follows and does what has to be done.
    socket.on('error', () => undefined);
    socket.on('close', () => {
      clearTimeout(authTimeout);
      clearInterval(beat);
      live = undefined;
      if (!stopped) retryLater();
    });
  }

  function retryLater(): void {
    const attempt = state.attempt + 1;
    const waitMs = backoffMs(RECONNECT, attempt - 1, Math.random);
    setState({ state: 'lost', attempt, nextTryAt: Date.now() + waitMs });
    retry = setTimeout(connect, waitMs);
  }

  function settle(id: string, how: (answer: PromiseWithResolvers<unknown>) => void): void {
    const waiting = pending.get(id);
    if (!waiting) return;
    pending.delete(id);
    clearTimeout(waiting.timeout);
    how(waiting.answer);
  }

  connect();
  return {
    state: () => state,
    command(command, authorize = false) {
      if (!live) return Promise.reject(linkDown());
      const id = uuidV7(Date.now(), randomBytes(10));
      const answer = Promise.withResolvers<unknown>();
      const timeout = setTimeout(
        () => settle(id, (waiting) => waiting.reject(outcomeUnknown(command))),
        COMMAND_TIMEOUT_MS,
      );
      pending.set(id, { command, authorize, answer, timeout });
      live.session.command(id, command, authorize);
      return answer.promise;
    },
    stop() {
      stopped = true;
      clearTimeout(retry);
      for (const [id, { command }] of pending) settle(id, (waiting) => waiting.reject(outcomeUnknown(command)));
      current?.close();
      setState({ state: 'lost' });
    },
  };
}

export function linkDown(): HalfspreadError {
  return new HalfspreadError(
    'HS_LINK_DOWN',
    'There is no connection to the engine at the moment; nothing was sent.',
    'Wait until the link is back, then try again.',
  );
}

function outcomeUnknown(command: Command): HalfspreadError {
  return new HalfspreadError(
    'HS_COMMAND_UNKNOWN',
    `The engine did not answer "${command.name}"; whether it took effect is not known.`,
    'Look at the state shown, then repeat it if needed.',
  );
}

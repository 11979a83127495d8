import { randomBytes } from 'node:crypto';
import type { WebSocket } from 'ws';
import { createClientSession, type ClientIdentity, type ClientSession } from '../../engine/protocol/client-session.ts';
import { fromWireError, HalfspreadError, toWireError } from '../../engine/protocol/errors.ts';
import { AUTH_TIMEOUT_MS, HEARTBEAT_PERIOD_MS, PEER_DEAD_AFTER_MS } from '../../engine/protocol/handshake.ts';
import type { Command, Hello } from '../../engine/protocol/messages.ts';
import type { DeskEvent, Snapshot } from '../../engine/protocol/model.ts';
import { uuidV7 } from '../../engine/protocol/uuid-v7.ts';
import type { LinkState } from '../ipc/schema.ts';
import { backoffMs } from './backoff.ts';
import { ENDED_BEFORE_HTTP, type LinkCarrier, type OpenedCarrier } from './link-carrier.ts';
import { localCarrier } from './local-carrier.ts';
import { createRoundTrips } from './round-trips.ts';
import { createThroughput } from './throughput.ts';

/** More often than the heartbeat asks for: the window shows the round trip as a distribution. */
const PING_PERIOD_MS = Math.min(HEARTBEAT_PERIOD_MS, 5_000);
const COMMAND_TIMEOUT_MS = 30_000;

export interface LinkHandlers {
  onState(state: LinkState): void;
  onSnapshot(snapshot: Snapshot): void;
  /** Numbers follow one another from the snapshot's on, also where the engine reduced market data for a slow link. */
  onEvent(sequence: number, event: DeskEvent): void;
  /** The engine proved itself and took us in. */
  onReady?(session: { protocol: number; hello: Hello }): void;
}

/** The desktop's link to an engine: to one start of the local one, or to an agent on a server. */
export interface EngineLink {
  state(): LinkState;
  /**
   * Resolves with the command's result. A command cut off by a lost connection is sent again with its id when the
   * link is back: it takes effect once.
   * @param authorize sign it with this device's key: only for what a person has confirmed outside of the window.
   * @throws HalfspreadError as the engine gave it; HS_LINK_DOWN (not sent), HS_COMMAND_UNKNOWN (outcome not known)
   */
  command(command: Command, authorize?: boolean): Promise<unknown>;
  /** Tries now instead of after the present wait: the machine woke up, or its network came back. */
  retryNow(): void;
  stop(): void;
}

interface PendingCommand {
  command: Command;
  authorize: boolean;
  answer: PromiseWithResolvers<unknown>;
  timeout: NodeJS.Timeout;
}

/** Connects to the pipe and stays connected. */
export function connectEngine(pipe: string, identity: ClientIdentity, handlers: LinkHandlers): EngineLink {
  return maintainLink(localCarrier(pipe, identity), handlers);
}

/** Stays connected over a carrier: back-off, resume after the last event seen, round trips, throughput. */
export function maintainLink(carrier: LinkCarrier, handlers: LinkHandlers): EngineLink {
  const roundTrips = createRoundTrips();
  const throughput = createThroughput();
  const pending = new Map<string, PendingCommand>();
  let state: LinkState = { state: 'connecting', rtt: { n: 0 }, attempt: 1 };
  let resume: { bootId: string; sequence: number } | undefined;
  /** Number given to the latest event here. */
  let shownSequence = 0;
  let current: WebSocket | undefined;
  let live: { socket: WebSocket; session: ClientSession } | undefined;
  let retry: NodeJS.Timeout | undefined;
  let stopped = false;

  function setState(change: Partial<LinkState>): void {
    state = { ...state, nextTryAt: undefined, ...change };
    handlers.onState(state);
  }

  function connect(): void {
    retry = undefined;
    carrier.open().then(
      (opened) => {
        if (stopped) opened.socket.terminate();
        else run(opened);
      },
      (error: unknown) => {
        if (!stopped) retryLater(error);
      },
    );
  }

  function run({ socket, identity, wireBytes }: OpenedCarrier): void {
    current = socket;
    let heardAtMs = performance.now();
    let receivedBytes = 0;
    let failure: HalfspreadError | undefined;
    let hasAnswered = false;
    /** The request goes out after this, HELLO comes before that: it was stamped in between, whatever the line did. */
    const askedAt = Date.now();
    let helloAt: number | undefined;
    let subscribedAtMs = 0;
    let messageBytes = 0;
    throughput.connected();
    const session = createClientSession(
      identity,
      {
        send: (text) => socket.send(text),
        onReady(ready) {
          const { bootId, protocol, hello } = ready;
          live = { socket, session };
          const clock = wireBytes && helloAt !== undefined ? clockOf(hello.nowMs, askedAt, helloAt) : undefined;
          setState({ state: 'ready', attempt: 0, lastSeenAt: Date.now(), error: undefined, clock });
          subscribedAtMs = performance.now();
          session.subscribe(resume?.bootId === bootId ? resume : undefined, wireBytes && throughput.snapshotBytes());
          for (const [id, { command, authorize }] of pending) session.command(id, command, authorize);
          session.ping();
          handlers.onReady?.({ protocol, hello });
        },
        onSnapshot(snapshot) {
          throughput.snapshotTook(messageBytes, performance.now() - subscribedAtMs - (state.rtt.p10 ?? 0));
          resume = { bootId: snapshot.desk.bootId, sequence: snapshot.sequence };
          shownSequence = snapshot.sequence;
          handlers.onSnapshot(snapshot);
        },
        onResumed: () => undefined,
        onEvent(sequence, event) {
          if (resume) resume.sequence = sequence;
          shownSequence += 1;
          handlers.onEvent(shownSequence, event);
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
        onFailed(error) {
          failure = error;
          socket.terminate();
        },
      },
      () => performance.now(),
    );
    const authTimeout = setTimeout(() => live?.socket !== socket && socket.terminate(), 2 * AUTH_TIMEOUT_MS);
    const beat = setInterval(() => {
      const wire = wireBytes?.();
      if (wire) {
        // A large message on a slow link is heard while it comes.
        if (wire.received > receivedBytes) heardAtMs = performance.now();
        receivedBytes = wire.received;
        setState({ bytesPerSecond: throughput.measured(wire, performance.now()) });
      }
      if (performance.now() - heardAtMs > PEER_DEAD_AFTER_MS) socket.terminate();
      else if (live?.socket === socket) session.ping();
    }, PING_PERIOD_MS);

    socket.on('message', (data) => {
      heardAtMs = performance.now();
      helloAt ??= Date.now();
      const text = data.toString();
      messageBytes = text.length;
      session.receive(text);
    });
    socket.on('open', () => (hasAnswered = true));
    // An answer, though it is a refusal.
    socket.on('unexpected-response', () => {
      hasAnswered = true;
      socket.terminate();
    });
    // 'close' follows and does what has to be done.
    socket.on('error', () => undefined);
    socket.on('close', (code) => {
      clearTimeout(authTimeout);
      clearInterval(beat);
      live = undefined;
      if (!stopped) retryLater(failure ?? carrier.endedBy(hasAnswered ? code : ENDED_BEFORE_HTTP));
    });
  }

  function retryLater(cause: unknown): void {
    const error = cause === undefined ? undefined : toWireError(cause);
    const attempt = state.attempt + 1;
    const blockedMs = cause instanceof HalfspreadError ? carrier.blockedWaitMs(cause) : undefined;
    const waitMs = blockedMs ?? backoffMs(carrier.backoff, attempt - 1, Math.random);
    setState({ state: 'lost', attempt, error, nextTryAt: Date.now() + waitMs });
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
    retryNow() {
      if (retry === undefined || stopped) return;
      clearTimeout(retry);
      connect();
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

/** Our Date.now() gives whole milliseconds; the engine's wall clock follows its system's to 2 ms (engine/node-env.ts). */
const CLOCK_GRAIN_MS = 3;

/** Their clock less ours, and how far off that may be: half the time the exchange took, never less than it can be. */
function clockOf(theirsMs: number, askedAt: number, answeredAt: number): LinkState['clock'] {
  return {
    skewMs: theirsMs - (askedAt + answeredAt) / 2,
    errorMs: (answeredAt - askedAt) / 2 + CLOCK_GRAIN_MS,
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

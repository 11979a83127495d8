import type { WebSocket } from 'ws';
import { HalfspreadError } from '../core/errors.ts';
import type { Env } from '../env.ts';
import { toWireError } from '../protocol/errors.ts';
import {
  AUTH_TIMEOUT_MS,
  CLOSE,
  HEARTBEAT_PERIOD_MS,
  MAX_PAYLOAD_TO_CLIENT_BYTES,
  PEER_DEAD_AFTER_MS,
} from '../protocol/handshake.ts';
import {
  AUTHORIZED_COMMANDS,
  clientMessageSchema,
  COMMAND_ROLES,
  type AgentMessage,
  type ClientMessage,
  type Command,
  type DeskPort,
  type Hello,
  type Role,
} from '../protocol/messages.ts';
import type { Seal } from '../protocol/sealed.ts';
import { parseStrictJson } from '../protocol/strict-json.ts';
import { roleAllows, type Authenticator, type AuthorizationRefusal, type Carried } from './authenticate.ts';
import type { EventRing, SequencedEvent } from './event-ring.ts';
import { snapshotText } from './fit-snapshot.ts';
import { createOutbox, type Outbox, type OutboxLimits } from './outbox.ts';
import { createRateLimit, MESSAGE_BURST, MESSAGES_PER_SECOND } from './rate-limit.ts';
import { currentStates } from './current-states.ts';
import { createSendWindow, type SendWindow } from './send-window.ts';

/** What happened at the door or with a session; the engine writes these to its log. */
export interface AuditRecord {
  event: 'refused' | 'opened' | 'closed' | 'command' | 'changed';
  detail: string;
  sessionId?: string;
  deviceId?: string;
  /** IPv4 address or IPv6 /64, on the remote carrier. */
  source?: string;
  /** More than one of the same kind in one record. */
  count?: number;
}

/** The connection a session runs on. */
export interface SessionCarrier extends Carried {
  /** Pin of the certificate the client showed, on the remote carrier. */
  clientPin?: string;
  source?: string;
  /** Whether sending keeps to what the link takes. A pipe takes everything. */
  isPaced: boolean;
  onUpgraded?(): void;
  onAuthenticated?(deviceId: string, protocol: number): void;
  /** Closed for a fault of the client before it was authenticated. */
  onStrangerRefused?(): void;
}

export interface Heartbeat {
  periodMs: number;
  deadAfterMs: number;
}
export const HEARTBEAT: Heartbeat = { periodMs: HEARTBEAT_PERIOD_MS, deadAfterMs: PEER_DEAD_AFTER_MS };
const MAX_UNANSWERED_PINGS = 64;

/** What the sessions of one agent share. */
export interface SessionContext {
  desk: DeskPort;
  env: Pick<Env, 'clock' | 'timers'>;
  authenticator: Authenticator;
  ring: EventRing;
  outboxLimits: OutboxLimits;
  heartbeat: Heartbeat;
  /** What HELLO says of this engine beside its desk. */
  standing(): { term: number; seal?: Seal };
  runCommand(id: string, command: Command, deviceId: string): Promise<unknown>;
  /** False when no further session may be opened. */
  admit(): boolean;
  audit(record: AuditRecord): void;
}

/**
 * One connection to the agent: HELLO is sent at once, then exactly one AUTH is accepted, then everything else. Whatever
 * breaks a rule closes the connection; the reason goes to the audit, the peer learns only the close code.
 */
export class AgentSession {
  readonly openedAtMs: number;
  authenticated = false;
  /** Latest round trip of the agent's own heartbeat, ms. */
  roundTripMs: number | undefined;

  readonly #socket: WebSocket;
  readonly #context: SessionContext;
  readonly #carrier: SessionCarrier;
  #outbox: Outbox;
  #window: SendWindow | undefined;
  readonly #hello: Hello;
  readonly #withinRate = createRateLimit(MESSAGES_PER_SECOND, MESSAGE_BURST);
  readonly #cancelTimers: (() => void)[] = [];
  #role: Role = 'view';
  #sessionId: string | undefined;
  #deviceId = '';
  /** Last event the client has, or that waits for it; undefined until it subscribes. */
  #knownSequence: number | undefined;
  #maxSnapshotBytes = MAX_PAYLOAD_TO_CLIENT_BYTES;
  #lastHeardAtMs: number;
  #pingId = 0;
  readonly #pingSentAtMs = new Map<number, number>();
  #closed = false;

  constructor(socket: WebSocket, context: SessionContext, carrier: SessionCarrier) {
    this.#socket = socket;
    this.#context = context;
    this.#carrier = carrier;
    const { env, desk } = context;
    this.openedAtMs = env.clock.monotonicMs();
    this.#lastHeardAtMs = this.openedAtMs;
    this.#outbox = this.#newOutbox();
    socket.on('message', (data, isBinary) => this.#receive(data.toString(), isBinary));
    socket.on('close', (code) => this.#onClose(code));
    // A broken frame: ws closes the connection with the right code by itself, the audit keeps the reason.
    socket.on('error', (error) => this.#noteRefusal(error.message));
    this.#cancelTimers.push(
      env.timers.after(AUTH_TIMEOUT_MS, () => {
        if (!this.authenticated) this.#refuse(CLOSE.authenticationLate, 'no AUTH in time');
      }),
      env.timers.every(context.heartbeat.periodMs, () => this.#heartbeat()),
    );
    const snapshot = desk.snapshot();
    this.#hello = context.authenticator.newHello({
      bootId: snapshot.desk.bootId,
      nowMs: env.clock.wallMs(),
      trading: snapshot.trading,
      ...context.standing(),
    });
    this.#send(this.#hello);
  }

  /** Whose session it is; empty until authenticated. */
  get deviceId(): string {
    return this.#deviceId;
  }

  get role(): Role {
    return this.#role;
  }

  get carrier(): SessionCarrier {
    return this.#carrier;
  }

  /** An event of the desk. */
  deliver(entry: SequencedEvent): void {
    if (this.#knownSequence === undefined || entry.sequence <= this.#knownSequence) return;
    this.#knownSequence = entry.sequence;
    this.#outbox.event(entry);
  }

  /** Another desk is served from now on: its whole state, to whom is subscribed. */
  deskReplaced(): void {
    if (this.#knownSequence !== undefined) this.#sendSnapshot();
  }

  close(code: number, reason: string): void {
    this.#socket.close(code, reason);
  }

  #newOutbox(): Outbox {
    return createOutbox(this.#socket, this.#context.outboxLimits, this.#window, {
      sendSnapshot: () => this.#sendSnapshot(),
      onTooSlow: () => this.#refuse(CLOSE.slowReader, 'does not read what it is sent'),
      sendMarker: () => this.#sendPing(),
      monotonicMs: () => this.#context.env.clock.monotonicMs(),
    });
  }

  #receive(text: string, isBinary: boolean): void {
    if (this.#closed) return;
    this.#lastHeardAtMs = this.#context.env.clock.monotonicMs();
    if (!this.#withinRate(this.#lastHeardAtMs)) return this.#refuse(CLOSE.tooManyMessages, 'sends too many messages');
    if (isBinary) return this.#refuse(CLOSE.badMessage, 'sent a binary frame');
    let message: ClientMessage;
    try {
      message = clientMessageSchema.parse(parseStrictJson(text));
    } catch (error) {
      const detail = error instanceof HalfspreadError ? error.message : 'A message does not fit the schema.';
      return this.#refuse(CLOSE.badMessage, detail);
    }
    if (this.authenticated) this.#dispatch(message);
    else this.#authenticate(message);
  }

  #authenticate(message: ClientMessage): void {
    if (message.type !== 'AUTH') return this.#refuse(CLOSE.authenticationFailed, `sent ${message.type} before AUTH`);
    const outcome = this.#context.authenticator.check(this.#hello, message, this.#carrier);
    if ('refused' in outcome) {
      return this.#refuse(CLOSE.authenticationFailed, `AUTH refused: ${outcome.refused}`, message.deviceId);
    }
    if (!this.#context.admit()) return this.#refuse(CLOSE.tooManySessions, 'too many sessions', message.deviceId);
    this.authenticated = true;
    this.#role = outcome.granted.role;
    this.#sessionId = outcome.granted.sessionId;
    this.#deviceId = message.deviceId;
    this.#carrier.onAuthenticated?.(message.deviceId, message.protocol);
    this.#context.audit({
      event: 'opened',
      detail: this.#role,
      sessionId: this.#sessionId,
      deviceId: message.deviceId,
      source: this.#carrier.source,
    });
    if (this.#carrier.isPaced) {
      // HELLO and AUTH were one round trip, and the client's signature.
      this.#window = createSendWindow(this.#lastHeardAtMs - this.openedAtMs);
      this.#outbox = this.#newOutbox();
    }
    this.#send(outcome.granted);
  }

  #dispatch(message: ClientMessage): void {
    switch (message.type) {
      case 'AUTH':
        return this.#refuse(CLOSE.badMessage, 'sent AUTH twice');
      case 'SUBSCRIBE':
        return this.#subscribe(message);
      case 'COMMAND':
        return this.#command(message);
      case 'PING':
        return this.#send({ type: 'PONG', id: message.id });
      case 'PONG':
        return this.#onPong(message.id);
    }
  }

  #subscribe({ bootId, resumeFrom, maxSnapshotBytes }: Extract<ClientMessage, { type: 'SUBSCRIBE' }>): void {
    this.#maxSnapshotBytes = maxSnapshotBytes ?? MAX_PAYLOAD_TO_CLIENT_BYTES;
    const snapshot = this.#context.desk.snapshot();
    const missed =
      bootId === snapshot.desk.bootId && resumeFrom !== undefined ? this.#context.ring.after(resumeFrom) : undefined;
    if (!missed || resumeFrom === undefined) return this.#sendSnapshot();
    this.#knownSequence = resumeFrom;
    this.#send({ type: 'RESUMED', from: resumeFrom });
    this.#outbox.startAt(resumeFrom);
    for (const entry of missed) this.deliver(entry);
    // What market data waited for a slow link when it was cut is not among the events after that number.
    if (this.#carrier.isPaced) for (const entry of currentStates(snapshot)) this.#outbox.event(entry);
  }

  #command(message: Extract<ClientMessage, { type: 'COMMAND' }>): void {
    const { id, command } = message;
    const { audit, runCommand } = this.#context;
    const refusal = this.#commandRefusal(message);
    const what = `${command.name} ${id}`;
    const event = refusal ? 'refused' : 'command';
    audit({ event, detail: refusal ? `${what}: ${refusal.code}` : what, sessionId: this.#sessionId });
    const run = refusal ? Promise.reject(refusal) : runCommand(id, command, this.#deviceId);
    run.then(
      (result) => this.#sendAnswer({ type: 'ANSWER', id, ok: true, result }),
      (error: unknown) => this.#sendAnswer({ type: 'ANSWER', id, ok: false, error: toWireError(error) }),
    );
  }

  /** Why this session may not give the command; undefined when it may. */
  #commandRefusal(message: Extract<ClientMessage, { type: 'COMMAND' }>): HalfspreadError | undefined {
    const { id, command, authorization } = message;
    if (!roleAllows(this.#role, COMMAND_ROLES[command.name])) return roleTooLow(command, this.#role);
    if (!AUTHORIZED_COMMANDS.has(command.name)) return undefined;
    if (authorization === undefined) return notAuthorized(command, 'required');
    const { authenticator } = this.#context;
    const refusal = authenticator.checkCommand(this.#hello, this.#deviceId, { id, command, authorization });
    return refusal && notAuthorized(command, refusal);
  }

  #sendAnswer(answer: Extract<AgentMessage, { type: 'ANSWER' }>): void {
    const text = JSON.stringify(answer);
    if (Buffer.byteLength(text) <= MAX_PAYLOAD_TO_CLIENT_BYTES) return this.#sendText(text);
    this.#send({ type: 'ANSWER', id: answer.id, ok: false, error: toWireError(answerTooLarge()) });
  }

  #sendSnapshot(): void {
    const snapshot = this.#context.desk.snapshot();
    this.#knownSequence = snapshot.sequence;
    this.#outbox.startAt(snapshot.sequence, snapshot.statistics);
    this.#sendText(snapshotText(snapshot, this.#maxSnapshotBytes));
  }

  #heartbeat(): void {
    const nowMs = this.#context.env.clock.monotonicMs();
    if (nowMs - this.#lastHeardAtMs > this.#context.heartbeat.deadAfterMs) {
      this.#refuse(CLOSE.peerDead, 'nothing heard');
      // A dead peer does not answer the close frame either.
      return this.#socket.terminate();
    }
    if (this.authenticated) this.#sendPing();
  }

  #sendPing(): void {
    if (this.#closed) return;
    const nowMs = this.#context.env.clock.monotonicMs();
    this.#pingId += 1;
    this.#pingSentAtMs.set(this.#pingId, nowMs);
    const [oldest] = this.#pingSentAtMs.keys();
    if (this.#pingSentAtMs.size > MAX_UNANSWERED_PINGS && oldest !== undefined) this.#pingSentAtMs.delete(oldest);
    // Not through the outbox: it asks for this one because of what went out before.
    this.#socket.send(JSON.stringify({ type: 'PING', id: this.#pingId } satisfies AgentMessage));
    this.#window?.marked(this.#pingId, nowMs);
  }

  #onPong(id: number): void {
    const sentAtMs = this.#pingSentAtMs.get(id);
    if (sentAtMs === undefined) return;
    for (const known of this.#pingSentAtMs.keys()) if (known <= id) this.#pingSentAtMs.delete(known);
    this.roundTripMs = this.#lastHeardAtMs - sentAtMs;
    this.#window?.answered(id, this.#lastHeardAtMs);
    this.#outbox.pump();
  }

  #send(message: AgentMessage): void {
    this.#sendText(JSON.stringify(message));
  }

  #sendText(text: string): void {
    if (!this.#closed) this.#outbox.send(text);
  }

  #refuse(code: number, detail: string, deviceId = this.#deviceId): void {
    if (this.#closed) return;
    this.#closed = true;
    this.#noteRefusal(detail, deviceId);
    this.#socket.close(code);
  }

  #noteRefusal(detail: string, deviceId = this.#deviceId): void {
    const { source, onStrangerRefused } = this.#carrier;
    if (!this.authenticated) onStrangerRefused?.();
    this.#context.audit({
      event: 'refused',
      detail,
      sessionId: this.#sessionId,
      deviceId: deviceId === '' ? undefined : deviceId,
      source,
    });
  }

  #onClose(code: number): void {
    this.#closed = true;
    for (const cancel of this.#cancelTimers) cancel();
    if (this.authenticated) {
      this.#context.audit({ event: 'closed', detail: `code ${code}`, sessionId: this.#sessionId });
    }
  }
}

function roleTooLow(command: Command, role: Role): HalfspreadError {
  return new HalfspreadError(
    'HS_AGENT_ROLE',
    `"${command.name}" needs the role ${COMMAND_ROLES[command.name]}; this session has ${role}. Nothing was done.`,
    'Connect with a device that has this role.',
  );
}

function notAuthorized(command: Command, why: 'required' | AuthorizationRefusal): HalfspreadError {
  const nothing = `Nothing was done: "${command.name}"`;
  switch (why) {
    case 'required':
      return new HalfspreadError(
        'HS_AUTHORIZATION_REQUIRED',
        `${nothing} must be signed by the device that asks for it, and came without a signature.`,
        'Confirm it in the Halfspread window.',
      );
    case 'device':
      return new HalfspreadError(
        'HS_AUTHORIZATION_DEVICE',
        `${nothing} cannot be authorized by this device: its key lies in a file that other programs can read.`,
        'Confirm it in the Halfspread window.',
      );
    case 'signature':
      return new HalfspreadError(
        'HS_AUTHORIZATION_SIGNATURE',
        `${nothing} carries a signature that was not made for this command in this session.`,
        'Confirm it again in the Halfspread window; see the log if you did not ask for it.',
      );
  }
}

function answerTooLarge(): HalfspreadError {
  return new HalfspreadError(
    'HS_AGENT_ANSWER_TOO_LARGE',
    'The answer is larger than one message may be.',
    'Ask for fewer entries at once.',
  );
}

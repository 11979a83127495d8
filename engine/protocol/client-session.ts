/**
 * A client's side of one connection to an engine, without a carrier: frames in, frames out. Shared by the desktop
 * (main/engines) and the CLI (engine/agent/local-client), which add a socket, keys and what to do after a loss.
 */
import { HalfspreadError } from '../core/errors.ts';
import { authOkTranscript, authTranscript, commandTranscript, commonProtocol, type Sha256 } from './handshake.ts';
import {
  agentMessageSchema,
  type AgentMessage,
  type Auth,
  type ClientMessage,
  type Command,
  type Hello,
  type Role,
} from './messages.ts';
import type { DeskEvent, Snapshot, Statistics } from './model.ts';
import { joinStatistics, type KeptLists } from './statistics-parts.ts';
import { parseStrictJson } from './strict-json.ts';

export interface ClientIdentity {
  deviceId: string;
  role: Role;
  /** What ties the handshake to its carrier: the pipe's cookie, or both pins and the exporter of TLS (remote.ts). */
  binding: Uint8Array;
  /** Highest protocol ever agreed with this agent: a lower one is refused, whoever offers it. */
  lowestProtocol?: number;
  sha256: Sha256;
  /** 32 fresh random bytes, base64. */
  newNonce(): string;
  /** Ed25519 signature, base64. */
  sign(bytes: Uint8Array): string;
  /** Whether the agent made this signature over these bytes. */
  verifyAgent(bytes: Uint8Array, signature: string): boolean;
}

export interface ClientSessionHandlers {
  send(text: string): void;
  /** The agent proved itself and accepted us: subscribe and give commands from now on. */
  onReady(session: { bootId: string; sessionId: string; role: Role; protocol: number; hello: Hello }): void;
  onSnapshot(snapshot: Snapshot): void;
  /** The agent fills the gap after `sequence`; events follow. */
  onResumed(sequence: number): void;
  onEvent(sequence: number, event: DeskEvent): void;
  onAnswer(answer: Extract<AgentMessage, { type: 'ANSWER' }>): void;
  onRoundTrip(roundTripMs: number): void;
  /** The other side broke the protocol or is not the agent we know; the carrier must be closed. */
  onFailed(error: HalfspreadError): void;
}

export interface ClientSession {
  receive(text: string): void;
  /**
   * Asks for a snapshot, or for the events after `resume.sequence` when the agent still has them.
   * @param maxSnapshotBytes older trades are left out of a snapshot above this
   */
  subscribe(resume?: { bootId: string; sequence: number }, maxSnapshotBytes?: number): void;
  /**
   * @param authorize sign it with the device's key, for this session alone (AUTHORIZED_COMMANDS need it). Give it only
   * for what a person has confirmed outside the page. A command sent again after a loss is signed anew, its id stays.
   */
  command(id: string, command: Command, authorize?: boolean): void;
  ping(): void;
}

/** @param monotonicMs clock the round trips are measured with. */
export function createClientSession(
  identity: ClientIdentity,
  handlers: ClientSessionHandlers,
  monotonicMs: () => number,
): ClientSession {
  let phase: 'hello' | 'authOk' | 'live' | 'failed' = 'hello';
  let hello: Hello | undefined;
  let auth: Auth | undefined;
  /** Sequence number of the last event or snapshot; undefined until the first. */
  let lastSequence: number | undefined;
  /** Of the snapshot or the latest event: what the next ones go on from. */
  let statistics: Statistics | undefined;
  let maxSnapshotBytes: number | undefined;
  let pingId = 0;
  const pingSentAtMs = new Map<number, number>();

  function send(message: ClientMessage): void {
    handlers.send(JSON.stringify(message));
  }

  function fail(error: HalfspreadError): void {
    phase = 'failed';
    handlers.onFailed(error);
  }

  function onHello(message: Hello): void {
    const protocol = commonProtocol(message.protocols);
    if (protocol === undefined || protocol < (identity.lowestProtocol ?? 0)) {
      return fail(
        new HalfspreadError(
          'HS_LINK_VERSION',
          protocol === undefined
            ? `The engine speaks protocol ${message.protocols.join(', ')}, this program does not.`
            : `The engine offers protocol ${protocol} at most, and spoke ${identity.lowestProtocol} before.`,
          'Use the same version of Halfspread on both sides.',
        ),
      );
    }
    const unsigned = {
      type: 'AUTH',
      protocol,
      deviceId: identity.deviceId,
      nonceD: identity.newNonce(),
      role: identity.role,
    } as const;
    hello = message;
    auth = {
      ...unsigned,
      sig: identity.sign(authTranscript(message, unsigned, identity.binding, identity.sha256)),
    };
    phase = 'authOk';
    send(auth);
  }

  function onAuthOk(message: Extract<AgentMessage, { type: 'AUTH_OK' }>): void {
    if (!hello || !auth) return;
    const { type, sessionId, role, sig } = message;
    const transcript = authOkTranscript(hello, auth, { type, sessionId, role }, identity.binding, identity.sha256);
    if (!identity.verifyAgent(transcript, sig)) {
      return fail(
        new HalfspreadError(
          'HS_LINK_WRONG_ENGINE',
          'Whoever answers on this pipe is not the engine that was started.',
          'Stop Halfspread and look which program owns the pipe.',
        ),
      );
    }
    phase = 'live';
    handlers.onReady({ bootId: hello.bootId, sessionId, role, protocol: auth.protocol, hello });
  }

  function onEvent({ sequence, after, event, kept }: Extract<AgentMessage, { type: 'EVENT' }>): void {
    if (lastSequence === undefined || (after === undefined && sequence <= lastSequence)) return;
    const before = after ?? sequence - 1;
    const whole = event.type === 'statistics' ? wholeStatistics(event.statistics, kept) : event;
    if (before !== lastSequence || sequence < before || !whole) {
      // Never expected from an agent; a fresh snapshot repairs it without losing the connection.
      lastSequence = undefined;
      return send({ type: 'SUBSCRIBE', maxSnapshotBytes });
    }
    lastSequence = sequence;
    handlers.onEvent(sequence, whole);
  }

  function wholeStatistics(part: Statistics, kept: KeptLists | undefined): DeskEvent | undefined {
    statistics = joinStatistics(statistics, part, kept);
    return statistics && { type: 'statistics', statistics };
  }

  function onLive(message: AgentMessage): void {
    switch (message.type) {
      case 'SNAPSHOT':
        lastSequence = message.snapshot.sequence;
        statistics = message.snapshot.statistics;
        return handlers.onSnapshot(message.snapshot);
      case 'RESUMED':
        lastSequence = message.from;
        return handlers.onResumed(message.from);
      case 'EVENT':
        return onEvent(message);
      case 'ANSWER':
        return handlers.onAnswer(message);
      case 'PING':
        return send({ type: 'PONG', id: message.id });
      case 'PONG': {
        const sentAtMs = pingSentAtMs.get(message.id);
        // Answers come in order: older unanswered pings will not be answered any more.
        for (const id of pingSentAtMs.keys()) if (id <= message.id) pingSentAtMs.delete(id);
        if (sentAtMs !== undefined) handlers.onRoundTrip(monotonicMs() - sentAtMs);
        return;
      }
      case 'HELLO':
      case 'AUTH_OK':
        return fail(unexpected(message.type));
    }
  }

  return {
    receive(text) {
      if (phase === 'failed') return;
      let message: AgentMessage;
      try {
        message = agentMessageSchema.parse(parseStrictJson(text));
      } catch (cause) {
        return fail(
          new HalfspreadError(
            'HS_LINK_BAD_MESSAGE',
            'The engine sent a message this program does not understand.',
            'Use the same version of Halfspread on both sides.',
            { cause },
          ),
        );
      }
      if (phase === 'live') return onLive(message);
      if (phase === 'hello' && message.type === 'HELLO') return onHello(message);
      if (phase === 'authOk' && message.type === 'AUTH_OK') return onAuthOk(message);
      fail(unexpected(message.type));
    },
    subscribe(resume, snapshotBytes) {
      lastSequence = undefined;
      maxSnapshotBytes = snapshotBytes;
      send({ type: 'SUBSCRIBE', bootId: resume?.bootId, resumeFrom: resume?.sequence, maxSnapshotBytes });
    },
    command(id, command, authorize = false) {
      const authorization =
        authorize && hello ? identity.sign(commandTranscript(hello, id, command, identity.sha256)) : undefined;
      send({ type: 'COMMAND', id, command, authorization });
    },
    ping() {
      pingId += 1;
      pingSentAtMs.set(pingId, monotonicMs());
      send({ type: 'PING', id: pingId });
    },
  };
}

function unexpected(type: string): HalfspreadError {
  return new HalfspreadError(
    'HS_LINK_BAD_MESSAGE',
    `The engine sent ${type} at the wrong moment.`,
    'Use the same version of Halfspread on both sides.',
  );
}

import type { WebSocket } from 'ws';
import type { ClientIdentity } from '../../engine/protocol/client-session.ts';
import type { HalfspreadError } from '../../engine/protocol/errors.ts';

/** One connection to an engine, before the handshake. */
export interface OpenedCarrier {
  /** May still be opening. */
  socket: WebSocket;
  /** Who we are on this connection: its binding is part of it. */
  identity: ClientIdentity;
  /** Bytes so far on the wire below everything; undefined where nobody needs to know. */
  wireBytes?(): { received: number; sent: number };
}

/** How a link reaches its engine: ids, time-outs and resumption live in link.ts once, carriers are thin. */
export interface LinkCarrier {
  /** @throws HalfspreadError HS_LINK_*: why there is no connection, or why it must not be used */
  open(): Promise<OpenedCarrier>;
  /** What a connection that was open and ended means; undefined when it says nothing but that. */
  endedBy(code: number): HalfspreadError | undefined;
  backoff: { baseMs: number; maxMs: number };
  /** Waiting time after an error that trying again will hardly change, because a person is needed; else undefined. */
  blockedWaitMs(error: HalfspreadError): number | undefined;
}

/** Not a code of the wire: the connection ended before the engine had said anything. */
export const ENDED_BEFORE_HTTP = -1;

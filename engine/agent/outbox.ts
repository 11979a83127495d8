import type { WebSocket } from 'ws';
import type { Statistics } from '../protocol/model.ts';
import { createEventLanes } from './event-lanes.ts';
import type { SequencedEvent } from './event-ring.ts';
import type { SendWindow } from './send-window.ts';

/** Bytes queued for one session (security.md): from here events wait for a snapshot; from the second on it is closed. */
export const COALESCE_ABOVE_BYTES = 8 * 1024 * 1024;
export const CLOSE_ABOVE_BYTES = 16 * 1024 * 1024;
/** A snapshot goes out once the queue is this short again. */
const CATCH_UP_BELOW_BYTES = 1024 * 1024;

export interface OutboxLimits {
  coalesceAboveBytes: number;
  closeAboveBytes: number;
}

/**
 * What one session still has to send. On a paced carrier market data is reduced to what the link takes (event-lanes.ts). A
 * reader that falls behind all the same gets one snapshot in place of the events: nothing in between is lost in silence.
 * One that does not even take the rest is closed.
 */
export interface Outbox {
  /** At once: handshake, answers, heartbeat. */
  send(text: string): void;
  /** The client has everything up to `sequence`, by the snapshot (with these statistics) or resumption sent just now. */
  startAt(sequence: number, statistics?: Statistics): void;
  /** Sent in its turn, or covered by the snapshot that follows when the queue has drained. */
  event(entry: SequencedEvent): void;
  /** Sends what the window allows now. */
  pump(): void;
}

export interface OutboxHandlers {
  sendSnapshot(): void;
  onTooSlow(): void;
  /** Asks the client to answer, so that the window learns what has arrived. */
  sendMarker(): void;
  monotonicMs(): number;
}

/** @param window of a paced carrier; without it everything is handed to the socket at once */
export function createOutbox(
  socket: Pick<WebSocket, 'send' | 'bufferedAmount'>,
  limits: OutboxLimits,
  window: SendWindow | undefined,
  handlers: OutboxHandlers,
): Outbox {
  const lanes = createEventLanes();
  let waitsForSnapshot = false;

  function drained(): void {
    if (!waitsForSnapshot || socket.bufferedAmount > Math.min(CATCH_UP_BELOW_BYTES, limits.coalesceAboveBytes)) return;
    if (window && !window.isOpen()) return;
    waitsForSnapshot = false;
    handlers.sendSnapshot();
  }

  function send(text: string): void {
    window?.sent(Buffer.byteLength(text));
    // The callback's error is the socket's end, which its close event tells as well.
    socket.send(text, drained);
    if (socket.bufferedAmount > limits.closeAboveBytes) handlers.onTooSlow();
  }

  function pump(): void {
    while (!window || window.isOpen()) {
      const text = lanes.next();
      if (text === undefined) break;
      send(text);
    }
    drained();
    if (window?.wantsMarker(handlers.monotonicMs())) handlers.sendMarker();
  }

  return {
    send(text) {
      send(text);
      if (window?.wantsMarker(handlers.monotonicMs())) handlers.sendMarker();
    },
    startAt(sequence, statistics) {
      waitsForSnapshot = false;
      lanes.startAt(sequence, statistics);
    },
    event(entry) {
      if (waitsForSnapshot) return;
      if (socket.bufferedAmount + lanes.waiting() > limits.coalesceAboveBytes) {
        waitsForSnapshot = true;
        return lanes.startAt(entry.sequence);
      }
      lanes.push(entry);
      pump();
    },
    pump,
  };
}

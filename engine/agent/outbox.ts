import type { WebSocket } from 'ws';

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
 * What one session still has to send. A slow reader loses single events and gets one snapshot in their place: nothing
 * in between is lost in silence. One that does not even take the rest is closed.
 */
export interface Outbox {
  send(text: string): void;
  /** Sent now, or covered by the snapshot that follows when the queue has drained. */
  sendEvent(text: string): void;
}

export function createOutbox(
  socket: Pick<WebSocket, 'send' | 'bufferedAmount'>,
  limits: OutboxLimits,
  handlers: { sendSnapshot(): void; onTooSlow(): void },
): Outbox {
  let waitsForSnapshot = false;

  function drained(): void {
    if (!waitsForSnapshot || socket.bufferedAmount > Math.min(CATCH_UP_BELOW_BYTES, limits.coalesceAboveBytes)) return;
    waitsForSnapshot = false;
    handlers.sendSnapshot();
  }

  function send(text: string): void {
    // The callback's error is the socket's end, which its close event tells as well.
    socket.send(text, drained);
    if (socket.bufferedAmount > limits.closeAboveBytes) handlers.onTooSlow();
  }

  return {
    send,
    sendEvent(text) {
      if (!waitsForSnapshot && socket.bufferedAmount > limits.coalesceAboveBytes) waitsForSnapshot = true;
      if (!waitsForSnapshot) send(text);
    },
  };
}

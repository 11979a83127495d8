/**
 * How many bytes may be on their way to one client before its link queues them. The operating system would take megabytes
 * at once, and on a slow link the next trade would wait behind minutes of market data; so the agent asks for an answer
 * (PING, PONG) every now and then, knows from it what has arrived and how long it waited, and keeps that wait short.
 */
export interface SendWindow {
  isOpen(): boolean;
  /** Whether a marker should go out now, so that the answer tells what has arrived. */
  wantsMarker(nowMs: number): boolean;
  sent(bytes: number): void;
  /** A marker goes out now, after everything sent so far. */
  marked(id: number, nowMs: number): void;
  /** The answer to a marker came: everything before it has arrived. */
  answered(id: number, nowMs: number): void;
  /** Bytes a second the link took lately; undefined until it is known. */
  bytesPerSecond(): number | undefined;
}

/** What the agent's own sending may add to the link's round trip. */
const TARGET_WAIT_MS = 300;
/** Doubled by every answer that comes without delay: a fast link has what it takes within a second. */
const FIRST_WINDOW_BYTES = 4 * 1024;
const MIN_WINDOW_BYTES = 2 * 1024;
const MAX_WINDOW_BYTES = 2 * 1024 * 1024;
/** More unanswered ones say nothing new, and must not pile up for a client that never answers. */
const MAX_MARKERS = 64;
/** Well under the client's allowance of messages, which its answers count for. */
const MARKER_PERIOD_MS = 100;

/** @param firstRoundTripMs before anything was sent in bulk: the handshake's */
export function createSendWindow(firstRoundTripMs: number): SendWindow {
  let windowBytes = FIRST_WINDOW_BYTES;
  /** Never forgotten: on a link that is full all the time, a newer shortest one would count our own queue as the way. */
  let shortestMs = firstRoundTripMs;
  let sentBytes = 0;
  let arrivedBytes = 0;
  let markedBytes = 0;
  let lastMarkerAtMs = Number.NEGATIVE_INFINITY;
  let lastAnswer: { atMs: number; bytes: number } | undefined;
  let rate: number | undefined;
  const markers = new Map<number, { sentBytes: number; atMs: number }>();
  const isOpen = () => sentBytes - arrivedBytes < windowBytes;

  return {
    isOpen,
    // Seldom while there is room; at once when only an answer can make room.
    wantsMarker: (nowMs) =>
      sentBytes > markedBytes &&
      markers.size < MAX_MARKERS &&
      (nowMs - lastMarkerAtMs >= MARKER_PERIOD_MS || (markers.size === 0 && !isOpen())),
    sent: (bytes) => void (sentBytes += bytes),
    marked(id, nowMs) {
      markers.set(id, { sentBytes, atMs: nowMs });
      markedBytes = sentBytes;
      lastMarkerAtMs = nowMs;
    },
    answered(id, nowMs) {
      const marker = markers.get(id);
      if (!marker) return;
      for (const known of markers.keys()) if (known <= id) markers.delete(known);
      const wasFull = sentBytes - arrivedBytes >= windowBytes / 2;
      const deliveredBytes = Math.max(0, marker.sentBytes - arrivedBytes);
      arrivedBytes = Math.max(arrivedBytes, marker.sentBytes);
      const roundTripMs = nowMs - marker.atMs;
      shortestMs = Math.min(roundTripMs, shortestMs);
      if (lastAnswer && wasFull && nowMs > lastAnswer.atMs) {
        rate = ((arrivedBytes - lastAnswer.bytes) / (nowMs - lastAnswer.atMs)) * 1000;
      }
      lastAnswer = { atMs: nowMs, bytes: arrivedBytes };
      const waitMs = roundTripMs - shortestMs;
      if (waitMs > TARGET_WAIT_MS) {
        windowBytes = Math.max(MIN_WINDOW_BYTES, windowBytes * Math.max(0.5, TARGET_WAIT_MS / waitMs));
      } else if (wasFull) {
        windowBytes = Math.min(MAX_WINDOW_BYTES, windowBytes + Math.max(deliveredBytes, MIN_WINDOW_BYTES));
      }
    },
    bytesPerSecond: () => rate,
  };
}

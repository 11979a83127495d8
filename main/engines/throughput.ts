/** What a remote link carries, and what it can: for the window, and for how much of a snapshot to ask. */
export interface Throughput {
  /** A new connection counts from nothing. */
  connected(): void;
  /** Bytes a second since the last call. @param wire counters of the connection @param nowMs monotonic */
  measured(wire: { received: number; sent: number }, nowMs: number): { received: number; sent: number } | undefined;
  /** A snapshot has come: what the link can carry. @param tookMs from asking, less the round trip */
  snapshotTook(bytes: number, tookMs: number): void;
  /** How large a snapshot may be so that it takes a few seconds. */
  snapshotBytes(): number;
}

const FIRST_SNAPSHOT_BYTES = 128 * 1024;
const MIN_SNAPSHOT_BYTES = 32 * 1024;
const MAX_SNAPSHOT_BYTES = 1024 * 1024;
const SNAPSHOT_SECONDS = 3;
/** A smaller one says more about the round trip than about the link. */
const TELLING_BYTES = 16 * 1024;

export function createThroughput(): Throughput {
  let last: { received: number; sent: number; atMs: number } | undefined;
  let capacity: number | undefined;
  return {
    connected: () => (last = undefined),
    measured(wire, nowMs) {
      const before = last;
      last = { ...wire, atMs: nowMs };
      if (!before || nowMs <= before.atMs) return undefined;
      const seconds = (nowMs - before.atMs) / 1000;
      return {
        received: Math.round((wire.received - before.received) / seconds),
        sent: Math.round((wire.sent - before.sent) / seconds),
      };
    },
    snapshotTook(bytes, tookMs) {
      if (bytes >= TELLING_BYTES) capacity = bytes / (Math.max(1, tookMs) / 1000);
    },
    snapshotBytes() {
      if (capacity === undefined) return FIRST_SNAPSHOT_BYTES;
      return Math.round(Math.min(MAX_SNAPSHOT_BYTES, Math.max(MIN_SNAPSHOT_BYTES, capacity * SNAPSHOT_SECONDS)));
    },
  };
}

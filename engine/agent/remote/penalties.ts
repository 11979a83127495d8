const FIRST_PENALTY_MS = 1_000;
const MAX_PENALTY_MS = 15 * 60_000;
/** After this long without a failure a source starts from nothing again. */
const FORGET_AFTER_MS = 15 * 60_000;
/** Sources remembered; the one that failed longest ago goes first, so that the table cannot fill the memory. */
export const MAX_PENALISED_SOURCES = 4_096;

/** How often each source failed lately: 1 s after the first failure, doubled by each further one, 15 min at most. */
export interface Penalties {
  failed(source: string, nowMs: number): void;
  /** It showed a listed certificate. */
  clear(source: string): void;
  isPenalised(source: string, nowMs: number): boolean;
  size(): number;
}

/** Times are monotonic ms. */
export function createPenalties(maxSources = MAX_PENALISED_SOURCES): Penalties {
  const bySource = new Map<string, { failures: number; untilMs: number }>();
  return {
    failed(source, nowMs) {
      const known = bySource.get(source);
      const lasts = known && nowMs - known.untilMs < FORGET_AFTER_MS;
      const failures = lasts ? known.failures + 1 : 1;
      // Deleted first, so that the map's order is the order of the latest failures.
      bySource.delete(source);
      if (bySource.size >= maxSources) {
        const [oldest] = bySource.keys();
        if (oldest !== undefined) bySource.delete(oldest);
      }
      const penaltyMs = Math.min(MAX_PENALTY_MS, FIRST_PENALTY_MS * 2 ** Math.min(failures - 1, 30));
      bySource.set(source, { failures, untilMs: nowMs + penaltyMs });
    },
    clear: (source) => void bySource.delete(source),
    isPenalised: (source, nowMs) => (bySource.get(source)?.untilMs ?? nowMs) > nowMs,
    size: () => bySource.size,
  };
}

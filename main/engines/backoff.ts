/** Doubling waits with jitter, so that two clients never knock in step. */
export interface Backoff {
  baseMs: number;
  maxMs: number;
}

/** Wait before try number `attempt` (1 = first retry): between half and all of min(maxMs, baseMs * 2^(attempt-1)). */
export function backoffMs(backoff: Backoff, attempt: number, random: () => number): number {
  const fullMs = Math.min(backoff.maxMs, backoff.baseMs * 2 ** Math.min(attempt - 1, 30));
  return Math.round(fullMs * (0.5 + random() / 2));
}

/** Messages per second and burst of one session (security.md, table of limits). */
export const MESSAGES_PER_SECOND = 50;
export const MESSAGE_BURST = 200;

/** A token bucket. Returns false when the message at `nowMs` (monotonic) is one too many. */
export function createRateLimit(perSecond: number, burst: number): (nowMs: number) => boolean {
  let tokens = burst;
  let filledAtMs: number | undefined;
  return (nowMs) => {
    if (filledAtMs !== undefined) tokens = Math.min(burst, tokens + ((nowMs - filledAtMs) / 1000) * perSecond);
    filledAtMs = nowMs;
    if (tokens < 1) return false;
    tokens -= 1;
    return true;
  };
}

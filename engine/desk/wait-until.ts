import type { Env } from '../env.ts';

const CHECK_PERIOD_MS = 50;

/** Waits for a condition, at most `timeoutMs`; resolves with whether it holds. */
export async function waitUntil(env: Env, condition: () => boolean, timeoutMs: number): Promise<boolean> {
  const deadlineMs = env.clock.monotonicMs() + timeoutMs;
  while (!condition() && env.clock.monotonicMs() < deadlineMs) {
    await new Promise<void>((resolve) => env.timers.after(CHECK_PERIOD_MS, resolve));
  }
  return condition();
}

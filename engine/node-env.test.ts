import { expect, it } from 'vitest';
import { createNodeEnv } from './node-env.ts';

it('never calls a timer before its delay has passed on the monotonic clock', async () => {
  const { clock, timers, close } = createNodeEnv();
  const early: number[] = [];
  const fractions = Array.from({ length: 200 }, (_, i) => 5 + i / 100);
  await Promise.all(
    fractions.map((delayMs) => {
      const dueMs = clock.monotonicMs() + delayMs;
      return new Promise<void>((resolve) =>
        timers.after(delayMs, () => {
          if (clock.monotonicMs() < dueMs) early.push(dueMs - clock.monotonicMs());
          resolve();
        }),
      );
    }),
  );
  await close();
  expect(early).toEqual([]);
});

it('does not call a timer that was cancelled', async () => {
  const { timers, close } = createNodeEnv();
  let called = false;
  const cancel = timers.after(1.9, () => (called = true));
  cancel();
  cancel();
  await new Promise<void>((resolve) => timers.after(20, resolve));
  await close();
  expect(called).toBe(false);
});

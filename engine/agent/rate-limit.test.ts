import { expect, it } from 'vitest';
import { createRateLimit } from './rate-limit.ts';

it('lets a burst through, then the rate, and never saves up more than the burst', () => {
  const allowed = createRateLimit(50, 200);
  const passed = (count: number, atMs: number) =>
    Array.from({ length: count }, () => allowed(atMs)).filter(Boolean).length;
  expect(passed(300, 0)).toBe(200);
  expect(passed(300, 1_000)).toBe(50);
  expect(passed(300, 1_010)).toBe(0);
  expect(passed(300, 100_000)).toBe(200);
});

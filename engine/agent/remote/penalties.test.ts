import { expect, it } from 'vitest';
import { createPenalties, MAX_PENALISED_SOURCES } from './penalties.ts';

it('doubles from one second to fifteen minutes', () => {
  const penalties = createPenalties();
  let nowMs = 0;
  const lengths: number[] = [];
  for (let failure = 0; failure < 13; failure += 1) {
    penalties.failed('a', nowMs);
    let lengthMs = 0;
    while (penalties.isPenalised('a', nowMs + lengthMs)) lengthMs += 500;
    lengths.push(lengthMs / 1000);
    nowMs += lengthMs;
  }
  expect(lengths).toEqual([1, 2, 4, 8, 16, 32, 64, 128, 256, 512, 900, 900, 900]);
});

it('forgets who kept quiet for a quarter of an hour, and who showed a listed certificate at once', () => {
  const penalties = createPenalties();
  penalties.failed('a', 0);
  penalties.failed('a', 0);
  penalties.failed('a', 2_000 + 15 * 60_000);
  expect(penalties.isPenalised('a', 2_000 + 15 * 60_000 + 1_500)).toBe(false);
  penalties.failed('b', 0);
  penalties.clear('b');
  expect(penalties.isPenalised('b', 0)).toBe(false);
});

it('remembers a bounded number of sources, the latest failures', () => {
  const penalties = createPenalties();
  for (let source = 0; source < MAX_PENALISED_SOURCES + 100; source += 1) penalties.failed(`s${source}`, 0);
  expect(penalties.size()).toBe(MAX_PENALISED_SOURCES);
  expect(penalties.isPenalised('s0', 0)).toBe(false);
  expect(penalties.isPenalised(`s${MAX_PENALISED_SOURCES + 99}`, 0)).toBe(true);
});

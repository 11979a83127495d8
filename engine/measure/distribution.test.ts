import { describe, expect, it } from 'vitest';
import { describeDistribution, seededRandom } from './distribution.ts';

const random = (): (() => number) => seededRandom(7);

/** Roughly normal values with the given mean and sd 1. */
function sample(n: number, mean: number, seed: number): number[] {
  const next = seededRandom(seed);
  return Array.from({ length: n }, () => mean - 6 + Array.from({ length: 12 }, next).reduce((a, b) => a + b, 0));
}

describe('describeDistribution', () => {
  it('gives the plain figures with their n', () => {
    const { n, mean, median, p95, sd } = describeDistribution([1, 2, 3, 4, 10], { random: random() });
    expect({ n, mean, median }).toEqual({ n: 5, mean: 4, median: 3 });
    expect(p95).toBeCloseTo(8.8, 12);
    expect(sd).toBeCloseTo(Math.sqrt(12.5), 12);
  });

  it('has no interval under 8 values, no sd for one, nothing for none', () => {
    expect(describeDistribution([1, 2, 3, 4, 5, 6, 7], { random: random() }).ci95).toBeUndefined();
    expect(describeDistribution([1, 2, 3, 4, 5, 6, 7, 8], { random: random() }).ci95).toBeDefined();
    expect(describeDistribution([5], { random: random() }).sd).toBeUndefined();
    expect(describeDistribution([], { random: random() })).toEqual({ n: 0 });
  });

  it('is the same for the same seed', () => {
    const values = sample(30, 1, 1);
    expect(describeDistribution(values, { random: random() })).toEqual(
      describeDistribution(values, { random: random() }),
    );
  });

  it('covers the true mean in about 95 % of samples', () => {
    let covered = 0;
    for (let run = 0; run < 200; run++) {
      const { ci95 } = describeDistribution(sample(40, 2, 1000 + run), { random: seededRandom(run), resamples: 400 });
      if (ci95![0] <= 2 && 2 <= ci95![1]) covered++;
    }
    expect(covered / 200).toBeGreaterThan(0.88);
    expect(covered / 200).toBeLessThan(0.995);
  });

  it('does not take repeats of the same blocks for new evidence', () => {
    const once = sample(20, 2, 3);
    const repeated = Array.from({ length: 10 }, () => once).flat();
    const blocks = repeated.map((_, index) => index % 20);
    const width = (ci: readonly number[] | undefined): number => ci![1]! - ci![0]!;
    const naive = width(describeDistribution(repeated, { random: random() }).ci95);
    const honest = width(describeDistribution(repeated, { random: random(), blocks }).ci95);
    expect(honest / naive).toBeGreaterThan(2.5);
    expect(honest / width(describeDistribution(once, { random: random() }).ci95)).toBeCloseTo(1, 0);
  });

  it('refuses values that are no numbers', () => {
    expect(() => describeDistribution([1, Number.NaN], { random: random() })).toThrow(RangeError);
  });
});

it('seededRandom is uniform in [0, 1)', () => {
  const next = seededRandom(1);
  const values = Array.from({ length: 20_000 }, next);
  expect(Math.min(...values)).toBeGreaterThanOrEqual(0);
  expect(Math.max(...values)).toBeLessThan(1);
  expect(values.reduce((a, b) => a + b, 0) / values.length).toBeCloseTo(0.5, 1);
  expect(new Set(values).size).toBeGreaterThan(19_900);
});

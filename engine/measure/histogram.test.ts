import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { LatencyHistogram } from './histogram.ts';

function of(values: readonly number[], digits: 2 | 3 = 3): LatencyHistogram {
  const made = new LatencyHistogram(digits);
  values.forEach((value) => made.record(value));
  return made;
}

describe('LatencyHistogram', () => {
  it('is n = 0 and nothing else without values', () => {
    expect(new LatencyHistogram().percentiles()).toEqual({ n: 0 });
  });

  it('gives each percentile within its precision', () => {
    const { n, p50, p95, p99, max } = of(Array.from({ length: 1000 }, (_, i) => i + 1)).percentiles();
    expect(n).toBe(1000);
    expect(p50! / 500).toBeCloseTo(1, 2);
    expect(p95! / 950).toBeCloseTo(1, 2);
    expect(p99! / 990).toBeCloseTo(1, 2);
    expect(max! / 1000).toBeCloseTo(1, 2);
  });

  it('resolves microseconds', () => {
    expect(of([0.028, 0.028, 0.028]).percentiles().p50).toBeCloseTo(0.028, 4);
  });

  it('leaves out what was not measured, and counts a negative duration as 0', () => {
    const histogram = of([Number.NaN, -0.4, 5]);
    histogram.record(undefined);
    expect(histogram.n).toBe(2);
    expect(histogram.percentiles().p10).toBe(0);
  });

  it('counts durations beyond its range at the end of it', () => {
    expect(of([1e9]).percentiles().max! / 600_000).toBeCloseTo(1, 2);
  });

  it('merges to the very histogram of all values', () => {
    const values = fc.array(fc.double({ min: 0, max: 5000, noNaN: true }), { maxLength: 50 });
    fc.assert(
      fc.property(values, values, (left, right) => {
        const merged = of(left).copy();
        merged.merge(of(right));
        expect(merged.percentiles()).toEqual(of([...left, ...right]).percentiles());
      }),
    );
  });
});

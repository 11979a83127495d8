import { describe, expect, test } from 'vitest';
import {
  decimalsOfStep,
  histogram,
  linearScale,
  logScale,
  logTicks,
  needsLogAxis,
  niceStep,
  spreadLabels,
  ticks,
  timeTicks,
} from './scale.ts';

describe('scales', () => {
  test('a linear scale maps its ends, and an upside-down range too', () => {
    const y = linearScale(0, 400, 200, 0);
    expect([y(0), y(100), y(400)]).toEqual([200, 150, 0]);
  });

  test('an empty range maps to the middle, not to NaN', () => {
    expect(linearScale(5, 5, 0, 100)(5)).toBe(50);
  });

  test('a log scale gives equal room to equal ratios and holds zero at its end', () => {
    const x = logScale(10, 1000, 0, 100);
    expect(x(100)).toBeCloseTo(50);
    expect(x(0)).toBe(0);
  });
});

describe('ticks', () => {
  test('are round, inside the range and free of float dust', () => {
    expect(ticks(-0.3, 0.72, 5)).toEqual([-0.2, 0, 0.2, 0.4, 0.6]);
    expect(ticks(0, 400, 4)).toEqual([0, 100, 200, 300, 400]);
  });

  test('steps are 1, 2 or 5 times a power of ten', () => {
    expect(niceStep(100, 5)).toBe(20);
    expect(niceStep(0.7, 7)).toBeCloseTo(0.1);
    expect(niceStep(0, 5)).toBe(1);
    expect(decimalsOfStep(0.05)).toBe(2);
    expect(decimalsOfStep(20)).toBe(0);
  });

  test('log ticks are 1, 2, 5 and fall back to powers when too many', () => {
    expect(logTicks(30, 1200, 7)).toEqual([50, 100, 200, 500, 1000]);
    expect(logTicks(1, 100_000, 7)).toEqual([1, 10, 100, 1000, 10_000, 100_000]);
  });

  test('time ticks fall on round UTC times', () => {
    const from = Date.UTC(2026, 0, 1, 9, 3, 20);
    const { step, values } = timeTicks(from, from + 300_000, 7);
    expect(step).toBe(60_000);
    expect(values.every((at) => at % 60_000 === 0)).toBe(true);
    expect(values).toHaveLength(5);
  });

  test('the axis is logarithmic only when values span over five times', () => {
    expect(needsLogAxis([100, 499])).toBe(false);
    expect(needsLogAxis([100, 501])).toBe(true);
    expect(needsLogAxis([])).toBe(false);
  });
});

describe('labels', () => {
  test('are moved apart without changing their order', () => {
    expect(spreadLabels([100, 102, 104], 14, 0, 300)).toEqual([100, 114, 128]);
    expect(spreadLabels([104, 100, 102], 14, 0, 300)).toEqual([128, 100, 114]);
  });

  test('stay inside the range at its end', () => {
    expect(spreadLabels([290, 298, 299], 14, 0, 300)).toEqual([272, 286, 300]);
  });
});

describe('histogram', () => {
  test('counts every value once, zero is an edge, the largest value is inside', () => {
    const values = [-0.4, 0, 0.1, 0.19, 0.2, 1.6];
    const { width, bins } = histogram(values, 10);
    expect(width).toBe(0.2);
    expect(bins.reduce((sum, bin) => sum + bin.count, 0)).toBe(values.length);
    expect(bins.some((bin) => Math.abs(bin.from) < 1e-9)).toBe(true);
    expect(bins.at(-1)!.to).toBeGreaterThanOrEqual(1.6);
    expect(bins.find((bin) => Math.abs(bin.from) < 1e-9)!.count).toBe(3);
  });

  test('equal values make bins, no values make none', () => {
    expect(histogram([2, 2, 2], 10).bins.reduce((sum, bin) => sum + bin.count, 0)).toBe(3);
    expect(histogram([0, 0], 10).bins.length).toBeGreaterThan(0);
    expect(histogram([], 10).bins).toEqual([]);
  });
});

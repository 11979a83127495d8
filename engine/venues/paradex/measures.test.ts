import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ClockOffsetEstimator } from './clock-offset.ts';
import { roundE8 } from './decimal.ts';
import { RoundTrips } from '../round-trips.ts';

describe('clock offset', () => {
  it('lies within its stated error of the truth, however uneven the two ways are', () => {
    const delay = fc.double({ min: 0, max: 500, noNaN: true });
    const exchange = fc.tuple(delay, delay, delay);
    const exchanges = fc.array(exchange, { minLength: 1, maxLength: 40 });
    fc.assert(
      fc.property(exchanges, fc.integer({ min: -1e6, max: 1e12 }), (rounds, trueOffsetMs) => {
        const estimator = new ClockOffsetEstimator();
        let sentAtMs = 0;
        for (const [outMs, venueMs, backMs] of rounds) {
          const usIn = (sentAtMs + outMs + trueOffsetMs) * 1000;
          estimator.add(sentAtMs, sentAtMs + outMs + venueMs + backMs, usIn, usIn + venueMs * 1000);
          sentAtMs += 2_000;
        }
        const { offsetMs, errorMs, samples } = estimator.estimate()!;
        expect(samples).toBe(rounds.length);
        expect(Math.abs(offsetMs - trueOffsetMs)).toBeLessThanOrEqual(errorMs + 0.01);
      }),
    );
  });

  it('keeps the fastest of the newest exchanges and forgets old ones', () => {
    const estimator = new ClockOffsetEstimator();
    estimator.add(0, 2, 1_000_000_000, 1_000_000_000);
    expect(estimator.estimate()).toEqual({ offsetMs: 999_999, errorMs: 1, samples: 1 });
    estimator.add(0, 400, 1_000_000_000, 1_000_000_000);
    expect(estimator.estimate()).toMatchObject({ errorMs: 1, samples: 2 });
    expect(estimator.toMonotonicMs(1_000_001)).toBe(2);
    for (let round = 0; round < 32; round++) estimator.add(0, 400, 1_000_000_000, 1_000_000_000);
    expect(estimator.estimate()!.errorMs).toBe(200);
  });

  it('ignores stamps that cannot be', () => {
    const estimator = new ClockOffsetEstimator();
    estimator.add(0, 10, 0, 20_000);
    estimator.add(0, 10, Number.NaN, Number.NaN);
    expect(estimator.estimate()).toBeUndefined();
    expect(estimator.toMonotonicMs(5)).toBeUndefined();
  });
});

describe('round trips', () => {
  it('gives percentiles of the newest 256', () => {
    const roundTrips = new RoundTrips();
    expect(roundTrips.summary()).toEqual({ rttSamples: 0 });
    for (let value = 1; value <= 100; value++) roundTrips.add(value);
    expect(roundTrips.summary()).toEqual({ rttP50Ms: 50, rttP95Ms: 95, jitterMs: 45, rttSamples: 100 });
    for (let value = 0; value < 300; value++) roundTrips.add(7);
    expect(roundTrips.summary()).toEqual({ rttP50Ms: 7, rttP95Ms: 7, jitterMs: 0, rttSamples: 256 });
  });
});

describe('roundE8', () => {
  it.each([
    ['', 0],
    ['0.1', 10_000_000],
    ['0.000000014', 1],
    ['0.000000015', 2],
    ['-0.000000015', -2],
    ['-1.5', -150_000_000],
    ['0.270000450000', 27_000_045],
  ])('%s', (text, expected) => {
    expect(roundE8(text)).toBe(expected);
  });
});

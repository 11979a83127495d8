import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isWithinSlack, rungPricesE8 } from './ladder-policy.ts';

const TICK = 1_000_000;

describe('vest ladder policy', () => {
  it('gives every bound between the outer rungs a slot that is not tighter and within one step and a tick', () => {
    const prices = fc.integer({ min: 5_000, max: 200_000_00 }).map((ticks) => ticks * TICK);
    const sides = fc.constantFrom('BUY' as const, 'SELL' as const);
    fc.assert(
      fc.property(sides, prices, fc.integer({ min: -50, max: 50 }), (side, centreE8, shiftThousandths) => {
        const rungs = rungPricesE8(side, centreE8, TICK, 8, 2).sort((a, b) => a - b);
        expect(rungs.every((priceE8) => priceE8 % TICK === 0)).toBe(true);
        const askedE8 = Math.round((centreE8 * (1 + shiftThousandths / 100_000)) / TICK) * TICK;
        const slackBps = 2 + (2 * TICK * 10_000) / centreE8;
        expect(rungs.some((priceE8) => isWithinSlack(side, askedE8, priceE8, slackBps))).toBe(true);
      }),
    );
  });

  it('keeps most rungs when the market moves by half a step', () => {
    const before = rungPricesE8('BUY', 6_800_000_000_000, TICK, 8, 2);
    const after = rungPricesE8('BUY', 6_800_000_000_000 * 1.0001, TICK, 8, 2);
    expect(after.filter((priceE8) => before.includes(priceE8)).length).toBeGreaterThanOrEqual(7);
  });

  it('never accepts a bound tighter than asked, nor one wider than the slack', () => {
    expect(isWithinSlack('BUY', 100, 99, 1_000)).toBe(false);
    expect(isWithinSlack('BUY', 100, 110, 1_000)).toBe(true);
    expect(isWithinSlack('BUY', 100, 111, 1_000)).toBe(false);
    expect(isWithinSlack('SELL', 100, 101, 1_000)).toBe(false);
    expect(isWithinSlack('SELL', 100, 90, 1_000)).toBe(true);
    expect(isWithinSlack('SELL', 100, 89, 1_000)).toBe(false);
  });
});

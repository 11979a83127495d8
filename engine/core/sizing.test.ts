import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { BookSide } from './book.ts';
import { commonSizeE8, commonStepE8, depthWithinE8, limitPriceE8, minReduceSizeE8, type SizeRules } from './sizing.ts';

const paradex: SizeRules = { sizeStepE8: 1_000, minNotionalE8: 10e8, maxSizeE8: 100e8 };
const vest: SizeRules = { sizeStepE8: 10_000, minNotionalE8: 0, maxSizeE8: 50e8 };

describe('commonSizeE8', () => {
  it('floors the wanted size to the lots of both venues and to the smaller maximum', () => {
    expect(commonSizeE8(3_004_999, 60_000e8, paradex, vest)).toEqual({ sizeE8: 3_000_000 });
    expect(commonSizeE8(80e8, 60_000e8, paradex, vest)).toEqual({ sizeE8: 50e8 });
  });

  it('names the venue whose rule the size breaks', () => {
    expect(commonSizeE8(9_999, 60_000e8, paradex, vest)).toMatchObject({ refusal: 'BELOW_LOT', leg: 'B' });
    expect(commonSizeE8(10_000, 60_000e8, paradex, vest)).toMatchObject({ refusal: 'BELOW_MIN_NOTIONAL', leg: 'A' });
  });

  it('uses a step that both venues accept', () => {
    expect(commonStepE8(4, 6)).toBe(12);
    expect(commonStepE8(10_000, 1_000)).toBe(10_000);
  });
});

describe('limitPriceE8', () => {
  it('rounds a buy down and a sell up to the tick', () => {
    expect(limitPriceE8('BUY', 61_800.3e8, 5, 0.1e8)).toBe(61_831.2e8);
    expect(limitPriceE8('SELL', 61_800.3e8, 5, 0.1e8)).toBe(61_769.4e8);
  });

  it('never leaves the band, never excludes the touch, always lies on the tick', () => {
    const tickE8 = 10_000_000;
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 5_000_000 }),
        fc.double({ min: 0, max: 100, noNaN: true }),
        (ticks, band) => {
          const touchE8 = ticks * tickE8;
          const buy = limitPriceE8('BUY', touchE8, band, tickE8);
          const sell = limitPriceE8('SELL', touchE8, band, tickE8);
          expect(buy % tickE8).toBe(0);
          expect(sell % tickE8).toBe(0);
          expect(buy).toBeGreaterThanOrEqual(touchE8);
          expect(buy).toBeLessThanOrEqual(touchE8 * (1 + band / 1e4));
          expect(sell).toBeLessThanOrEqual(touchE8);
          expect(sell).toBeGreaterThanOrEqual(touchE8 * (1 - band / 1e4));
        },
      ),
    );
  });
});

describe('depthWithinE8', () => {
  it('adds up the levels inside the limit only', () => {
    const asks = new BookSide('SELL', 8);
    asks.set(100, 5);
    asks.set(101, 7);
    asks.set(103, 9);
    expect(depthWithinE8(asks, 101, 'BUY')).toBe(12);
    expect(depthWithinE8(asks, 99, 'BUY')).toBe(0);
    const bids = new BookSide('BUY', 8);
    bids.set(100, 5);
    bids.set(98, 7);
    expect(depthWithinE8(bids, 99, 'SELL')).toBe(5);
  });
});

it('turns a minimum notional into the smallest size worth it', () => {
  expect(minReduceSizeE8(paradex, 60_000e8)).toBe(17_000);
  expect(minReduceSizeE8(vest, 60_000e8)).toBe(0);
});

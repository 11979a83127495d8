import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { OrderBook } from './book.ts';
import { createSpreadPair, entrySpreadBps, exitSpreadBps, spreadBps, updateSpreads } from './spread.ts';

function book(bid: number, ask: number): OrderBook {
  const made = new OrderBook('venue', 'BTC', 4);
  if (bid > 0) made.bids.set(bid * 1e8, 1e8);
  if (ask > 0) made.asks.set(ask * 1e8, 1e8);
  return made;
}

describe('updateSpreads', () => {
  it('buys at the ask of one venue and sells at the bid of the other', () => {
    const spreads = createSpreadPair();
    updateSpreads(spreads, book(60000, 60001), book(60010, 60011));
    expect(spreads.aOverBBps).toBeCloseTo((9 / 60001) * 1e4, 10);
    expect(spreads.bOverABps).toBeCloseTo((-11 / 60011) * 1e4, 10);
  });

  it('is NaN for the direction whose side is empty, and only for it', () => {
    const spreads = createSpreadPair();
    updateSpreads(spreads, book(60000, 0), book(60010, 60011));
    expect(spreads.aOverBBps).toBeNaN();
    expect(spreads.bOverABps).toBeCloseTo((-11 / 60011) * 1e4, 10);
  });

  it("converts B's prices by the rate of the quote currencies", () => {
    const spreads = createSpreadPair();
    updateSpreads(spreads, book(59999, 60000), book(60000, 60001), 1.001);
    expect(spreads.aOverBBps).toBeCloseTo(10, 9);
    expect(spreads.bOverABps).toBeLessThan(-10);
  });

  it('is mirrored: swapping the venues swaps the directions', () => {
    const price = fc.integer({ min: 1, max: 1_000_000 });
    fc.assert(
      fc.property(price, price, price, price, (bidA, askA, bidB, askB) => {
        const ab = createSpreadPair();
        const ba = createSpreadPair();
        updateSpreads(ab, book(bidA, askA), book(bidB, askB));
        updateSpreads(ba, book(bidB, askB), book(bidA, askA));
        expect(ab.aOverBBps).toBe(ba.bOverABps);
        expect(ab.bOverABps).toBe(ba.aOverBBps);
      }),
    );
  });
});

describe('entry and exit spread', () => {
  it('exits with the direction opposite to the entry', () => {
    const spreads = { aOverBBps: 3, bOverABps: -4 };
    expect(entrySpreadBps('AOverB', spreads)).toBe(3);
    expect(exitSpreadBps('AOverB', spreads)).toBe(-4);
    expect(entrySpreadBps('BOverA', spreads)).toBe(-4);
    expect(exitSpreadBps('BOverA', spreads)).toBe(3);
  });

  it('is positive only where the bid lies above the ask', () => {
    expect(spreadBps(101, 100)).toBeCloseTo(100, 10);
    expect(spreadBps(99, 100)).toBeCloseTo(-100, 10);
  });
});

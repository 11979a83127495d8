import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { BookSide, OrderBook } from './book.ts';

function levels(side: BookSide): [number, number][] {
  return Array.from({ length: side.count }, (_, i) => [side.priceE8[i]!, side.sizeE8[i]!]);
}

describe('BookSide', () => {
  it('keeps bids falling and asks rising, replaces and removes by price', () => {
    const bids = new BookSide('BUY', 8);
    for (const price of [100, 102, 101]) bids.set(price, price * 2);
    bids.set(101, 7);
    bids.set(100, 0);
    bids.set(55, 0);
    expect(levels(bids)).toEqual([
      [102, 204],
      [101, 7],
    ]);
  });

  it('drops what lies deeper than its capacity, never the touch', () => {
    const asks = new BookSide('SELL', 2);
    asks.set(103, 1);
    asks.set(102, 1);
    asks.set(101, 1);
    asks.set(104, 1);
    expect(levels(asks)).toEqual([
      [101, 1],
      [102, 1],
    ]);
  });

  it('equals a plain map of prices after any updates', () => {
    const updates = fc.array(fc.tuple(fc.integer({ min: 1, max: 30 }), fc.integer({ min: 0, max: 5 })));
    fc.assert(
      fc.property(updates, fc.constantFrom('BUY' as const, 'SELL' as const), (list, sideName) => {
        const side = new BookSide(sideName, 64);
        const map = new Map<number, number>();
        for (const [price, size] of list) {
          side.set(price, size);
          if (size > 0) map.set(price, size);
          else map.delete(price);
        }
        const sorted = [...map].sort(([a], [b]) => (sideName === 'BUY' ? b - a : a - b));
        expect(levels(side)).toEqual(sorted);
      }),
    );
  });

  it('makes the touch told the best level and prunes the better ones', () => {
    const asks = new BookSide('SELL', 8);
    for (const price of [101, 102, 103]) asks.set(price, 1);
    asks.setTouch(102, 9);
    expect(levels(asks)).toEqual([
      [102, 9],
      [103, 1],
    ]);
    asks.setTouch(100, 4);
    expect(levels(asks)[0]).toEqual([100, 4]);
    asks.setTouch(105, 4);
    expect(levels(asks)).toEqual([[105, 4]]);
    asks.setTouch(105, 0);
    expect(asks.count).toBe(0);
  });
});

describe('OrderBook', () => {
  it('is crossed when the bid reaches the ask, and not while a side is empty', () => {
    const book = new OrderBook('vest', 'BTC-PERP', 4);
    book.bids.set(100, 1);
    expect(book.isCrossed()).toBe(false);
    book.asks.set(100, 1);
    expect(book.isCrossed()).toBe(true);
    book.asks.setTouch(101, 1);
    expect(book.isCrossed()).toBe(false);
  });

  it('is invalid until a snapshot and after clear', () => {
    const book = new OrderBook('vest', 'BTC-PERP', 4);
    expect(book.valid).toBe(false);
    book.valid = true;
    book.bids.set(100, 1);
    book.clear();
    expect(book.valid).toBe(false);
    expect(book.bids.count).toBe(0);
  });
});

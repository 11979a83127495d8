import type { Side } from './types.ts';

/**
 * One market's order book as last told by its venue: prices and sizes in 1e-8 units, best level first, in typed arrays.
 * The venue client mutates it in place; readers must take what they need during the callback.
 */
export class OrderBook {
  readonly venue: string;
  readonly symbol: string;
  readonly bids: BookSide;
  readonly asks: BookSide;
  /** Venue's event time in the venue's clock (ms since the epoch); NaN where the venue does not stamp. */
  venueTimeMs = Number.NaN;
  /** Monotonic ms at which the last frame was received. */
  receivedAtMs = Number.NaN;
  sequence = 0;
  /** False before the first snapshot and after a gap, until the next snapshot. */
  valid = false;

  constructor(venue: string, symbol: string, depth = 512) {
    this.venue = venue;
    this.symbol = symbol;
    this.bids = new BookSide('BUY', depth);
    this.asks = new BookSide('SELL', depth);
  }

  /** True when the best bid is not below the best ask. */
  isCrossed(): boolean {
    return this.bids.count > 0 && this.asks.count > 0 && this.bids.priceE8[0]! >= this.asks.priceE8[0]!;
  }

  clear(): void {
    this.bids.count = 0;
    this.asks.count = 0;
    this.valid = false;
  }
}

/** One side, best first, at most `capacity` levels: what lies deeper is dropped. */
export class BookSide {
  readonly priceE8: Float64Array;
  readonly sizeE8: Float64Array;
  count = 0;
  private readonly sign: number;

  constructor(side: Side, capacity: number) {
    this.priceE8 = new Float64Array(capacity);
    this.sizeE8 = new Float64Array(capacity);
    this.sign = side === 'BUY' ? -1 : 1;
  }

  /** Sets the absolute size of a level; 0 removes it. O(levels), no allocation. */
  set(priceE8: number, sizeE8: number): void {
    const prices = this.priceE8;
    let index = 0;
    const key = priceE8 * this.sign;
    while (index < this.count && prices[index]! * this.sign < key) index++;
    const exists = index < this.count && prices[index] === priceE8;
    if (sizeE8 <= 0) {
      if (!exists) return;
      prices.copyWithin(index, index + 1, this.count);
      this.sizeE8.copyWithin(index, index + 1, this.count);
      this.count--;
      return;
    }
    if (!exists) {
      if (index >= prices.length) return;
      const end = Math.min(this.count, prices.length - 1);
      prices.copyWithin(index + 1, index, end);
      this.sizeE8.copyWithin(index + 1, index, end);
      prices[index] = priceE8;
      if (this.count < prices.length) this.count++;
    }
    this.sizeE8[index] = sizeE8;
  }

  /** The touch was replaced: levels better than `priceE8` are gone, the touch gets its size. 0 size empties the side. */
  setTouch(priceE8: number, sizeE8: number): void {
    if (sizeE8 <= 0) {
      this.count = 0;
      return;
    }
    const key = priceE8 * this.sign;
    let better = 0;
    while (better < this.count && this.priceE8[better]! * this.sign < key) better++;
    if (better > 0) {
      this.priceE8.copyWithin(0, better, this.count);
      this.sizeE8.copyWithin(0, better, this.count);
      this.count -= better;
    }
    this.set(priceE8, sizeE8);
  }
}

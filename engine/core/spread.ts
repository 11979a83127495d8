import type { OrderBook } from './book.ts';
import type { Direction } from './types.ts';

/** Both directions' spread at the touch, in bps; NaN while a needed side of a book is empty. Reused, never reallocated. */
export interface SpreadPair {
  aOverBBps: number;
  bOverABps: number;
}

export function createSpreadPair(): SpreadPair {
  return { aOverBBps: Number.NaN, bOverABps: Number.NaN };
}

/**
 * Buying one unit at `askE8` and selling it at `bidE8` earns this many bps of the price paid: (bid - ask) / ask.
 * Both prices must be in the same currency.
 */
export function spreadBps(bidE8: number, askE8: number): number {
  return ((bidE8 - askE8) / askE8) * 1e4;
}

/**
 * Writes both directions' spread at the touch into `out`. Hot path: no allocation.
 * A over B buys A and sells B: (bid_B - ask_A) / ask_A; B over A is the mirror (product.md 2).
 * @param rateBToA price of one unit of B's quote currency in A's (USDC in USD); 1 when both quote the same.
 */
export function updateSpreads(out: SpreadPair, a: OrderBook, b: OrderBook, rateBToA = 1): void {
  out.aOverBBps =
    a.asks.count > 0 && b.bids.count > 0 ? spreadBps(b.bids.priceE8[0]! * rateBToA, a.asks.priceE8[0]!) : Number.NaN;
  out.bOverABps =
    b.asks.count > 0 && a.bids.count > 0 ? spreadBps(a.bids.priceE8[0]!, b.asks.priceE8[0]! * rateBToA) : Number.NaN;
}

/** The spread that an entry in `direction` would take now. */
export function entrySpreadBps(direction: Direction, spreads: SpreadPair): number {
  return direction === 'AOverB' ? spreads.aOverBBps : spreads.bOverABps;
}

/**
 * The spread that closing a position entered in `direction` would take now: selling the long leg at its bid and buying
 * back the short leg at its ask is the reverse direction's spread. The exit condition is that it reaches `spread_exit`.
 */
export function exitSpreadBps(direction: Direction, spreads: SpreadPair): number {
  return direction === 'AOverB' ? spreads.bOverABps : spreads.aOverBBps;
}

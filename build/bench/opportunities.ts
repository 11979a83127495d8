import { OrderBook } from '../../engine/core/book.ts';
import { createSpreadPair, updateSpreads } from '../../engine/core/spread.ts';
import type { Quote } from './recorded-quotes.ts';
import { quantile } from './rounds.ts';

/** Where in the spread's distribution entry thresholds are laid, so that some of them is passed often. */
const THRESHOLD_SHARES = [0.2, 0.35, 0.5, 0.65, 0.8, 0.9, 0.95, 0.98];

/** Spread in the better direction after each quote, bps; NaN while a book is empty. */
export function bestSpreadsBps(quotes: readonly Quote[]): number[] {
  const books = { A: new OrderBook('a', 'X'), B: new OrderBook('b', 'X') };
  const spreads = createSpreadPair();
  return quotes.map((quote) => {
    books[quote.venue].bids.setTouch(quote.bidPriceE8, quote.bidSizeE8);
    books[quote.venue].asks.setTouch(quote.askPriceE8, quote.askSizeE8);
    updateSpreads(spreads, books.A, books.B);
    return Math.max(spreads.aOverBBps, spreads.bOverABps);
  });
}

export interface Segment {
  quotes: Quote[];
  thresholdsBps: number[];
}

/**
 * The beginning of `quotes` that holds `count` opportunities of at least `minMs`, and the thresholds they are opportunities at.
 * A quote that passes several thresholds at once counts as one. All quotes where there are not so many.
 */
export function segmentWith(quotes: Quote[], count: number, minMs: number): Segment {
  const spreads = bestSpreadsBps(quotes);
  const known = spreads.filter((spread) => Number.isFinite(spread));
  const thresholdsBps = THRESHOLD_SHARES.map((share) => quantile(known, share));
  const openSinceMs = thresholdsBps.map((): number | undefined => undefined);
  const found = new Set<number>();
  for (let index = 0; index < quotes.length; index++) {
    const { atMs } = quotes[index]!;
    for (let at = 0; at < thresholdsBps.length; at++) {
      const sinceMs = openSinceMs[at];
      if (spreads[index]! >= thresholdsBps[at]!) openSinceMs[at] ??= atMs;
      else if (sinceMs !== undefined) {
        if (atMs - sinceMs >= minMs) found.add(sinceMs);
        openSinceMs[at] = undefined;
      }
    }
    if (found.size >= count) return { quotes: quotes.slice(0, index + 1), thresholdsBps };
  }
  return { quotes, thresholdsBps };
}

import type { Side, VenueId } from '../core/types.ts';
import { notionalE8 } from '../core/units.ts';

export interface ResultFill {
  venue: VenueId;
  side: Side;
  priceE8: number;
  sizeE8: number;
  /** Positive = paid. */
  feeE8: number;
}

/** Result of a trade in 1e-8 USD; gross, fees and net are never mixed. */
export interface TradeResult {
  grossE8: number;
  feesE8: number;
  /** gross - fees */
  netE8: number;
  /** Signed size per venue that is still open: valued at the average price it was opened at, so it earns nothing here. */
  openE8: Record<VenueId, number>;
}

/**
 * Result from a trade's fills: proceeds of the sales less cost of the purchases, each fill's notional exact
 * (units.notionalE8). A rest left open on a venue (dust) is booked at the average price of its opening side.
 */
export function tradeResult(fills: readonly ResultFill[]): TradeResult {
  const openE8: Record<VenueId, number> = {};
  let grossE8 = 0;
  let feesE8 = 0;
  for (const venue of new Set(fills.map((fill) => fill.venue))) {
    const bought = totals(fills, venue, 'BUY');
    const sold = totals(fills, venue, 'SELL');
    const restE8 = bought.sizeE8 - sold.sizeE8;
    const opened = restE8 > 0 ? bought : sold;
    const restValueE8 = restE8 === 0 ? 0 : Math.round((opened.valueE8 / opened.sizeE8) * restE8);
    grossE8 += sold.valueE8 - bought.valueE8 + restValueE8;
    feesE8 += bought.feeE8 + sold.feeE8;
    openE8[venue] = restE8;
  }
  return { grossE8, feesE8, netE8: grossE8 - feesE8, openE8 };
}

function totals(
  fills: readonly ResultFill[],
  venue: VenueId,
  side: Side,
): Record<'sizeE8' | 'valueE8' | 'feeE8', number> {
  const sum = { sizeE8: 0, valueE8: 0, feeE8: 0 };
  for (const fill of fills) {
    if (fill.venue !== venue || fill.side !== side) continue;
    sum.sizeE8 += fill.sizeE8;
    sum.valueE8 += notionalE8(fill.priceE8, fill.sizeE8);
    sum.feeE8 += fill.feeE8;
  }
  return sum;
}

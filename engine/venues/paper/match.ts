import type { OrderBook } from '../../core/book.ts';
import type { MarketSpec } from '../../core/types.ts';
import { floorToStepE8, notionalUsd, ONE_E8 } from '../../core/units.ts';
import type { OrderRequest } from '../venue.ts';
import type { Consumption } from './consumption.ts';

export interface PaperMatch {
  priceE8: number;
  sizeE8: number;
  /** Positive = paid, 1e-8 USD. */
  feeE8: number;
}

/** Why the venue would refuse the order as it arrives; undefined when it would take it. */
export function refusalOf(
  request: OrderRequest,
  market: MarketSpec,
  heldE8: number,
  priceE8: number,
): string | undefined {
  const { sizeE8, limitPriceE8, reduceOnly, side } = request;
  if (sizeE8 <= 0 || sizeE8 % market.sizeStepE8 !== 0) return 'the size is no multiple of the lot';
  if (sizeE8 > market.maxSizeE8) return 'the size is above the market’s maximum';
  if (limitPriceE8 <= 0 || limitPriceE8 % market.tickE8 !== 0) return 'the price is no multiple of the tick';
  const reduces = heldE8 !== 0 && heldE8 > 0 === (side === 'SELL');
  if (reduceOnly && !reduces) return 'reduce-only, and there is nothing to reduce';
  const closesAll = reduceOnly && sizeE8 >= Math.abs(heldE8);
  if (!closesAll && notionalUsd(priceE8, sizeE8) * ONE_E8 < market.minNotionalE8) return 'below the minimum notional';
  return undefined;
}

/**
 * Immediate-or-cancel against the book as it stands: best level first, never beyond the limit, each level for what is really
 * left of it. A reduce-only order takes at most the position.
 */
export function matchOrder(
  request: OrderRequest,
  book: OrderBook,
  market: MarketSpec,
  heldE8: number,
  consumption: Consumption,
): PaperMatch[] {
  const { side, limitPriceE8, reduceOnly } = request;
  const name = side === 'BUY' ? 'asks' : 'bids';
  const levels = book[name];
  const matches: PaperMatch[] = [];
  let openE8 = reduceOnly ? Math.min(request.sizeE8, Math.abs(heldE8)) : request.sizeE8;
  for (let level = 0; level < levels.count && openE8 > 0; level++) {
    const priceE8 = levels.priceE8[level]!;
    if (side === 'BUY' ? priceE8 > limitPriceE8 : priceE8 < limitPriceE8) break;
    const shownE8 = levels.sizeE8[level]!;
    const leftE8 = floorToStepE8(Math.max(0, consumption.leftE8(name, priceE8, shownE8)), market.sizeStepE8);
    const sizeE8 = Math.min(openE8, leftE8);
    if (sizeE8 <= 0) continue;
    openE8 -= sizeE8;
    consumption.take(name, priceE8, shownE8, sizeE8);
    matches.push({ priceE8, sizeE8, feeE8: feeOf(priceE8, sizeE8, market.takerFeeE8) });
  }
  return matches;
}

/** price x size x rate in 1e-8 USD, rounded half up; exact through BigInt. */
function feeOf(priceE8: number, sizeE8: number, rateE8: number): number {
  const unit = 10n ** 16n;
  return Number((BigInt(priceE8) * BigInt(sizeE8) * BigInt(rateE8) + unit / 2n) / unit);
}

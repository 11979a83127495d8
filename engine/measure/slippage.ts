import type { z } from 'zod';
import { HalfspreadError } from '../core/errors.ts';
import { ONE_E8 } from '../core/units.ts';
import type { legCostSchema } from '../protocol/model.ts';

/** Cost of one leg in bps of the episode's base (the bought leg's ask at detection). */
export type LegCost = z.infer<typeof legCostSchema>;

/** Prices of one leg: the bid where it sold, the ask where it bought. All in 1e-8 of the same currency. */
export interface SlippageLeg {
  touchAtDetectionE8: number;
  /** Touch the order met at the venue; absent when it could not be found. */
  touchAtMatchE8?: number;
  /** The touch at match is our reconstruction (always so live; always for a venue without book stamps). */
  splitEstimated: boolean;
  /** Average price of the fills. */
  fillPriceE8: number;
  filledE8: number;
  /** Fees of those fills, positive = paid, 1e-8 USD. */
  feeE8: number;
}

/** Price cost of one episode (product.md 4). Positive = worse than what was seen. */
export interface SlippageAnalysis {
  /** (b1 - a1) / a1 and (b2 - a2) / a2 in bps; their difference is the slippage. */
  detectionSpreadBps: number;
  executionSpreadBps: number;
  slippageBps: number;
  feesBps: number;
  /** slippage + fees */
  shortfallBps: number;
  sold: LegCost;
  bought: LegCost;
}

/**
 * Slippage of an episode as the operator computes it: `(b1/a1 - b2/a2) * 1e4` with b the sold leg's bid or fill, a the
 * bought leg's ask or fill, 1 = at detection, 2 = filled. Exact split: sold leg `(b1-b2)/a1`, bought leg
 * `b2*(a2-a1)/(a1*a2)`; in each leg the touch at match parts delay (moved in flight) from walk (depth consumed), without
 * a rest. An entry sells on the short venue and buys on the long one; an exit mirrors the roles: it sells what was long
 * and buys back what was short, so the same formula holds for it. Fees are bps of what was filled at a1, each leg its own.
 * Without a touch at match the whole movement counts as delay, marked estimated.
 * @throws HalfspreadError HS_SLIPPAGE_PRICE for a price or size that is not positive: a fill at 0 is no fill.
 */
export function analyseSlippage(sold: SlippageLeg, bought: SlippageLeg): SlippageAnalysis {
  requirePositive('sold', sold);
  requirePositive('bought', bought);
  const b1 = sold.touchAtDetectionE8;
  const b2 = sold.fillPriceE8;
  const bMatch = sold.touchAtMatchE8 ?? b2;
  const a1 = bought.touchAtDetectionE8;
  const a2 = bought.fillPriceE8;
  const aMatch = bought.touchAtMatchE8 ?? a2;
  const soldFactor = 1e4 / a1;
  const boughtFactor = ((b2 / a1) * 1e4) / a2;
  const soldCost = legCost(sold, (b1 - b2) * soldFactor, (b1 - bMatch) * soldFactor, a1);
  const boughtCost = legCost(bought, (a2 - a1) * boughtFactor, (aMatch - a1) * boughtFactor, a1);
  const slippageBps = (b1 / a1 - b2 / a2) * 1e4;
  const feesBps = soldCost.feesBps + boughtCost.feesBps;
  return {
    detectionSpreadBps: ((b1 - a1) / a1) * 1e4,
    executionSpreadBps: ((b2 - a2) / a2) * 1e4,
    slippageBps,
    feesBps,
    shortfallBps: slippageBps + feesBps,
    sold: soldCost,
    bought: boughtCost,
  };
}

function legCost(leg: SlippageLeg, slippageBps: number, delayBps: number, baseE8: number): LegCost {
  const notionalUsdE8 = (baseE8 / ONE_E8) * leg.filledE8;
  return {
    slippageBps,
    delayBps,
    walkBps: slippageBps - delayBps,
    feesBps: (leg.feeE8 / notionalUsdE8) * 1e4,
    splitEstimated: leg.splitEstimated || leg.touchAtMatchE8 === undefined,
  };
}

function requirePositive(role: string, leg: SlippageLeg): void {
  const { touchAtDetectionE8, touchAtMatchE8, fillPriceE8, filledE8 } = leg;
  const figures = { touchAtDetectionE8, touchAtMatchE8, fillPriceE8, filledE8 };
  for (const [name, value] of Object.entries(figures)) {
    if (value === undefined || (value > 0 && Number.isFinite(value))) continue;
    throw new HalfspreadError(
      'HS_SLIPPAGE_PRICE',
      `The ${role} leg's ${name} is ${value}: no slippage can be computed from it.`,
      'Give touches and fills with positive prices; leave episodes without a fill on both legs out.',
    );
  }
}

import type { FeeSchedule } from '../../host.ts';
import type { ReplayedMarket } from '../../market.ts';

/** Pro = default JWT; Retail = JWT issued with `token_usage=interactive`. */
export type OrderClass = 'pro' | 'retail';

/** Trading rules of one market as `GET /markets` states them. Rates in 1e-8. */
export interface MarketRules {
  minNotionalE8: number;
  maxOrderSizeE8: number;
  positionLimitE8: number;
  maxOpenOrders: number;
  maxSlippageE8: number;
  priceBandsWidthE8: number;
  initialMarginE8: number;
  /** Maintenance margin = initial margin x this. */
  maintenanceFactorE8: number;
}

/** Values of the venue's own example for BTC-USD-PERP (API page of the market); the limits in coins are scaled for others. */
const BTC_RULES: MarketRules = {
  minNotionalE8: 10e8,
  maxOrderSizeE8: 100e8,
  positionLimitE8: 300e8,
  maxOpenOrders: 150,
  maxSlippageE8: 100_000,
  priceBandsWidthE8: 5_000_000,
  initialMarginE8: 2_000_000,
  maintenanceFactorE8: 50_000_000,
};
const SIZE_SCALE: Record<string, number> = { BTC: 1, ETH: 20 };
const OTHER_COIN_SIZE_SCALE = 1_000;

export function rulesFor(market: ReplayedMarket): MarketRules {
  const scale = SIZE_SCALE[market.coin] ?? OTHER_COIN_SIZE_SCALE;
  return {
    ...BTC_RULES,
    maxOrderSizeE8: BTC_RULES.maxOrderSizeE8 * scale,
    positionLimitE8: BTC_RULES.positionLimitE8 * scale,
  };
}

export interface FeeRates {
  makerE8: number;
  takerE8: number;
}

/** The speed bump of Retail orders, on submit and on cancel (Paradex: trader profiles). */
export const RETAIL_SPEED_BUMP_US = 300_000;

/** Fees per class: published are Pro 0.3 / 4.5 bps and Retail 0 / 0; a custom schedule changes the Pro taker fee only. */
export function feeRates(fees: FeeSchedule, orderClass: OrderClass): FeeRates {
  if (orderClass === 'retail' || fees.kind === 'zero') return { makerE8: 0, takerE8: 0 };
  return { makerE8: 3_000, takerE8: fees.kind === 'custom' ? Math.round(fees.paradexTakerBps * 10_000) : 45_000 };
}

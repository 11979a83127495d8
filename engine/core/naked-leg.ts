import type { TradeConfig } from './trade-types.ts';

const YEAR_MS = 365.25 * 86_400_000;

/**
 * How far the market may move against a leg that stands alone, as an assumption that is shown: this many standard
 * deviations of a price with this yearly volatility. 0.8 and 5 are a restless bitcoin and an event of one in a million
 * if its moves were normal, which they are not.
 */
export interface MarketAssumption {
  yearlyVolatility: number;
  deviations: number;
}
export const DEFAULT_MARKET_ASSUMPTION: MarketAssumption = { yearlyVolatility: 0.8, deviations: 5 };

export interface NakedLegInputs {
  /** Value of one leg, 1e-8 USD. */
  notionalE8: number;
  config: Pick<TradeConfig, 'confirmTimeoutMs' | 'receiveWindowMs' | 'windowMarginMs' | 'maxDoubtMs' | 'bandBps'>;
  /** Round trip of a query at the venue whose order is in doubt; the larger of both. */
  queryRoundTripMs: number;
  /** Order to confirmation at the venue of the filled leg, its speed bump included; the larger of both. */
  orderToConfirmMs: number;
  /** Taker fee of the dearer venue and its book's own spread, in bps. */
  takerFeeBps: number;
  bookSpreadBps: number;
  market: MarketAssumption;
}

export interface NakedLegFigures {
  untilKnownMs: number;
  untilClosedMs: number;
  untilHaltMs: number;
  costE8: number;
  bandsE8: number;
  feesE8: number;
  moveE8: number;
  moveBps: number;
}

/**
 * The worst that one entry can come to by the desk's own bounds: one leg filled, the other without an answer.
 *   untilKnown  = max(confirm time-out, receive window + margin) + query round trip     (core/trade.ts asks the venue then)
 *   untilClosed = untilKnown + order to confirm                    (the first reduce-only order at the filled leg's venue)
 *   untilHalt   = confirm time-out + longest doubt                        (the venue never answers: halted, leg still open)
 *   cost        = bands + fees + move
 *   bands       = notional x (2 x band + the book's own spread)      entry and unwinding both at the far end of their band
 *   fees        = notional x 2 x taker fee
 *   move        = notional x deviations x yearly volatility x sqrt(untilClosed / year)
 * After untilHalt no bound of the desk holds any more: a person must act.
 */
export function nakedLegFigures(inputs: NakedLegInputs): NakedLegFigures {
  const { notionalE8, config, market } = inputs;
  const untilKnownMs =
    Math.max(config.confirmTimeoutMs, config.receiveWindowMs + config.windowMarginMs) + inputs.queryRoundTripMs;
  const untilClosedMs = untilKnownMs + inputs.orderToConfirmMs;
  const moveBps = market.deviations * market.yearlyVolatility * Math.sqrt(untilClosedMs / YEAR_MS) * 1e4;
  const ofNotional = (bps: number): number => Math.round((notionalE8 * bps) / 1e4);
  const bandsE8 = ofNotional(2 * config.bandBps + inputs.bookSpreadBps);
  const feesE8 = ofNotional(2 * inputs.takerFeeBps);
  const moveE8 = ofNotional(moveBps);
  return {
    untilKnownMs,
    untilClosedMs,
    untilHaltMs: config.confirmTimeoutMs + config.maxDoubtMs,
    costE8: bandsE8 + feesE8 + moveE8,
    bandsE8,
    feesE8,
    moveE8,
    moveBps,
  };
}

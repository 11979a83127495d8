import { priceOf, roundedText, usdText } from './money.ts';
import type { VestExchange, VestFill, VestOrder, VestOrderFacts } from './state.ts';

/** An order as GET /orders answers it; fill fields are null until something was filled. */
export interface WireOrder {
  id: string;
  nonce: number;
  symbol: string;
  isBuy: boolean;
  orderType: string;
  limitPrice: string;
  markPrice: string;
  size: string;
  status: string;
  reduceOnly: boolean;
  initMarginRatio: string;
  code?: number;
  lastFilledSize: string | null;
  lastFilledPrice: string | null;
  lastFilledTime: number | null;
  avgFilledPrice: string | null;
  settledFunding: string | null;
  fees: string | null;
  realizedPnl: string | null;
  postTime: number;
  tpPrice: string | null;
  slPrice: string | null;
}

/** `args` of an ORDER event on `account_private`. */
export type WireOrderEvent = Record<string, string | number | boolean>;

export function ratioText(leverage: number): string {
  return (1 / leverage).toFixed(4);
}

export function wireOrder(exchange: VestExchange, order: VestOrderFacts): WireOrder {
  const { replay } = exchange.markets.get(order.symbol)!;
  const fill = order.lastFill;
  return {
    id: order.id,
    nonce: order.nonce,
    symbol: order.symbol,
    isBuy: order.isBuy,
    orderType: order.orderType,
    limitPrice: order.limitPrice,
    markPrice: roundedText(order.markPriceE8, replay.priceDecimals),
    size: order.size,
    status: order.status,
    reduceOnly: order.reduceOnly,
    initMarginRatio: ratioText(order.leverage),
    ...(order.code === undefined ? {} : { code: order.code }),
    lastFilledSize: fill ? roundedText(fill.sizeE8, replay.sizeDecimals) : null,
    lastFilledPrice: fill ? roundedText(fill.priceE8, replay.priceDecimals) : null,
    lastFilledTime: fill ? fill.timeMs : null,
    avgFilledPrice: fill ? averageText(exchange, order) : null,
    settledFunding: fill ? usdText(order.settledFundingE8) : null,
    fees: fill ? usdText(order.feesE8) : null,
    realizedPnl: fill ? usdText(order.realizedE8) : null,
    postTime: order.postTimeMs,
    tpPrice: null,
    slPrice: null,
  };
}

export function newEvent(order: VestOrder): WireOrderEvent {
  return { ...orderFields(order), status: 'NEW', postTime: order.postTimeMs, nonce: order.nonce };
}

/** FILLED, or PARTIALLY_FILLED in the same form (its form is not published). */
export function fillEvent(exchange: VestExchange, order: VestOrder, fill: VestFill): WireOrderEvent {
  const market = exchange.markets.get(order.symbol)!;
  const { priceDecimals, sizeDecimals } = market.replay;
  return {
    ...orderFields(order),
    status: order.status,
    lastFilledSize: roundedText(fill.sizeE8, sizeDecimals),
    lastFilledPrice: roundedText(fill.priceE8, priceDecimals),
    lastFilledTime: fill.timeMs,
    avgFilledPrice: averageText(exchange, order),
    cumFunding: usdText(market.cumFundingE16 / 100_000_000n),
    fees: usdText(order.feesE8),
    postTime: order.postTimeMs,
    nonce: order.nonce,
  };
}

export function endEvent(order: VestOrder): WireOrderEvent {
  const end = { id: order.id, status: order.status };
  const stamp = { postTime: order.postTimeMs, nonce: order.nonce };
  return order.code === undefined ? { ...end, ...stamp } : { ...end, code: order.code, ...stamp };
}

function orderFields(order: VestOrder): WireOrderEvent {
  return {
    id: order.id,
    symbol: order.symbol,
    isBuy: order.isBuy,
    orderType: order.orderType,
    limitPrice: order.limitPrice,
    size: order.size,
    reduceOnly: order.reduceOnly,
    initMarginRatio: ratioText(order.leverage),
  };
}

function averageText(exchange: VestExchange, order: VestOrderFacts): string {
  const { replay } = exchange.markets.get(order.symbol)!;
  return priceOf(order.filledNotionalE8, order.filledE8, replay.priceDecimals);
}

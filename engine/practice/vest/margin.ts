import type { ReplayedLevel } from '../market.ts';
import { fillFeeE8, leverageOf, unsettledFundingE8 } from './ledger.ts';
import { divideRounded, notionalOf } from './money.ts';
import { isDone } from './state.ts';
import type { VestAccount, VestExchange, VestOrder, VestPosition } from './state.ts';

/** Profit of an open position at the mark, with funding not yet settled. */
export function unrealizedE8(exchange: VestExchange, symbol: string, position: VestPosition): bigint {
  const market = exchange.markets.get(symbol)!;
  const valueE8 = notionalOf(market.indexE8, position.sizeE8);
  return valueE8 - position.costE8 + unsettledFundingE8(market, position);
}

export function accountValueE8(exchange: VestExchange, account: VestAccount): bigint {
  let value = account.balanceE8;
  for (const [symbol, position] of account.positions) value += unrealizedE8(exchange, symbol, position);
  return value;
}

/** |size| x mark / leverage. */
export function initMarginE8(exchange: VestExchange, account: VestAccount, symbol: string, sizeE8: number): bigint {
  const mark = exchange.markets.get(symbol)!.indexE8;
  return divideRounded(notionalOf(mark, Math.abs(sizeE8)), BigInt(leverageOf(exchange, account, symbol)));
}

/** Margin held by resting orders that may open a position; `except` is left out. */
export function openOrderMarginE8(account: VestAccount, markets: VestExchange['markets'], except?: VestOrder): bigint {
  let margin = 0n;
  for (const market of markets.values()) {
    for (const order of market.resting) {
      if (order.account === account && order !== except) margin += restMarginE8(order, order.sizeE8 - order.filledE8);
    }
  }
  return margin;
}

export function totalInitMarginE8(exchange: VestExchange, account: VestAccount): bigint {
  let margin = 0n;
  for (const [symbol, position] of account.positions)
    margin += initMarginE8(exchange, account, symbol, position.sizeE8);
  return margin;
}

/**
 * True when the account can carry the order: what it would take now (`matches`) and, when it rests afterwards, its rest.
 * Orders that only reduce a position always may.
 */
export function marginAllows(
  exchange: VestExchange,
  order: VestOrder,
  matches: readonly ReplayedLevel[],
  restE8: number,
): boolean {
  const { account, symbol } = order;
  const heldE8 = account.positions.get(symbol)?.sizeE8 ?? 0;
  const sign = order.isBuy ? 1 : -1;
  let takenE8 = 0;
  let notionalE8 = 0n;
  for (const match of matches) {
    takenE8 += match.sizeE8;
    notionalE8 += notionalOf(match.priceE8, match.sizeE8);
  }
  const afterE8 = heldE8 + sign * takenE8;
  const onlyReduces = heldE8 * sign < 0 && takenE8 + restE8 <= Math.abs(heldE8);
  if (onlyReduces) return true;
  const mark = exchange.markets.get(symbol)!.indexE8;
  const addsToPosition = heldE8 * sign >= 0;
  const valueAfter =
    accountValueE8(exchange, account) +
    BigInt(sign) * (notionalOf(mark, takenE8) - notionalE8) -
    fillFeeE8(exchange, notionalE8, addsToPosition);
  const needed =
    totalInitMarginE8(exchange, account) -
    initMarginE8(exchange, account, symbol, heldE8) +
    initMarginE8(exchange, account, symbol, afterE8) +
    openOrderMarginE8(account, exchange.markets, order) +
    restMarginE8(order, restE8);
  return needed <= valueAfter;
}

function restMarginE8(order: VestOrder, restE8: number): bigint {
  if (order.reduceOnly || restE8 === 0 || isDone(order)) return 0n;
  return divideRounded(notionalOf(order.limitPriceE8, restE8), BigInt(order.leverage));
}

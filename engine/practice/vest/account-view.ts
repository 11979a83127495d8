import { leverageOf } from './ledger.ts';
import { accountValueE8, initMarginE8, openOrderMarginE8, totalInitMarginE8, unrealizedE8 } from './margin.ts';
import { divideRounded, priceOf, roundedText, usdText } from './money.ts';
import type { VestAccount, VestExchange, VestPosition } from './state.ts';
import { ratioText } from './wire-orders.ts';

const HIGHEST_SHOWN_PRICE_E8 = 1e15;

/** GET /account. */
export function accountView(exchange: VestExchange, account: VestAccount, nowMs: number): unknown {
  const value = accountValueE8(exchange, account);
  const openOrders = openOrderMarginE8(account, exchange.markets);
  const initMargin = totalInitMarginE8(exchange, account);
  const free = value - initMargin - openOrders;
  return {
    address: account.primaryAddress,
    balances: [{ asset: 'USDC', total: usdText(account.balanceE8), locked: usdText(initMargin + openOrders) }],
    collateral: usdText(account.balanceE8),
    withdrawable: usdText(free > 0n ? free : 0n),
    totalAccountValue: usdText(value),
    openOrderMargin: usdText(openOrders),
    totalMaintMargin: usdText(divideRounded(initMargin, 2n)),
    positions: [...account.positions].map(([symbol, position]) => positionView(exchange, account, symbol, position)),
    leverages: [...exchange.markets.keys()].map((symbol) => ({ symbol, value: leverageOf(exchange, account, symbol) })),
    lp: { balance: '0.000000', shares: '0.000000', unrealizedPnl: '0.000000' },
    time: nowMs,
    twitterUsername: null,
    discordUsername: null,
  };
}

function positionView(
  exchange: VestExchange,
  account: VestAccount,
  symbol: string,
  position: VestPosition,
): Record<string, unknown> {
  const market = exchange.markets.get(symbol)!;
  const { priceDecimals, sizeDecimals } = market.replay;
  const index = roundedText(market.indexE8, priceDecimals);
  const initMargin = initMarginE8(exchange, account, symbol, position.sizeE8);
  return {
    symbol,
    isLong: position.sizeE8 > 0,
    size: roundedText(Math.abs(position.sizeE8), sizeDecimals),
    entryPrice: priceOf(position.costE8, position.sizeE8, priceDecimals),
    entryFunding: usdText(position.entryCumFundingE16 / 100_000_000n),
    unrealizedPnl: usdText(unrealizedE8(exchange, symbol, position)),
    settledFunding: usdText(position.settledFundingE8),
    markPrice: index,
    indexPrice: index,
    liqPrice: roundedText(liquidationPriceE8(exchange, account, symbol, position), priceDecimals),
    initMargin: usdText(initMargin),
    maintMargin: usdText(divideRounded(initMargin, 2n)),
    initMarginRatio: ratioText(leverageOf(exchange, account, symbol)),
  };
}

/**
 * The mark at which the account's value meets its maintenance margin while every other market stands still:
 * value + q (p - m) = others + |q| p r, r = maintenance ratio. 0 when no price does, or none below ten million.
 * Shown only: nothing is liquidated here.
 */
function liquidationPriceE8(
  exchange: VestExchange,
  account: VestAccount,
  symbol: string,
  position: VestPosition,
): number {
  const market = exchange.markets.get(symbol)!;
  const ownMargin = initMarginE8(exchange, account, symbol, position.sizeE8);
  const others = Number(totalInitMarginE8(exchange, account) - ownMargin) / 2;
  const value = Number(accountValueE8(exchange, account));
  const size = position.sizeE8 / 1e8;
  const ratio = 0.5 / leverageOf(exchange, account, symbol);
  const price = (others - value + size * market.indexE8) / (size - Math.abs(size) * ratio);
  return price > 0 && price < HIGHEST_SHOWN_PRICE_E8 ? Math.round(price) : 0;
}

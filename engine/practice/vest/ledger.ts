import { divideRounded, feeOf, notionalOf } from './money.ts';
import type { VestAccount, VestExchange, VestFill, VestMarket, VestOrder, VestPosition } from './state.ts';

const E8 = 100_000_000n;
const E16 = E8 * E8;

/**
 * Takes over the venue's index, which is also its mark: middle of the touch, cut to the price's decimals. The live venue
 * weighs several exchanges and adds a risk premium to the mark; neither is modelled. Without a middle the last one stays.
 */
export function updateIndex(market: VestMarket): void {
  const mid = market.replay.isOpen() ? market.replay.midE8() : Number.NaN;
  const step = 10 ** (8 - market.replay.priceDecimals);
  if (Number.isFinite(mid)) market.indexE8 = Math.floor(mid / step) * step;
}

export function leverageOf(exchange: VestExchange, account: VestAccount, symbol: string): number {
  return account.leverages.get(symbol) ?? exchange.switches.defaultLeverage;
}

/** Fee of one fill with its risk premium (charged only when the fill adds to the position). */
export function fillFeeE8(exchange: VestExchange, notionalE8: bigint, addsToPosition: boolean): bigint {
  const premiumE8 = addsToPosition ? Math.round(exchange.switches.riskPremiumBps * 10_000) : 0;
  return feeOf(notionalE8, exchange.takerFeeE8 + premiumE8);
}

/**
 * Books one fill: position, realised profit, fee and funding. Cash moves only by realised profit, fee and funding, so that
 * balance + unrealised profit changes by exactly (mark - price) x size - fee.
 */
export function bookFill(
  exchange: VestExchange,
  order: VestOrder,
  priceE8: number,
  sizeE8: number,
  timeMs: number,
): void {
  const { account } = order;
  const market = exchange.markets.get(order.symbol)!;
  const signedSize = order.isBuy ? sizeE8 : -sizeE8;
  const before = account.positions.get(order.symbol);
  const addsToPosition = before === undefined || before.sizeE8 > 0 === order.isBuy;
  const notionalE8 = notionalOf(priceE8, sizeE8);
  const feeE8 = fillFeeE8(exchange, notionalE8, addsToPosition);
  const fundingE8 = settleFunding(market, before);
  const realizedE8 = movePosition(account, market, signedSize, order.isBuy ? notionalE8 : -notionalE8);
  account.balanceE8 += realizedE8 + fundingE8 - feeE8;
  const fill: VestFill = {
    orderId: order.id,
    primaryAddress: account.primaryAddress,
    symbol: order.symbol,
    isBuy: order.isBuy,
    priceE8,
    sizeE8,
    notionalE8,
    feeE8,
    timeMs,
  };
  exchange.fills.push(fill);
  order.lastFill = fill;
  order.filledE8 += sizeE8;
  order.filledNotionalE8 += notionalE8;
  order.feesE8 += feeE8;
  order.settledFundingE8 += fundingE8;
  order.realizedE8 += realizedE8 + fundingE8 - feeE8;
}

/** Applies a signed size and cost; returns the profit realised by the part that closed. */
function movePosition(account: VestAccount, market: VestMarket, sizeE8: number, costE8: bigint): bigint {
  const { symbol, cumFundingE16 } = market;
  const held = account.positions.get(symbol);
  if (!held) {
    account.positions.set(symbol, { sizeE8, costE8, entryCumFundingE16: cumFundingE16, settledFundingE8: 0n });
    return 0n;
  }
  if (held.sizeE8 > 0 === sizeE8 > 0) {
    held.sizeE8 += sizeE8;
    held.costE8 += costE8;
    return 0n;
  }
  const closing = Math.min(Math.abs(sizeE8), Math.abs(held.sizeE8));
  const basisE8 = divideRounded(held.costE8 * BigInt(closing), BigInt(Math.abs(held.sizeE8)));
  const closeCostE8 = divideRounded(costE8 * BigInt(closing), BigInt(Math.abs(sizeE8)));
  const sizeAfter = held.sizeE8 + sizeE8;
  held.costE8 -= basisE8;
  if (sizeAfter === 0) {
    account.positions.delete(symbol);
  } else {
    if (closing < Math.abs(sizeE8)) {
      held.costE8 = costE8 - closeCostE8;
      held.settledFundingE8 = 0n;
    }
    held.sizeE8 = sizeAfter;
  }
  return -basisE8 - closeCostE8;
}

/** Funding accrues continuously: `elapsedUs` at the market's hourly rate, per coin long. */
export function accrueFunding(exchange: VestExchange, market: VestMarket, elapsedUs: number): void {
  const { oneHourFundingRate } = exchange.switches;
  if (oneHourFundingRate === 0 || elapsedUs <= 0) return;
  const rateE16 = BigInt(Math.round(oneHourFundingRate * 1e16));
  const indexE8 = BigInt(market.indexE8);
  market.cumFundingE16 += (rateE16 * indexE8 * BigInt(Math.round(elapsedUs))) / (3_600_000_000n * E8);
}

/** Longs pay positive cumulative funding. */
export function unsettledFundingE8(market: VestMarket, position: VestPosition): bigint {
  const perCoinE16 = market.cumFundingE16 - position.entryCumFundingE16;
  return divideRounded(-BigInt(position.sizeE8) * perCoinE16, E16);
}

function settleFunding(market: VestMarket, position: VestPosition | undefined): bigint {
  if (!position) return 0n;
  const fundingE8 = unsettledFundingE8(market, position);
  position.entryCumFundingE16 = market.cumFundingE16;
  position.settledFundingE8 += fundingE8;
  return fundingE8;
}

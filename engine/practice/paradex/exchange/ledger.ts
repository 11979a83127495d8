import { chargeE16, divideRounded, notionalE16, roundE16 } from './money.ts';
import { nextId, nextSequenceNs } from './numbering.ts';
import { feeRates } from './rules.ts';
import type {
  AccountState,
  ExchangeOutput,
  ExchangeState,
  FillRecord,
  MarketState,
  OrderState,
  PositionState,
} from './state.ts';

/** Most fills and closed orders kept per account: a day of heavy trading, and a bound on memory. */
export const MAX_HISTORY = 100_000;

/**
 * Books one execution of `order`: fee, realised profit, position, collateral. The profit is what the closed part's entry cost
 * differs from its exit; a full close uses up the whole remaining cost, so that no rounding stays behind.
 */
export function bookFill(
  state: ExchangeState,
  market: MarketState,
  order: OrderState,
  execution: { priceE8: number; sizeE8: number; liquidity: 'MAKER' | 'TAKER' },
  nowUs: number,
): ExchangeOutput[] {
  const account = state.accounts.get(order.account)!;
  const { priceE8, sizeE8, liquidity } = execution;
  const decimals = state.switches.moneyDecimals;
  const notional = notionalE16(priceE8, sizeE8);
  const rates = feeRates(state.fees, order.orderClass);
  const feeE16 = chargeE16(notional, liquidity === 'TAKER' ? rates.takerE8 : rates.makerE8, decimals);

  const position = positionOf(account, order.terms.market, nowUs);
  const realizedPnlE16 = applyToPosition(position, order.terms.side, notional, sizeE8, decimals);
  const fill: FillRecord = {
    id: nextId(state, nowUs),
    orderId: order.id,
    clientId: order.terms.clientId,
    market: order.terms.market,
    account: order.account,
    side: order.terms.side,
    liquidity,
    priceE8,
    sizeE8,
    remainingE8: order.remainingE8 - sizeE8,
    feeE16,
    realizedPnlE16,
    underlyingPriceE8: market.markPriceE8,
    bookSequence: market.bookSequence,
    orderClass: order.orderClass,
    atUs: nowUs,
  };
  order.remainingE8 -= sizeE8;
  order.filledNotionalE16 += notional;
  order.updatedAtUs = nowUs;
  position.lastFillId = fill.id;
  position.updatedAtUs = nowUs;
  position.sequenceNs = nextSequenceNs(state, nowUs);
  const beforeE16 = account.collateralE16;
  account.collateralE16 += realizedPnlE16 - feeE16;
  account.updatedAtUs = nowUs;
  account.sequenceNs = nextSequenceNs(state, nowUs);
  account.fills.push(fill);
  if (account.fills.length > MAX_HISTORY) account.fills.shift();
  return [
    { kind: 'fill', fill },
    { kind: 'position', account: account.address, position: { ...position } },
    { kind: 'balance', account: account.address, fill, beforeE16, afterE16: account.collateralE16 },
    { kind: 'account', account: account.address },
  ];
}

function positionOf(account: AccountState, market: string, nowUs: number): PositionState {
  let position = account.positions.get(market);
  if (position === undefined) {
    position = {
      market,
      sizeE8: 0,
      costE16: 0n,
      realizedPnlE16: 0n,
      lastFillId: '',
      createdAtUs: nowUs,
      updatedAtUs: nowUs,
      sequenceNs: 0n,
    };
    account.positions.set(market, position);
  }
  if (position.sizeE8 === 0) {
    position.createdAtUs = nowUs;
    position.realizedPnlE16 = 0n;
  }
  return position;
}

/** Changes the position; returns the realised profit, rounded to `decimals`. */
function applyToPosition(
  position: PositionState,
  side: 'BUY' | 'SELL',
  notional: bigint,
  sizeE8: number,
  decimals: number,
): bigint {
  const signedSizeE8 = side === 'BUY' ? sizeE8 : -sizeE8;
  const openE8 = Math.abs(position.sizeE8);
  if (position.sizeE8 === 0 || Math.sign(position.sizeE8) === Math.sign(signedSizeE8)) {
    position.sizeE8 += signedSizeE8;
    position.costE16 += notional;
    return 0n;
  }
  const closedE8 = Math.min(openE8, sizeE8);
  const exitE16 = closedE8 === sizeE8 ? notional : (notional / BigInt(sizeE8)) * BigInt(closedE8);
  const entryE16 =
    closedE8 === openE8
      ? position.costE16
      : roundE16(divideRounded(position.costE16 * BigInt(closedE8), BigInt(openE8)), decimals);
  const profitE16 = roundE16(position.sizeE8 > 0 ? exitE16 - entryE16 : entryE16 - exitE16, decimals);
  position.sizeE8 += signedSizeE8;
  position.costE16 = closedE8 === sizeE8 ? position.costE16 - entryE16 : notional - exitE16;
  position.realizedPnlE16 += profitE16;
  return profitE16;
}

export function unrealizedPnlE16(position: PositionState, market: MarketState): bigint {
  if (position.sizeE8 === 0) return 0n;
  const valueE16 = notionalE16(market.markPriceE8, Math.abs(position.sizeE8));
  return position.sizeE8 > 0 ? valueE16 - position.costE16 : position.costE16 - valueE16;
}

export interface MarginView {
  accountValueE16: bigint;
  unrealizedPnlE16: bigint;
  initialMarginE16: bigint;
  maintenanceMarginE16: bigint;
}

/**
 * Margin over all markets. Open orders count with the worse of both directions per market; `extra` adds an order that is
 * about to be accepted.
 */
export function marginOf(
  state: ExchangeState,
  account: AccountState,
  extra?: { market: string; side: 'BUY' | 'SELL'; sizeE8: number },
): MarginView {
  let unrealizedE16 = 0n;
  let initialE16 = 0n;
  let maintenanceE16 = 0n;
  for (const market of state.markets.values()) {
    const position = account.positions.get(market.symbol);
    let boughtE8 = 0;
    let soldE8 = 0;
    for (const order of market.resting) {
      if (order.account !== account.address) continue;
      if (order.terms.side === 'BUY') boughtE8 += order.remainingE8;
      else soldE8 += order.remainingE8;
    }
    if (extra?.market === market.symbol) {
      if (extra.side === 'BUY') boughtE8 += extra.sizeE8;
      else soldE8 += extra.sizeE8;
    }
    const heldE8 = position?.sizeE8 ?? 0;
    const exposureE8 = Math.max(Math.abs(heldE8 + boughtE8), Math.abs(heldE8 - soldE8));
    if (exposureE8 === 0) continue;
    const mark = market.markPriceE8;
    const rate = market.rules.initialMarginE8;
    if (position !== undefined) unrealizedE16 += unrealizedPnlE16(position, market);
    initialE16 += chargeE16(notionalE16(mark, exposureE8), rate, 8);
    const heldInitialE16 = chargeE16(notionalE16(mark, Math.abs(heldE8)), rate, 8);
    maintenanceE16 += chargeE16(heldInitialE16, market.rules.maintenanceFactorE8, 8);
  }
  return {
    accountValueE16: account.collateralE16 + unrealizedE16,
    unrealizedPnlE16: unrealizedE16,
    initialMarginE16: initialE16,
    maintenanceMarginE16: maintenanceE16,
  };
}

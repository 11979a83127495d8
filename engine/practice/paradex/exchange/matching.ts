import { ceilToStepE8, floorToStepE8 } from '../../../core/units.ts';
import type { Match, RecordedTrade, ReplayedLevel } from '../../market.ts';
import { bookFill, marginOf } from './ledger.ts';
import { nextId, nextSequenceNs } from './numbering.ts';
import type { AccountState, ExchangeOutput, ExchangeState, MarketState, OrderState, TradeRecord } from './state.ts';

const RATE_ONE_E8 = 100_000_000;
const MAX_TRADES_KEPT = 1_000;
const BOOK_SEARCH_DEPTH = 1_000;

/**
 * Runs a new order against the market as it stands now: risk checks, taking from the recorded book, resting or closing.
 * The outputs are what the private and public streams say about it, in their order.
 */
export function matchNewOrder(state: ExchangeState, order: OrderState, nowUs: number): ExchangeOutput[] {
  const market = state.markets.get(order.terms.market)!;
  const account = state.accounts.get(order.account)!;
  const refused = riskReason(state, market, account, order);
  if (refused !== undefined) return close(state, market, order, refused, nowUs);
  const limit = takingLimit(state, market, order);
  if (order.terms.instruction === 'POST_ONLY' && wouldCross(market, order)) {
    return close(state, market, order, 'POST_ONLY_WOULD_CROSS', nowUs);
  }
  const heldE8 = Math.abs(account.positions.get(market.symbol)?.sizeE8 ?? 0);
  const isCut = order.terms.reduceOnly && order.remainingE8 > heldE8;
  const sizeE8 = isCut ? heldE8 : order.remainingE8;
  const outputs = takeFromBook(state, market, order, { sizeE8, limitPriceE8: limit.priceE8 }, nowUs);
  if (isCut) return [...outputs, ...close(state, market, order, state.switches.reduceOnlyCancelReason, nowUs)];
  if (order.remainingE8 === 0) return [...outputs, ...close(state, market, order, '', nowUs)];
  if (order.terms.type === 'LIMIT' && order.terms.instruction !== 'IOC' && !limit.cappedByVenue) {
    order.status = 'OPEN';
    market.resting.push(order);
    return [...outputs, orderOutput(state, order, nowUs)];
  }
  const reason =
    limit.cappedByVenue && hasLiquidityBeyond(market, order)
      ? state.switches.slippageCancelReason
      : state.switches.iocRemainderCancelReason;
  return [...outputs, ...close(state, market, order, reason, nowUs)];
}

/** Takes an open order off the book. */
export function cancelOrder(state: ExchangeState, order: OrderState, reason: string, nowUs: number): ExchangeOutput[] {
  const market = state.markets.get(order.terms.market)!;
  return [...close(state, market, order, reason, nowUs), { kind: 'account', account: order.account }];
}

/** Resting orders that the recorded book now crosses fill as makers, at their own price, for what the book offers there. */
export function fillCrossedOrders(state: ExchangeState, market: MarketState, nowUs: number): ExchangeOutput[] {
  const outputs: ExchangeOutput[] = [];
  for (const order of [...market.resting]) {
    if (order.status !== 'OPEN' || !wouldCross(market, order)) continue;
    const matches = market.market.take(order.terms.side, order.remainingE8, order.terms.priceE8);
    if (matches.length === 0) continue;
    outputs.push(...publishTaken(market, order.terms.side, matches, nowUs));
    const sizeE8 = matches.reduce((sum, match) => sum + match.sizeE8, 0);
    outputs.push(...fillResting(state, market, order, sizeE8, nowUs));
  }
  return outputs;
}

/** A recorded trade strictly through a resting order's price must have filled it first. */
export function fillTradedThroughOrders(
  state: ExchangeState,
  market: MarketState,
  trade: RecordedTrade,
  nowUs: number,
): ExchangeOutput[] {
  const outputs: ExchangeOutput[] = [];
  let leftE8 = trade.sizeE8;
  for (const order of [...market.resting]) {
    if (order.status !== 'OPEN' || leftE8 === 0 || order.terms.side === trade.takerSide) continue;
    const through =
      order.terms.side === 'BUY' ? trade.priceE8 < order.terms.priceE8 : trade.priceE8 > order.terms.priceE8;
    if (!through) continue;
    const sizeE8 = floorToStepE8(Math.min(order.remainingE8, leftE8), market.market.sizeStepE8);
    if (sizeE8 === 0) continue;
    leftE8 -= sizeE8;
    outputs.push(...fillResting(state, market, order, sizeE8, nowUs));
  }
  return outputs;
}

function fillResting(
  state: ExchangeState,
  market: MarketState,
  order: OrderState,
  sizeE8: number,
  nowUs: number,
): ExchangeOutput[] {
  const execution = { priceE8: order.terms.priceE8, sizeE8, liquidity: 'MAKER' as const };
  const outputs = bookFill(state, market, order, execution, nowUs);
  return order.remainingE8 === 0
    ? [...outputs, ...close(state, market, order, '', nowUs)]
    : [...outputs, orderOutput(state, order, nowUs), ...dropUnfitReduceOnly(state, market, order.account, nowUs)];
}

/** A trade of the public tape, recorded or our own. */
export function publishTrade(
  state: ExchangeState,
  market: MarketState,
  trade: Omit<TradeRecord, 'id'>,
  nowUs: number,
): ExchangeOutput {
  const record = { id: nextId(state, nowUs), ...trade };
  market.lastTradePriceE8 = trade.priceE8;
  market.trades.push(record);
  if (market.trades.length > MAX_TRADES_KEPT) market.trades.shift();
  return { kind: 'trade', symbol: market.symbol, sequence: market.bookSequence, trade: record };
}

function takeFromBook(
  state: ExchangeState,
  market: MarketState,
  order: OrderState,
  { sizeE8, limitPriceE8 }: { sizeE8: number; limitPriceE8: number },
  nowUs: number,
): ExchangeOutput[] {
  const matches = market.market.take(order.terms.side, sizeE8, limitPriceE8);
  if (matches.length === 0) return [];
  const outputs = publishTaken(market, order.terms.side, matches, nowUs);
  for (const match of matches) {
    const trade = { side: order.terms.side, priceE8: match.priceE8, sizeE8: match.sizeE8, atUs: nowUs };
    outputs.push(publishTrade(state, market, trade, nowUs));
    outputs.push(...bookFill(state, market, order, { ...match, liquidity: 'TAKER' }, nowUs));
  }
  return outputs;
}

/** The public book after a take: one delta with the new sizes of the levels that were taken from. */
function publishTaken(market: MarketState, side: 'BUY' | 'SELL', matches: Match[], nowUs: number): ExchangeOutput[] {
  const left = side === 'BUY' ? market.market.asks(BOOK_SEARCH_DEPTH) : market.market.bids(BOOK_SEARCH_DEPTH);
  const levels: ReplayedLevel[] = matches.map(({ priceE8 }) => ({
    priceE8,
    sizeE8: left.find((level) => level.priceE8 === priceE8)?.sizeE8 ?? 0,
  }));
  market.bookSequence++;
  market.updatedAtUs = nowUs;
  return [
    {
      kind: 'book',
      symbol: market.symbol,
      sequence: market.bookSequence,
      atUs: nowUs,
      snapshot: false,
      bids: side === 'SELL' ? levels : [],
      asks: side === 'BUY' ? levels : [],
      touch: touchOf(market),
    },
  ];
}

/** Best level of each side as the public sees it. */
export function touchOf(market: MarketState): { bid?: ReplayedLevel; ask?: ReplayedLevel } {
  return { bid: market.market.bids(1)[0], ask: market.market.asks(1)[0] };
}

function wouldCross(market: MarketState, order: OrderState): boolean {
  if (order.terms.side === 'BUY') {
    const ask = market.market.asks(1)[0];
    return ask !== undefined && ask.priceE8 <= order.terms.priceE8;
  }
  const bid = market.market.bids(1)[0];
  return bid !== undefined && bid.priceE8 >= order.terms.priceE8;
}

/**
 * Worst price the order may take at. Price band: taking stops at mark x (1 +- width). Slippage: a MARKET order stops at
 * best x (1 +- max slippage).
 */
function takingLimit(
  state: ExchangeState,
  market: MarketState,
  order: OrderState,
): { priceE8: number; cappedByVenue: boolean } {
  const { terms } = order;
  const { rules, market: replayed } = market;
  const isBuy = terms.side === 'BUY';
  const bounds = [boundE8(market.markPriceE8, rules.priceBandsWidthE8, isBuy, replayed.tickE8)];
  const touch = (isBuy ? replayed.asks(1) : replayed.bids(1))[0];
  const slippageBinds =
    terms.type === 'MARKET' || (terms.instruction === 'IOC' && state.switches.maxSlippageBindsLimitIoc);
  if (slippageBinds && touch !== undefined) {
    bounds.push(boundE8(touch.priceE8, rules.maxSlippageE8, isBuy, replayed.tickE8));
  }
  const venueLimitE8 = isBuy ? Math.min(...bounds) : Math.max(...bounds);
  if (terms.type === 'MARKET') return { priceE8: venueLimitE8, cappedByVenue: true };
  const capped = isBuy ? terms.priceE8 > venueLimitE8 : terms.priceE8 < venueLimitE8;
  return { priceE8: capped ? venueLimitE8 : terms.priceE8, cappedByVenue: capped };
}

function boundE8(priceE8: number, widthE8: number, isBuy: boolean, tickE8: number): number {
  const offset = Number((BigInt(priceE8) * BigInt(widthE8)) / BigInt(RATE_ONE_E8));
  return isBuy ? floorToStepE8(priceE8 + offset, tickE8) : ceilToStepE8(priceE8 - offset, tickE8);
}

/** True when the book still offers something that the order's own price would have taken. */
function hasLiquidityBeyond(market: MarketState, order: OrderState): boolean {
  if (order.terms.type === 'LIMIT') return wouldCross(market, order);
  return (order.terms.side === 'BUY' ? market.market.asks(1) : market.market.bids(1)).length > 0;
}

function riskReason(
  state: ExchangeState,
  market: MarketState,
  account: AccountState,
  order: OrderState,
): string | undefined {
  const { side, sizeE8, reduceOnly } = order.terms;
  const heldE8 = account.positions.get(market.symbol)?.sizeE8 ?? 0;
  const signedSizeE8 = side === 'BUY' ? sizeE8 : -sizeE8;
  if (reduceOnly) {
    const reduces = heldE8 !== 0 && Math.sign(heldE8) !== Math.sign(signedSizeE8);
    if (!reduces) return state.switches.reduceOnlyCancelReason;
    const isOversize = sizeE8 > Math.abs(heldE8);
    return isOversize && state.switches.reduceOnlyOversize === 'cancel'
      ? state.switches.reduceOnlyCancelReason
      : undefined;
  }
  const grows = Math.abs(heldE8 + signedSizeE8) > Math.abs(heldE8);
  if (grows && Math.abs(heldE8 + signedSizeE8) > market.rules.positionLimitE8) return 'ORDER_EXCEEDS_POSITION_LIMIT';
  if (!grows) return undefined;
  const margin = marginOf(state, account, { market: market.symbol, side, sizeE8 });
  return margin.initialMarginE16 > margin.accountValueE16 ? 'NOT_ENOUGH_MARGIN' : undefined;
}

function close(
  state: ExchangeState,
  market: MarketState,
  order: OrderState,
  reason: string,
  nowUs: number,
): ExchangeOutput[] {
  order.status = 'CLOSED';
  order.cancelReason = reason;
  const index = market.resting.indexOf(order);
  if (index >= 0) market.resting.splice(index, 1);
  return [orderOutput(state, order, nowUs), ...dropUnfitReduceOnly(state, market, order.account, nowUs)];
}

/** REDUCE_ONLY orders that no longer fit the position are cancelled by the venue. */
function dropUnfitReduceOnly(
  state: ExchangeState,
  market: MarketState,
  accountAddress: string,
  nowUs: number,
): ExchangeOutput[] {
  const heldE8 = state.accounts.get(accountAddress)!.positions.get(market.symbol)?.sizeE8 ?? 0;
  const unfit = market.resting.find(
    ({ account, terms, remainingE8 }) =>
      account === accountAddress &&
      terms.reduceOnly &&
      (heldE8 === 0 || heldE8 > 0 === (terms.side === 'BUY') || remainingE8 > Math.abs(heldE8)),
  );
  return unfit === undefined ? [] : close(state, market, unfit, state.switches.reduceOnlyCancelReason, nowUs);
}

function orderOutput(state: ExchangeState, order: OrderState, nowUs: number): ExchangeOutput {
  order.updatedAtUs = nowUs;
  order.sequenceNs = nextSequenceNs(state, nowUs);
  return { kind: 'order', order: { ...order } };
}

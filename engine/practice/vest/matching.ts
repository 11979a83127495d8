import type { ReplayedLevel } from '../market.ts';
import { bookFill } from './ledger.ts';
import { marginAllows } from './margin.ts';
import { averagePriceE8 } from './money.ts';
import { isDone } from './state.ts';
import type { VestExchange, VestMarket, VestOrder } from './state.ts';
import { endEvent, fillEvent } from './wire-orders.ts';
import type { WireOrderEvent } from './wire-orders.ts';

/** Levels looked at for one order: more than a recorded book holds on a side. */
const WALK_DEPTH = 1_000;

/** First look at an accepted order, at the moment the venue comes to it. Returns its events after NEW. */
export function matchAccepted(exchange: VestExchange, order: VestOrder, nowUs: number): WireOrderEvent[] {
  const market = exchange.markets.get(order.symbol)!;
  const nowMs = Math.floor(nowUs / 1000);
  const { priceStaleMs, leverageMustBeSet } = exchange.switches;
  if (nowMs > order.expiresAtMs) return [reject(order, 3004)];
  if (!market.replay.isOpen()) return [reject(order, 3024)];
  if (nowUs - market.lastUpdateUs > priceStaleMs * 1000) return [reject(order, 3003)];
  if (order.limitPriceE8 === 0) return [reject(order, 3011)];
  if (leverageMustBeSet && !order.account.leverages.has(order.symbol)) return [reject(order, 3020)];
  return execute(exchange, market, order, nowMs);
}

/** Looks again at every resting order of a market whose book has moved. Returns the orders that changed with their events. */
export function matchResting(
  exchange: VestExchange,
  market: VestMarket,
  nowUs: number,
): { order: VestOrder; events: WireOrderEvent[] }[] {
  if (market.resting.size === 0 || !market.replay.isOpen()) return [];
  const index = market.indexE8;
  const changed: { order: VestOrder; events: WireOrderEvent[] }[] = [];
  for (const order of [...market.resting]) {
    if (!isTriggered(order, index)) continue;
    const events = execute(exchange, market, order, Math.floor(nowUs / 1000));
    if (events.length > 0) changed.push({ order, events });
  }
  return changed;
}

/** LIMIT and TAKE_PROFIT fire when the index reaches the limit from the bad side, STOP_LOSS from the good one. */
export function isTriggered(order: VestOrder, indexE8: number): boolean {
  const below = order.orderType === 'STOP_LOSS' ? !order.isBuy : order.isBuy;
  return below ? indexE8 <= order.limitPriceE8 : indexE8 >= order.limitPriceE8;
}

function execute(exchange: VestExchange, market: VestMarket, order: VestOrder, nowMs: number): WireOrderEvent[] {
  const remainingE8 = order.sizeE8 - order.filledE8;
  const reduceOnlyCode = checkReduceOnly(order, remainingE8);
  if (reduceOnlyCode !== undefined) return [end(market, order, reduceOnlyCode)];

  const isStop = order.orderType === 'STOP_LOSS' || order.orderType === 'TAKE_PROFIT';
  const waits = isStop && !isTriggered(order, market.indexE8);
  const levels = waits ? [] : walk(market, order, remainingE8, isStop);
  const takenE8 = levels.reduce((sum, level) => sum + level.sizeE8, 0);
  const canRest = order.timeInForce === 'GTC' && (waits || !isStop);
  if (order.timeInForce === 'FOK' && takenE8 < remainingE8) return [endMissed(exchange, market, order)];
  if (!marginAllows(exchange, order, levels, canRest ? remainingE8 - takenE8 : 0)) return [end(market, order, 3002)];

  const events = takenE8 > 0 ? fill(exchange, market, order, takenE8, isStop, nowMs) : [];
  if (isDone(order)) {
    market.resting.delete(order);
  } else if (canRest && !endsOnTouch(exchange, market, order, takenE8)) {
    market.resting.add(order);
  } else {
    events.push(endMissed(exchange, market, order));
  }
  return events;
}

/** The levels an order would take now, best first, cut to its size. */
function walk(market: VestMarket, order: VestOrder, remainingE8: number, anyPrice: boolean): ReplayedLevel[] {
  const side = order.isBuy ? market.replay.asks(WALK_DEPTH) : market.replay.bids(WALK_DEPTH);
  const taken: ReplayedLevel[] = [];
  let restE8 = remainingE8;
  for (const level of side) {
    const beyond = order.isBuy ? level.priceE8 > order.limitPriceE8 : level.priceE8 < order.limitPriceE8;
    if (restE8 === 0 || (beyond && !anyPrice)) break;
    const sizeE8 = Math.min(restE8, level.sizeE8);
    if (sizeE8 > 0) taken.push({ priceE8: level.priceE8, sizeE8 });
    restE8 -= sizeE8;
  }
  return taken;
}

/** Takes from the replayed book and books the fills. Stop orders execute without a price check. */
function fill(
  exchange: VestExchange,
  market: VestMarket,
  order: VestOrder,
  sizeE8: number,
  anyPrice: boolean,
  nowMs: number,
): WireOrderEvent[] {
  const anyBound = order.isBuy ? Number.MAX_SAFE_INTEGER : 0;
  const bound = anyPrice ? anyBound : order.limitPriceE8;
  const matches = market.replay.take(order.isBuy ? 'BUY' : 'SELL', sizeE8, bound);
  if (matches.length === 0) return [];
  const whole = exchange.switches.fillReports === 'whole';
  const parts = whole ? [atAveragePrice(matches, order.isBuy, market.replay.priceDecimals)] : matches;
  return parts.map((part) => {
    bookFill(exchange, order, part.priceE8, part.sizeE8, nowMs);
    order.status = order.filledE8 >= order.sizeE8 ? 'FILLED' : 'PARTIALLY_FILLED';
    return fillEvent(exchange, order, order.lastFill!);
  });
}

function atAveragePrice(matches: readonly ReplayedLevel[], isBuy: boolean, priceDecimals: number): ReplayedLevel {
  const sizeE8 = matches.reduce((sum, match) => sum + match.sizeE8, 0);
  return { priceE8: averagePriceE8(matches, isBuy, priceDecimals), sizeE8 };
}

function checkReduceOnly(order: VestOrder, remainingE8: number): number | undefined {
  if (!order.reduceOnly) return undefined;
  const heldE8 = order.account.positions.get(order.symbol)?.sizeE8 ?? 0;
  if (heldE8 === 0 || heldE8 > 0 === order.isBuy) return 3018;
  return remainingE8 > Math.abs(heldE8) ? 3019 : undefined;
}

/** A touched LIMIT that could not take anything ends here when the switch says so. */
function endsOnTouch(exchange: VestExchange, market: VestMarket, order: VestOrder, takenE8: number): boolean {
  if (exchange.switches.touchedLimitMiss === 'wait' || order.orderType !== 'LIMIT' || takenE8 > 0) return false;
  return isTriggered(order, market.indexE8);
}

function endMissed(exchange: VestExchange, market: VestMarket, order: VestOrder): WireOrderEvent {
  const { marketMiss, limitMiss } = exchange.switches;
  const rests = order.timeInForce === 'GTC';
  const miss = order.orderType === 'LIMIT' ? (rests ? 'REJECTED' : limitMiss) : marketMiss;
  return end(market, order, miss === 'REJECTED' ? 3001 : undefined);
}

/** Ends what is left of an order: an order that was partly filled is CANCELLED, whatever the cause. */
function end(market: VestMarket, order: VestOrder, code: number | undefined): WireOrderEvent {
  market.resting.delete(order);
  if (code !== undefined && order.filledE8 === 0) return reject(order, code);
  order.status = 'CANCELLED';
  return endEvent(order);
}

function reject(order: VestOrder, code: number): WireOrderEvent {
  order.status = 'REJECTED';
  order.code = code;
  return endEvent(order);
}

import { keccak256, toUtf8Bytes } from 'ethers';
import { admitOrder } from './admission.ts';
import type { AdmittedOrder } from './admission.ts';
import { admitCancel } from './cancels.ts';
import type { VestRefusal } from './codes.ts';
import { accrueFunding, leverageOf, updateIndex } from './ledger.ts';
import { matchAccepted, matchResting } from './matching.ts';
import { isDone } from './state.ts';
import type { VestAccount, VestExchange, VestOrder, VestOrderFacts } from './state.ts';
import { endEvent, newEvent, wireOrder } from './wire-orders.ts';
import type { WireOrder, WireOrderEvent } from './wire-orders.ts';

/** What can happen to the venue. `requestId` names the HTTP call to answer. */
export type VestInput =
  | { kind: 'submitOrder'; requestId: number; account: VestAccount; json: unknown; eventsFirst: boolean }
  | { kind: 'submitCancel'; requestId: number; account: VestAccount; json: unknown; eventsFirst: boolean }
  | { kind: 'match'; requestId: number; order: VestOrder; eventsFirst: boolean }
  | { kind: 'cancel'; requestId: number; account: VestAccount; orderId: string; eventsFirst: boolean }
  | { kind: 'refuse'; requestId: number; refusal: VestRefusal }
  | { kind: 'publish'; order: VestOrder; shown: WireOrder; event: WireOrderEvent }
  | { kind: 'bookMoved'; symbol: string; touchChanged: boolean };

/** What the venue does, in the order given. */
export type VestOutput =
  | { kind: 'answer'; requestId: number; result: { id: string } | VestRefusal }
  | { kind: 'orderEvent'; account: VestAccount; args: WireOrderEvent }
  /** Own trading changed the book of `symbol`; fills from index `fromFill` of the ledger on are new. */
  | { kind: 'traded'; symbol: string; fromFill: number }
  | { kind: 'schedule'; atUs: number; input: VestInput };

/**
 * The venue's rules without clock, network or randomness: applies `input` at `nowUs` (venue clock, microseconds) to the state
 * and says what follows. The only thing outside the state it touches is the replayed market it takes from.
 *
 * An order is checked on arrival, answered and matched `orderProcessingUs` later; what became of it is published
 * `ackToFillLagUs` after the match. HTTP 200 `{id}` is sent for every order that passed the first checks, also when it
 * is rejected in the same instant.
 */
export function advance(exchange: VestExchange, nowUs: number, input: VestInput): VestOutput[] {
  switch (input.kind) {
    case 'submitOrder':
      return submitOrder(exchange, nowUs, input);
    case 'submitCancel': {
      const admitted = admitCancel(exchange, input.account, input.json, nowUs);
      const { requestId, account, eventsFirst } = input;
      const next: VestInput =
        'code' in admitted
          ? { kind: 'refuse', requestId, refusal: admitted }
          : { kind: 'cancel', requestId, account, orderId: admitted.orderId, eventsFirst };
      return [later(exchange.orderProcessingUs, nowUs, next)];
    }
    case 'match':
      return match(exchange, nowUs, input);
    case 'cancel':
      return cancel(exchange, nowUs, input);
    case 'refuse':
      return [{ kind: 'answer', requestId: input.requestId, result: input.refusal }];
    case 'publish':
      input.order.shown = input.shown;
      return [{ kind: 'orderEvent', account: input.order.account, args: input.event }];
    case 'bookMoved':
      return bookMoved(exchange, nowUs, input.symbol, input.touchChanged);
  }
}

function submitOrder(
  exchange: VestExchange,
  nowUs: number,
  input: Extract<VestInput, { kind: 'submitOrder' }>,
): VestOutput[] {
  const { requestId, account, eventsFirst } = input;
  const admitted = admitOrder(exchange, account, input.json, nowUs);
  if ('code' in admitted) {
    return [later(exchange.orderProcessingUs, nowUs, { kind: 'refuse', requestId, refusal: admitted })];
  }
  const order = acceptOrder(exchange, account, admitted, nowUs);
  return [later(exchange.orderProcessingUs, nowUs, { kind: 'match', requestId, order, eventsFirst })];
}

/** Records the order: from here on every query shows it, so that "not found" is a definite answer. */
function acceptOrder(exchange: VestExchange, account: VestAccount, admitted: AdmittedOrder, nowUs: number): VestOrder {
  const { order: fields } = admitted.body;
  const market = exchange.markets.get(fields.symbol)!;
  const digest = keccak256(toUtf8Bytes(`${account.primaryAddress} ${admitted.argsHash} ${account.orders.length}`));
  const facts: VestOrderFacts = {
    id: digest.slice(0, 2 + 2 * exchange.switches.orderIdBytes),
    account,
    symbol: fields.symbol,
    orderType: admitted.orderType,
    timeInForce: admitted.timeInForce,
    isBuy: fields.isBuy,
    reduceOnly: fields.reduceOnly,
    size: fields.size,
    limitPrice: fields.limitPrice,
    sizeE8: admitted.sizeE8,
    limitPriceE8: admitted.limitPriceE8,
    nonce: fields.nonce,
    postTimeMs: Math.floor(nowUs / 1000),
    expiresAtMs: admitted.expiresAtMs,
    markPriceE8: market.indexE8,
    leverage: leverageOf(exchange, account, fields.symbol),
    status: 'NEW',
    filledE8: 0,
    filledNotionalE8: 0n,
    feesE8: 0n,
    realizedE8: 0n,
    settledFundingE8: 0n,
  };
  const accepted: VestOrder = { ...facts, shown: wireOrder(exchange, facts) };
  account.orders.push(accepted);
  account.usedTuples.add(admitted.argsHash);
  account.usedNonces.add(fields.nonce);
  account.lastNonce = Math.max(account.lastNonce, fields.nonce);
  exchange.ordersById.set(accepted.id, accepted);
  return accepted;
}

function match(exchange: VestExchange, nowUs: number, input: Extract<VestInput, { kind: 'match' }>): VestOutput[] {
  const { order, requestId, eventsFirst } = input;
  const fromFill = exchange.fills.length;
  const events = matchAccepted(exchange, order, nowUs);
  const news: VestOutput[] = [];
  if (order.status !== 'REJECTED' || exchange.switches.newEventBeforeRejection) {
    news.push({ kind: 'orderEvent', account: order.account, args: newEvent(order) });
  }
  news.push(...publications(exchange, nowUs, order, events));
  const answer: VestOutput = { kind: 'answer', requestId, result: { id: order.id } };
  const outputs = eventsFirst ? [...news, answer] : [answer, ...news];
  return withTrade(exchange, outputs, order.symbol, fromFill);
}

function cancel(exchange: VestExchange, nowUs: number, input: Extract<VestInput, { kind: 'cancel' }>): VestOutput[] {
  const { requestId, account, orderId, eventsFirst } = input;
  const order = exchange.ordersById.get(orderId);
  if (!order || order.account !== account || isDone(order)) {
    return [{ kind: 'answer', requestId, result: { code: 3017 } }];
  }
  exchange.markets.get(order.symbol)!.resting.delete(order);
  order.status = 'CANCELLED';
  const news = publications(exchange, nowUs, order, [endEvent(order)]);
  const answer: VestOutput = { kind: 'answer', requestId, result: { id: order.id } };
  return eventsFirst ? [...news, answer] : [answer, ...news];
}

function bookMoved(exchange: VestExchange, nowUs: number, symbol: string, touchChanged: boolean): VestOutput[] {
  const market = exchange.markets.get(symbol)!;
  accrueFunding(exchange, market, nowUs - market.lastUpdateUs);
  updateIndex(market);
  market.lastUpdateUs = nowUs;
  if (!touchChanged) return [];
  const fromFill = exchange.fills.length;
  const outputs = matchResting(exchange, market, nowUs).flatMap(({ order, events }) =>
    publications(exchange, nowUs, order, events),
  );
  return withTrade(exchange, outputs, symbol, fromFill);
}

/** Events leave, and the order's public record changes, `ackToFillLagUs` after the fact. */
function publications(
  exchange: VestExchange,
  nowUs: number,
  order: VestOrder,
  events: readonly WireOrderEvent[],
): VestOutput[] {
  const shown = wireOrder(exchange, order);
  if (exchange.ackToFillLagUs === 0) {
    order.shown = shown;
    return events.map((args) => ({ kind: 'orderEvent', account: order.account, args }));
  }
  return events.map((event) => later(exchange.ackToFillLagUs, nowUs, { kind: 'publish', order, shown, event }));
}

function withTrade(exchange: VestExchange, outputs: VestOutput[], symbol: string, fromFill: number): VestOutput[] {
  if (exchange.fills.length > fromFill) outputs.push({ kind: 'traded', symbol, fromFill });
  return outputs;
}

function later(delayUs: number, nowUs: number, input: VestInput): VestOutput {
  return { kind: 'schedule', atUs: nowUs + delayUs, input };
}

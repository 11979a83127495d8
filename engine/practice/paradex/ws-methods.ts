import { RPC_ERROR } from '../../venues/paradex/wire.ts';
import { cancelMany, isBatchSize } from './cancel-many.ts';
import type { OrderState, Refusal } from './exchange/state.ts';
import type { Trader } from './order-entry.ts';
import { RpcFailure } from './rpc-failure.ts';
import { milliseconds, orderView } from './views/order-view.ts';
import type { WireValue } from './wire-json.ts';
import type { WsSession } from './ws-session.ts';

export interface RpcAnswer {
  answer(result: WireValue): void;
  fail(failure: RpcFailure): void;
}

const ORDER_METHODS = new Set([
  'order.create',
  'order.create_batch',
  'order.cancel',
  'order.cancel_batch',
  'order.cancel_all',
]);

type Params = Record<string, unknown>;

/** Runs one JSON-RPC method. @throws RpcFailure when it is refused at once. */
export function callMethod(session: WsSession, method: string, params: Params, reply: RpcAnswer): void {
  if (ORDER_METHODS.has(method)) countOrderMethod(session);
  switch (method) {
    case 'auth':
      authenticate(session, params, reply);
      return;
    case 'subscribe': {
      const channel = textOf(params, 'channel');
      const start = session.subscriptions.add(channel);
      session.watchSubscriptions();
      reply.answer({ channel });
      start();
      return;
    }
    case 'unsubscribe': {
      const channel = textOf(params, 'channel');
      session.subscriptions.remove(channel);
      session.watchSubscriptions();
      reply.answer({ channel });
      return;
    }
    case 'order.create':
      createOrder(session, params, reply);
      return;
    case 'order.create_batch':
      createBatch(session, params, reply);
      return;
    case 'order.cancel_batch':
      cancelBatch(session, params, reply);
      return;
    case 'order.cancel':
      cancelOrder(session, params, reply);
      return;
    case 'order.cancel_all':
      cancelAll(session, params, reply);
      return;
    case 'order.cancel_on_disconnect': {
      traderOf(session);
      if (typeof params.enabled !== 'boolean') throw badParams('enabled must be true or false');
      session.cancelOnDisconnect = params.enabled;
      reply.answer({ enabled: params.enabled });
      return;
    }
    default:
      throw new RpcFailure(RPC_ERROR.noMethod, 'method not found', method);
  }
}

/** Placing and cancelling share one counter with REST. @throws RpcFailure beyond the limit. */
function countOrderMethod(session: WsSession): void {
  const { account } = traderOf(session);
  if (session.venue.state.switches.enforcesRateLimits && !session.venue.rates.take('orders', account).allowed) {
    throw new RpcFailure(RPC_ERROR.rateLimited, 'rate limit exceeded');
  }
}

function authenticate(session: WsSession, params: Params, reply: RpcAnswer): void {
  const { bearer } = params;
  if (typeof bearer !== 'string' || bearer.split('.').length !== 3) {
    throw new RpcFailure(RPC_ERROR.malformedBearer, 'malformed bearer token');
  }
  const grant = session.venue.tokens.find(bearer, session.venue.nowS());
  if (grant === undefined) throw new RpcFailure(RPC_ERROR.invalidBearer, 'invalid bearer token');
  session.trader = { account: grant.account, orderClass: grant.orderClass, connectionId: session.id };
  reply.answer({ node_id: 'practice-1' });
}

function createOrder(session: WsSession, params: Params, reply: RpcAnswer): void {
  session.venue.orders.place(traderOf(session), params, (outcome) => {
    if (!outcome.ok) {
      reply.fail(methodError(outcome.refusal));
      return;
    }
    reply.answer(createResult(session, outcome.order));
  });
}

function createResult({ venue }: WsSession, order: OrderState): WireValue {
  return {
    order: orderView(order, venue.host.nowUs()),
    created_at: milliseconds(order.createdAtUs),
    received_at: BigInt(order.receivedAtUs) * 1000n,
  };
}

function createBatch(session: WsSession, params: Params, reply: RpcAnswer): void {
  const { orders } = params;
  if (!Array.isArray(orders)) throw badParams('orders is required');
  if (!isBatchSize(orders.length)) throw new RpcFailure(RPC_ERROR.method, 'BATCH_SIZE_OUT_OF_RANGE');
  session.venue.orders.placeBatch(traderOf(session), orders, (outcomes) => {
    const results = outcomes.map((outcome) =>
      outcome.ok ? createResult(session, outcome.order) : { error: outcome.refusal.code },
    );
    reply.answer({ results });
  });
}

function cancelBatch(session: WsSession, params: Params, reply: RpcAnswer): void {
  const { order_ids: ids } = params;
  if (!Array.isArray(ids)) throw badParams('order_ids is required');
  const trader = traderOf(session);
  const results = cancelMany(session.venue, trader, { ids: ids.map(String), clientIds: [] });
  session.venue.orders.afterProcessing(() => {
    reply.answer({ results: results.map(({ id, market, status }) => ({ id, market, status })) });
  });
}

function cancelOrder(session: WsSession, params: Params, reply: RpcAnswer): void {
  const { venue } = session;
  const trader = traderOf(session);
  const { id, client_id: clientId } = params;
  if (typeof id !== 'string' && typeof clientId !== 'string') throw badParams('id or client_id is required');
  const market = typeof params.market === 'string' ? params.market : undefined;
  const order =
    typeof id === 'string'
      ? venue.account(trader.account).orders.get(id)
      : venue.openOrderByClientId(trader.account, String(clientId), market);
  const isOpen = order !== undefined && order.status !== 'CLOSED';
  if (isOpen) venue.orders.cancel(trader, () => [order], 'USER_CANCELED');
  venue.orders.afterProcessing(() => {
    if (isOpen) reply.answer({ order_id: order.id, status: 'QUEUED_FOR_CANCELLATION' });
    else reply.fail(new RpcFailure(RPC_ERROR.method, order ? 'ORDER_IS_CLOSED' : 'ORDER_ID_NOT_FOUND'));
  });
}

function cancelAll(session: WsSession, params: Params, reply: RpcAnswer): void {
  const { venue } = session;
  const trader = traderOf(session);
  const market = typeof params.market === 'string' && params.market !== '' ? params.market : undefined;
  venue.orders.cancel(trader, () => venue.openOrders(trader.account, market), 'USER_CANCELED');
  venue.orders.afterProcessing(() => reply.answer({ status: 'ok' }));
}

function traderOf(session: WsSession): Trader {
  if (session.trader === undefined) throw new RpcFailure(RPC_ERROR.notAuthenticated, 'not authenticated');
  return session.trader;
}

function textOf(params: Params, name: string): string {
  const value = params[name];
  if (typeof value !== 'string' || value === '') throw badParams(`${name} is required`);
  return value;
}

function badParams(data: string): RpcFailure {
  return new RpcFailure(RPC_ERROR.badParams, 'invalid params', data);
}

/** Business refusals have no codes of their own over WebSocket: all are method errors, the REST code is the message. */
function methodError(refusal: Refusal): RpcFailure {
  return new RpcFailure(RPC_ERROR.method, refusal.code, refusal.message);
}

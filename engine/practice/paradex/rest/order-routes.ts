import { cancelMany, isBatchSize } from '../cancel-many.ts';
import { refusal, type OrderState } from '../exchange/state.ts';
import { milliseconds, orderView } from '../views/order-view.ts';
import { bodyArray, bodyObject, privateRoute, type PrivateCall, type Route } from './call.ts';
import { page } from './paging.ts';

/** Placing, cancelling and looking up orders. Cancelling answers "queued": the outcome comes on the stream. */
export const ORDER_ROUTES: Route[] = [
  privateRoute('POST', '/orders', placeOrder),
  privateRoute('POST', '/orders/batch', placeBatch),
  privateRoute('DELETE', '/orders/batch', cancelBatch),
  privateRoute('GET', '/orders', (call) => {
    const open = call.venue.openOrders(call.grant.account, call.query.get('market') ?? undefined);
    call.reply(200, { results: open.map((order) => orderView(order, call.venue.host.nowUs())) });
  }),
  privateRoute('DELETE', '/orders', cancelAll),
  privateRoute('GET', '/orders/by_client_id/:client_id', (call) => {
    sendOrder(call, orderByClientId(call), 'CLIENT_ORDER_ID_NOT_FOUND');
  }),
  privateRoute('DELETE', '/orders/by_client_id/:client_id', (call) => {
    cancelOrder(call, orderByClientId(call), 'CLIENT_ORDER_ID_NOT_FOUND');
  }),
  privateRoute('GET', '/orders/:order_id', (call) => sendOrder(call, orderById(call), 'ORDER_ID_NOT_FOUND')),
  privateRoute('DELETE', '/orders/:order_id', (call) => cancelOrder(call, orderById(call), 'ORDER_ID_NOT_FOUND')),
  privateRoute('GET', '/orders-history', sendHistory),
];

function placeOrder(call: PrivateCall): void {
  const body = bodyObject(call.request);
  if (body === undefined) {
    call.refuse(refusal('BINDING_ERROR', 'request body is not a JSON object'));
    return;
  }
  call.venue.orders.place(call.trader, body, (outcome) => {
    if (outcome.ok) call.reply(201, orderView(outcome.order, call.venue.host.nowUs()));
    else call.refuse(outcome.refusal);
  });
}

function placeBatch(call: PrivateCall): void {
  const bodies = bodyArray(call.request);
  if (bodies === undefined || !isBatchSize(bodies.length)) {
    call.refuse(refusal('BATCH_SIZE_OUT_OF_RANGE', 'a batch is a list of 1 to 10 orders'));
    return;
  }
  call.venue.orders.placeBatch(call.trader, bodies, (outcomes) => {
    const publishedAtUs = call.venue.host.nowUs();
    call.reply(201, {
      orders: outcomes.flatMap((outcome) => (outcome.ok ? [orderView(outcome.order, publishedAtUs)] : [])),
      errors: outcomes.flatMap((outcome) =>
        outcome.ok ? [] : [{ error: outcome.refusal.code, message: outcome.refusal.message }],
      ),
    });
  });
}

function cancelBatch(call: PrivateCall): void {
  const { order_ids: ids = [], client_order_ids: clientIds = [] } = bodyObject(call.request) ?? {};
  if (!Array.isArray(ids) || !Array.isArray(clientIds) || !isBatchSize(ids.length + clientIds.length)) {
    call.refuse(refusal('BATCH_SIZE_OUT_OF_RANGE', 'order_ids and client_order_ids hold 1 to 10 ids'));
    return;
  }
  const results = cancelMany(call.venue, call.trader, { ids: ids.map(String), clientIds: clientIds.map(String) });
  call.venue.orders.afterProcessing(() => {
    const account = call.grant.account;
    call.reply(200, {
      results: results.map(({ id, clientId, market, status }) => ({
        id,
        client_id: clientId,
        account,
        market,
        status,
      })),
    });
  });
}

function cancelAll(call: PrivateCall): void {
  const { venue, trader, query } = call;
  const market = query.get('market') ?? undefined;
  venue.orders.cancel(trader, () => venue.openOrders(trader.account, market), 'USER_CANCELED');
  venue.orders.afterProcessing(() => call.reply(200, {}));
}

function cancelOrder(call: PrivateCall, order: OrderState | undefined, unknownCode: string): void {
  const { venue, trader } = call;
  const isOpen = order !== undefined && order.status !== 'CLOSED';
  if (isOpen) venue.orders.cancel(trader, () => [order], 'USER_CANCELED');
  venue.orders.afterProcessing(() => {
    if (isOpen) call.reply(204, undefined);
    else if (order === undefined) call.refuse(refusal(unknownCode, 'order not found', 404));
    else call.refuse(refusal('ORDER_IS_CLOSED', 'order is closed'));
  });
}

function sendOrder(call: PrivateCall, order: OrderState | undefined, unknownCode: string): void {
  if (order === undefined) call.refuse(refusal(unknownCode, 'order not found', 404));
  else call.reply(200, orderView(order, call.venue.host.nowUs()));
}

function orderById(call: PrivateCall): OrderState | undefined {
  return call.venue.account(call.grant.account).orders.get(call.path.order_id ?? '');
}

/** Open orders only: a 404 says nothing about an order that is closed or still on its way. */
function orderByClientId(call: PrivateCall): OrderState | undefined {
  const market = call.query.get('market') ?? undefined;
  return call.venue.openOrderByClientId(call.grant.account, call.path.client_id ?? '', market);
}

function sendHistory(call: PrivateCall): void {
  const filter = (name: string): string | undefined => call.query.get(name) || undefined;
  const [market, clientId, status, side, type] = ['market', 'client_id', 'status', 'side', 'type'].map(filter);
  const orders = [...call.venue.account(call.grant.account).orders.values()]
    .filter(
      ({ terms, status: orderStatus }) =>
        (market === undefined || terms.market === market) &&
        (clientId === undefined || terms.clientId === clientId) &&
        (status === undefined || orderStatus === status) &&
        (side === undefined || terms.side === side) &&
        (type === undefined || terms.type === type),
    )
    .map((order) => ({ id: order.id, atMs: milliseconds(order.createdAtUs), order }));
  const result = page(orders, call.query, ({ order }) => orderView(order, call.venue.host.nowUs()));
  if (result.ok) call.reply(200, result.body);
  else call.refuse(result.refusal);
}

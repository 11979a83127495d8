import { refusal } from './codes.ts';
import type { VestRefusal } from './codes.ts';
import type { VestAccount, VestExchange } from './state.ts';
import type { WireOrder } from './wire-orders.ts';

const MAX_ORDERS = 1_000;

/** A whole number of the query, `fallback` when absent, undefined when it is none. */
export function wholeNumber(text: string | null, fallback: number): number | undefined {
  if (text === null) return fallback;
  const value = Number(text);
  return /^\d+$/.test(text) && Number.isSafeInteger(value) ? value : undefined;
}

/** GET /orders: all filters combine; times compare with `postTime`, both ends included; the newest `limit` that match. */
export function queryOrders(
  exchange: VestExchange,
  account: VestAccount,
  query: URLSearchParams,
): WireOrder[] | VestRefusal {
  const limit = wholeNumber(query.get('limit'), MAX_ORDERS);
  const start = wholeNumber(query.get('startTime'), 0);
  const end = wholeNumber(query.get('endTime'), Number.MAX_SAFE_INTEGER);
  const nonce = wholeNumber(query.get('nonce'), -1);
  if (limit === undefined || limit === 0 || limit > MAX_ORDERS)
    return refusal(1130, `limit must be 1 to ${MAX_ORDERS}`);
  if (start === undefined || end === undefined || nonce === undefined) {
    return refusal(1130, 'startTime, endTime and nonce must be whole numbers');
  }
  const symbol = query.get('symbol');
  if (symbol !== null && !exchange.markets.has(symbol)) return refusal(1121);
  const ids = query.get('id')?.split(',');
  const orderType = query.get('orderType');
  const status = query.get('status');
  const found: WireOrder[] = [];
  for (let index = account.orders.length - 1; index >= 0 && found.length < limit; index--) {
    const order = account.orders[index]!.shown;
    if (order.postTime < start || order.postTime > end) continue;
    if (nonce >= 0 && order.nonce !== nonce) continue;
    if (symbol !== null && order.symbol !== symbol) continue;
    if (orderType !== null && order.orderType !== orderType) continue;
    if (status !== null && order.status !== status) continue;
    if (ids && !ids.includes(order.id)) continue;
    found.push(order);
  }
  return exchange.switches.ordersSort === 'newestFirst' ? found : found.reverse();
}

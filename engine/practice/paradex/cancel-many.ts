import type { OrderState } from './exchange/state.ts';
import type { Trader } from './order-entry.ts';
import type { ParadexVenue } from './venue.ts';

/** Sources disagree on 10 or 50 orders in a batch; the API specification says 10. */
const MAX_BATCH = 10;

export function isBatchSize(length: number): boolean {
  return length >= 1 && length <= MAX_BATCH;
}

export interface CancelResult {
  id?: string;
  clientId?: string;
  market?: string;
  status: 'QUEUED_FOR_CANCELLATION' | 'ALREADY_CLOSED' | 'NOT_FOUND';
}

/** Queues the cancellation of several orders and says of each what it found; by client id only open orders are found. */
export function cancelMany(
  venue: ParadexVenue,
  trader: Trader,
  wanted: { ids: string[]; clientIds: string[] },
): CancelResult[] {
  const { orders } = venue.account(trader.account);
  const found: { order: OrderState | undefined; id?: string; clientId?: string }[] = [
    ...wanted.ids.map((id) => ({ id, order: orders.get(id) })),
    ...wanted.clientIds.map((clientId) => ({ clientId, order: venue.openOrderByClientId(trader.account, clientId) })),
  ];
  const alive = found.flatMap(({ order }) => (order !== undefined && order.status !== 'CLOSED' ? [order] : []));
  venue.orders.cancel(trader, () => alive, 'USER_CANCELED');
  return found.map(({ order, id, clientId }) => {
    if (order === undefined) return { id, clientId, status: 'NOT_FOUND' };
    const status = order.status === 'CLOSED' ? 'ALREADY_CLOSED' : 'QUEUED_FOR_CANCELLATION';
    return { id: order.id, clientId: order.terms.clientId, market: order.terms.market, status };
  });
}

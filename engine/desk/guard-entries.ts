import { HalfspreadError } from '../core/errors.ts';
import type { OrderRequest, VenueClient } from '../venues/venue.ts';

/**
 * The last lock before the socket: while `mayEnter` says no, an order that is not reduce-only is neither built nor sent,
 * whoever asks for it. Everything else passes, so that what is open can always be closed.
 */
export function guardEntries(client: VenueClient, mayEnter: () => boolean): VenueClient {
  const check = (request: OrderRequest): void => {
    if (request.reduceOnly || mayEnter()) return;
    throw new HalfspreadError(
      'HS_DISARMED',
      `The desk is not armed: an order that would open a position at ${client.id} was not sent.`,
      'Arm it in the Halfspread window.',
    );
  };
  return {
    id: client.id,
    capabilities: client.capabilities,
    start: () => client.start(),
    stop: () => client.stop(),
    market: (symbol) => client.market(symbol),
    book: (symbol) => client.book(symbol),
    canTrade: () => client.canTrade(),
    prepare(request) {
      check(request);
      return client.prepare(request);
    },
    send(order) {
      check(order.request);
      client.send(order);
    },
    cancel: (orderId) => client.cancel(orderId),
    queryOrder: (orderId) => client.queryOrder(orderId),
    positions: () => client.positions(),
    fillsSince: (sinceWallMs) => client.fillsSince(sinceWallMs),
    connections: () => client.connections(),
    clockOffset: () => client.clockOffset(),
    setLadder: (wants) => client.setLadder(wants),
    ladder: () => client.ladder(),
    dropLadder: () => client.dropLadder(),
  };
}

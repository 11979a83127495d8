import type { Env } from '../../env.ts';
import type { SignerPort } from '../signer/port.ts';
import type { OrderIds, VenueClient, VenueListener } from '../venue.ts';
import { VEST_CAPABILITIES } from './capabilities.ts';
import { vestClientConfigSchema, type VestClientConfig } from './config.ts';
import { unknownMarket } from './markets.ts';
import { VestSession } from './session.ts';
import { positionsOf } from './positions.ts';

export { vestClientConfigSchema, type VestClientConfig } from './config.ts';

/**
 * Vest v2 behind the venue port: depth over the public WebSocket, orders over REST with nonce = order id, their outcome over
 * the private WebSocket. HTTP 200 is an acknowledgement only.
 */
export function createVestClient(options: {
  env: Env;
  config: VestClientConfig;
  signer: SignerPort;
  ids: OrderIds;
  listener: VenueListener;
}): VenueClient {
  const session = new VestSession({ ...options, settings: vestClientConfigSchema.parse(options.config) });
  const { orders, queries, sender, ladder, clock, rest, marketData } = session;
  return {
    id: 'vest',
    capabilities: VEST_CAPABILITIES,
    start: () => session.start(),
    stop: () => session.stop(),
    market: (symbol) => session.market(symbol),
    book(symbol) {
      const book = marketData.book(symbol);
      if (book) return book;
      throw unknownMarket(symbol);
    },
    canTrade: () => session.canTrade(),
    prepare: (request) => ladder.take(request) ?? orders.sign(request),
    send: (order) => sender.send(order),
    cancel: (orderId) => queries.cancel(orderId),
    queryOrder: (orderId) => queries.queryOrder(orderId),
    positions: async () => positionsOf(await rest.account()),
    fillsSince: (sinceWallMs) => queries.fillsSince(sinceWallMs),
    connections: () => session.connections(),
    clockOffset: () => clock.offset(),
    setLadder: (sizes) => ladder.set(sizes),
    ladder: () => ladder.report(),
    dropLadder: () => ladder.drop(),
  };
}

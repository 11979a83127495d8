import type { VenueClient } from '../venues/venue.ts';
import { createParadexClient } from '../venues/paradex/client.ts';
import { createVestClient } from '../venues/vest/client.ts';
import { RECEIVE_WINDOW_MS } from './plan.ts';
import type { VenueName, VenueParts } from './venue-source.ts';

/** Where one account of each venue trades. */
export interface TradingAccess {
  paradex: {
    restUrl: string;
    wsUrl: string;
    accountAddress: string;
    /** Public key of the subkey that signs; absent: the account's own key. */
    authPublicKey?: string;
  };
  vest: { restUrl: string; wsUrl: string; apiKey: string; accountGroup: number };
}

/** The venue's client with a real order path: the same in practice and live. */
export function createTradingVenue(access: TradingAccess, name: VenueName, parts: VenueParts): VenueClient {
  const { env, bot, symbol, ids, signer, listener } = parts;
  switch (name) {
    case 'paradex': {
      const { authPublicKey, ...account } = access.paradex;
      const config = {
        ...account,
        orderClass: bot.order_class,
        symbols: [symbol],
        receiveWindowMs: RECEIVE_WINDOW_MS,
        ...(authPublicKey === undefined ? {} : { switches: { authPublicKey } }),
      };
      return createParadexClient({ env, config, signer, ids, listener });
    }
    case 'vest': {
      const config = {
        ...access.vest,
        symbols: [symbol],
        receiveWindowMs: RECEIVE_WINDOW_MS,
        leverage: { [symbol]: Math.round(bot.leverage) },
      };
      return createVestClient({ env, config, signer, ids, listener });
    }
  }
}

import { networkLabel, type VenueEndpoints } from '../protocol/endpoints.ts';
import type { PaperAssumptions } from '../protocol/launch.ts';
import type { MarketFeed, MarketFeedListener } from '../venues/market-feed.ts';
import { createParadexFeed } from '../venues/paradex/feed.ts';
import { createPaperClient } from '../venues/paper/client.ts';
import { createVestFeed } from '../venues/vest/feed.ts';
import { RECEIVE_WINDOW_MS } from './plan.ts';
import { PUBLISHED_FEES, realVenueProbe, symbolOf } from './real-markets.ts';
import type { VenueName, VenueParts, VenueSource } from './venue-source.ts';

/** Real venues' market data, a simulated account at each: no keys, no order leaves this machine. */
export function paperSource(endpoints: VenueEndpoints, { venueProcessingMs }: PaperAssumptions): VenueSource {
  const network = networkLabel(endpoints);
  return {
    mode: 'paper',
    network,
    tape: 'none',
    fees: PUBLISHED_FEES,
    venuesInstance: `paper ${network}`,
    signerKeys: {},
    defaultBot: undefined,
    symbolOf,
    tapeEndsAtWallMs: () => undefined,
    real: { probe: (bot, { network: line }) => realVenueProbe(line, endpoints, bot) },
    createVenue: (name, parts) =>
      createPaperClient({
        env: parts.env,
        ids: parts.ids,
        listener: parts.listener,
        createFeed: (listener) => createFeed(endpoints, name, parts, listener),
        receiveWindowMs: RECEIVE_WINDOW_MS,
        venueProcessingMs,
        ledgerPath: `${parts.dataFolder}/paper-${name}.jsonl`,
      }),
  };
}

function createFeed(
  { paradex, vest }: VenueEndpoints,
  name: VenueName,
  { env, bot, symbol }: VenueParts,
  listener: MarketFeedListener,
): MarketFeed {
  const symbols = [symbol];
  switch (name) {
    case 'paradex': {
      const { restUrl, wsUrl } = paradex;
      return createParadexFeed({ env, config: { restUrl, wsUrl, symbols, orderClass: bot.order_class }, listener });
    }
    case 'vest':
      return createVestFeed({ env, config: { restUrl: vest.restUrl, wsUrl: vest.wsUrl, symbols }, listener });
  }
}

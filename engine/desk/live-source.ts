import type { BotConfig } from '../config/schema.ts';
import type { Env } from '../env.ts';
import type { TradingKeys } from '../protocol/accounts.ts';
import { networkLabel, type VenueEndpoints } from '../protocol/endpoints.ts';
import { starkPublicKey } from '../venues/paradex/public-key.ts';
import * as paradexReadiness from '../venues/paradex/readiness.ts';
import * as vestReadiness from '../venues/vest/readiness.ts';
import type { LiveDuties } from './live-duties.ts';
import { PUBLISHED_FEES, symbolOf } from './real-markets.ts';
import { createTradingVenue } from './trading-venue.ts';
import type { VenueSource } from './venue-source.ts';

/**
 * Real venues and the operator's keys. Nothing differs from practice but the addresses, the keys and the arming. Asks a
 * custom Paradex address for its chain id; the published ones are known.
 * @throws NetworkError when a custom address does not answer
 */
export async function liveSource(env: Env, endpoints: VenueEndpoints, keys: TradingKeys): Promise<VenueSource> {
  const { paradex, vest } = endpoints;
  const starknetChainId = await paradexReadiness.starknetChainId(env.network, paradex);
  const { accountAddress, privateKey } = keys.paradex;
  const access = {
    paradex: {
      restUrl: paradex.restUrl,
      wsUrl: paradex.wsUrl,
      accountAddress,
      authPublicKey: starkPublicKey(privateKey),
    },
    vest: {
      restUrl: vest.restUrl,
      wsUrl: vest.wsUrl,
      apiKey: keys.vest.apiKey,
      accountGroup: keys.vest.accountGroup,
    },
  };
  const network = networkLabel(endpoints);
  return {
    mode: 'live',
    network,
    tape: 'none',
    fees: PUBLISHED_FEES,
    venuesInstance: `live ${network} ${accountAddress.toLowerCase()} ${keys.vest.primaryAddress.toLowerCase()}`,
    signerKeys: {
      paradex: { privateKey, accountAddress, starknetChainId },
      vest: { signingKey: keys.vest.signingPrivateKey },
    },
    defaultBot: undefined,
    symbolOf,
    tapeEndsAtWallMs: () => undefined,
    createVenue: (name, parts) => createTradingVenue(access, name, parts),
    live: (bot, { network: line }) => liveDuties(bot, line, endpoints, keys, starknetChainId),
  };
}

function liveDuties(
  bot: BotConfig,
  line: Env['network'],
  { paradex, vest }: VenueEndpoints,
  keys: TradingKeys,
  starknetChainId: string,
): Omit<LiveDuties, 'holdsFolder'> {
  return {
    // A Paradex subkey has no end of its own; it is revoked.
    keyExpiresAt: (venue) => (venue === 'vest' ? keys.vest.expiresAt : undefined),
    async probe(venue) {
      if (venue === 'paradex') {
        const found = await paradexReadiness.paradexReadiness(line, paradex.restUrl, starknetChainId);
        return { ...found, generation: paradexReadiness.API_GENERATION };
      }
      const found = await vestReadiness.vestReadiness(line, vest.restUrl, symbolOf('vest', bot));
      return { ...found, generation: found.usable ? vestReadiness.API_GENERATION : 'unknown' };
    },
  };
}

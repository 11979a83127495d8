import type { Env } from '../env.ts';
import type { TradingKeys } from '../protocol/accounts.ts';
import { networkLabel, type VenueEndpoints } from '../protocol/endpoints.ts';
import { starkPublicKey } from '../venues/paradex/public-key.ts';
import { starknetChainId as chainIdOf } from '../venues/paradex/readiness.ts';
import { PUBLISHED_FEES, realVenueProbe, symbolOf } from './real-markets.ts';
import { createTradingVenue } from './trading-venue.ts';
import type { VenueSource } from './venue-source.ts';

/**
 * Real venues and the operator's keys. Nothing differs from practice but the addresses, the keys and the arming. Asks a
 * custom Paradex address for its chain id; the published ones are known.
 * @throws NetworkError when a custom address does not answer
 */
export async function liveSource(env: Env, endpoints: VenueEndpoints, keys: TradingKeys): Promise<VenueSource> {
  const { paradex, vest } = endpoints;
  const starknetChainId = await chainIdOf(env.network, paradex);
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
    real: {
      probe: (bot, { network: line }) => realVenueProbe(line, endpoints, bot, starknetChainId),
      // A Paradex subkey has no end of its own; it is revoked.
      live: { keyExpiresAt: (venue) => (venue === 'vest' ? keys.vest.expiresAt : undefined) },
    },
  };
}

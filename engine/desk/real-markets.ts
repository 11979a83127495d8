import type { BotConfig } from '../config/schema.ts';
import type { Network } from '../env.ts';
import type { VenueEndpoints } from '../protocol/endpoints.ts';
import type { DeskInfo } from '../protocol/model.ts';
import * as paradex from '../venues/paradex/readiness.ts';
import * as vest from '../venues/vest/readiness.ts';
import type { VenueProbe } from './venue-findings.ts';
import type { VenueName } from './venue-source.ts';

/**
 * The venue's symbol of a coin by each venue's published rule. A market that is not there is refused by its client at
 * start, with a list of those that are where the venue gives one.
 */
export function symbolOf(venue: VenueName, { pair }: BotConfig): string {
  return venue === 'paradex' ? `${pair}-USD-PERP` : `${pair}-PERP`;
}

/** Until the venues have said what they take of this account: published taker fees (Paradex Pro 4.5 bps, Vest 1 bps). */
export const PUBLISHED_FEES: DeskInfo['fees'] = { kind: 'published', roundTripBps: 2 * (4.5 + 1) };

/** @param starknetChainId what orders are signed for; without it (paper) whatever chain answers is right */
export function realVenueProbe(
  line: Network,
  endpoints: VenueEndpoints,
  bot: BotConfig,
  starknetChainId?: string,
): VenueProbe {
  return async (venue) => {
    if (venue === 'paradex') {
      const found = await paradex.paradexReadiness(line, endpoints.paradex.restUrl, starknetChainId);
      return { ...found, generation: paradex.API_GENERATION };
    }
    const found = await vest.vestReadiness(line, endpoints.vest.restUrl, symbolOf('vest', bot));
    return { ...found, generation: found.usable ? vest.API_GENERATION : 'unknown' };
  };
}

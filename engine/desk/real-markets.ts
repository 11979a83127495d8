import type { BotConfig } from '../config/schema.ts';
import type { DeskInfo } from '../protocol/model.ts';
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

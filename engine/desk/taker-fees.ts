import { ONE_E8 } from '../core/units.ts';
import type { DeskVenue } from './desk-order.ts';

/** Taker fee of this market and order class as the venue states it, bps. The client must be started. */
export function takerFeeBps({ client, symbol }: DeskVenue): number {
  return (client.market(symbol).takerFeeE8 / ONE_E8) * 1e4;
}

/** Taker fees of entry and exit on both venues, bps of one leg's notional. */
export function roundTripFeesBps(venues: readonly [DeskVenue, DeskVenue]): number {
  return 2 * (takerFeeBps(venues[0]) + takerFeeBps(venues[1]));
}

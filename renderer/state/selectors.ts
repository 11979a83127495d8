/** What the views read out of a snapshot. Pure. */
import type { SpreadPoint, Trade, VenueState } from '../../engine/protocol/model.ts';
import { venueName } from '../../engine/protocol/reading.ts';

export { countedTrades, isOpen, openTrades, slowerLeg, venueName } from '../../engine/protocol/reading.ts';

/** Whether an episode of the trade failed or an order of it was in doubt at the last look. */
export function isTroubled(trade: Trade): boolean {
  const episodes = trade.exit ? [trade.entry, trade.exit] : [trade.entry];
  return (
    ['DOUBT', 'HEDGING', 'PARTIAL', 'REDUCING', 'HALTED'].includes(trade.state) ||
    episodes.some(
      (episode) =>
        episode.state === 'failed' ||
        episode.legs.some((leg) => leg.purpose === 'hedge' || leg.purpose === 'unwind' || leg.state === 'DOUBT'),
    )
  );
}

/** The better direction's spread of one point, bps. */
export function betterSpread(point: SpreadPoint): number {
  return Math.max(point.aOverBBps, point.bOverABps);
}

/** Age of the venue's newest frame when the engine last reported, ms: the freshest of its streams. */
export function frameAgeMs(venue: VenueState, snapshotAt: number): number | undefined {
  const ages = venue.connections
    .filter((connection) => connection.transport === 'websocket')
    .flatMap((connection) => connection.lastFrameAgeMs ?? []);
  if (ages.length > 0) return Math.min(...ages);
  return venue.lastFrameAt === undefined ? undefined : Math.max(0, snapshotAt - venue.lastFrameAt);
}

/** Buy venue, sell venue of the entry. */
export function buyAndSell(trade: Trade): { buy: string; sell: string } {
  return { buy: venueName(trade.longVenue), sell: venueName(trade.shortVenue) };
}

/** How the desk's fees stand to what the tape offers; `noPay`: no threshold can pay. */
export type FeesVerdict = 'none' | 'pays' | 'noPay' | 'unknown';

export function feesVerdict(roundTripBps: number, largestSpreadBps: number | undefined): FeesVerdict {
  if (roundTripBps === 0 && largestSpreadBps !== undefined) return 'none';
  if (largestSpreadBps === undefined) return 'unknown';
  return largestSpreadBps > roundTripBps ? 'pays' : 'noPay';
}

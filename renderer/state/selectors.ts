/** What the views read out of a snapshot. Pure. */
import type { LegLatency, Snapshot, SpreadPoint, Statistics, Trade, VenueState } from '../../engine/protocol/model.ts';

/** "paradex" -> "Paradex": venue ids are lower case in config and protocol. */
export function venueName(id: string): string {
  return id.charAt(0).toUpperCase() + id.slice(1);
}

export function isOpen(trade: Trade): boolean {
  return trade.state !== 'IDLE' && trade.state !== 'FLAT';
}

export function openTrades(snapshot: Snapshot): Trade[] {
  return snapshot.trades.filter(isOpen);
}

/** The trades the statistics count: of the line, market and fees that run now, not of another setting's history. */
export function countedTrades(snapshot: Snapshot): Trade[] {
  const { network, tape, fees } = snapshot.desk;
  return snapshot.trades.filter(
    (trade) => trade.network === network && trade.tape === tape && trade.fees === fees.kind,
  );
}

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

/** The venue whose order_to_confirm has the higher median; undefined without any confirmed order. */
export function slowerLeg(statistics: Statistics): LegLatency | undefined {
  return statistics.latency
    .filter((leg) => leg.orderToConfirm.n > 0 && leg.orderToConfirm.p50 !== undefined)
    .toSorted((a, b) => (b.orderToConfirm.p50 ?? 0) - (a.orderToConfirm.p50 ?? 0))[0];
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

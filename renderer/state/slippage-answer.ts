import type { Snapshot, Trade } from '../../engine/protocol/model.ts';

/** The single largest part of the slippage: which leg, delay or walk, mean bps an episode. */
export interface LargestPart {
  venue: string;
  part: 'delay' | 'walk';
  bps: number;
}

export function largestPart(snapshot: Snapshot): LargestPart | undefined {
  const parts = snapshot.statistics.slippageByLeg.flatMap(({ venue, delay, walk }) => [
    { venue, part: 'delay' as const, bps: delay.mean },
    { venue, part: 'walk' as const, bps: walk.mean },
  ]);
  let largest: LargestPart | undefined;
  for (const { venue, part, bps } of parts) {
    if (bps !== undefined && (!largest || Math.abs(bps) > Math.abs(largest.bps))) largest = { venue, part, bps };
  }
  return largest;
}

/** Mean fees of the complete episodes in bps, all legs and by venue; n = 0 without any. */
export function meanFees(trades: readonly Trade[]): { n: number; bps: number; byVenue: Map<string, number> } {
  let n = 0;
  let sum = 0;
  const byVenue = new Map<string, number>();
  for (const trade of trades) {
    for (const episode of trade.exit ? [trade.entry, trade.exit] : [trade.entry]) {
      if (episode.feesBps === undefined) continue;
      n++;
      sum += episode.feesBps;
      for (const leg of episode.legs) {
        byVenue.set(leg.venue, (byVenue.get(leg.venue) ?? 0) + (leg.cost?.feesBps ?? 0));
      }
    }
  }
  for (const [venue, total] of byVenue) byVenue.set(venue, total / n);
  return { n, bps: n === 0 ? 0 : sum / n, byVenue };
}

/** Episodes an interval needs at least (protocol model, `ci95`). */
export const INTERVAL_FROM = 8;

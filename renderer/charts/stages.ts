import type { LegRecord, Trade } from '../../engine/protocol/model.ts';

/** Who owns a stretch of a leg's time. `mixed`: the venue's stamps do not part line from venue. */
export type StageKind = 'feed' | 'ours' | 'line' | 'venue' | 'bump' | 'mixed';

export interface Stage {
  kind: StageKind;
  /** Milliseconds since the signal. */
  from: number;
  to: number;
}

type LegTimes = Pick<LegRecord, 'stamps' | 'feedAgeMs'>;

/**
 * Cuts one leg's time from the venue's event to the confirmation into owned stretches: feed age, ours (detection to
 * socket), line (t4..t5, t7..t8), venue (t5..t7, with the order class's speed bump after arrival). Where t5 or t7 is not
 * stamped, that end is `mixed`. Stretches that could not be measured are left out. The feed age is drawn up to the
 * detection: a book that had not changed for a while before it is not late.
 */
export function legStages(leg: LegTimes, takerDelayMs: number, detectionToSignalMs: number): Stage[] {
  const { t0, t1, t4, t5, t6, t7, t8 } = leg.stamps;
  const stages: Stage[] = [];
  const add = (kind: StageKind, from: number | undefined, to: number | undefined) => {
    if (from !== undefined && to !== undefined && to > from) stages.push({ kind, from, to });
  };
  const detectedAt = -Math.max(0, detectionToSignalMs);
  const feedAge = leg.feedAgeMs ?? (t0 === undefined || t1 === undefined ? undefined : t1 - t0);
  add('feed', feedAge === undefined ? undefined : detectedAt - feedAge, detectedAt);
  add('ours', detectedAt, t4);
  if (t4 === undefined || t8 === undefined) return stages;
  const arrived = clamp(t5, t4, t8);
  const published = clamp(t7, arrived ?? t4, t8);
  const matched = clamp(t6, arrived ?? t4, published ?? t8);
  if (arrived === undefined && published === undefined && matched === undefined) {
    add('mixed', t4, t8);
    return stages;
  }
  const venueFrom = arrived ?? matched ?? published ?? t8;
  const venueTo = published ?? matched ?? arrived ?? t4;
  add(arrived === undefined ? 'mixed' : 'line', t4, venueFrom);
  const bumpTo = arrived === undefined ? venueFrom : Math.min(venueTo, venueFrom + takerDelayMs);
  add('bump', venueFrom, bumpTo);
  add('venue', bumpTo, venueTo);
  add(published === undefined ? 'mixed' : 'line', venueTo, t8);
  return stages;
}

/** Estimated stamps may lie outside what is certain by their clock error: kept inside. */
function clamp(value: number | undefined, low: number, high: number): number | undefined {
  return value === undefined ? undefined : Math.min(high, Math.max(low, value));
}

/** Sum of the stretches of each kind, ms. */
export function stageTotals(stages: readonly Stage[]): Partial<Record<StageKind, number>> {
  const totals: Partial<Record<StageKind, number>> = {};
  for (const stage of stages) totals[stage.kind] = (totals[stage.kind] ?? 0) + stage.to - stage.from;
  return totals;
}

/** The confirmed leg of `venue` whose order_to_confirm is nearest to `targetMs`, from all episodes. */
export function legNearest(
  trades: readonly Trade[],
  venue: string,
  targetMs: number,
): { leg: LegRecord; detectionToSignalMs: number } | undefined {
  let nearest: { leg: LegRecord; detectionToSignalMs: number } | undefined;
  let distance = Infinity;
  for (const trade of trades) {
    for (const episode of trade.exit ? [trade.entry, trade.exit] : [trade.entry]) {
      for (const leg of episode.legs) {
        if (leg.venue !== venue || leg.orderToConfirmMs === undefined || leg.stamps.t8 === undefined) continue;
        const gap = Math.abs(leg.orderToConfirmMs - targetMs);
        if (gap < distance) {
          distance = gap;
          nearest = { leg, detectionToSignalMs: episode.detectionToSignalMs };
        }
      }
    }
  }
  return nearest;
}

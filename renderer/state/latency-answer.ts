import type { LegLatency, Snapshot } from '../../engine/protocol/model.ts';
import { slowerLeg } from './selectors.ts';

/** "Where do the milliseconds go", from medians of the slower leg. Parts that its stamps do not give are absent. */
export interface LatencyAnswer {
  leg: LegLatency;
  totalMs: number;
  oursMs: number | undefined;
  lineMs: number | undefined;
  /** Without the speed bump. */
  venueMs: number | undefined;
  bumpMs: number;
  n: number;
}

export function latencyAnswer(snapshot: Snapshot): LatencyAnswer | undefined {
  const leg = slowerLeg(snapshot.statistics);
  const totalMs = leg?.orderToConfirm.p50;
  if (!leg || totalMs === undefined) return undefined;
  const { lineOut, lineBack, venueTime, signalToOrder } = leg;
  const bumpMs = snapshot.venues.find((venue) => venue.id === leg.venue)?.takerDelayMs ?? 0;
  const lineMs = lineOut.p50 === undefined || lineBack.p50 === undefined ? undefined : lineOut.p50 + lineBack.p50;
  const venueMs = venueTime.p50 === undefined ? undefined : Math.max(0, venueTime.p50 - bumpMs);
  return { leg, totalMs, oursMs: signalToOrder.p50, lineMs, venueMs, bumpMs, n: leg.orderToConfirm.n };
}

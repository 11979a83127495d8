/** Predicted against measured, row by row. Pure. */
import type { Distribution } from '../../engine/protocol/model.ts';
import type { Prediction } from '../../main/ipc/cloud-schema.ts';
import type { Outlook, Site } from '../../main/ipc/site-schema.ts';

export interface MsRange {
  low: number;
  high: number;
}

export interface MeasuredRow {
  id: string;
  kind: 'roundTrip' | 'orderToAck';
  venue?: 'paradex' | 'vest';
  /** Median, from this machine. */
  hereMs?: number;
  /** low = high where it was measured before the deploy. */
  predicted?: MsRange;
  measured?: { p50Ms: number; range?: MsRange; n: number };
  /** order_to_ack: no order has gone out from there yet; this is what the measured line promises. */
  expectedMs?: number;
  verdict: 'asPredicted' | 'faster' | 'slower' | 'notPredicted' | 'notReached' | 'notYet' | 'noOrders';
}

/** Slack beside a prediction that was itself a measurement of n = 1. */
const SAME_SHARE = 0.25;
const SAME_MS = 3;

/**
 * @param orders order_to_ack of the desk's own orders from there
 * @returns one row a venue for the line, then order_to_ack of the slower leg; empty when nothing is known
 */
export function measuredRows(
  site: Site | undefined,
  outlook: Outlook | undefined,
  orders?: Distribution,
): MeasuredRow[] {
  if (!site?.measured && !outlook) return [];
  const venues = ['paradex', 'vest'] as const;
  const rows = venues.map((venue): MeasuredRow => {
    const leg = outlook?.prediction.legs.find((one) => one.venue === venue);
    const probes = site?.measured?.venues.find((one) => one.venue === venue)?.tcpConnect;
    const predicted = rangeOf(leg?.roundTrip);
    const measured =
      probes?.p50 === undefined
        ? undefined
        : {
            p50Ms: probes.p50,
            n: probes.n,
            ...(probes.min !== undefined &&
              probes.p95 !== undefined && { range: { low: probes.min, high: probes.p95 } }),
          };
    return {
      id: `roundTrip.${venue}`,
      kind: 'roundTrip',
      venue,
      hereMs: leg?.here?.roundTripMs,
      predicted,
      measured,
      verdict: site?.measured ? verdictOf(predicted, measured?.p50Ms) : 'notYet',
    };
  });
  return [...rows, orderRow(outlook, orders)];
}

function orderRow(outlook: Outlook | undefined, orders: Distribution | undefined): MeasuredRow {
  const expected = outlook?.measured?.orderToAck;
  return {
    id: 'orderToAck',
    kind: 'orderToAck',
    hereMs: outlook?.prediction.orderToAckHereMs,
    predicted: outlook?.prediction.orderToAck,
    expectedMs: expected && (expected.low + expected.high) / 2,
    ...(orders?.median !== undefined && { measured: { p50Ms: orders.median, n: orders.n } }),
    verdict: orders?.median === undefined ? 'noOrders' : verdictOf(outlook?.prediction.orderToAck, orders.median),
  };
}

function rangeOf(trip: Prediction['legs'][number]['roundTrip']): MsRange | undefined {
  if (!trip) return undefined;
  return trip.kind === 'measured' ? { low: trip.ms, high: trip.ms } : trip.range;
}

function verdictOf(predicted: MsRange | undefined, measuredMs: number | undefined): MeasuredRow['verdict'] {
  if (measuredMs === undefined) return 'notReached';
  if (!predicted) return 'notPredicted';
  const slack = predicted.low === predicted.high ? Math.max(SAME_MS, predicted.low * SAME_SHARE) : 0;
  if (measuredMs < predicted.low - slack) return 'faster';
  return measuredMs > predicted.high + slack ? 'slower' : 'asPredicted';
}

/** A round number that holds every figure of the row: the end of its axis. */
export function axisEnd({ predicted, measured, expectedMs }: MeasuredRow): number {
  const most = Math.max(predicted?.high ?? 0, measured?.range?.high ?? 0, measured?.p50Ms ?? 0, expectedMs ?? 0);
  if (most <= 0) return 1;
  const power = 10 ** Math.floor(Math.log10(most));
  return [1, 2, 4, 5, 8, 10].map((step) => step * power).find((end) => end >= most * 1.1) ?? 20 * power;
}

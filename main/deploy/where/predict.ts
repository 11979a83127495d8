import { VENUE_NAMES, type VenueName } from '../../../engine/protocol/endpoints.ts';
import type { Snapshot } from '../../../engine/protocol/model.ts';
import { floorRoundTripMs, LINE_FACTOR, LOCAL_ROUND_TRIP_MS, type Place } from './floor.ts';
import { VENUE_PLACES } from './venue-places.ts';

/** A range of ms; low = high when it was measured. */
export interface MsRange {
  low: number;
  high: number;
}

/** One venue's leg as it is now, from here. */
export interface LegHere {
  venue: VenueName;
  /** Median round trip of its order connection, and how many were measured. */
  roundTripMs: number;
  roundTrips: number;
  /** Median order_to_ack, and its n. */
  orderToAckMs: number;
  n: number;
}

/** What a round trip from a candidate is: measured there, or a range from the map. */
export type RoundTripThere =
  { kind: 'measured'; ms: number; n: number } | { kind: 'map'; range: MsRange; floorMs: number };

export interface LegPrediction {
  venue: VenueName;
  here?: LegHere;
  /** Absent where the venue's place is not known and nothing was measured. */
  roundTrip?: RoundTripThere;
  /** order_to_ack there; absent without `here` or `roundTrip`. */
  orderToAck?: MsRange;
}

export interface Prediction {
  legs: LegPrediction[];
  /** Of the slower leg; present only when both legs have one. */
  orderToAck?: MsRange;
  /** Of the slower leg, from here. */
  orderToAckHereMs?: number;
}

/** Fewer figures than this say nothing about a leg. */
export const MIN_ORDERS = 8;

/** The legs as the engine has measured them; a leg with too few orders is left out. */
export function legsHere(snapshot: Snapshot): LegHere[] {
  return VENUE_NAMES.flatMap((venue): LegHere[] => {
    const leg = snapshot.statistics.latency.find((one) => one.venue === venue);
    const connections = snapshot.venues.find(({ id }) => id === venue)?.connections ?? [];
    const orders = connections
      .filter(({ name, rttP50Ms }) => rttP50Ms !== undefined && (name === 'trading' || name === 'rest'))
      .sort((a, b) => b.rttSamples - a.rttSamples)[0];
    if (!leg || leg.orderToAck.n < MIN_ORDERS || leg.orderToAck.p50 === undefined || orders?.rttP50Ms === undefined) {
      return [];
    }
    const { n, p50 } = leg.orderToAck;
    return [{ venue, roundTripMs: orders.rttP50Ms, roundTrips: orders.rttSamples, orderToAckMs: p50, n }];
  });
}

/** Round trip from a place to a venue by the map: the floor and what recorded lines needed beyond it. */
export function roundTripByMap(from: Place, venue: VenueName): RoundTripThere | undefined {
  const place = VENUE_PLACES[venue];
  if (!place) return undefined;
  const floorMs = floorRoundTripMs(from, place);
  const range = {
    low: LOCAL_ROUND_TRIP_MS.low + floorMs * LINE_FACTOR.low,
    high: LOCAL_ROUND_TRIP_MS.high + floorMs * LINE_FACTOR.high,
  };
  return { kind: 'map', range, floorMs };
}

/**
 * What order_to_ack would be there: what it is here, less the line from here, plus the line from there. The venue's own
 * time stays, so nothing falls below it. The trade's value is the slower leg's.
 */
export function predict(here: readonly LegHere[], there: Partial<Record<VenueName, RoundTripThere>>): Prediction {
  const legs = VENUE_NAMES.map((venue): LegPrediction => {
    const leg = here.find((one) => one.venue === venue);
    const roundTrip = there[venue];
    if (!leg || !roundTrip) return { venue, ...(leg && { here: leg }), ...(roundTrip && { roundTrip }) };
    const besidesLineMs = Math.max(0, leg.orderToAckMs - leg.roundTripMs);
    const { low, high } = roundTrip.kind === 'measured' ? { low: roundTrip.ms, high: roundTrip.ms } : roundTrip.range;
    return { venue, here: leg, roundTrip, orderToAck: { low: besidesLineMs + low, high: besidesLineMs + high } };
  });
  const predicted = legs.flatMap(({ orderToAck }) => (orderToAck ? [orderToAck] : []));
  return {
    legs,
    ...(predicted.length === VENUE_NAMES.length && {
      orderToAck: {
        low: Math.max(...predicted.map(({ low }) => low)),
        high: Math.max(...predicted.map(({ high }) => high)),
      },
    }),
    ...(here.length > 0 && { orderToAckHereMs: Math.max(...here.map(({ orderToAckMs }) => orderToAckMs)) }),
  };
}

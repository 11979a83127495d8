/** Predictions for a place, from its position or from what was measured there. Pure. */
import type { MeasureResult } from '../../../engine/protocol/agent-program.ts';
import { VENUE_NAMES, type VenueEndpoints, type VenueName } from '../../../engine/protocol/endpoints.ts';
import type { CloudRegionOffer } from '../../ipc/cloud-schema.ts';
import type { HostFacts } from '../../ipc/site-schema.ts';
import type { CloudRegion } from '../providers/provider.ts';
import type { Place } from './floor.ts';
import { predict, roundTripByMap, type LegHere, type Prediction, type RoundTripThere } from './predict.ts';

type There = Partial<Record<VenueName, RoundTripThere>>;

/** @param place undefined: nobody knows where it is, so nothing is predicted for it */
export function outlookByMap(place: Place | undefined, here: readonly LegHere[]): Prediction {
  return predict(here, place ? thereOf((venue) => roundTripByMap(place, venue)) : {});
}

/** From the connects a preflight has timed on the server: one each, so n = 1. */
export function outlookByFacts(
  { venueConnectMs }: Pick<HostFacts, 'venueConnectMs'>,
  endpoints: VenueEndpoints,
  here: readonly LegHere[],
): Prediction {
  return predict(
    here,
    thereOf((venue) => {
      const { hostname } = new URL(endpoints[venue].restUrl);
      const found = venueConnectMs.find(({ host }) => host === hostname);
      return found && { kind: 'measured', ms: found.ms, n: 1 };
    }),
  );
}

/** From the agent's own probes there. */
export function outlookByMeasure({ venues }: MeasureResult, here: readonly LegHere[]): Prediction {
  return predict(
    here,
    thereOf((name) => {
      const probes = venues.find(({ venue }) => venue === name)?.tcpConnect;
      return probes?.p50 === undefined ? undefined : { kind: 'measured', ms: probes.p50, n: probes.n };
    }),
  );
}

/** Regions with what they promise, the nearest to the venues first; those nobody can place last. */
export function rankRegions(regions: readonly CloudRegion[], here: readonly LegHere[]): CloudRegionOffer[] {
  return regions
    .map((region) => ({
      id: region.id,
      city: region.city,
      country: region.country,
      prediction: outlookByMap(placeOf(region), here),
    }))
    .sort((a, b) => floorOf(a) - floorOf(b) || (a.city < b.city ? -1 : 1));
}

export function placeOf({ latitude, longitude }: CloudRegion): Place | undefined {
  return latitude === undefined || longitude === undefined ? undefined : { latitude, longitude };
}

/** The slowest floor to a venue whose place is known. */
function floorOf({ prediction }: CloudRegionOffer): number {
  const floors = prediction.legs.flatMap(({ roundTrip }) => (roundTrip?.kind === 'map' ? [roundTrip.floorMs] : []));
  return floors.length === 0 ? Number.POSITIVE_INFINITY : Math.max(...floors);
}

function thereOf(roundTrip: (venue: VenueName) => RoundTripThere | undefined): There {
  const there: There = {};
  for (const venue of VENUE_NAMES) {
    const found = roundTrip(venue);
    if (found) there[venue] = found;
  }
  return there;
}

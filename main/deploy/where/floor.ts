/** A point on the earth, degrees. */
export interface Place {
  latitude: number;
  longitude: number;
}

const EARTH_RADIUS_KM = 6371;
/** Light in glass: 299,792 km/s over a group index of 1.468. */
const FIBRE_KM_PER_MS = 299_792.458 / 1.468 / 1000;

/** Great-circle distance in km (haversine). */
export function distanceKm(a: Place, b: Place): number {
  const [latA, latB] = [radians(a.latitude), radians(b.latitude)];
  const half = Math.sin((latB - latA) / 2) ** 2;
  const across = Math.cos(latA) * Math.cos(latB) * Math.sin(radians(b.longitude - a.longitude) / 2) ** 2;
  return 2 * EARTH_RADIUS_KM * Math.asin(Math.sqrt(half + across));
}

/** Round trip, ms, that no line between the two can beat: light in a straight fibre and nothing else. */
export function floorRoundTripMs(a: Place, b: Place): number {
  return (2 * distanceKm(a, b)) / FIBRE_KM_PER_MS;
}

/**
 * What real lines need beyond the floor. Long lines took 1.26 (Montreal) to 2.11 times (Frankfurt) the floor to Tokyo in
 * 54,463 recorded order round trips from 13 AWS regions (crypto-exchanges-latencies-test, MIT), taken as the smallest
 * round trip less that from Tokyo itself; rounded outwards. Within a region switches and virtual machines cost more than
 * the distance.
 */
export const LINE_FACTOR = { low: 1.2, high: 2.2 } as const;
export const LOCAL_ROUND_TRIP_MS = { low: 0.5, high: 5 } as const;

function radians(degrees: number): number {
  return (degrees * Math.PI) / 180;
}

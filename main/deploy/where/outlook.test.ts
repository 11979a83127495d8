import { expect, it } from 'vitest';
import { PUBLISHED_ENDPOINTS } from '../../../engine/protocol/endpoints.ts';
import type { CloudRegion } from '../providers/provider.ts';
import { outlookByFacts, outlookByMap, outlookByMeasure, rankRegions } from './outlook.ts';
import type { LegHere } from './predict.ts';

const here: LegHere[] = [
  { venue: 'paradex', roundTripMs: 376, roundTrips: 60, orderToAckMs: 386, n: 90 },
  { venue: 'vest', roundTripMs: 370, roundTrips: 60, orderToAckMs: 384, n: 90 },
];
const regions: CloudRegion[] = [
  { id: 'eu-west-3', city: 'Paris', country: 'EU', latitude: 48.86, longitude: 2.35 },
  { id: 'xx-new-1', city: 'Nowhere', country: '' },
  { id: 'ap-northeast-1', city: 'Tokyo', country: 'AS', latitude: 35.68, longitude: 139.77 },
  { id: 'ap-southeast-1', city: 'Singapore', country: 'AS', latitude: 1.35, longitude: 103.82 },
];

it('puts the region nearest to the venues first and the ones nobody can place last', () => {
  const ranked = rankRegions(regions, here);
  expect(ranked.map(({ city }) => city)).toEqual(['Tokyo', 'Singapore', 'Paris', 'Nowhere']);
  expect(ranked[0]?.prediction.legs[0]).toMatchObject({ venue: 'paradex', roundTrip: { kind: 'map', floorMs: 0 } });
  expect(ranked[3]?.prediction.legs.every(({ roundTrip }) => roundTrip === undefined)).toBe(true);
});

it('promises nothing for a trade while one venue’s place is unknown', () => {
  expect(rankRegions(regions, here)[0]?.prediction).toMatchObject({ orderToAckHereMs: 386 });
  expect(rankRegions(regions, here)[0]?.prediction.orderToAck).toBeUndefined();
  expect(outlookByMap(undefined, here).legs.map((leg) => leg.orderToAck)).toEqual([undefined, undefined]);
});

it('takes what a preflight has timed there as one measurement each', () => {
  const venueConnectMs = [
    { host: 'api.prod.paradex.trade', ms: 3.2 },
    { host: 'somewhere.else', ms: 1 },
  ];
  const { legs, orderToAck } = outlookByFacts({ venueConnectMs }, PUBLISHED_ENDPOINTS.production, here);
  expect(legs[0]).toMatchObject({ roundTrip: { kind: 'measured', ms: 3.2, n: 1 }, orderToAck: { low: 13.2 } });
  expect(legs[1]?.roundTrip).toBeUndefined();
  expect(orderToAck).toBeUndefined();
});

it('takes the median of the agent’s own probes', () => {
  const none = { n: 0 };
  const venue = (name: 'paradex' | 'vest', p50: number | undefined) => ({
    venue: name,
    host: name,
    tcpConnect: p50 === undefined ? none : { n: 20, p50 },
    tls: none,
    restWarm: none,
    failed: p50 === undefined ? 20 : 0,
  });
  const both = outlookByMeasure({ startedAt: 0, venues: [venue('paradex', 3), venue('vest', 14)] }, here);
  expect(both.orderToAck).toEqual({ low: 28, high: 28 });
  const one = outlookByMeasure({ startedAt: 0, venues: [venue('paradex', 3), venue('vest', undefined)] }, here);
  expect(one.legs[1]?.roundTrip).toBeUndefined();
});

import { expect, test } from 'vitest';
import { distanceKm, floorRoundTripMs } from './floor.ts';
import { predict, roundTripByMap, type LegHere } from './predict.ts';

const paris = { latitude: 48.86, longitude: 2.35 };
const tokyo = { latitude: 35.68, longitude: 139.77 };

const here: LegHere[] = [
  { venue: 'paradex', roundTripMs: 376, roundTrips: 60, orderToAckMs: 386, n: 90 },
  { venue: 'vest', roundTripMs: 370, roundTrips: 60, orderToAckMs: 384, n: 90 },
];

test('light needs about 95 ms from Paris to Tokyo and back', () => {
  expect(distanceKm(paris, tokyo)).toBeCloseTo(9714, -2);
  expect(floorRoundTripMs(paris, tokyo)).toBeGreaterThan(94);
  expect(floorRoundTripMs(paris, tokyo)).toBeLessThan(97);
  expect(floorRoundTripMs(tokyo, tokyo)).toBe(0);
});

test('a measured round trip replaces the line and keeps the venue’s own time', () => {
  const { legs, orderToAck, orderToAckHereMs } = predict(here, {
    paradex: { kind: 'measured', ms: 3, n: 20 },
    vest: { kind: 'measured', ms: 14, n: 20 },
  });
  expect(legs.map((leg) => leg.orderToAck)).toEqual([
    { low: 13, high: 13 },
    { low: 28, high: 28 },
  ]);
  expect(orderToAck).toEqual({ low: 28, high: 28 });
  expect(orderToAckHereMs).toBe(386);
});

test('from the map it is a range, never below the floor', () => {
  const trip = roundTripByMap(paris, 'paradex');
  expect(trip).toMatchObject({ kind: 'map' });
  if (trip?.kind !== 'map') throw new Error('no range');
  expect(trip.range.low).toBeGreaterThan(trip.floorMs);
  expect(trip.range.high).toBeGreaterThan(trip.range.low);
  const near = roundTripByMap(tokyo, 'paradex');
  expect(near).toEqual({ kind: 'map', floorMs: 0, range: { low: 0.5, high: 5 } });
});

test('a venue whose place is unknown is not predicted, and then the trade is not either', () => {
  expect(roundTripByMap(tokyo, 'vest')).toBeUndefined();
  const prediction = predict(here, { paradex: { kind: 'measured', ms: 3, n: 20 } });
  expect(prediction.orderToAck).toBeUndefined();
  expect(prediction.legs[0]?.orderToAck).toEqual({ low: 13, high: 13 });
  expect(prediction.legs[1]).toEqual({ venue: 'vest', here: here[1] });
});

test('a line that seems slower than the whole order adds nothing below zero', () => {
  const odd: LegHere[] = [{ venue: 'paradex', roundTripMs: 400, roundTrips: 9, orderToAckMs: 390, n: 9 }];
  expect(predict(odd, { paradex: { kind: 'measured', ms: 2, n: 9 } }).legs[0]?.orderToAck).toEqual({ low: 2, high: 2 });
});

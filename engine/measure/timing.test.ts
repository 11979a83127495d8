import { describe, expect, it } from 'vitest';
import type { OrderStamps } from '../core/types.ts';
import { legTiming, timingBreakdown } from './timing.ts';

const paradex: OrderStamps = {
  t0VenueEventMs: 812,
  t1ReceivedMs: 999.5,
  t2SignalMs: 1000,
  t3SignedMs: 1000.1,
  t4HandedOverMs: 1000.4,
  t5VenueReceivedMs: 1188.4,
  t6MatchedMs: 1198.4,
  t7PublishedMs: 1198.6,
  ackReceivedMs: 1386.4,
  t8ConfirmedMs: 1386.6,
};
const vest: OrderStamps = { t4HandedOverMs: 1000.6, ackReceivedMs: 1386.6, t6MatchedMs: 1199.6, t8ConfirmedMs: 1390 };

describe('legTiming', () => {
  it('gives stamps relative to the signal and the durations of product.md 4', () => {
    const leg = legTiming(paradex, 1000);
    expect(leg.stamps.t0).toBeCloseTo(-188, 9);
    expect(leg.stamps.t8).toBeCloseTo(386.6, 9);
    expect(leg.feedAgeMs).toBeCloseTo(187.5, 9);
    expect(leg.signalToOrderMs).toBeCloseTo(0.4, 9);
    expect(leg.orderToAckMs).toBeCloseTo(386, 9);
    expect(leg.orderToConfirmMs).toBeCloseTo(386.2, 9);
  });

  it('splits order_to_confirm without a rest', () => {
    const leg = legTiming(paradex, 1000);
    expect(leg.lineOutMs! + leg.venueMs! + leg.lineBackMs!).toBeCloseTo(leg.orderToConfirmMs!, 9);
    expect(leg.venueMs).toBeCloseTo(10.2, 9);
  });

  it('leaves out what the venue does not stamp', () => {
    const leg = legTiming(vest, 1000);
    expect(leg.feedAgeMs).toBeUndefined();
    expect(leg.lineOutMs).toBeUndefined();
    expect(leg.venueMs).toBeUndefined();
    expect(leg.lineBackMs).toBeCloseTo(190.4, 9);
  });
});

describe('timingBreakdown', () => {
  it("takes the slower leg's values and the skew of the matches", () => {
    const timing = timingBreakdown([paradex, vest], 1000, 990);
    expect(timing.detectionToSignalMs).toBe(10);
    expect(timing.signalToOrderMs).toBeCloseTo(0.6, 9);
    expect(timing.orderToConfirmMs).toBeCloseTo(389.4, 9);
    expect(timing.legSkewMs).toBeCloseTo(1.2, 9);
    expect(timing.totalMs).toBe(400);
  });

  it('does not present the known leg as the slower one while the other is unknown', () => {
    const timing = timingBreakdown([paradex, { t4HandedOverMs: 1001 }], 1000, 1000);
    expect(timing.orderToConfirmMs).toBeUndefined();
    expect(timing.totalMs).toBeUndefined();
    expect(timing.signalToOrderMs).toBe(1);
  });
});

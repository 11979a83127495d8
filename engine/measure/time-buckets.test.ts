import { describe, expect, it } from 'vitest';
import { TimeBuckets } from './time-buckets.ts';

describe('TimeBuckets', () => {
  it("keeps each bucket's own percentiles, per venue and stage", () => {
    const buckets = new TimeBuckets(1000, 10);
    buckets.record(500, 'vest', 'orderToAck', 386);
    buckets.record(900, 'vest', 'orderToAck', 390);
    buckets.record(999, 'paradex', 'orderToConfirm', 41);
    buckets.record(1000, 'vest', 'orderToAck', 41);
    buckets.record(1000, 'vest', 'orderToConfirm', undefined);
    const list = buckets.list();
    expect(list.map(({ startAt, venue }) => [startAt, venue])).toEqual([
      [0, 'vest'],
      [0, 'paradex'],
      [1000, 'vest'],
    ]);
    expect(list[0]!.orderToAck.n).toBe(2);
    expect(list[0]!.orderToConfirm).toEqual({ n: 0 });
    expect(list[2]!.orderToAck.p50! / 41).toBeCloseTo(1, 1);
  });

  it('merges pairs instead of growing, and loses no value', () => {
    const buckets = new TimeBuckets(1000, 8);
    for (let second = 0; second < 1000; second++) buckets.record(second * 1000, 'vest', 'orderToConfirm', second);
    const list = buckets.list();
    expect(list.length).toBeLessThanOrEqual(8);
    expect(list.reduce((sum, bucket) => sum + bucket.orderToConfirm.n, 0)).toBe(1000);
    expect(list[0]!.lengthMs).toBe(128_000);
    expect(list[0]!.startAt).toBe(0);
    expect(list[1]!.startAt).toBe(128_000);
    expect(list[0]!.orderToConfirm.max! / 127).toBeCloseTo(1, 1);
  });
});

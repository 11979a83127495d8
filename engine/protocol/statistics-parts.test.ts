import fc from 'fast-check';
import { expect, it } from 'vitest';
import type { LatencyBucket, Statistics } from './model.ts';
import { joinStatistics, nextStatisticsPart } from './statistics-parts.ts';

const MAX_VALUES = 40;
const MAX_BUCKETS = 12;
const MAX_LIST_CHARS = 300;
const nothing = { n: 0 };
const none: Statistics = {
  entries: 0,
  exits: 0,
  missed: 0,
  unwound: 0,
  grossE8: 0,
  feesE8: 0,
  netE8: 0,
  slippage: nothing,
  slippageByLeg: [],
  slippageEntry: nothing,
  slippageExit: nothing,
  slippageValues: [],
  latency: [],
  latencyBuckets: [],
  detectionToSignal: nothing,
  loopDelay: nothing,
};

/** A desk's two lists as they grow: values fall out at the front, buckets are merged when there are too many. */
class GrowingLists {
  private readonly values: number[] = [];
  private readonly times: number[] = [];
  private lengthMs = 1_000;

  add(value: number, at: number): void {
    this.values.push(value);
    if (this.values.length > MAX_VALUES) this.values.shift();
    this.times.push(at);
    while (this.buckets().length > MAX_BUCKETS) this.lengthMs *= 2;
  }

  build(): Statistics {
    const { values, times } = this;
    return { ...none, entries: times.length, slippageValues: [...values], latencyBuckets: this.buckets() };
  }

  private buckets(): LatencyBucket[] {
    const { lengthMs } = this;
    const counts = new Map<number, number>();
    for (const at of this.times) {
      const startAt = Math.floor(at / lengthMs) * lengthMs;
      counts.set(startAt, (counts.get(startAt) ?? 0) + 1);
    }
    return [...counts].map(([startAt, n]) => {
      const orderToAck = { n, p50: 40 + n };
      return { startAt, lengthMs, venue: 'vest', orderToConfirm: nothing, orderToAck };
    });
  }
}

it('brings a client to the same lists whatever changed since its own, in parts of a bounded size', () => {
  const step = fc.record({ value: fc.constantFrom(0, 0, 1.25, 2.5), ms: fc.nat(4_000), sends: fc.nat(2) });
  fc.assert(
    fc.property(fc.array(step, { maxLength: 120 }), fc.boolean(), (steps, isKnown) => {
      const desk = new GrowingLists();
      let known: Statistics | undefined = isKnown ? none : undefined;
      let client: Statistics | undefined = none;
      const send = (): boolean => {
        const { part, kept, then, isComplete } = nextStatisticsPart(known, desk.build(), MAX_LIST_CHARS);
        known = then;
        client = joinStatistics(client, part, kept);
        expect(client).toEqual(then);
        expect(part.entries).toBe(desk.build().entries);
        const [entry = ''] = part.latencyBuckets.map((bucket) => JSON.stringify(bucket));
        const chars = JSON.stringify([part.slippageValues, part.latencyBuckets]).length;
        expect(chars).toBeLessThan(MAX_LIST_CHARS + 2 * Math.max(entry.length, 20));
        return isComplete;
      };
      let at = 0;
      for (const { value, ms, sends } of steps) {
        desk.add(value, (at += ms));
        for (let count = 0; count < sends; count += 1) send();
      }
      let rounds = 0;
      while (!send()) expect((rounds += 1)).toBeLessThan(50);
      expect(client).toEqual(desk.build());
    }),
  );
});

it('sends one new value and the bucket it fell into, not the rest', () => {
  const desk = new GrowingLists();
  for (let index = 0; index < 100; index += 1) desk.add(index, index * 400);
  const known = desk.build();
  desk.add(100, 100 * 400);
  const { part, isComplete } = nextStatisticsPart(known, desk.build(), MAX_LIST_CHARS);
  expect([part.slippageValues, part.latencyBuckets.length, isComplete]).toEqual([[100], 1, true]);
});

it('tells when a client lacks what a part goes on from', () => {
  const known = { ...none, slippageValues: [1, 2] };
  expect(joinStatistics(known, none, { slippageValues: [0, 3], latencyBuckets: [0, 0] })).toBeUndefined();
  expect(joinStatistics(undefined, none, { slippageValues: [0, 0], latencyBuckets: [0, 0] })).toBeUndefined();
  expect(joinStatistics(undefined, none, undefined)).toBe(none);
});

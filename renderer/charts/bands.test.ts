import { expect, test } from 'vitest';
import type { LatencyBucket } from '../../engine/protocol/model.ts';
import { bandPath, linePath } from './bands.ts';

const same = (value: number) => value;

function bucket(startAt: number, p50: number | undefined): LatencyBucket {
  const values = p50 === undefined ? { n: 0 } : { n: 3, p50, p95: p50 + 10, p99: p50 + 20 };
  return { startAt, lengthMs: 10, venue: 'vest', orderToConfirm: values, orderToAck: { n: 0 } };
}

test('adjoining buckets make one line of steps, a missing one breaks it', () => {
  const path = linePath([bucket(0, 5), bucket(10, 6), bucket(30, 7)], same, same, (each) => each.orderToConfirm.p50);
  expect(path).toBe('M0.0 5.0L10.0 5.0L10.0 6.0L20.0 6.0M30.0 7.0L40.0 7.0');
});

test('a bucket without the value is left out', () => {
  expect(linePath([bucket(0, undefined)], same, same, (each) => each.orderToConfirm.p50)).toBe('');
});

test('a band goes out on its upper and back on its lower edge', () => {
  const path = bandPath(
    [bucket(0, 5)],
    same,
    same,
    (each) => each.orderToConfirm.p95,
    (each) => each.orderToConfirm.p50,
  );
  expect(path).toBe('M0.0 15.0L10.0 15.0L10.0 5.0L0.0 5.0Z');
});

import fc from 'fast-check';
import { expect, test } from 'vitest';
import { DeadlineHeap } from './deadline-heap.ts';

test('entries come out by time, equal times in order of insertion, cancelled ones not at all', () => {
  fc.assert(
    fc.property(fc.array(fc.tuple(fc.integer({ min: 0, max: 9 }), fc.boolean())), (calls) => {
      const heap = new DeadlineHeap();
      const got: number[] = [];
      calls.forEach(([atUs, cancelled], index) => {
        heap.add(atUs, () => got.push(index)).cancelled = cancelled;
      });
      for (let next = heap.pop(); next; next = heap.pop()) next.fn();
      const expected = calls
        .map(([atUs, cancelled], index) => ({ atUs, cancelled, index }))
        .filter((call) => !call.cancelled)
        .sort((a, b) => a.atUs - b.atUs || a.index - b.index);
      expect(got).toEqual(expected.map((call) => call.index));
    }),
  );
});

test('entries added while draining keep the order', () => {
  const heap = new DeadlineHeap();
  const got: string[] = [];
  heap.add(5, () => got.push('later'));
  heap.add(1, () => {
    got.push('first');
    heap.add(3, () => got.push('between'));
  });
  for (let next = heap.pop(); next; next = heap.pop()) next.fn();
  expect(got).toEqual(['first', 'between', 'later']);
});

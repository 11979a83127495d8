import { describe, expect, it } from 'vitest';
import { createEventRing } from './event-ring.ts';
import { emptySnapshot, noticeEvent } from './fake-desk.test-helper.ts';

const entry = (sequence: number, text = 'x') => ({ sequence, text, event: noticeEvent(text) });

describe('event ring', () => {
  it('returns what came after a number, nothing when there is nothing, undefined when it does not know', () => {
    const ring = createEventRing(10, 100, 1000);
    expect(ring.after(10)).toEqual([]);
    expect(ring.after(9)).toBeUndefined();
    ring.push(entry(11));
    ring.push(entry(12));
    expect(ring.after(10)?.map(({ sequence }) => sequence)).toEqual([11, 12]);
    expect(ring.after(12)).toEqual([]);
    expect(ring.after(13)).toBeUndefined();
  });

  it('forgets the oldest beyond its bounds of events and of characters', () => {
    const byCount = createEventRing(0, 2, 1000);
    for (const sequence of [1, 2, 3]) byCount.push(entry(sequence));
    expect(byCount.after(0)).toBeUndefined();
    expect(byCount.after(1)?.length).toBe(2);
    const byChars = createEventRing(0, 100, 10);
    byChars.push(entry(1, 'x'.repeat(8)));
    byChars.push(entry(2, 'x'.repeat(8)));
    expect(byChars.after(0)).toBeUndefined();
    expect(byChars.after(1)?.length).toBe(1);
    byChars.push(entry(3, 'x'.repeat(11)));
    expect(byChars.after(3)).toEqual([]);
    expect(byChars.after(2)).toBeUndefined();
  });

  it('keeps of a state only the latest, which replaces all before', () => {
    const { statistics } = emptySnapshot('boot');
    const ring = createEventRing(0, 100, 20);
    for (const sequence of [1, 3, 5]) {
      ring.push({ sequence, text: 'x'.repeat(10), event: { type: 'statistics', statistics } });
      ring.push(entry(sequence + 1));
    }
    expect(ring.after(0)?.map(({ sequence }) => sequence)).toEqual([2, 4, 5, 6]);
    expect(ring.after(3)?.map(({ sequence }) => sequence)).toEqual([4, 5, 6]);
    expect(ring.after(5)?.map(({ sequence }) => sequence)).toEqual([6]);
    ring.restart(9);
    expect([ring.after(6), ring.after(9)]).toEqual([undefined, []]);
  });
});

import { describe, expect, it } from 'vitest';
import { bestSpreadsBps, segmentWith } from './opportunities.ts';
import type { Quote } from './recorded-quotes.ts';

/** A at 100 with no width; B's bid gives the spread in bps. */
function quotes(...steps: [atMs: number, spreadBps: number][]): Quote[] {
  const a: Quote = { atMs: 0, venue: 'A', bidPriceE8: 100_0000, bidSizeE8: 1, askPriceE8: 100_0000, askSizeE8: 1 };
  return [
    a,
    ...steps.map(([atMs, spreadBps]): Quote => ({
      ...a,
      atMs,
      venue: 'B',
      bidPriceE8: 100_0000 + spreadBps * 100,
      askPriceE8: 101_0000 + spreadBps * 100,
    })),
  ];
}

describe('opportunities', () => {
  it('are measured at the better direction', () => {
    expect(bestSpreadsBps(quotes([1, 3], [2, -2]))).toEqual([Number.NaN, expect.closeTo(3, 9), expect.closeTo(-2, 9)]);
  });

  it('end the segment when enough of them lasted long enough; one quote counts once', () => {
    const up: [number, number][] = [];
    for (let index = 0; index < 20; index++) up.push([index * 100, 0], [index * 100 + 40, 10]);
    const { quotes: segment, thresholdsBps } = segmentWith(quotes(...up), 5, 50);
    expect(Math.max(...thresholdsBps)).toBeCloseTo(10, 9);
    // Five closings at 10 bps: the fifth at 500 ms.
    expect(segment.at(-1)!.atMs).toBe(500);
    expect(segmentWith(quotes(...up), 5, 70).quotes).toHaveLength(41);
  });
});

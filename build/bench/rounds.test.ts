import { describe, expect, it } from 'vitest';
import { meets, side, significant } from './bar.ts';
import { interleave, median, quantile, timedUs } from './rounds.ts';

describe('quantiles', () => {
  it('lie between the two nearest ranks, whatever the order', () => {
    expect(median([3, 1, 2])).toBe(2);
    expect(median([4, 1, 3, 2])).toBe(2.5);
    expect(quantile([10, 20, 30, 40, 50], 0.95)).toBeCloseTo(48, 9);
    expect([quantile([7], 0), quantile([7], 1)]).toEqual([7, 7]);
  });

  it('do not change what they are given', () => {
    const values = [3, 1, 2];
    quantile(values, 0.5);
    expect(values).toEqual([3, 1, 2]);
  });

  it('of nothing are refused', () => {
    expect(() => median([])).toThrow(RangeError);
  });
});

describe('interleave', () => {
  it('runs both sides in turns, alternating who begins, and leaves the warm-up out', async () => {
    const calls: string[] = [];
    const result = await interleave({
      rounds: 3,
      warmUpRounds: 1,
      ours: (round) => (calls.push(`ours${round}`), round),
      peer: async (round) => (calls.push(`peer${round}`), round * 10),
    });
    expect(calls).toEqual(['ours0', 'peer0', 'peer1', 'ours1', 'ours2', 'peer2', 'peer3', 'ours3']);
    expect(result).toEqual({ ours: [1, 2, 3], peer: [10, 20, 30] });
  });

  it('asks a side again that gave no figure, and gives up in the end', async () => {
    let tries = 0;
    const once = await interleave({
      rounds: 1,
      warmUpRounds: 0,
      ours: () => (++tries < 3 ? undefined : 5),
      peer: () => 6,
    });
    expect(once).toEqual({ ours: [5], peer: [6] });
    await expect(interleave({ rounds: 1, warmUpRounds: 0, ours: () => undefined, peer: () => 6 })).rejects.toThrow(
      '"ours" gave no figure',
    );
  });
});

describe('figures', () => {
  it('time is per call', () => {
    let calls = 0;
    const us = timedUs(100, () => {
      calls++;
      const until = performance.now() + 0.05;
      while (performance.now() < until);
    });
    expect(calls).toBe(100);
    expect(us).toBeGreaterThanOrEqual(50);
  });

  it('a side has median, p95 and n; four digits', () => {
    expect(side('x', [1, 2, 3])).toEqual({ what: 'x', p50: 2, p95: 2.9, n: 3 });
    expect(significant(123.456789)).toBe(123.5);
  });

  it('a bar is met on its own side, exactly at it too', () => {
    expect([meets('atLeast', 20, 20), meets('atLeast', 19.9, 20)]).toEqual([true, false]);
    expect([meets('atMost', 0.125, 0.125), meets('atMost', 0.13, 0.125)]).toEqual([true, false]);
  });
});

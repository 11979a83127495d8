import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { seededRandom } from './distribution.ts';
import { LATENCY_SPIKES, SLIPPAGE_SPIKES, SpikeSeries, type SeriesChange, type SpikeConfig } from './spikes-series.ts';

const MINUTE_MS = 60_000;

/** Feeds `values` a minute apart; returns what was told, with the index of the sample that did. */
function run(values: Iterable<number>, config: SpikeConfig = LATENCY_SPIKES, periodMs = MINUTE_MS) {
  const series = new SpikeSeries(config);
  const changes: (SeriesChange & { index: number })[] = [];
  let index = 0;
  for (const value of values) {
    const change = series.add(value, index * periodMs);
    if (change) changes.push({ ...change, index });
    index++;
  }
  return { changes, series };
}

const noises = {
  normal: (random: () => number) => Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random()),
  uniform: (random: () => number) => (random() - 0.5) * Math.sqrt(12),
  exponential: (random: () => number) => -Math.log(1 - random()),
};
type NoiseName = keyof typeof noises;
const noisy = (name: NoiseName, seed: number, count: number, level: number, scale: number): number[] => {
  const random = seededRandom(seed);
  return Array.from({ length: count }, () => level + scale * noises[name](random));
};
const anyNoise = fc.record({
  name: fc.constantFrom<NoiseName>('normal', 'uniform', 'exponential'),
  seed: fc.integer({ min: 0, max: 2 ** 31 }),
});

describe('spike series', () => {
  it.each<[NoiseName, number]>([
    ['normal', 1],
    ['uniform', 0],
    // Heavy tail, the shape of latencies: 1 in 1,000 at most.
    ['exponential', 100],
  ])('starts on stationary %s noise at most %d times in 100,000 samples', (name, most) => {
    // Scale large against the level: the floors of the rise do not help.
    const { changes } = run(noisy(name, 7, 100_000, 100, 100));
    expect(changes.filter(({ phase }) => phase === 'start').length).toBeLessThanOrEqual(most);
  });

  it('finds a planted step of 12 sigma at its second sample, third at the latest, and its end five after it is over', () => {
    fc.assert(
      fc.property(anyNoise, fc.integer({ min: 6, max: 35 }), ({ name, seed }, length) => {
        const usual = noisy(name, seed, 40, 386, 3);
        const step = noisy(name, seed + 1, length, 386 + 97 + 36, 3);
        const after = noisy(name, seed + 2, 10, 386, 3);
        const { changes } = run([...usual, ...step, ...after]);
        const [start, end] = changes;
        expect(changes.map(({ phase }) => phase)).toEqual(['start', 'end']);
        expect([41, 42]).toContain(start!.index);
        expect(end!.index).toBe(40 + length + 4);
        expect(end).toMatchObject({
          outcome: 'over',
          figures: { n: start!.index, startedAt: start!.index * MINUTE_MS },
        });
        expect(Math.abs(end!.figures.value - 519)).toBeLessThan(12);
        expect(Math.abs(start!.figures.baseline - 386)).toBeLessThan(6);
        expect(start!.figures.value).toBeGreaterThan(start!.figures.threshold);
      }),
      { numRuns: 200 },
    );
  });

  it('is not moved by one stalled order, however long', () => {
    const usual = noisy('normal', 3, 200, 386, 4);
    usual[100] = 30_000;
    expect(run(usual).changes).toEqual([]);
  });

  it('says nothing before the baseline has its minimum of samples', () => {
    expect(run([...noisy('normal', 3, 19 - 2, 386, 4), 900, 900]).changes).toEqual([]);
  });

  it('says nothing about a rise too small to matter, on however steady a line', () => {
    expect(run([...Array<number>(40).fill(41), ...Array<number>(30).fill(48)]).changes).toEqual([]);
    expect(run([...Array<number>(40).fill(0.2), ...Array<number>(30).fill(0.9)], SLIPPAGE_SPIKES).changes).toEqual([]);
    expect(run([...Array<number>(40).fill(-0.2), ...Array<number>(6).fill(1.2)], SLIPPAGE_SPIKES).changes).toHaveLength(
      1,
    );
  });

  it('turns input that flaps between usual and high into few events, never two within the cooldown', () => {
    fc.assert(
      fc.property(fc.array(fc.boolean(), { minLength: 100, maxLength: 400 }), (high) => {
        const periodMs = 5_000;
        const values = high.map((isHigh, index) => (isHigh ? 900 : 386) + (index % 5));
        const usual = noisy('normal', 1, 60, 386, 3);
        const { changes } = run([...usual, ...values], LATENCY_SPIKES, periodMs);
        const starts = changes.filter(({ phase }) => phase === 'start');
        const gaps = starts.slice(1).map((start, index) => start.index - starts[index]!.index);
        // A start, five low samples to its end at least, then twelve samples of cooldown.
        expect(Math.min(...gaps, Infinity)).toBeGreaterThanOrEqual(LATENCY_SPIKES.leaveAfter + 60_000 / periodMs);
        expect(changes.length).toBeLessThanOrEqual(2 + high.length / 9);
      }),
    );
    const strict = Array.from({ length: 400 }, (_, index) => (index % 2 === 0 ? 900 : 386));
    expect(run([...noisy('normal', 1, 60, 386, 3), ...strict]).changes.map(({ phase }) => phase)).toEqual([
      'start',
      'end',
    ]);
  });

  it('hovering around the threshold starts once: leaving needs half the rise back', () => {
    const usual = Array.from({ length: 40 }, (_, index) => 400 + (index % 3));
    const around = Array.from({ length: 30 }, (_, index) => (index % 2 === 0 ? 505 : 495));
    expect(run([...usual, ...around]).changes.map(({ phase }) => phase)).toEqual(['start']);
  });

  it('takes a level that stays for the new normal, and then calls a spike above that', () => {
    const { changes, series } = run([...noisy('normal', 5, 60, 100, 2), ...noisy('normal', 6, 60, 400, 2)]);
    expect(changes.map((change) => change.phase === 'end' && change.outcome)).toEqual([false, 'newNormal']);
    expect(changes[1]!.figures).toMatchObject({ samples: LATENCY_SPIKES.adoptAfter });
    expect(series.isSpiking).toBe(false);
    const again = [700, 700].map((value, index) => series.add(value, (200 + index) * MINUTE_MS));
    expect(again[1]).toMatchObject({ phase: 'start' });
    expect(again[1]!.figures.baseline).toBeCloseTo(400, -1);
  });

  it('keeps a bounded memory for any run length and any values', () => {
    fc.assert(
      fc.property(
        fc.array(fc.double({ min: -1e6, max: 1e6, noNaN: true }), { minLength: 500, maxLength: 1500 }),
        (values) => {
          const { series } = run(values);
          const held = JSON.stringify(series).match(/-?\d+(\.\d+)?(e[-+]?\d+)?/g) ?? [];
          const { windowSamples, enterOf, adoptAfter } = LATENCY_SPIKES;
          // Config, figures and the three lists.
          expect(held.length).toBeLessThan(windowSamples + enterOf + adoptAfter + 30);
        },
      ),
      { numRuns: 20 },
    );
  });
});

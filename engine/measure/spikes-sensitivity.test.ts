import { expect, it } from 'vitest';
import { spikeSensitivitySchema } from '../protocol/messages.ts';
import { seededRandom } from './distribution.ts';
import { spikeConfigs } from './spikes-sensitivity.ts';
import { SpikeSeries } from './spikes-series.ts';
import { SpikeDetector, type EpisodeSample } from './spikes.ts';

const MINUTE_MS = 60_000;

it.each([
  ['low', 1_000, 1],
  ['usual', 250, 1],
  ['high', 120, 30],
] as const)(
  '%s finds a step of %d ms on a line of 386 ms, with at most %d false starts in 100,000 samples',
  (sensitivity, stepMs, most) => {
    const random = seededRandom(5);
    const normal = () => Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
    const series = new SpikeSeries(spikeConfigs(sensitivity).latency);
    let falseStarts = 0;
    for (let at = 0; at < 100_000; at++) {
      // Scale large against the level: the floors of the rise do not help.
      if (series.add(386 + 390 * normal(), at * MINUTE_MS)?.phase === 'start') falseStarts++;
    }
    expect(falseStarts).toBeLessThanOrEqual(most);
    const steady = new SpikeSeries(spikeConfigs(sensitivity).latency);
    for (let at = 0; at < 60; at++) steady.add(386 + 12 * normal(), at * MINUTE_MS);
    const told = [0, 1, 2].map((at) => steady.add(386 + stepMs, (60 + at) * MINUTE_MS)?.phase);
    expect(told).toContain('start');
  },
);

it('is lower for each step of the choice', () => {
  const rises = spikeSensitivitySchema.options.map((each) => spikeConfigs(each).latency.enterSigmas);
  expect(rises).toEqual(rises.toSorted((a, b) => b - a));
});

it('takes effect at the next measurement, in series that run already and in those to come', () => {
  const detector = new SpikeDetector(spikeConfigs('low'));
  const episode = (index: number, ms: number): EpisodeSample => ({
    at: index * MINUTE_MS,
    legs: [{ venue: 'vest', orderToConfirmMs: ms + (index % 4), stages: {} }],
  });
  for (let index = 0; index < 30; index++) detector.add(episode(index, 386));
  // 36 % above: too little for `low`, enough for `usual`.
  for (let index = 30; index < 34; index++) expect(detector.add(episode(index, 526))).toEqual([]);
  detector.configure(spikeConfigs('usual'));
  const told = [34, 35].flatMap((index) => detector.add(episode(index, 526)));
  expect(told).toMatchObject([{ phase: 'start', venue: 'vest' }]);
});

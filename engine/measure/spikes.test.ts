import { expect, it } from 'vitest';
import { SpikeDetector, type EpisodeSample } from './spikes.ts';

const MINUTE_MS = 60_000;

function episode(index: number, extraBackMs = 0, slippageBps = 0.4): EpisodeSample {
  const wobbleMs = (index % 4) / 2;
  const stages = { lineOut: 188 + wobbleMs, venue: 10, lineBack: 188 + extraBackMs, ours: 0.4 };
  return {
    at: index * MINUTE_MS,
    slippageBps: slippageBps + wobbleMs / 10,
    legs: [
      { venue: 'paradex', orderToConfirmMs: 386 + wobbleMs + extraBackMs, orderToAckMs: 386 + wobbleMs, stages },
      { venue: 'vest', orderToConfirmMs: 390 + wobbleMs, stages: {} },
    ],
  };
}

it('tells which leg, metric and stage moved, and the same stage at the end', () => {
  const detector = new SpikeDetector();
  const changes = Array.from({ length: 80 }, (_, index) =>
    detector.add(episode(index, index >= 40 && index < 50 ? 400 : 0)),
  ).flat();
  expect(changes).toMatchObject([
    {
      phase: 'start',
      metric: 'orderToConfirm',
      venue: 'paradex',
      stage: { name: 'lineBack', movedMs: 400 },
      figures: { n: 41, samples: 2 },
    },
    {
      phase: 'end',
      outcome: 'over',
      venue: 'paradex',
      stage: { name: 'lineBack', movedMs: 400 },
      figures: { samples: 10 },
    },
  ]);
});

it('slippage is judged per episode and names no venue and no stage', () => {
  const detector = new SpikeDetector();
  const changes = Array.from({ length: 60 }, (_, index) =>
    detector.add(episode(index, 0, index >= 50 ? 8.4 : 0.4)),
  ).flat();
  expect(changes).toMatchObject([{ phase: 'start', metric: 'slippage', figures: { n: 51 } }]);
  expect(changes[0]).not.toHaveProperty('venue');
  expect(changes[0]!.figures.value).toBeCloseTo(8.5, 0);
});

it('names no stage where the venue stamps none', () => {
  const detector = new SpikeDetector();
  const slow = (index: number): EpisodeSample => ({
    at: index * MINUTE_MS,
    legs: [{ venue: 'vest', orderToConfirmMs: index >= 30 ? 900 : 390, stages: {} }],
  });
  const changes = Array.from({ length: 34 }, (_, index) => detector.add(slow(index))).flat();
  expect(changes).toMatchObject([{ phase: 'start', venue: 'vest', stage: undefined }]);
});

it('after a new normal the stages are learnt anew', () => {
  const detector = new SpikeDetector();
  const changes = Array.from({ length: 140 }, (_, index) =>
    detector.add(episode(index, index >= 130 ? 1200 : index >= 40 ? 400 : 0)),
  ).flat();
  expect(changes.map((change) => (change.phase === 'end' ? change.outcome : change.stage?.movedMs))).toEqual([
    400,
    'newNormal',
    800,
  ]);
});

import { beforeEach, expect, it } from 'vitest';
import { applyEvent } from '../protocol/apply.ts';
import { spikeSchema, type Episode, type LegRecord, type Snapshot, type Spike } from '../protocol/model.ts';
import type { OperatorLog } from './operator-log.ts';
import { SpikeWatch } from './spike-watch.ts';

const SIGNAL_AT = Date.UTC(2026, 0, 2);
const EPISODE_MS = 30_000;

let told: Spike[];
let lines: Record<string, unknown>[];
let watch: SpikeWatch;

const log: OperatorLog = {
  write: (event, fields) => void lines.push({ event, ...fields }),
  close: () => Promise.resolve(),
};
const create = () => new SpikeWatch(log, (spike) => told.push(spikeSchema.parse(spike)));

beforeEach(() => {
  [told, lines] = [[], []];
  watch = create();
});

/** An episode over a line that takes `outMs` to the venue. */
function episode(index: number, outMs = 188, slippageBps = 0.4 + (index % 3) / 10): Episode {
  const wobbleMs = (index % 5) / 2;
  const sentMs = 0.3;
  const leg: LegRecord = {
    venue: 'paradex',
    symbol: 'BTC-USD-PERP',
    side: 'SELL',
    purpose: 'entry',
    orderId: index,
    state: 'FILLED',
    sizeE8: 1e7,
    filledE8: 1e7,
    limitPriceE8: 6e12,
    reduceOnly: false,
    touchAtDetectionE8: 6e12,
    fills: [],
    stamps: { t2: 0, t4: sentMs, t5: sentMs + outMs, t6: sentMs + outMs + 10, t8: sentMs + outMs + 198 + wobbleMs },
    signature: 'ahead',
    signMs: 0,
    slotAgeMs: 5,
    orderToConfirmMs: outMs + 198 + wobbleMs,
    feedAgeEstimated: false,
    bookAtDetection: [],
  };
  return {
    kind: 'entry',
    state: 'complete',
    signalAt: SIGNAL_AT + index * EPISODE_MS,
    detectionSpreadBps: 2,
    slippageBps,
    detectionToSignalMs: 0,
    submission: 'parallel',
    legs: [leg],
  };
}

it('publishes start and end of a latency spike with its figures, stage and trades, and writes them to the log', () => {
  for (let index = 0; index < 60; index++) watch.add(index + 1, episode(index, index >= 30 && index < 36 ? 600 : 188));
  expect(told).toMatchObject([
    { metric: 'orderToConfirm', venue: 'paradex', tradeId: 32, n: 31, stage: { name: 'lineOut', movedMs: 412 } },
    {
      tradeId: 32,
      samples: 6,
      startedAt: SIGNAL_AT + 31 * EPISODE_MS,
      stage: { name: 'lineOut' },
      ended: { at: SIGNAL_AT + 40 * EPISODE_MS, tradeId: 41, outcome: 'over' },
    },
  ]);
  expect(told[0]!.ended).toBeUndefined();
  expect(lines).toMatchObject([
    { event: 'SPIKE_STARTED', trade_id: 32, exchange: 'paradex', stage: 'lineOut', n: 31 },
    { event: 'SPIKE_ENDED', trade_id: 41, outcome: 'over' },
  ]);
});

it('an engine that starts again knows baseline and running spike from its journal, without telling them again', () => {
  for (let index = 0; index < 34; index++) watch.learn(index + 1, episode(index, 188, index >= 30 ? 9 : 0.4));
  expect(watch.active()).toMatchObject([{ metric: 'slippage', tradeId: 32 }]);
  expect([told, lines]).toEqual([[], []]);
  for (let index = 34; index < 39; index++) watch.add(index + 1, episode(index));
  expect(told).toMatchObject([{ metric: 'slippage', tradeId: 32, ended: { tradeId: 39 } }]);
  expect(watch.active()).toEqual([]);
});

it('clients that apply its events hold the spikes that last', () => {
  const start: Spike = {
    metric: 'orderToAck',
    venue: 'vest',
    startedAt: SIGNAL_AT,
    tradeId: 3,
    value: 900,
    baseline: 386,
    threshold: 483,
    n: 40,
    samples: 2,
  };
  const other: Spike = { ...start, venue: 'paradex' };
  const ended: Spike = { ...start, ended: { at: SIGNAL_AT + 1, tradeId: 9, outcome: 'over' } };
  let snapshot = { sequence: 0 } as Snapshot;
  for (const spike of [start, other, ended])
    snapshot = applyEvent(snapshot, snapshot.sequence + 1, { type: 'spike', spike });
  expect(snapshot.spikes).toEqual([other]);
});

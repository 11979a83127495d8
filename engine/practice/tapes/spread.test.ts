import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { listTapes, shippedTapesFolder } from './catalogue.ts';
import { loadTape, type Tape } from './load-tape.ts';
import { bestSpreadBps, countEntries, measureSpread, percentileOf, type SpreadSeries } from './spread.ts';

const LAST_5_S_US = 5_000_000;

const loaded = new Map<string, { tape: Tape; series: SpreadSeries }>();

function shipped(id: string): { tape: Tape; series: SpreadSeries } {
  let entry = loaded.get(id);
  if (!entry) {
    const tape = loadTape(join(shippedTapesFolder(), id));
    entry = { tape, series: measureSpread(tape) };
    loaded.set(id, entry);
  }
  return entry;
}

describe.each(listTapes().map((file) => file.id))('shipped tape %s', (id) => {
  const { tape, series } = shipped(id);

  test('states its thresholds as percentiles of its own spread', () => {
    const { entry, exit } = tape.file.thresholds;
    expect(percentileOf(bestSpreadBps(series), entry.percentile)).toBeCloseTo(entry.bps, 1.7);
    // All three pairs are cheaper on the Paradex side most of the time: the reverse is buying on Vest.
    expect(percentileOf(series.bOverABps, exit.percentile)).toBeCloseTo(exit.bps, 1.7);
  });

  test('never shows a crossed or empty book', () => {
    for (const { updates } of [tape.markets.paradex, tape.markets.vest]) {
      expect(updates.levelStart[1]).toBeGreaterThan(200);
      expect(updates.timeUs.every((timeUs, i) => i === 0 || timeUs >= updates.timeUs[i - 1]!)).toBe(true);
    }
    expect(series.aOverBBps.every(Number.isFinite)).toBe(true);
    expect(series.aOverBBps.every((value, i) => value + series.bOverABps[i]! < 0.001)).toBe(true);
  });
});

test('USD-M against COIN-M: the measured supply of opportunities', () => {
  const { tape, series } = shipped('btc-usdm-coinm');
  const best = bestSpreadBps(series);
  expect(Math.round(tape.durationUs / 1e6)).toBe(343);
  expect(percentileOf(best, 100)).toBeCloseTo(11.59, 2);
  expect(percentileOf(best, 50)).toBeCloseTo(0.97, 2);
  expect(percentileOf(best, 95)).toBeCloseTo(2.48, 2);
  expect(percentileOf(best, 99)).toBeCloseTo(3.8, 2);
  const rule = { entryBps: 1.57, exitBps: -1.17, noEntryLastUs: LAST_5_S_US };
  expect(countEntries(series, tape.durationUs, { ...rule, direction: 'AOverB' })).toBe(57);
  expect(countEntries(series, tape.durationUs, { ...rule, direction: 'either' })).toBe(59);
});

test('COIN-M against spot: the measured supply of opportunities', () => {
  const { tape, series } = shipped('btc-coinm-spot');
  const rule = { entryBps: 2.61, exitBps: -2.21, noEntryLastUs: LAST_5_S_US, direction: 'AOverB' } as const;
  expect(Math.round(tape.durationUs / 1e6)).toBe(647);
  expect(countEntries(series, tape.durationUs, rule)).toBe(129);
});

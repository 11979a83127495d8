import { expect, it } from 'vitest';
import type { Snapshot, Trade } from '../protocol/model.ts';
import { emptySnapshot } from './fake-desk.test-helper.ts';
import { snapshotText } from './fit-snapshot.ts';

const trade = (id: number) => ({ id, journal: [{ sequence: 1, ms: 0, text: 'é'.repeat(2_000) }] }) as unknown as Trade;
const sent = (text: string) => (JSON.parse(text) as { snapshot: Snapshot }).snapshot;

it('leaves the oldest trades out until the message fits, and nothing when it fits', () => {
  const full = { ...emptySnapshot('b'), trades: Array.from({ length: 500 }, (_, index) => trade(500 - index)) };
  const limitBytes = 1024 * 1024;
  const text = snapshotText(full, limitBytes);
  expect(Buffer.byteLength(text)).toBeLessThanOrEqual(limitBytes);
  const kept = sent(text).trades.map(({ id }) => id);
  expect(kept.length).toBeGreaterThan(100);
  expect(kept).toEqual(full.trades.slice(0, kept.length).map(({ id }) => id));
  expect(sent(snapshotText(full, 100 * limitBytes)).trades.length).toBe(500);
});

it('leaves old spread points out when there are no trades to leave out', () => {
  const spread = Array.from({ length: 1_800 }, (_, at) => ({ at, aOverBBps: 1, bOverABps: -1 }));
  const kept = sent(snapshotText({ ...emptySnapshot('b'), spread }, 20_000)).spread;
  expect(kept.length).toBeGreaterThan(100);
  expect(kept.at(-1)).toEqual(spread.at(-1));
});

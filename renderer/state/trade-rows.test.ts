import { expect, test } from 'vitest';
import { sampleSnapshot } from '../sample/snapshot.ts';
import { matches, passes, tradeRows } from './trade-rows.ts';

const snapshot = sampleSnapshot();
const rows = tradeRows(snapshot.trades, snapshot.missed);
const words = () => 'soldé';

test('trades and missed opportunities stand together, newest first', () => {
  expect(rows).toHaveLength(snapshot.trades.length + snapshot.missed.length);
  expect(rows.map((row) => row.at)).toEqual(rows.map((row) => row.at).toSorted((a, b) => b - a));
});

test('each filter shows its kind only', () => {
  expect(rows.filter((row) => passes(row, 'traded'))).toHaveLength(snapshot.trades.length);
  expect(rows.filter((row) => passes(row, 'missed'))).toHaveLength(snapshot.missed.length);
  expect(rows.filter((row) => passes(row, 'doubt'))).toHaveLength(0);
});

test('a search finds numbers, networks and translated words, and wants all its words', () => {
  const found = (search: string) => rows.filter((row) => matches(row, search, words)).length;
  expect(found('#3')).toBe(1);
  expect(found('ADSL')).toBe(snapshot.trades.length);
  expect(found('soldé #3')).toBe(1);
  expect(found('soldé nothing')).toBe(0);
  expect(found('  ')).toBe(rows.length);
});

import { expect, test } from 'vitest';
import { sampleSnapshot } from '../sample/snapshot.ts';
import { spreadColumns, spreadMarks, spreadRange } from './spread-series.ts';

test('columns hold the better and the reverse direction of the points in view', () => {
  const columns = spreadColumns(
    [
      { at: 1000, aOverBBps: 1, bOverABps: -2 },
      { at: 2000, aOverBBps: -3, bOverABps: 2 },
    ],
    1500,
  );
  expect(columns).toEqual([[2], [2], [-3]]);
});

test('a pause in the series breaks the line', () => {
  const columns = spreadColumns(
    [
      { at: 1000, aOverBBps: 1, bOverABps: -2 },
      { at: 9000, aOverBBps: 1, bOverABps: -2 },
    ],
    0,
  );
  expect(columns[1]).toEqual([1, null, 1]);
});

test('marks are the entries, exits and missed signals in view, oldest first', () => {
  const snapshot = sampleSnapshot();
  const fromAt = snapshot.at - 120_000;
  const marks = spreadMarks(snapshot, fromAt);
  expect(marks.length).toBeGreaterThan(2);
  expect(marks.every((mark) => mark.at >= fromAt)).toBe(true);
  expect(marks.map((mark) => mark.at)).toEqual(marks.map((mark) => mark.at).toSorted((a, b) => a - b));
  expect(marks.filter((mark) => mark.kind === 'entry').every((mark) => mark.bps >= snapshot.desk.spreadEntryBps)).toBe(
    true,
  );
});

test('the axis always holds zero and both thresholds', () => {
  const [low, high] = spreadRange([[1], [0.4], [-0.6]], [], [10, -1.17]);
  expect(low).toBeLessThan(-1.17);
  expect(high).toBeGreaterThan(10);
  const [onlyZero] = spreadRange([[], [], []], [], [2, 1]);
  expect(onlyZero).toBeLessThan(0);
  const [, aboveMarks] = spreadRange([[], [], []], [{ bps: 7 }], [2, 1]);
  expect(aboveMarks).toBeGreaterThan(7);
});

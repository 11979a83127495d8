import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { loadTape, type TapeMarket } from './load-tape.ts';
import { bboRow, depthMessage, writeSmallTape } from './tape-folders.fixture.ts';

/** Updates as [time us, bids, asks, touchChanged] with ticks and steps. */
function updatesOf(market: TapeMarket): [number, number[][], number[][], boolean][] {
  const { updates } = market;
  const levels = (from: number, to: number): number[][] =>
    Array.from({ length: to - from }, (_, i) => [updates.levelTick[from + i]!, updates.levelSteps[from + i]!]);
  return Array.from({ length: updates.count }, (_, i) => [
    updates.timeUs[i]!,
    levels(updates.levelStart[i]!, updates.askStart[i]!),
    levels(updates.askStart[i]!, updates.levelStart[i + 1]!),
    updates.touchChanged[i] === 1,
  ]);
}

test('quotes set and prune the touch, depth fills in what lies behind', () => {
  const tape = loadTape(writeSmallTape().folder);
  expect(tape.durationUs).toBe(30_000);
  expect(updatesOf(tape.markets.paradex)).toEqual([
    [0, [[1000, 2000], [998, 7000]], [[1001, 3000], [1003, 9000]], true], // prettier-ignore
    [10_000, [[1000, 1500]], [], true],
    [20_000, [[1000, 0], [999, 4000]], [], true], // prettier-ignore
    [25_000, [[998, 6000]], [], false],
    [30_000, [], [[1001, 1000]], true],
  ]);
});

test('depth that arrives after newer quotes takes its place by update id', () => {
  const tape = writeSmallTape();
  tape.depth('left', [
    depthMessage(-5, 'snapshot', 9, 8, [['100', '2'], ['99.8', '7']], [['100.1', '3']]), // prettier-ignore
    // Covers up to id 25 but arrives after the quote with id 30: it is older, and must not bring back the bid at 100.0.
    depthMessage(28, 'delta', 25, 9, [['100', '1.5'], ['99.8', '5']], []), // prettier-ignore
  ]);
  expect(updatesOf(loadTape(tape.folder).markets.paradex).slice(2)).toEqual([
    [20_000, [[998, 5000]], [], false],
    [20_000, [[1000, 0], [999, 4000]], [], true], // prettier-ignore
    [30_000, [], [[1001, 1000]], true],
  ]);
});

test('a recording of quotes only gives a book of one level', () => {
  const tape = writeSmallTape();
  tape.tapeFile((file) => (file.venues.paradex.depth = false));
  const updates = updatesOf(loadTape(tape.folder).markets.paradex);
  expect(updates.map(([, bids]) => bids)).toEqual([
    [[1000, 2000]],
    [[1000, 1500]],
    [[1000, 0], [999, 4000]], // prettier-ignore
    [],
  ]);
});

test('inverse contracts become coin, floored to the step; what floors to 0 is dropped', () => {
  const tape = writeSmallTape();
  tape.bbo('left', [bboRow(0, 10, '100', '3', '100.1', '7'), bboRow(30, 20, '100', '2', '100.1', '7')]);
  tape.depth('left', [depthMessage(-5, 'snapshot', 9, 8, [['100', '3'], ['99.9', '1']], [['100.1', '7']])]); // prettier-ignore
  tape.trades('left', []);
  tape.tapeFile((file) => {
    file.venues.paradex.contract = { kind: 'inverse', contractUsd: '0.05' };
    file.venues.paradex.sizeRounding = 'floor';
  });
  // 3 x 0.05 / 100 = 0.0015 and 7 x 0.05 / 100.1 = 0.00349; 1 contract at 99.9 floors to 0; 2 contracts show no change.
  expect(updatesOf(loadTape(tape.folder).markets.paradex)).toEqual([[0, [[1000, 1]], [[1001, 3]], true]]);
});

test('a price off the tick is refused with file and line', () => {
  const tape = writeSmallTape();
  tape.bbo('right', [bboRow(0, 10, '100', '2', '100.1', '3'), bboRow(10, 20, '100.05', '2', '100.1', '3')]);
  expect(() => loadTape(tape.folder)).toThrow(
    expect.objectContaining({
      code: 'HS_TAPE_TICK',
      message: expect.stringMatching(/bbo_right\.csv\.gz, line 3: price 100\.05 is no multiple of the tick 0\.1/),
    }),
  );
});

test('a size finer than the increment is refused unless the tape floors', () => {
  const tape = writeSmallTape();
  tape.bbo('left', [bboRow(0, 10, '100', '2.0005', '100.1', '3'), bboRow(30, 20, '100', '2', '100.1', '3')]);
  expect(() => loadTape(tape.folder)).toThrow(expect.objectContaining({ code: 'HS_TAPE_TICK' }));
  tape.tapeFile((file) => (file.venues.paradex.sizeRounding = 'floor'));
  expect(loadTape(tape.folder).markets.paradex.updates.count).toBeGreaterThan(0);
});

test.each([
  ['too few columns', 'bbo', '1,2,3'],
  ['a crossed quote', 'bbo', bboRow(10, 20, '100.2', '1', '100.1', '3')],
  ['an update id that goes back', 'bbo', bboRow(10, 5, '100', '1', '100.1', '3')],
  ['text for a price', 'bbo', bboRow(10, 20, 'x', '1', '100.1', '3')],
])('%s is refused with the line number', (_, __, row) => {
  const tape = writeSmallTape();
  tape.bbo('left', [bboRow(0, 10, '100', '2', '100.1', '3'), row]);
  expect(() => loadTape(tape.folder)).toThrow(
    expect.objectContaining({ code: 'HS_TAPE_LINE', message: expect.stringContaining('bbo_left.csv.gz, line 3: ') }),
  );
});

test('a sequence break in the depth is refused with the line number', () => {
  const tape = writeSmallTape();
  tape.depth('left', [
    depthMessage(-5, 'snapshot', 9, 8, [['100', '2']], [['100.1', '3']]),
    depthMessage(5, 'delta', 15, 9, [], []),
    depthMessage(25, 'delta', 25, 18, [], []),
  ]);
  expect(() => loadTape(tape.folder)).toThrow(
    expect.objectContaining({
      code: 'HS_TAPE_LINE',
      message: expect.stringContaining('depth_left.jsonl.gz, line 3: '),
    }),
  );
});

test('a window that states another length than the recording has is refused with the real one', () => {
  const tape = writeSmallTape();
  tape.tapeFile((file) => (file.usableWindow.durationMs = 31));
  expect(() => loadTape(tape.folder)).toThrow(
    expect.objectContaining({
      code: 'HS_TAPE_FORMAT',
      message: expect.stringMatching(/tape\.json: field usableWindow\.durationMs: .* lasts 30 ms/),
    }),
  );
});

test('a missing file is named', () => {
  const tape = writeSmallTape();
  rmSync(join(tape.folder, 'recording', 'depth_right.jsonl.gz'));
  expect(() => loadTape(tape.folder)).toThrow(
    expect.objectContaining({ code: 'HS_TAPE_MISSING_FILE', message: expect.stringContaining('depth_right.jsonl.gz') }),
  );
});

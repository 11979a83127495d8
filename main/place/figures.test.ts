import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { emptySnapshot } from '../../engine/agent/fake-desk.test-helper.ts';
import type { Snapshot } from '../../engine/protocol/model.ts';
import { openFigures, type FiguresStore } from './figures.ts';

let folder: string;
let figures: FiguresStore;
const open = () => openFigures(join(folder, 'figures.json'), Date.now, () => undefined);

/** Of an engine started at `startedAt`, after n episodes. */
function measured(startedAt: number, n: number, network = 'adsl-rural', tape = 'good'): Snapshot {
  const base = emptySnapshot('one');
  const orderToAck = { n, ...(n > 0 && { mean: 386, median: 386 }) };
  return {
    ...base,
    desk: { ...base.desk, startedAt, network, tape },
    statistics: { ...base.statistics, orderToAck, slippage: { n } },
  };
}

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'hs-figures-'));
  figures = await open();
});
afterEach(() => rm(folder, { recursive: true }));

it('keeps the latest of each place and market, also over a restart', async () => {
  figures.note(undefined, measured(1, 9));
  figures.note('tyo', measured(2, 10, 'vps-near'));
  figures.note('tyo', measured(2, 11, 'vps-near'));
  figures.note(undefined, measured(3, 12, 'adsl-rural', 'other'));
  await figures.save();
  const kept = (await open()).list().map(({ site, line, tape, episodes }) => [site, line, tape, episodes]);
  expect(kept).toEqual([
    [undefined, 'adsl-rural', 'other', 12],
    ['tyo', 'vps-near', 'good', 11],
    [undefined, 'adsl-rural', 'good', 9],
  ]);
});

it('an engine that has just started does not take the place of what the one before showed', () => {
  figures.note(undefined, measured(1, 40));
  figures.note(undefined, measured(2, 7));
  expect(figures.list()).toMatchObject([{ startedAt: 1, episodes: 40 }]);
  figures.note(undefined, measured(2, 8));
  expect(figures.list()).toMatchObject([{ startedAt: 2, episodes: 8 }]);
});

it('keeps nothing of an engine without orders, or of one that does not tell this figure', () => {
  figures.note(undefined, measured(1, 0));
  figures.note(undefined, emptySnapshot('old'));
  expect(figures.list()).toEqual([]);
});

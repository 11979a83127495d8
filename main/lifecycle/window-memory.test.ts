import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import type { LogRecord } from '../diagnostics/log.ts';
import { openWindowMemory } from './window-memory.ts';

let folder: string;
let log: LogRecord[];
const open = () =>
  openWindowMemory(
    join(folder, 'window-state.json'),
    () => 0,
    (record) => log.push(record),
  );
const place = { bounds: { x: -20, y: 5, width: 1300, height: 900 }, isMaximized: true };

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'hs-window-'));
  log = [];
});
afterEach(() => rm(folder, { recursive: true }));

it('keeps place and page over starts', async () => {
  const first = await open();
  expect([first.place(), first.route()]).toEqual([undefined, undefined]);
  first.setPlace(place);
  first.setRoute({ page: 'trade', tradeId: 4 });
  first.setRoute({ page: 'latency' });
  await first.settled();
  const again = await open();
  expect([again.place(), again.route()]).toEqual([place, { page: 'latency' }]);
});

it('goes on without a file that makes no sense, and without one it cannot write', async () => {
  await writeFile(join(folder, 'window-state.json'), '{"version":1,"place":{"bounds":{"x":"left"}}}');
  const memory = await open();
  expect(memory.place()).toBeUndefined();
  expect(log.length).toBe(1);
  await rm(folder, { recursive: true });
  await writeFile(folder, 'a file where the folder was');
  memory.setPlace(place);
  await memory.settled();
  expect(log.at(-1)?.message).toContain('window-state.json');
  expect(memory.place()).toEqual(place);
  expect(await readFile(folder, 'utf8')).not.toContain('bounds');
});

import { beforeEach, expect, it } from 'vitest';
import type { IpcEventName } from '../ipc/schema.ts';
import { createAsking, type Asking } from './asking.ts';
import type { QuitPlan } from '../ipc/desktop-schema.ts';
import { quitSentence } from './quit-sentence.ts';

let asking: Asking;
let done: unknown[];
let needsConfirm: boolean;
let nowMs: number;

beforeEach(() => {
  [done, needsConfirm, nowMs] = [[], true, 1_000];
  asking = createAsking({
    window: () => ({
      open: () => Promise.resolve(void done.push('open')),
      emit: (name: IpcEventName, data: unknown) => void done.push([name, data]),
      stop: () => Promise.resolve(),
    }),
    quitNeedsConfirm: () => needsConfirm,
    quit: () => void done.push('quit'),
    nowMs: () => nowMs,
    log: ({ message }) => void done.push(message),
  });
});

it('quits at once when nothing has to be confirmed', async () => {
  needsConfirm = false;
  await asking.quit();
  expect(done).toEqual(['quit']);
});

it('asks in a window first; asked again within a minute, it quits', async () => {
  await asking.quit();
  expect(done).toEqual(['open', ['app.dialog', 'quit']]);
  expect(asking.take()).toEqual({ dialog: 'quit' });
  nowMs += 59_000;
  await asking.quit();
  expect(done.at(-1)).toBe('quit');
});

it('asks anew after a minute', async () => {
  await asking.quit();
  nowMs += 61_000;
  await asking.quit();
  expect(done).not.toContain('quit');
  nowMs += 61_000;
  // A window that opens much later was opened for something else.
  expect(asking.take()).toEqual({});
});

it('leads to a page, in windows that are open and in the one that opens', async () => {
  await asking.follow({ route: { page: 'alerts' }, isExact: false });
  expect(done).toEqual([expect.stringContaining('no page'), 'open', ['app.navigate', { page: 'alerts' }]]);
  expect(asking.take()).toEqual({ route: { page: 'alerts' } });
  await asking.follow({ route: { page: 'trade', tradeId: 3 }, isExact: true });
  asking.arrived({ page: 'latency' });
  asking.arrived({ page: 'trade', tradeId: 3 });
  expect(asking.take()).toEqual({});
});

it('tells a terminal the same plan in one sentence', () => {
  const plan: QuitPlan = {
    engine: 'trading',
    mode: 'practice',
    openTrades: 0,
    holdsPositions: false,
    closesWithinMs: 30_000,
    remotes: [],
    needsConfirm: false,
  };
  const sentence = (change: Partial<QuitPlan>) => quitSentence({ ...plan, ...change });
  expect(sentence({})).toBe('Stopping: the engine first, then the practice venues.');
  expect(sentence({ openTrades: 1, holdsPositions: true })).toBe(
    'Stopping: the engine closes its open trade first (30 s at most), then the practice venues.',
  );
  expect(sentence({ engine: 'unknown' })).toContain('what it has open');
  expect(sentence({ engine: 'none', remotes: [{ name: 'tokyo', state: 'trading' }] })).toBe(
    'Stopping. tokyo keeps running.',
  );
});

import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { TradingKeys } from '../../engine/protocol/accounts.ts';
import { PUBLISHED_ENDPOINTS } from '../../engine/protocol/endpoints.ts';
import { HalfspreadError } from '../../engine/protocol/errors.ts';
import type { Snapshot } from '../../engine/protocol/model.ts';
import type { PracticeChoice } from '../ipc/schema.ts';
import { readEngineRuntime } from '../../engine/agent/runtime-file.ts';
import { launchNodeProcess } from '../shell/browser/node-launcher.ts';
import { createLocalDesk, type DeskPlan, type LocalDesk } from './local-desk.ts';

const choice = { tape: 'good', network: 'none', fees: 'zero' } as const;
const practice = (changes: Partial<PracticeChoice> = {}): DeskPlan => ({
  mode: 'practice',
  choice: { ...choice, ...changes },
  dataFolder: join(folder, 'practice'),
});
const real = {
  endpoints: PUBLISHED_ENDPOINTS.testnet,
  config: { text: 'bots: []', path: 'desk.yaml' },
};
const keys: TradingKeys = {
  paradex: { accountAddress: '0x1', privateKey: '0x2' },
  vest: {
    primaryAddress: `0x${'1'.repeat(40)}`,
    signingPrivateKey: `0x${'2'.repeat(64)}`,
    apiKey: 'api key',
    accountGroup: 0,
    expiresAt: 1,
  },
};
const programs = {
  engine: join(import.meta.dirname, '../../engine/agent/fake-engine.test-helper.ts'),
  practice: join(import.meta.dirname, 'fake-practice.test-helper.ts'),
  accounts: join(import.meta.dirname, '../../engine/accounts/main.ts'),
  keychain: join(import.meta.dirname, '../keys/storage/keychain-program.ts'),
  configCheck: join(import.meta.dirname, '../../engine/config/check-main.ts'),
};
let folder: string;
let desk: LocalDesk;
let snapshots: Snapshot[];
let log: string[];

/** Resolves when `condition` holds, checked whenever the desk reports something. */
let waiting: { condition: () => boolean; resolve: () => void }[] = [];
const look = () => {
  for (const one of waiting.filter(({ condition }) => condition())) {
    waiting = waiting.filter((other) => other !== one);
    one.resolve();
  }
};
function until(condition: () => boolean): Promise<void> {
  return new Promise((resolve) => {
    waiting.push({ condition, resolve });
    look();
  });
}
const isUp = () => desk.states().link.state === 'ready' && snapshots.length > 0;
const venuesOf = (snapshot: Snapshot | undefined) => snapshot?.notices.at(-1)?.message ?? '';

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'hs-desk-'));
  [snapshots, log, waiting] = [[], [], []];
  desk = createLocalDesk({
    programs,
    launcher: launchNodeProcess,
    pipePath: join(folder, 'run', 'engine.sock'),
    policy: { backoff: { baseMs: 20, maxMs: 50 }, maxAttempts: 3, stableAfterMs: 60_000, waitMs: 20, mostWaits: 3 },
    onChange: look,
    onSnapshot: (snapshot) => {
      snapshots.push(snapshot);
      look();
    },
    onEvent: look,
    onLog: (_process, line) => log.push(line),
  });
});

afterEach(async () => {
  await desk.stop();
  await rm(folder, { recursive: true });
});

describe('local desk', () => {
  it('starts venues, then the engine with their addresses, then the link; commands reach the desk', async () => {
    desk.start(practice());
    await until(isUp);
    expect(venuesOf(snapshots[0])).toContain(`/${desk.states().venues.pid}"`);
    await expect(desk.command({ name: 'start' })).resolves.toEqual({ done: 'start', times: 1 });
    await until(() => desk.states().link.rtt.n > 0);
    expect(desk.states().link.rtt.p50).toBeGreaterThan(0);
  });

  it('brings a killed engine back and leaves the venues alone', async () => {
    desk.start(practice());
    await until(isUp);
    const before = desk.states();
    snapshots = [];
    process.kill(before.engine.pid!, 'SIGKILL');
    await until(() => snapshots.length > 0 && desk.states().engine.restarts === 1 && isUp());
    expect(desk.states().venues).toEqual(before.venues);
    expect(desk.states().engine.pid).not.toBe(before.engine.pid);
  });

  it('gives the engine the new addresses of venues that were killed and came back', async () => {
    desk.start(practice());
    await until(isUp);
    const killed = desk.states().venues.pid!;
    process.kill(killed, 'SIGKILL');
    await until(() => {
      const now = desk.states().venues.pid;
      return now !== undefined && now !== killed && venuesOf(snapshots.at(-1)).includes(`/${now}"`);
    });
    expect(desk.states().venues.restarts).toBe(1);
    // Stopped on purpose, not crashed.
    expect(desk.states().engine.restarts).toBe(0);
  });

  it('restarts both with another choice, and stops both at the end', async () => {
    desk.start(practice());
    await until(isUp);
    const before = desk.states();
    await desk.choose(practice({ network: 'other' }));
    await until(() => venuesOf(snapshots.at(-1)).includes('"network":"other"'));
    expect(desk.states().engine.pid).not.toBe(before.engine.pid);
    const last = desk.states();
    await desk.stop();
    expect([desk.states().engine.state, desk.states().venues.state]).toEqual(['stopped', 'stopped']);
    for (const pid of [last.engine.pid!, last.venues.pid!]) expect(() => process.kill(pid, 0)).toThrow('ESRCH');
  });

  it('starts an engine again that hangs: it is ended first, the venues are left alone', async () => {
    desk.start(practice());
    await until(isUp);
    const before = desk.states();
    snapshots = [];
    process.kill(before.engine.pid!, 'SIGSTOP');
    const again = desk.startAgain('engine');
    // It cannot obey: its end is seen to by force, which takes as long as closing a position may.
    process.kill(before.engine.pid!, 'SIGKILL');
    await again;
    await until(() => snapshots.length > 0 && isUp());
    expect(desk.states().engine.pid).not.toBe(before.engine.pid);
    expect(desk.states().venues).toEqual(before.venues);
  });

  it('starts again an engine that was given up, and the venues that were', async () => {
    desk.start(practice());
    await until(isUp);
    for (let crash = 0; crash < 3; crash++) {
      await until(() => desk.states().engine.state === 'running');
      process.kill(desk.states().engine.pid!, 'SIGKILL');
      await until(() => desk.states().engine.state !== 'running');
    }
    await until(() => desk.states().engine.state === 'blocked');
    snapshots = [];
    await desk.startAgain('engine');
    await until(() => snapshots.length > 0 && isUp());
    expect(desk.states().engine).toMatchObject({ state: 'running' });
    expect(desk.states().engine.attempt).toBeUndefined();
  });

  it('is blocked with the venues own words when they refuse a tape, and starts with a good one afterwards', async () => {
    desk.start(practice({ tape: 'refused' }));
    await until(() => desk.states().venues.state === 'blocked');
    expect(desk.states().venues.error).toEqual({
      code: 'HS_TAPE',
      message: 'The tape is malformed.',
      remedy: 'Take another.',
    });
    expect(desk.states().venues.restarts).toBe(0);
    await expect(desk.command({ name: 'start' })).rejects.toMatchObject({ code: 'HS_LINK_DOWN' });
    await desk.startAgain('venues');
    await until(() => desk.states().venues.state === 'blocked');
    await desk.choose(practice());
    await until(isUp);
  });

  it('runs paper without practice venues, on the addresses of its plan, and practice again after it', async () => {
    desk.start(practice());
    await until(isUp);
    const venues = desk.states().venues.pid!;
    await desk.choose({ mode: 'paper', ...real, dataFolder: join(folder, 'paper') });
    await until(() => venuesOf(snapshots.at(-1)).includes('testnet'));
    expect(desk.states()).toMatchObject({ venues: { state: 'stopped' }, engine: { state: 'running' } });
    expect(() => process.kill(venues, 0)).toThrow('ESRCH');
    expect((await readEngineRuntime(join(folder, 'paper')))?.pid).toBe(desk.states().engine.pid);
    await desk.choose(practice());
    await until(() => desk.states().venues.state === 'running' && venuesOf(snapshots.at(-1)).includes('127.0.0.1'));
  });

  it('asks for the keys of a live desk at every start of its engine, and hands them to no log or state', async () => {
    let asked = 0;
    const plan: DeskPlan = {
      mode: 'live',
      ...real,
      dataFolder: join(folder, 'live'),
      keys: () => Promise.resolve((asked++, keys)),
    };
    desk.start(plan);
    await until(isUp);
    expect(asked).toBe(1);
    process.kill(desk.states().engine.pid!, 'SIGKILL');
    await until(() => desk.states().engine.restarts === 1 && desk.states().link.state === 'ready');
    expect(asked).toBe(2);
    const told = JSON.stringify([desk.states(), snapshots, log]);
    for (const secret of [keys.vest.signingPrivateKey, keys.vest.apiKey]) expect(told).not.toContain(secret);
  });

  it('is blocked in the words of the key ring when there is no key, without a try', async () => {
    desk.start({
      mode: 'live',
      ...real,
      dataFolder: join(folder, 'live'),
      keys: () => Promise.reject(new HalfspreadError('HS_KEY_MISSING', 'There is no key for Vest.', 'Add one.')),
    });
    await until(() => desk.states().engine.state === 'blocked');
    expect(desk.states().engine.error).toEqual({
      code: 'HS_KEY_MISSING',
      message: 'There is no key for Vest.',
      remedy: 'Add one.',
    });
  });
});

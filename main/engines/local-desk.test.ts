import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Snapshot } from '../../engine/protocol/model.ts';
import { launchNodeProcess } from '../shell/browser/node-launcher.ts';
import { createLocalDesk, type LocalDesk } from './local-desk.ts';

const choice = { tape: 'good', network: 'none', fees: 'zero' } as const;
const programs = {
  engine: join(import.meta.dirname, '../../engine/agent/fake-engine.test-helper.ts'),
  practice: join(import.meta.dirname, 'fake-practice.test-helper.ts'),
  accounts: join(import.meta.dirname, '../../engine/accounts/main.ts'),
  keychain: join(import.meta.dirname, '../keys/storage/keychain-program.ts'),
};
let folder: string;
let desk: LocalDesk;
let snapshots: Snapshot[];

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
  snapshots = [];
  waiting = [];
  desk = createLocalDesk({
    programs,
    launcher: launchNodeProcess,
    dataFolder: join(folder, 'data'),
    pipePath: join(folder, 'run', 'engine.sock'),
    policy: { backoff: { baseMs: 20, maxMs: 50 }, maxAttempts: 3, stableAfterMs: 60_000 },
    onChange: look,
    onSnapshot: (snapshot) => {
      snapshots.push(snapshot);
      look();
    },
    onEvent: look,
    onLog: () => undefined,
  });
});

afterEach(async () => {
  await desk.stop();
  await rm(folder, { recursive: true });
});

describe('local desk', () => {
  it('starts venues, then the engine with their addresses, then the link; commands reach the desk', async () => {
    desk.start(choice);
    await until(isUp);
    expect(venuesOf(snapshots[0])).toContain(`/${desk.states().venues.pid}"`);
    await expect(desk.command({ name: 'start' })).resolves.toEqual({ done: 'start', times: 1 });
    await until(() => desk.states().link.rtt.n > 0);
    expect(desk.states().link.rtt.p50).toBeGreaterThan(0);
  });

  it('brings a killed engine back and leaves the venues alone', async () => {
    desk.start(choice);
    await until(isUp);
    const before = desk.states();
    snapshots = [];
    process.kill(before.engine.pid!, 'SIGKILL');
    await until(() => snapshots.length > 0 && desk.states().engine.restarts === 1 && isUp());
    expect(desk.states().venues).toEqual(before.venues);
    expect(desk.states().engine.pid).not.toBe(before.engine.pid);
  });

  it('gives the engine the new addresses of venues that were killed and came back', async () => {
    desk.start(choice);
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
    desk.start(choice);
    await until(isUp);
    const before = desk.states();
    await desk.choose({ ...choice, network: 'other' });
    await until(() => venuesOf(snapshots.at(-1)).includes('"network":"other"'));
    expect(desk.states().engine.pid).not.toBe(before.engine.pid);
    const last = desk.states();
    await desk.stop();
    expect([desk.states().engine.state, desk.states().venues.state]).toEqual(['stopped', 'stopped']);
    for (const pid of [last.engine.pid!, last.venues.pid!]) expect(() => process.kill(pid, 0)).toThrow('ESRCH');
  });

  it('is blocked with the venues own words when they refuse a tape, and starts with a good one afterwards', async () => {
    desk.start({ ...choice, tape: 'refused' });
    await until(() => desk.states().venues.state === 'blocked');
    expect(desk.states().venues.error).toEqual({
      code: 'HS_TAPE',
      message: 'The tape is malformed.',
      remedy: 'Take another.',
    });
    expect(desk.states().venues.restarts).toBe(0);
    await expect(desk.command({ name: 'start' })).rejects.toMatchObject({ code: 'HS_LINK_DOWN' });
    await desk.choose(choice);
    await until(isUp);
  });
});

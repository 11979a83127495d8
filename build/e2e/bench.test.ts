import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { describe, expect, it } from 'vitest';
import { peersAreInstalled } from '../bench/peers.ts';

const BENCH = fileURLToPath(new URL('../bench/bench.mjs', import.meta.url));
const why = peersAreInstalled() ? '' : ' (skipped: build/peers is not installed, run "npm ci --prefix build/peers")';
const PEERED = ['P1', 'P2', 'P3', 'P4', 'P9'];
const FEW_ROUNDS = ['--rounds', '3'];

interface Bar {
  ok: boolean;
  value: number;
  bar: number;
  need: 'atLeast' | 'atMost';
}

/** The figures of so few rounds prove nothing and are not looked at: only that each bench runs and reports. */
describe.skipIf(!peersAreInstalled())(`bench${why}`, () => {
  it('prints one JSON object with every bar measured against a peer as its last line', async () => {
    const { stdout } = await promisify(execFile)(process.execPath, [
      BENCH,
      '--only',
      PEERED.join(','),
      ...FEW_ROUNDS,
      '--json',
    ]);
    const bars = JSON.parse(stdout.trim().split('\n').at(-1)!) as Record<string, Bar>;
    expect(Object.keys(bars)).toEqual(PEERED);
    for (const { ok, value, bar, need } of Object.values(bars)) {
      expect(Number.isFinite(value)).toBe(true);
      expect(bar).toBeGreaterThan(0);
      if (ok) expect(need === 'atLeast' ? value >= bar : value <= bar).toBe(true);
    }
  });

  it('runs only what it is asked for, and refuses what it does not know', async () => {
    const args = ['--only', 'P5', ...FEW_ROUNDS];
    const { stdout } = await promisify(execFile)(process.execPath, [BENCH, ...args, '--json']);
    expect(Object.keys(JSON.parse(stdout.trim().split('\n').at(-1)!) as object)).toEqual(['P5']);
    await expect(promisify(execFile)(process.execPath, [BENCH, '--only', 'P77'])).rejects.toMatchObject({ code: 1 });
  });
});

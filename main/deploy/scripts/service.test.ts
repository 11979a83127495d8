/** Stopping without systemd: the real supervisor and scripts, run by a real shell; what stands for the agent takes its time. */
import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { SUPERVISE } from '../supervise.ts';
import { AGENT_STOP_S, unitText } from '../unit.ts';
import { renderScript } from './render.ts';
import { START_SUPERVISOR, STOP_SUPERVISOR } from './service.ts';

let prefix: string;
beforeEach(async () => {
  prefix = await mkdtemp(join(tmpdir(), 'hslab-'));
  for (const name of ['current', 'bin', 'run', 'log', 'state']) await mkdir(join(prefix, name));
  await writeFile(join(prefix, 'bin', 'supervise'), SUPERVISE);
});
afterEach(async () => {
  run(STOP_SUPERVISOR, [prefix, '0']);
  await rm(prefix, { recursive: true });
});

function run(body: string, args: string[]): number | null {
  return spawnSync('sh', ['-s', '--', ...args], { input: renderScript({ body }), timeout: 30_000 }).status;
}

/** What is there instead of the agent program: on SIGTERM it does this. */
const agentThat = (onStop: string) =>
  writeFile(
    join(prefix, 'current', 'node'),
    `#!/bin/sh\necho begun >"${prefix}/begun"\ntrap '${onStop}' TERM\nwhile :; do sleep 0.1; done\n`,
    { mode: 0o755 },
  );

/** Empty for a process that has ended, also while nobody has asked how. */
function commandLineOf(pid: string): string {
  return existsSync(`/proc/${pid}`) ? readFileSync(`/proc/${pid}/cmdline`, 'utf8') : '';
}

async function start(): Promise<string> {
  expect(run(START_SUPERVISOR, [prefix])).toBe(0);
  await expect.poll(() => existsSync(join(prefix, 'begun')), { timeout: 10_000 }).toBe(true);
  return (await readFile(join(prefix, 'run', 'agent.pid'), 'utf8')).trim();
}

it('waits for an agent that still closes positions, and leaves no process', async () => {
  await agentThat(`sleep 1; echo closed >"${prefix}/closed"; exit 0`);
  const pid = await start();
  expect(await readFile(`/proc/${pid}/coredump_filter`, 'utf8')).toBe('00000000\n');
  expect(run(STOP_SUPERVISOR, [prefix, String(AGENT_STOP_S)])).toBe(0);
  expect(await readFile(join(prefix, 'closed'), 'utf8')).toBe('closed\n');
  expect(commandLineOf(pid)).toBe('');
});

it('kills one that does not end in its time', async () => {
  await agentThat('');
  const pid = await start();
  expect(run(STOP_SUPERVISOR, [prefix, '1'])).toBe(0);
  expect(commandLineOf(pid)).toBe('');
});

it('gives the unit the same time: a desk may need 30 s to close what is open', () => {
  expect(AGENT_STOP_S).toBeGreaterThanOrEqual(45);
  expect(unitText('/opt/halfspread')).toContain(`TimeoutStopSec=${AGENT_STOP_S}\n`);
});

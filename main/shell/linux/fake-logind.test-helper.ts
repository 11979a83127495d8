/** Starts the fake logind (Python, because its locks are file descriptors over D-Bus, which Node cannot send). */
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { hasBusDaemon } from './bus-daemon.test-helper.ts';

const PYTHON = '/usr/bin/python3';
const SAY_WITHIN_MS = 15_000;
const hasPython = existsSync(PYTHON) && spawnSync(PYTHON, ['-c', 'import dbus, gi']).status === 0;
export const canFakeLogind = hasBusDaemon && hasPython && existsSync('/usr/bin/systemd-inhibit');
/** For the title of a suite that needs it. */
export const noFakeLogindWhy = canFakeLogind
  ? ''
  : ' (skipped: needs Debian packages dbus-daemon, systemd, python3-dbus, python3-gi)';

export interface FakeLogind {
  /** What it said, oldest first: "held delay sleep Halfspread", "released", "asleep". */
  said: string[];
  order(what: 'sleep' | 'wake' | 'lock' | 'unlock' | 'hint-lock' | 'hint-unlock'): void;
  /** Resolves once it said so as often as that. */
  untilSaid(what: string, times?: number): Promise<void>;
  stop(): Promise<void>;
}

/** @param busAddress stands for the system's bus */
export async function startFakeLogind(busAddress: string, options: { hasSession?: boolean } = {}): Promise<FakeLogind> {
  const child = spawn(
    PYTHON,
    [
      join(import.meta.dirname, 'fake-logind.test-helper.py'),
      ...(options.hasSession === false ? ['--no-session'] : []),
    ],
    { stdio: ['pipe', 'pipe', 'inherit'], env: { ...process.env, DBUS_SYSTEM_BUS_ADDRESS: busAddress } },
  );
  const said: string[] = [];
  const lines = createInterface({ input: child.stdout }).on('line', (line) => said.push(line));
  const isSaid = (what: string, times: number) => said.filter((line) => line.startsWith(what)).length >= times;
  async function untilSaid(what: string, times = 1): Promise<void> {
    const signal = AbortSignal.timeout(SAY_WITHIN_MS);
    while (!isSaid(what, times)) await once(lines, 'line', { signal });
  }
  await untilSaid('ready');
  return {
    said,
    order: (what) => void child.stdin.write(`${what}\n`),
    untilSaid,
    async stop() {
      if (child.exitCode !== null || child.signalCode !== null) return;
      const exited = once(child, 'exit');
      child.kill();
      await exited;
    },
  };
}

/** A D-Bus of a test's own: never the desktop's. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const DAEMON = '/usr/bin/dbus-daemon';
export const hasBusDaemon = existsSync(DAEMON);
/** For the title of a suite that needs it. */
export const noBusDaemonWhy = hasBusDaemon ? '' : ' (skipped: dbus-daemon is not installed; Debian package dbus)';

export interface TestBus {
  /** What a desktop session would have in its environment. */
  environment: { DBUS_SESSION_BUS_ADDRESS: string };
  stop(): Promise<void>;
}

export async function startTestBus(): Promise<TestBus> {
  const folder = await mkdtemp(join(tmpdir(), 'hs-bus-'));
  const daemon = spawn(
    DAEMON,
    ['--session', '--nofork', '--print-address=1', `--address=unix:path=${join(folder, 'bus')}`],
    {
      stdio: ['ignore', 'pipe', 'ignore'],
    },
  );
  const [line] = (await once(daemon.stdout, 'data')) as [Buffer];
  return {
    environment: { DBUS_SESSION_BUS_ADDRESS: line.toString().trim() },
    async stop() {
      if (daemon.exitCode === null && daemon.signalCode === null) {
        const exited = once(daemon, 'exit');
        daemon.kill();
        await exited;
      }
      await rm(folder, { recursive: true, force: true });
    },
  };
}

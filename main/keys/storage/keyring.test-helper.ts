/** A real gnome-keyring on a D-Bus of a test's own, and one that never answers. */
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { Message, sessionBus, type MessageBus } from '@jellybrick/dbus-next';
import { hasBusDaemon, startTestBus, type TestBus } from '../../shell/linux/bus-daemon.test-helper.ts';

const DAEMON = '/usr/bin/gnome-keyring-daemon';
/** keytar's library on Debian. */
const LIBSECRET = ['/usr/lib/x86_64-linux-gnu/libsecret-1.so.0', '/usr/lib/aarch64-linux-gnu/libsecret-1.so.0'];
export const hasKeyring = hasBusDaemon && existsSync(DAEMON) && LIBSECRET.some((path) => existsSync(path));
/** For the title of a suite that needs it. */
export const noKeyringWhy = hasKeyring ? '' : ' (skipped: needs the Debian packages gnome-keyring and libsecret-1-0)';

const SERVICE = 'org.freedesktop.secrets';
const COLLECTION = '/org/freedesktop/secrets/collection/login';

export interface TestKeyring {
  /** What the session's processes have in their environment. */
  environment: Record<string, string>;
  lock(): Promise<void>;
  /** As the person does it by logging in. */
  unlock(): Promise<void>;
  /** What is kept under this service, read with keytar in a process of its own. */
  values(service: string): Promise<string[]>;
  /** How many there are. */
  secrets(service: string): Promise<number>;
  stop(): Promise<void>;
}

const PASSWORD = 'of the login';

/** @param made false: the service runs and no keyring was ever set up */
export async function startTestKeyring({ made = true } = {}): Promise<TestKeyring> {
  const bus = await startTestBus();
  const home = await mkdtemp(join(tmpdir(), 'hs-keyring-'));
  const runtime = join(home, 'run');
  await mkdir(runtime, { mode: 0o700 });
  const environment = { ...bus.environment, HOME: home, XDG_RUNTIME_DIR: runtime, XDG_DATA_HOME: '', DISPLAY: '' };
  const connection = sessionBus({ busAddress: bus.environment.DBUS_SESSION_BUS_ADDRESS });
  let daemon = await startDaemon(connection, environment, made);
  return {
    environment,
    async lock() {
      await call(connection, 'Lock', 'ao', [[COLLECTION]]);
    },
    async unlock() {
      await end(daemon);
      daemon = await startDaemon(connection, environment, true);
    },
    values: (service) => readValues(service, environment),
    secrets: async (service) => (await readValues(service, environment)).length,
    async stop() {
      connection.disconnect();
      await end(daemon);
      await bus.stop();
      await rm(home, { recursive: true, force: true });
    },
  };
}

/** Owns the service's name on a bus and never answers a call. */
export async function startHangingKeyring(): Promise<{ environment: Record<string, string>; stop(): Promise<void> }> {
  const bus: TestBus = await startTestBus();
  const connection = sessionBus({ busAddress: bus.environment.DBUS_SESSION_BUS_ADDRESS });
  await connection.requestName(SERVICE, 0);
  connection.addMethodHandler(() => true);
  return {
    environment: bus.environment,
    async stop() {
      connection.disconnect();
      await bus.stop();
    },
  };
}

async function startDaemon(
  connection: MessageBus,
  environment: Record<string, string>,
  unlock: boolean,
): Promise<ChildProcess> {
  const daemon = spawn(DAEMON, ['--foreground', '--components=secrets', ...(unlock ? ['--unlock'] : [])], {
    stdio: ['pipe', 'ignore', 'ignore'],
    env: { PATH: process.env['PATH'], ...environment },
  });
  daemon.stdin?.end(unlock ? PASSWORD : '');
  await waitForOwner(connection);
  return daemon;
}

async function readValues(service: string, environment: Record<string, string>): Promise<string[]> {
  const program = `const { default: keytar } = await import('keytar');
    const found = await keytar.findCredentials(${JSON.stringify(service)});
    console.log(JSON.stringify(found.map(({ password }) => password)));`;
  const env = { PATH: process.env['PATH'], ...environment };
  for (;;) {
    const child = spawn(process.execPath, ['--input-type=module', '--eval', program], {
      cwd: import.meta.dirname,
      stdio: ['ignore', 'pipe', 'pipe'],
      env,
    });
    const [code, stdout, stderr] = await Promise.all([exitOf(child), text(child.stdout), text(child.stderr)]);
    if (code === 0) return JSON.parse(stdout) as string[];
    // Halfspread deleted one, as the test value of its probe, while they were listed.
    if (!/No such secret item|secret_value_get_text/.test(stderr))
      throw new Error(`the keyring could not be listed: ${stderr}`);
  }
}

async function exitOf(child: ChildProcess): Promise<unknown> {
  return (await once(child, 'close'))[0];
}

async function end(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const exited = once(child, 'exit');
  child.kill();
  await exited;
}

async function waitForOwner(connection: MessageBus): Promise<void> {
  for (let tries = 0; tries < 200; tries++) {
    const reply = await connection.call(
      new Message({
        destination: 'org.freedesktop.DBus',
        path: '/org/freedesktop/DBus',
        interface: 'org.freedesktop.DBus',
        member: 'NameHasOwner',
        signature: 's',
        body: [SERVICE],
      }),
    );
    if (reply?.body[0] === true) return;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  throw new Error('gnome-keyring did not come up');
}

async function call(connection: MessageBus, member: string, signature: string, body: unknown[]): Promise<void> {
  await connection.call(
    new Message({
      destination: SERVICE,
      path: '/org/freedesktop/secrets',
      interface: 'org.freedesktop.Secret.Service',
      member,
      signature,
      body,
    }),
  );
}

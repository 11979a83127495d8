import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { launchNodeProcess } from '../../shell/browser/node-launcher.ts';
import type { ChildHandle, ProcessLauncher } from '../../engines/launcher.ts';
import { hasBusDaemon, noBusDaemonWhy } from '../../shell/linux/bus-daemon.test-helper.ts';
import { createKeychainStore, type KeychainStore } from './keychain-store.ts';
import {
  hasKeyring,
  noKeyringWhy,
  startHangingKeyring,
  startTestKeyring,
  type TestKeyring,
} from './keyring.test-helper.ts';

const script = join(import.meta.dirname, 'keychain-program.ts');
const children: ChildHandle[] = [];
const launcher: ProcessLauncher = (spec, handlers) => {
  const child = launchNodeProcess(spec, handlers);
  children.push(child);
  return child;
};

function openStore(prefix = 'test/', limitMs?: number): KeychainStore {
  return createKeychainStore({ launcher, script, platform: 'linux', prefix, ...(limitMs && { limitMs }) });
}

function useEnvironment(environment: Record<string, string>): void {
  for (const [name, value] of Object.entries(environment)) vi.stubEnv(name, value);
}

const isAlive = ({ pid }: ChildHandle) => pid !== undefined && existsSync(`/proc/${pid}/stat`);

afterEach(() => vi.unstubAllEnvs());

describe.skipIf(!hasKeyring)(`the keychain, with a real gnome-keyring${noKeyringWhy}`, () => {
  let keyring: TestKeyring;
  beforeAll(async () => {
    keyring = await startTestKeyring();
  });
  afterAll(() => keyring.stop());

  it('proves itself, keeps a secret over processes, replaces it, and deletes it for good', async () => {
    useEnvironment(keyring.environment);
    const store = openStore();
    await store.probe();
    expect(await store.list()).toEqual([]);
    await store.set('trading/1', 'first ü');
    await store.set('trading/1', 'second');
    await store.set('trading/2', 'other');
    expect(await openStore().get('trading/1')).toBe('second');
    expect((await store.list()).sort()).toEqual(['trading/1', 'trading/2']);
    expect(await store.delete('trading/1')).toBe(true);
    expect(await store.get('trading/1')).toBeUndefined();
    expect(await store.delete('trading/1')).toBe(false);
    expect(await store.list()).toEqual(['trading/2']);
  });

  it('keeps two desks of one user apart', async () => {
    useEnvironment(keyring.environment);
    await openStore('a/').set('trading/1', 'of a');
    expect(await openStore('b/').get('trading/1')).toBeUndefined();
    expect(await openStore('b/').list()).toEqual([]);
  });

  it('sees what another program deleted', async () => {
    useEnvironment(keyring.environment);
    const store = openStore('elsewhere/');
    await store.set('trading/1', 'here');
    const keytar = `import('keytar').then(({ default: keytar }) => keytar.deletePassword('halfspread', 'elsewhere/trading/1'))`;
    await promisify(execFile)(process.execPath, ['--input-type=module', '--eval', keytar]);
    expect(await store.get('trading/1')).toBeUndefined();
    expect(await store.list()).toEqual([]);
  });

  it('says that it is locked instead of that there is nothing, opens no password window, and goes on once unlocked', async () => {
    useEnvironment(keyring.environment);
    const store = openStore('locked/');
    await store.set('trading/1', 'kept');
    await keyring.lock();
    await expect(store.get('trading/1')).rejects.toMatchObject({ code: 'HS_KEYCHAIN_LOCKED' });
    await expect(store.list()).rejects.toMatchObject({ code: 'HS_KEYCHAIN_LOCKED' });
    await expect(store.set('trading/1', 'new')).rejects.toMatchObject({ code: 'HS_KEYCHAIN_LOCKED' });
    await expect(store.delete('trading/1')).rejects.toMatchObject({ code: 'HS_KEYCHAIN_LOCKED' });
    await expect(store.probe()).rejects.toMatchObject({ code: 'HS_KEYCHAIN_LOCKED' });
    // Here nobody can answer the window that this may open.
    await expect(store.unlock(new AbortController().signal)).rejects.toMatchObject({ code: /^HS_KEYCHAIN_/ });
    await keyring.unlock();
    expect(await store.get('trading/1')).toBe('kept');
  });

  it('has no secret in the arguments or the environment of the process that speaks to it', async () => {
    useEnvironment(keyring.environment);
    const secret = 'planted-in-the-keychain';
    const seen: string[] = [];
    const watching: ProcessLauncher = (spec, handlers) => {
      seen.push(JSON.stringify([spec.args, spec.script, spec.name]));
      return launcher(spec, handlers);
    };
    const store = createKeychainStore({ launcher: watching, script, platform: 'linux', prefix: 'argv/' });
    await store.set('trading/1', secret);
    expect(await store.get('trading/1')).toBe(secret);
    expect(seen.join()).not.toContain(secret);
    expect(JSON.stringify(process.env)).not.toContain(secret);
  });
});

describe.skipIf(!hasKeyring)(`a keyring that was never set up${noKeyringWhy}`, () => {
  it('is told from a locked one', async () => {
    const keyring = await startTestKeyring({ made: false });
    try {
      useEnvironment(keyring.environment);
      await expect(openStore().probe()).rejects.toMatchObject({ code: 'HS_KEYCHAIN_UNMADE' });
    } finally {
      await keyring.stop();
    }
  });
});

describe.skipIf(!hasBusDaemon)(`a keychain that cannot be used${noBusDaemonWhy}`, () => {
  it('is refused within its limit when it never answers, and its process is gone', async () => {
    const hanging = await startHangingKeyring();
    try {
      useEnvironment(hanging.environment);
      const store = openStore('hangs/', 1_500);
      await expect(store.probe()).rejects.toMatchObject({
        code: 'HS_KEYCHAIN_HANGS',
        remedy: expect.stringContaining('passphrase') as string,
      });
      await expect.poll(() => children.filter(isAlive)).toEqual([]);
    } finally {
      await hanging.stop();
    }
  });

  it('does not keep Halfspread from stopping while it hangs', async () => {
    const hanging = await startHangingKeyring();
    try {
      useEnvironment(hanging.environment);
      const store = openStore('hangs/', 60_000);
      const probing = expect(store.probe()).rejects.toMatchObject({ code: 'HS_KEY_CANCELLED' });
      await expect.poll(() => children.filter(isAlive).length).toBe(1);
      store.stop();
      await probing;
      await expect.poll(() => children.filter(isAlive)).toEqual([]);
    } finally {
      await hanging.stop();
    }
  });

  it('is refused, too, when the program that speaks to it dies without a word', async () => {
    const store = createKeychainStore({ launcher, script: '/nowhere/keychain.mjs', platform: 'darwin', prefix: '' });
    await expect(store.probe()).rejects.toMatchObject({
      code: 'HS_KEYCHAIN_FAILED',
      message: expect.stringMatching(/macOS.*ended with code 1/) as string,
    });
  });

  it('is refused with both alternatives named where there is no D-Bus at all', async () => {
    useEnvironment({ DBUS_SESSION_BUS_ADDRESS: '', XDG_RUNTIME_DIR: '' });
    await expect(openStore().probe()).rejects.toMatchObject({
      code: 'HS_KEYCHAIN_NONE',
      remedy: expect.stringMatching(/gnome-keyring.*session.*passphrase/) as string,
    });
  });
});

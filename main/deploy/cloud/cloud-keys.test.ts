import { mkdtemp, rm, stat, unlink } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { openCloudKeys, type CloudKeys } from './cloud-keys.ts';

const ID = 'a2b0c8a4-6f0f-4a51-9d55-6b0a8d1d7a11';
let folder: string;
let keys: CloudKeys;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'hs-keys-'));
  keys = openCloudKeys(join(folder, 'keys'));
});
afterEach(() => rm(folder, { recursive: true }));

const modeOf = async (path: string) => (await stat(path)).mode & 0o777;

it('keeps both keys where only this user can read them, and gives the same ones after a restart', async () => {
  const made = await keys.of(ID);
  expect(made.login.publicKey).not.toBe(made.firstHostKey.publicKey);
  expect(await openCloudKeys(join(folder, 'keys')).of(ID)).toEqual(made);
  expect(await modeOf(keys.loginFile(ID))).toBe(0o600);
  expect(await modeOf(join(folder, 'keys', ID, 'first-host-key'))).toBe(0o600);
  expect(await modeOf(join(folder, 'keys', ID))).toBe(0o700);
});

it('drops the one-time host key alone, then all of it', async () => {
  const { login } = await keys.of(ID);
  await keys.dropFirstHostKey(ID);
  await expect(stat(join(folder, 'keys', ID, 'first-host-key'))).rejects.toThrow();
  expect((await keys.of(ID)).login).toEqual(login);
  expect(await keys.drop(ID)).toBe(true);
  expect(await keys.drop(ID)).toBe(false);
});

it('makes a pair anew of which a crash left the public half alone', async () => {
  const { login } = await keys.of(ID);
  await unlink(keys.loginFile(ID));
  const again = await keys.of(ID);
  expect(again.login.publicKey).not.toBe(login.publicKey);
});

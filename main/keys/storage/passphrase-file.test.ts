import { mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { createPassphraseFile } from './passphrase-file.ts';
import type { SealedSecrets } from './sealed-secrets.ts';

const PASSPHRASE = 'four words at random';
let folder: string;
let path: string;
/** scrypt takes half a second: one file is made and copied. */
let made: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'hs-sealed-'));
  path = join(folder, 'keys.sealed.json');
  const file = createPassphraseFile(path);
  await file.create(PASSPHRASE);
  await file.set('trading/1', 'the secret of one');
  await file.set('trading/2', 'the secret of two');
  made = await readFile(path, 'utf8');
});
afterAll(() => rm(folder, { recursive: true }));
beforeEach(() => writeFile(path, made));

async function opened() {
  const file = createPassphraseFile(path);
  await file.unlock(PASSPHRASE);
  return file;
}

const changed = (change: (sealed: SealedSecrets) => object) =>
  writeFile(path, JSON.stringify(change(JSON.parse(made) as SealedSecrets)));

const flipped = (base64: string) => {
  const bytes = Buffer.from(base64, 'base64');
  bytes[bytes.length - 1]! ^= 1;
  return bytes.toString('base64');
};

describe('a file of secrets under a passphrase', () => {
  it('keeps, changes, lists and deletes them, for this user alone and never in plain text', async () => {
    const file = await opened();
    expect(await file.get('trading/1')).toBe('the secret of one');
    await file.set('trading/1', 'another');
    expect(await file.delete('trading/2')).toBe(true);
    expect(await file.delete('trading/2')).toBe(false);
    expect(await file.get('trading/2')).toBeUndefined();
    expect(await file.get('__proto__')).toBeUndefined();
    expect(await file.list()).toEqual(['trading/1']);
    expect((await stat(path)).mode & 0o777).toBe(0o600);
    const text = await readFile(path, 'utf8');
    for (const plain of ['another', 'trading/1', PASSPHRASE]) expect(text).not.toContain(plain);
    expect(JSON.parse(text)).toMatchObject({ version: 1, kdf: { name: 'scrypt', n: 2 ** 17, r: 8, p: 1 } });
  });

  it('is locked until its passphrase is given, and knows a wrong one', async () => {
    const file = createPassphraseFile(path);
    await expect(file.get('trading/1')).rejects.toMatchObject({ code: 'HS_KEYCHAIN_FILE_LOCKED' });
    await expect(file.unlock('four words at randum')).rejects.toMatchObject({ code: 'HS_KEYCHAIN_PASSPHRASE' });
    expect(file.isOpen()).toBe(false);
  });

  it('is not overwritten by a new one', async () => {
    await expect(createPassphraseFile(path).create('some other words')).rejects.toMatchObject({
      code: 'HS_KEYCHAIN_FILE_EXISTS',
    });
    expect(await readFile(path, 'utf8')).toBe(made);
  });

  it('loses nothing when changes come at the same time', async () => {
    const file = await opened();
    await Promise.all([1, 2, 3, 4, 5].map((n) => file.set(`many/${n}`, String(n))));
    expect((await file.list()).sort()).toEqual([
      'many/1',
      'many/2',
      'many/3',
      'many/4',
      'many/5',
      'trading/1',
      'trading/2',
    ]);
  });

  it('says that it was tampered with when the secrets, the tag or the nonce changed by a bit', async () => {
    const file = await opened();
    for (const part of ['secrets', 'tag', 'iv'] as const) {
      await changed((sealed) => ({ ...sealed, [part]: flipped(sealed[part]) }));
      await expect(file.get('trading/1'), part).rejects.toMatchObject({ code: 'HS_KEYCHAIN_FILE_TAMPERED' });
      await expect(file.set('trading/3', 'new'), part).rejects.toMatchObject({ code: 'HS_KEYCHAIN_FILE_TAMPERED' });
    }
  });

  it.each<[string, string, (sealed: SealedSecrets) => string | object]>([
    ['cut short', 'HS_KEYCHAIN_FILE_DAMAGED', (sealed) => JSON.stringify(sealed).slice(0, -40)],
    ['emptied', 'HS_KEYCHAIN_FILE_DAMAGED', () => ''],
    ['another JSON', 'HS_KEYCHAIN_FILE_DAMAGED', () => ({ keys: [] })],
    ['with a shortened tag', 'HS_KEYCHAIN_FILE_DAMAGED', (sealed) => ({ ...sealed, tag: sealed.tag.slice(0, 8) })],
    [
      'made cheaper to guess',
      'HS_KEYCHAIN_FILE_DAMAGED',
      (sealed) => ({ ...sealed, kdf: { ...sealed.kdf, n: 2 ** 10 } }),
    ],
    [
      'made too dear to open',
      'HS_KEYCHAIN_FILE_DAMAGED',
      (sealed) => ({ ...sealed, kdf: { ...sealed.kdf, n: 2 ** 30 } }),
    ],
    ['of a newer version', 'HS_KEYCHAIN_FILE_VERSION', (sealed) => ({ ...sealed, version: 2 })],
  ])('is told %s from one with a wrong passphrase, and left as it is', async (_what, code, change) => {
    const changedTo = change(JSON.parse(made) as SealedSecrets);
    const text = typeof changedTo === 'string' ? changedTo : JSON.stringify(changedTo);
    await writeFile(path, text);
    await expect(createPassphraseFile(path).unlock(PASSPHRASE)).rejects.toMatchObject({ code });
    await expect(createPassphraseFile(path).create('some other words')).rejects.toMatchObject({ code });
    expect(await readFile(path, 'utf8')).toBe(text);
  });

  it('notices that it was taken away, or that another took its place, and never writes over that', async () => {
    const file = await opened();
    await rm(path);
    await expect(file.set('trading/3', 'new')).rejects.toMatchObject({ code: 'HS_KEYCHAIN_FILE_GONE' });
    await createPassphraseFile(path).create('the words of another');
    const other = await readFile(path, 'utf8');
    await expect(file.set('trading/3', 'new')).rejects.toMatchObject({ code: 'HS_KEYCHAIN_FILE_LOCKED' });
    expect(await readFile(path, 'utf8')).toBe(other);
  });
});

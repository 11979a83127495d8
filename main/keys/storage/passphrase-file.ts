import { readFile } from 'node:fs/promises';
import { errorMessage, HalfspreadError } from '../../../engine/protocol/errors.ts';
import { replaceFile } from '../../settings/replace-file.ts';
import type { SecretStore } from '../secret-store.ts';
import {
  fits,
  keysOf,
  newFileKeys,
  parseSealed,
  seal,
  unseal,
  type FileKeys,
  type SealedSecrets,
} from './sealed-secrets.ts';

/** One file of secrets under a passphrase, which is kept nowhere: it must be given once per run. */
export interface PassphraseFile extends SecretStore {
  readonly path: string;
  /** @throws HalfspreadError HS_KEYCHAIN_FILE_READ, _DAMAGED, _VERSION when there is one that cannot be used */
  exists(): Promise<boolean>;
  isOpen(): boolean;
  /** Makes an empty file. @throws HalfspreadError HS_KEYCHAIN_FILE_EXISTS, HS_KEYCHAIN_FILE_WRITE */
  create(passphrase: string): Promise<void>;
  /** @throws HalfspreadError HS_KEYCHAIN_PASSPHRASE, HS_KEYCHAIN_FILE_... */
  unlock(passphrase: string): Promise<void>;
  /** Forgets the keys made of the passphrase. */
  lock(): void;
}

/** The file is read again at every call, so what happens to it outside is met as an error and never overwritten unseen. */
export function createPassphraseFile(path: string): PassphraseFile {
  let keys: FileKeys | undefined;
  /** One change after the other: each reads the file, changes it, writes it. */
  let changing: Promise<unknown> = Promise.resolve();

  async function readSealed(): Promise<SealedSecrets | undefined> {
    try {
      return parseSealed(await readFile(path, 'utf8'));
    } catch (cause) {
      if (cause instanceof HalfspreadError) throw cause;
      if (cause instanceof Error && 'code' in cause && cause.code === 'ENOENT') return undefined;
      throw fileError('HS_KEYCHAIN_FILE_READ', `The file of encrypted keys cannot be read: ${errorMessage(cause)}.`);
    }
  }

  async function open(): Promise<{ secrets: Map<string, string>; keys: FileKeys }> {
    if (!keys) throw locked();
    const sealed = await readSealed();
    if (!sealed) throw fileError('HS_KEYCHAIN_FILE_GONE', 'The file of encrypted keys is not there any more.');
    if (!fits(keys, sealed)) {
      keys = undefined;
      throw locked();
    }
    return { secrets: unseal(sealed, keys), keys };
  }

  async function write(secrets: Map<string, string>, under: FileKeys): Promise<void> {
    try {
      await replaceFile(path, `${JSON.stringify(seal(secrets, under), undefined, 2)}\n`);
    } catch (cause) {
      throw fileError(
        'HS_KEYCHAIN_FILE_WRITE',
        `The file of encrypted keys cannot be written: ${errorMessage(cause)}.`,
      );
    }
  }

  function change<Result>(apply: (secrets: Map<string, string>) => Result): Promise<Result> {
    const changed = changing.then(async () => {
      const opened = await open();
      const result = apply(opened.secrets);
      await write(opened.secrets, opened.keys);
      return result;
    });
    changing = changed.catch(() => undefined);
    return changed;
  }

  function fileError(code: `HS_${string}`, message: string): HalfspreadError {
    return new HalfspreadError(
      code,
      `${message} Its place is ${path}.`,
      'Check that this user may read and write the file and its folder, or bring it back from a backup, then check again.',
    );
  }

  function locked(): HalfspreadError {
    return new HalfspreadError(
      'HS_KEYCHAIN_FILE_LOCKED',
      'The file of encrypted keys is locked: its passphrase is kept nowhere and is asked for once per start.',
      'Press Unlock and give the passphrase.',
    );
  }

  return {
    kind: 'file',
    path,
    exists: async () => (await readSealed()) !== undefined,
    isOpen: () => keys !== undefined,
    async create(passphrase) {
      if (await readSealed()) {
        throw new HalfspreadError(
          'HS_KEYCHAIN_FILE_EXISTS',
          `There is a file of encrypted keys at ${path} already; it is not overwritten.`,
          'Unlock it with its passphrase, or move it away first.',
        );
      }
      const made = await newFileKeys(passphrase);
      await write(new Map(), made);
      keys = made;
    },
    async unlock(passphrase) {
      const sealed = await readSealed();
      if (!sealed) throw fileError('HS_KEYCHAIN_FILE_GONE', 'There is no file of encrypted keys.');
      const found = await keysOf(passphrase, sealed);
      unseal(sealed, found);
      keys = found;
    },
    lock: () => (keys = undefined),
    async get(name) {
      const { secrets } = await open();
      return secrets.get(name);
    },
    async set(name, value) {
      await change((secrets) => secrets.set(name, value));
      const { secrets } = await open();
      if (secrets.get(name) !== value) {
        throw fileError('HS_KEYCHAIN_FILE_WRITE', 'The file of encrypted keys does not hold what was written to it.');
      }
    },
    async delete(name) {
      const existed = await change((secrets) => secrets.delete(name));
      const { secrets } = await open();
      if (secrets.has(name)) {
        throw fileError('HS_KEYCHAIN_FILE_WRITE', 'The file of encrypted keys still holds what was deleted from it.');
      }
      return existed;
    },
    list: async () => [...(await open()).secrets.keys()],
  };
}

import { z } from 'zod';
import { errorMessage, HalfspreadError } from '../../../engine/protocol/errors.ts';
import { openStoredJson } from '../../settings/stored-json.ts';
import type { SecretStore } from '../ports.ts';

const SERVICE = 'halfspread';

/** The keychain of this machine. @throws HalfspreadError HS_KEYCHAIN_NONE at use, where there is none */
export function keychainStore(): SecretStore {
  async function use<Result>(work: (keytar: Keytar) => Promise<Result>): Promise<Result> {
    try {
      const module = await import('keytar');
      return await work(module.default);
    } catch (cause) {
      throw new HalfspreadError(
        'HS_KEYCHAIN_NONE',
        `This machine’s keychain cannot be used (${errorMessage(cause)}), so this machine’s key has no safe place.`,
        'Log in to a desktop session with a keychain, or name a file that only you can read: --secrets-file FILE.',
        { cause },
      );
    }
  }
  return {
    get: async (name) => (await use((keytar) => keytar.getPassword(SERVICE, name))) ?? undefined,
    set: (name, value) => use((keytar) => keytar.setPassword(SERVICE, name, value)),
    delete: (name) => use((keytar) => keytar.deletePassword(SERVICE, name)),
  };
}

type Keytar = Pick<typeof import('keytar'), 'getPassword' | 'setPassword' | 'deletePassword'>;

const fileSchema = z.strictObject({ version: z.literal(1), secrets: z.record(z.string(), z.string()) });

/** A file only this user can read, where the operator chose that over a keychain: for machines without one. Not encrypted. */
export async function fileStore(path: string, nowMs: () => number): Promise<SecretStore> {
  const file = await openStoredJson({
    path,
    schema: fileSchema,
    noun: 'secrets file',
    codes: { read: 'HS_SECRETS_FILE', write: 'HS_SECRETS_FILE', setAside: 'HS_SECRETS_FILE' },
    without: 'this machine gets a new key, and each site must be deployed to again',
    nowMs,
  });
  if (file.setAside) throw new HalfspreadError('HS_SECRETS_FILE', file.setAside.message, file.setAside.remedy);
  const secrets = new Map(Object.entries(file.found?.secrets ?? {}));
  const save = () => file.replace({ version: 1, secrets: Object.fromEntries(secrets) });
  return {
    get: (name) => Promise.resolve(secrets.get(name)),
    async set(name, value) {
      secrets.set(name, value);
      await save();
    },
    async delete(name) {
      if (secrets.delete(name)) await save();
    },
  };
}

/** `given` in front of a store: for this run only, unless remembered. */
export function withGiven(store: SecretStore, given: ReadonlyMap<string, string>): SecretStore {
  return { ...store, get: async (name) => given.get(name) ?? (await store.get(name)) };
}

import { z } from 'zod';
import { HalfspreadError } from '../../../engine/protocol/errors.ts';
import type { Programs } from '../../engines/programs.ts';
import { createKeychainStore, keychainPrefix } from '../../keys/storage/keychain-store.ts';
import { openStoredJson } from '../../settings/stored-json.ts';
import { launchNodeProcess } from '../../shell/browser/node-launcher.ts';
import type { SecretStore } from '../ports.ts';

/**
 * The keychain of this machine, with the same names as the window's: what one of them keeps, the other finds.
 * @param settingsFolder of this Halfspread
 * @throws HalfspreadError HS_KEYCHAIN_... at use, where it cannot be used
 */
export function keychainStore(programs: Pick<Programs, 'keychain'>, settingsFolder: string): SecretStore {
  const store = createKeychainStore({
    launcher: launchNodeProcess,
    script: programs.keychain,
    platform: process.platform,
    prefix: keychainPrefix(settingsFolder),
  });
  const orFile = <Result>(work: Promise<Result>): Promise<Result> =>
    work.catch((error: unknown) => rejectWithFile(error));
  return {
    get: (name) => orFile(store.get(name)),
    set: (name, value) => orFile(store.set(name, value)),
    delete: (name) => orFile(store.delete(name)),
  };
}

/** The window's remedies name its pages; here there is another way out. */
function rejectWithFile(error: unknown): never {
  if (!(error instanceof HalfspreadError) || !isKeychainCode(error.code)) throw error;
  const remedy = `${error.remedy} On a machine without a keychain, name a file that only you can read: --secrets-file FILE.`;
  throw new HalfspreadError(error.code, error.message, remedy, { cause: error });
}

function isKeychainCode(code: string): code is `HS_KEYCHAIN_${string}` {
  return code.startsWith('HS_KEYCHAIN_');
}

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

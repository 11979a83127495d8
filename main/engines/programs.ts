import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { HalfspreadError } from '../../engine/protocol/errors.ts';

/** The scripts main starts as processes of their own. */
export interface Programs {
  engine: string;
  practice: string;
  /** Short-lived: asks the venues about keys and addresses (accounts-client.ts). */
  accounts: string;
  /** Speaks to the keychain of the operating system, one request a start (main/keys/storage). */
  keychain: string;
  /** Short-lived: whether a desk's config can be used (config-check.ts). */
  configCheck: string;
}

/**
 * Finds the programs below the root folder: as built, else as source (Node 24 runs TypeScript).
 * @throws HalfspreadError HS_PROGRAM_MISSING
 */
export function findPrograms(root: string): Programs {
  return {
    engine: firstExisting('engine', [join(root, 'dist/engine/engine.mjs'), join(root, 'engine/main.ts')]),
    practice: firstExisting('practice venues', [
      join(root, 'dist/practice/main.mjs'),
      join(root, 'engine/practice/main.ts'),
    ]),
    accounts: firstExisting('venue accounts', [
      join(root, 'dist/engine/accounts.mjs'),
      join(root, 'engine/accounts/main.ts'),
    ]),
    keychain: firstExisting('keychain', [
      join(root, 'dist/main/keychain.mjs'),
      join(root, 'main/keys/storage/keychain-program.ts'),
    ]),
    configCheck: firstExisting('config check', [
      join(root, 'dist/engine/config-check.mjs'),
      join(root, 'engine/config/check-main.ts'),
    ]),
  };
}

function firstExisting(what: string, paths: string[]): string {
  const found = paths.find((path) => existsSync(path));
  if (found !== undefined) return found;
  throw new HalfspreadError(
    'HS_PROGRAM_MISSING',
    `The program of the ${what} is not there (${paths[0]}).`,
    'Build it: npm run build.',
  );
}

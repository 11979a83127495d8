import { open } from 'node:fs/promises';
import { isAbsolute } from 'node:path';
import { parseEnv } from 'node:util';
import { errorMessage, HalfspreadError, toWireError } from '../../../engine/protocol/errors.ts';
import { venueNameSchema, type VenueName } from '../../../engine/protocol/endpoints.ts';
import { findKey, leftAlone, venuesIn, type Environment } from '../env-names.ts';
import type { IpcInput } from '../../ipc/schema.ts';
import type { VenueKey } from '../kept-secret.ts';
import { keepKey, testKey } from './keep.ts';
import type { KeyWork } from './key-work.ts';

const MAX_FILE_BYTES = 256 * 1024;

/**
 * Imports the keys of each venue that names were found of. One that fails does not keep the other out; the outcome says so.
 * @throws HalfspreadError HS_KEY_IMPORT_FILE, HS_KEY_IMPORT_NOTHING
 */
export async function importKeys(
  work: KeyWork,
  input: IpcInput<'keys.import'>,
  ownEnvironment: Environment,
): Promise<void> {
  work.step('reading');
  const environment = input.path === undefined ? ownEnvironment : await readEnvFile(input.path);
  const venues = venuesIn(environment);
  const ignored = leftAlone(environment);
  if (venues.length === 0) throw nothingFound(input.path, ignored.length);
  const outcomes: { venue: VenueName; error?: ReturnType<typeof toWireError> }[] = [];
  for (const venue of venueNameSchema.options.filter((name) => venues.includes(name))) {
    try {
      const label = `${{ paradex: 'Paradex', vest: 'Vest' }[venue]} (.env)`;
      const venueKey = venueKeyOf(venue, environment, input);
      const test = await testKey(work, venueKey, label);
      await keepKey(work, { venueKey, label, origin: 'imported' }, test);
      outcomes.push({ venue });
    } catch (error) {
      if (work.signal.aborted) throw error;
      outcomes.push({ venue, error: toWireError(error) });
    }
  }
  work.report({ venues: outcomes, leftAlone: ignored });
}

function venueKeyOf(venue: VenueName, environment: Environment, input: IpcInput<'keys.import'>): VenueKey {
  const found = findKey(venue, environment);
  if (found.venue === 'paradex') {
    const { account, privateKey } = found;
    return { venue: 'paradex', endpoint: input.paradex, key: { accountAddress: account, privateKey } };
  }
  const { account, signingPrivateKey, apiKey, accountGroup, expiresAt } = found;
  const key = { primaryAddress: account, signingPrivateKey, apiKey, accountGroup, expiresAt };
  return { venue: 'vest', endpoint: input.vest, key };
}

async function readEnvFile(path: string): Promise<Environment> {
  if (!isAbsolute(path)) throw fileError(path, 'it is not an absolute path');
  let text: string;
  try {
    const file = await open(path, 'r');
    try {
      const { size } = await file.stat();
      if (size > MAX_FILE_BYTES) throw new Error(`it is larger than ${MAX_FILE_BYTES / 1024} KiB`);
      text = await file.readFile('utf8');
    } finally {
      await file.close();
    }
  } catch (error) {
    throw fileError(path, errorMessage(error));
  }
  return parseEnv(text);
}

function fileError(path: string, why: string): HalfspreadError {
  return new HalfspreadError(
    'HS_KEY_IMPORT_FILE',
    `The file ${path} cannot be read: ${why}.`,
    'Give the whole path of a file on this machine that holds lines like PARADEX_ACCOUNT_ADDRESS=0x...',
  );
}

function nothingFound(path: string | undefined, ignored: number): HalfspreadError {
  const where = path ?? 'the environment Halfspread was started with';
  return new HalfspreadError(
    'HS_KEY_IMPORT_NOTHING',
    `${where} names no trading key${ignored > 0 ? `; ${ignored} names that begin with VEST_ or PARADEX_ are none` : ''}.`,
    'Halfspread looks for PARADEX_ACCOUNT_ADDRESS, PARADEX_PRIVATE_KEY (a subkey), VEST_PRIMARY_ADDRESS, VEST_SIGNING_KEY, VEST_API_KEY, VEST_EXPIRES_AT.',
  );
}

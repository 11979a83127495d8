/** Names under which operators' bots keep keys (`VEST_...`, `PARADEX_...`), and what is made of their values. Pure. */
import type { VenueName } from '../../engine/protocol/endpoints.ts';
import { HalfspreadError } from '../../engine/protocol/errors.ts';
import { readApiKey, readEthereumKey, readStarkKey, type ReadSecret } from './key-formats.ts';
import { venueTitle } from './key-ring.ts';

/** For each part of a key the names it goes by; the first one that is set counts. */
const NAMES = {
  paradex: {
    account: ['PARADEX_ACCOUNT_ADDRESS', 'PARADEX_L2_ADDRESS', 'PARADEX_ACCOUNT', 'PARADEX_ADDRESS'],
    privateKey: [
      'PARADEX_SUBKEY_PRIVATE_KEY',
      'PARADEX_SUBKEY',
      'PARADEX_PRIVATE_KEY',
      'PARADEX_L2_PRIVATE_KEY',
      'PARADEX_ACCOUNT_PRIVATE_KEY',
    ],
  },
  vest: {
    account: ['VEST_PRIMARY_ADDRESS', 'VEST_PRIMARY_ADDR', 'VEST_ACCOUNT_ADDRESS', 'VEST_ADDRESS'],
    signingKey: ['VEST_SIGNING_PRIVATE_KEY', 'VEST_SIGNING_KEY', 'VEST_SIGNING_PRIV_KEY'],
    apiKey: ['VEST_API_KEY'],
    accountGroup: ['VEST_ACCOUNT_GROUP', 'VEST_ACC_GROUP', 'VEST_ACCGROUP'],
    expiresAt: ['VEST_SIGNING_KEY_EXPIRES_AT', 'VEST_EXPIRES_AT', 'VEST_EXPIRY_TIME', 'VEST_EXPIRY'],
  },
} as const;

/** Keys of whole wallets: asked for where a new key is made, never imported. */
const WIDE = new Set([
  'VEST_PRIVATE_KEY',
  'VEST_PRIMARY_KEY',
  'VEST_PRIMARY_PRIVATE_KEY',
  'PARADEX_ETH_PRIVATE_KEY',
  'PARADEX_ETHEREUM_PRIVATE_KEY',
  'PARADEX_L1_PRIVATE_KEY',
]);

export type Environment = Readonly<Record<string, string | undefined>>;

/** A key's parts as they were found: the public ones, and the secrets. */
export type FoundKey =
  | { venue: 'paradex'; account: string; privateKey: string }
  | {
      venue: 'vest';
      account: string;
      signingPrivateKey: string;
      apiKey: string;
      accountGroup: number;
      expiresAt: number;
    };

/** The venues of which any name is there. */
export function venuesIn(environment: Environment): VenueName[] {
  const venues: VenueName[] = ['paradex', 'vest'];
  return venues.filter((venue) => Object.values(NAMES[venue]).some((names) => firstOf(environment, names)));
}

/** Names that begin like keys and were left alone. */
export function leftAlone(environment: Environment): { name: string; why: 'wideKey' | 'unknown' }[] {
  const known: string[] = Object.values(NAMES).flatMap((parts) => Object.values(parts).flat());
  return Object.keys(environment)
    .filter((name) => /^(VEST|PARADEX)_/.test(name) && !known.includes(name))
    .sort()
    .slice(0, 50)
    .map((name) => ({ name: name.slice(0, 64), why: WIDE.has(name) ? 'wideKey' : 'unknown' }));
}

/** @throws HalfspreadError HS_KEY_IMPORT naming what is missing or malformed; never its value */
export function findKey(venue: VenueName, environment: Environment): FoundKey {
  if (venue === 'paradex') {
    const { account, privateKey } = NAMES.paradex;
    return {
      venue,
      account: matching(environment, venue, account, /^0x[0-9a-fA-F]{1,64}$/, 'an account address: 0x and hex digits'),
      privateKey: secret(environment, venue, privateKey, readStarkKey),
    };
  }
  const { account, signingKey, apiKey, accountGroup, expiresAt } = NAMES.vest;
  return {
    venue,
    account: matching(environment, venue, account, /^0x[0-9a-fA-F]{40}$/, 'an address: 0x and 40 hex digits'),
    signingPrivateKey: secret(environment, venue, signingKey, readEthereumKey),
    apiKey: secret(environment, venue, apiKey, readApiKey),
    accountGroup: firstOf(environment, accountGroup)
      ? Number(matching(environment, venue, accountGroup, /^\d{1,6}$/, 'a whole number'))
      : 0,
    expiresAt: moment(required(environment, venue, expiresAt)),
  };
}

function firstOf(environment: Environment, names: readonly string[]): { name: string; value: string } | undefined {
  for (const name of names) {
    const value = environment[name]?.trim();
    if (value) return { name, value };
  }
  return undefined;
}

function required(
  environment: Environment,
  venue: VenueName,
  names: readonly string[],
): { name: string; value: string } {
  const found = firstOf(environment, names);
  if (found) return found;
  throw importError(`${venueTitle(venue)}: ${names[0]} is missing`, `Add a line ${names[0]}=..., then import again.`);
}

function matching(
  environment: Environment,
  venue: VenueName,
  names: readonly string[],
  form: RegExp,
  what: string,
): string {
  const { name, value } = required(environment, venue, names);
  if (form.test(value)) return value;
  throw importError(`${name} is not ${what}`, 'Correct it, then import again.');
}

function secret(
  environment: Environment,
  venue: VenueName,
  names: readonly string[],
  read: (typed: string) => ReadSecret,
): string {
  const { name, value } = required(environment, venue, names);
  const result = read(value);
  if ('secret' in result) return result.secret;
  throw importError(`${name}: ${result.refused.message}`, result.refused.remedy);
}

/** Unix ms, Unix seconds, or a date. */
function moment({ name, value }: { name: string; value: string }): number {
  const number = Number(value);
  const at = Number.isFinite(number) ? (number < 1e11 ? number * 1000 : number) : Date.parse(value);
  if (Number.isFinite(at) && at > 0) return Math.round(at);
  throw importError(`${name} is no moment in time`, 'Write it as Unix milliseconds or as 2026-12-01T00:00:00Z.');
}

function importError(what: string, remedy: string): HalfspreadError {
  return new HalfspreadError('HS_KEY_IMPORT', what.endsWith('.') ? what : `${what}.`, remedy);
}

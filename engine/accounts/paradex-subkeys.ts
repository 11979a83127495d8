import { grindKey } from '@scure/starknet';
import { HalfspreadError, NetworkError, errorMessage } from '../core/errors.ts';
import type { Env } from '../env.ts';
import type { AccountsResult, ParadexTradingKey } from '../protocol/accounts.ts';
import type { ParadexEndpoint } from '../protocol/endpoints.ts';
import { signSubkeyRegistration, starkPublicKey } from '../venues/paradex/keys.ts';
import { ParadexRestError } from '../venues/paradex/rest.ts';
import { isSameFelt, logIn, type ParadexLogin } from './paradex-login.ts';
import { paradexFailure } from './paradex-errors.ts';
import { isActive, kindOf, testParadexKey } from './paradex-key-test.ts';
import type { VenueLine } from './venue-line.ts';

/** Of the consent's signature, not of the subkey, which has no documented end. */
const CONSENT_LIFE_S = 600;
const SEED_BYTES = 32;

/**
 * Makes a random subkey, registers it with the main key and tests it.
 * @throws HalfspreadError see logIn; HS_PARADEX_NOT_MAIN_KEY, HS_PARADEX_SUBKEY_UNPROVEN
 */
export async function makeSubkey(
  env: Pick<Env, 'clock' | 'random'>,
  line: VenueLine,
  endpoint: ParadexEndpoint,
  mainKey: ParadexTradingKey,
  name: string,
): Promise<AccountsResult<'paradex.makeSubkey'>> {
  const login = await logInAsOwner(env, line, endpoint, mainKey);
  const key: ParadexTradingKey = { accountAddress: mainKey.accountAddress, privateKey: randomStarkKey(env) };
  const publicKey = starkPublicKey(key.privateKey);
  const doubt = await register(login, mainKey, publicKey, name);
  try {
    const test = await testParadexKey(env, line, endpoint, key);
    if (test.kind === 'subkey') return { key, publicKey, test };
    throw new HalfspreadError('HS_PARADEX_SUBKEY_UNPROVEN', 'Paradex does not treat it as a subkey.', 'Try again.');
  } catch (error) {
    if (doubt && error instanceof HalfspreadError && error.code === 'HS_PARADEX_KEY_UNKNOWN') throw doubt;
    throw unproven(error, await isRemoved(login, publicKey));
  }
}

/**
 * Revokes a subkey and looks that it is gone.
 * @throws HalfspreadError see logIn; HS_PARADEX_NOT_MAIN_KEY, HS_PARADEX_NO_SUBKEY, HS_PARADEX_NOT_REVOKED
 */
export async function revokeSubkey(
  env: Pick<Env, 'clock'>,
  line: VenueLine,
  endpoint: ParadexEndpoint,
  mainKey: ParadexTradingKey,
  publicKey: string,
): Promise<AccountsResult<'paradex.revokeSubkey'>> {
  const { rest } = await logInAsOwner(env, line, endpoint, mainKey);
  try {
    // Without an answer the list decides.
    const doubt = await rest.removeSubkey(publicKey).catch((error: unknown) => {
      if (error instanceof NetworkError) return error;
      throw error;
    });
    const left = await rest.subkeys();
    const isLeft = left.some((each) => isActive(each) && isSameFelt(each.public_key, publicKey));
    if (isLeft) throw doubt ?? notRevoked(publicKey);
    return {};
  } catch (error) {
    if (error instanceof NetworkError) throw revocationUnknown(error, publicKey);
    if (error instanceof ParadexRestError && error.status === 404) throw noSubkey(publicKey, mainKey.accountAddress);
    throw managementFailure(error, mainKey.accountAddress);
  }
}

async function logInAsOwner(
  env: Pick<Env, 'clock'>,
  line: VenueLine,
  endpoint: ParadexEndpoint,
  mainKey: ParadexTradingKey,
): Promise<ParadexLogin> {
  const login = await logIn(env, line, endpoint, mainKey);
  const { kind } = await kindOf(login).catch((error: unknown) => {
    throw paradexFailure(error, mainKey.accountAddress);
  });
  if (kind === 'mainKey') return login;
  throw notMainKey();
}

/** Uniform below the curve's order: the seed is ground as for every Stark key. */
function randomStarkKey({ random }: Pick<Env, 'random'>): string {
  return `0x${grindKey(random.bytes(SEED_BYTES)).padStart(64, '0')}`;
}

/** Without an answer the outcome is open: the error is returned, and the test that follows decides. */
async function register(
  { rest, venueNowS }: ParadexLogin,
  mainKey: ParadexTradingKey,
  publicKey: string,
  name: string,
): Promise<NetworkError | undefined> {
  const timestampS = venueNowS();
  const expiryS = timestampS + CONSENT_LIFE_S;
  const { accountAddress } = mainKey;
  const grant = { accountAddress, subkeyPublicKey: publicKey, timestampS, expiryS };
  try {
    await rest.addSubkey({
      name,
      public_key: publicKey,
      state: 'active',
      signature: signSubkeyRegistration(mainKey.privateKey, grant),
      signature_timestamp: timestampS,
      signature_expiry: expiryS,
    });
    return undefined;
  } catch (error) {
    if (error instanceof NetworkError) return error;
    throw managementFailure(error, accountAddress);
  }
}

/** A key that could not be proven is of no use: it is taken back, as far as that works. */
async function isRemoved({ rest }: ParadexLogin, publicKey: string): Promise<boolean> {
  try {
    await rest.removeSubkey(publicKey);
    return true;
  } catch (error) {
    return error instanceof ParadexRestError && error.status === 404;
  }
}

function unproven(cause: unknown, isGone: boolean): HalfspreadError {
  return new HalfspreadError(
    'HS_PARADEX_SUBKEY_UNPROVEN',
    `Paradex took the new subkey, but it did not pass its test: ${errorMessage(cause)} ` +
      (isGone
        ? 'It was revoked again.'
        : 'It may still be listed in the Paradex window; its private key is gone, so nobody can use it.'),
    cause instanceof HalfspreadError ? cause.remedy : 'Try again.',
    { cause },
  );
}

function managementFailure(error: unknown, accountAddress: string): unknown {
  const isForbidden = error instanceof ParadexRestError && error.venueCode === 'REQUEST_NOT_ALLOWED';
  return isForbidden ? notMainKey() : paradexFailure(error, accountAddress);
}

function notMainKey(): HalfspreadError {
  return new HalfspreadError(
    'HS_PARADEX_NOT_MAIN_KEY',
    'This Paradex key is a subkey: it may trade, not make or revoke keys.',
    'Use the account’s main key for this once. An account owned by an Ethereum wallet has none: make and revoke its ' +
      'subkeys in the Paradex window.',
  );
}

function revocationUnknown(cause: NetworkError, publicKey: string): HalfspreadError {
  return new HalfspreadError(
    'HS_PARADEX_REVOCATION_UNKNOWN',
    `Whether the subkey ${publicKey} is revoked is unknown: ${cause.message}`,
    'Revoke it again; doing so twice harms nothing.',
    { cause },
  );
}

function noSubkey(publicKey: string, accountAddress: string): HalfspreadError {
  return new HalfspreadError(
    'HS_PARADEX_NO_SUBKEY',
    `The Paradex account ${accountAddress} has no subkey ${publicKey}: it was revoked before, or belongs to another account.`,
    'Nothing has to be done if you meant to be rid of it.',
  );
}

function notRevoked(publicKey: string): HalfspreadError {
  return new HalfspreadError(
    'HS_PARADEX_NOT_REVOKED',
    `Paradex answered that the subkey ${publicKey} is revoked, but still lists it.`,
    'Revoke it in the Paradex window, and test it here afterwards.',
  );
}

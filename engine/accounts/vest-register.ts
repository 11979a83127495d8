import { SigningKey } from 'ethers';
import { HalfspreadError, NetworkError, errorMessage } from '../core/errors.ts';
import type { Env } from '../env.ts';
import type { AccountsResult, KeyTest, VestTradingKey } from '../protocol/accounts.ts';
import type { VestEndpoint } from '../protocol/endpoints.ts';
import { registerBody } from '../venues/vest/register.ts';
import { VestRest } from '../venues/vest/rest.ts';
import { VestClock } from '../venues/vest/venue-clock.ts';
import { registerAnswerSchema, type VestRegisterAnswer } from '../venues/vest/wire.ts';
import { ethereumAddressOf } from './key-format.ts';
import type { VenueLine } from './venue-line.ts';
import { vestFailure } from './vest-errors.ts';
import { testVestKey } from './vest-key-test.ts';
import { checkVestClock, recogniseVest } from './vest-recognise.ts';

const REQUEST_TIMEOUT_MS = 8_000;
const KEY_BYTES = 32;

/**
 * Makes a random signing key, registers it with the primary key until `expiresAt`, and tests it.
 * @throws HalfspreadError HS_VEST_KEY_FORMAT, HS_VEST_V3, HS_VEST_NOT_V2, HS_CLOCK_OFF, HS_VEST_EXPIRY_PAST,
 * HS_VEST_WRONG_CONTRACT, HS_VEST_NO_ACCOUNT, HS_VEST_REGISTRATION_REFUSED, HS_VEST_REGISTRATION_UNKNOWN,
 * HS_VEST_KEY_UNPROVEN, and VenueLine's
 */
export async function registerVestKey(
  env: Pick<Env, 'clock' | 'random'>,
  line: VenueLine,
  endpoint: VestEndpoint,
  primaryKey: string,
  expiresAt: number,
): Promise<AccountsResult<'vest.register'>> {
  const primaryAddress = ethereumAddressOf(primaryKey, 'primaryKey');
  const vest = await recogniseVest(env, line, endpoint);
  checkVestClock(vest);
  checkEnd(expiresAt, env.clock.wallMs() + (vest.offsetMs ?? 0));
  const signingPrivateKey = randomKey(env);
  const { verifyingContract } = endpoint;
  const body = await registerBody({
    primaryKey,
    signingKey: signingPrivateKey,
    expiryMs: expiresAt,
    verifyingContract,
  });
  const { apiKey, accGroup } = await postRegistration(env, line, endpoint, body).catch((error: unknown) => {
    throw vestFailure(error, primaryAddress);
  });
  const key: VestTradingKey = { primaryAddress, signingPrivateKey, apiKey, accountGroup: accGroup, expiresAt };
  return { key, test: await prove(env, line, endpoint, key) };
}

async function postRegistration(
  env: Pick<Env, 'clock'>,
  line: VenueLine,
  endpoint: VestEndpoint,
  body: object,
): Promise<VestRegisterAnswer> {
  // Before a registration there is no API key, and every wallet begins in group 0 (vest.md 2.3).
  const settings = { restUrl: endpoint.restUrl, accountGroup: 0, requestTimeoutMs: REQUEST_TIMEOUT_MS };
  const rest = new VestRest({ clock: env.clock, network: line }, settings, new VestClock(env.clock), () => undefined);
  try {
    return await rest.call(registerAnswerSchema, 'POST', '/register', {}, body);
  } catch (error) {
    if (!(error instanceof NetworkError) || error.code === 'HS_VENUE_RATE_LIMIT') throw error;
    throw new HalfspreadError(
      'HS_VEST_REGISTRATION_UNKNOWN',
      `Whether Vest took the registration is unknown: ${error.message} The key made for it is gone, so nobody can use it.`,
      'Register again: a new key is made each time.',
      { cause: error },
    );
  }
}

async function prove(
  env: Pick<Env, 'clock'>,
  line: VenueLine,
  endpoint: VestEndpoint,
  key: VestTradingKey,
): Promise<KeyTest> {
  try {
    return await testVestKey(env, line, endpoint, key);
  } catch (cause) {
    throw new HalfspreadError(
      'HS_VEST_KEY_UNPROVEN',
      `Vest took the registration, but the new key did not pass its test: ${errorMessage(cause)} The key is gone, so ` +
        'nobody can use it.',
      cause instanceof HalfspreadError ? cause.remedy : 'Register again.',
      { cause },
    );
  }
}

/** Random bytes are a valid key but for one case in 2^128. */
function randomKey({ random }: Pick<Env, 'random'>): string {
  const { privateKey } = new SigningKey(random.bytes(KEY_BYTES));
  ethereumAddressOf(privateKey, 'signingPrivateKey');
  return privateKey;
}

function checkEnd(expiresAt: number, venueNowMs: number): void {
  if (expiresAt > venueNowMs) return;
  throw new HalfspreadError(
    'HS_VEST_EXPIRY_PAST',
    'The end chosen for the Vest registration has already passed.',
    'Choose an end in the future; a week is Vest’s own example.',
  );
}

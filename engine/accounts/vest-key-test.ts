import { HalfspreadError } from '../core/errors.ts';
import type { Clock } from '../env.ts';
import type { KeyTest, VestTradingKey } from '../protocol/accounts.ts';
import type { VestEndpoint } from '../protocol/endpoints.ts';
import { VestRest } from '../venues/vest/rest.ts';
import { VestClock } from '../venues/vest/venue-clock.ts';
import { ethereumAddressOf } from './key-format.ts';
import type { VenueLine } from './venue-line.ts';
import { vestFailure } from './vest-errors.ts';
import { checkVestClock, recogniseVest } from './vest-recognise.ts';

const REQUEST_TIMEOUT_MS = 5_000;

/**
 * Reads the account of a registered signing key. Changes nothing. Vest's reads carry the API key alone, so the test shows
 * that registration and account belong together, not that the signing key is the registered one: its first order does.
 * @throws HalfspreadError HS_VEST_KEY_FORMAT, HS_VEST_PRIMARY_KEY, HS_VEST_V3, HS_VEST_NOT_V2, HS_CLOCK_OFF,
 * HS_VEST_REGISTRATION_EXPIRED, HS_VEST_API_KEY, HS_VEST_ACCOUNT_GROUP, HS_VEST_NO_ACCOUNT, HS_VEST_OTHER_ACCOUNT, and
 * VenueLine's
 */
export async function testVestKey(
  env: { clock: Clock },
  line: VenueLine,
  endpoint: VestEndpoint,
  key: VestTradingKey,
): Promise<KeyTest> {
  const primaryAddress = key.primaryAddress.toLowerCase();
  const signingAddress = signingAddressOf(key);
  const vest = await recogniseVest(env, line, endpoint);
  checkVestClock(vest);
  checkEnd(key, env.clock.wallMs() + (vest.offsetMs ?? 0));
  const { apiKey, accountGroup } = key;
  const settings = { restUrl: endpoint.restUrl, apiKey, accountGroup, requestTimeoutMs: REQUEST_TIMEOUT_MS };
  const rest = new VestRest({ clock: env.clock, network: line }, settings, new VestClock(env.clock), () => undefined);
  const account = await rest.account().catch((error: unknown) => {
    throw vestFailure(error, primaryAddress);
  });
  if (account.address !== undefined && account.address.toLowerCase() !== primaryAddress) {
    throw otherAccount(account.address, primaryAddress);
  }
  const value = account.totalAccountValue;
  return {
    accountAddress: account.address ?? primaryAddress,
    publicKey: signingAddress,
    kind: 'signingKey',
    // Vest takes a withdrawal signed by a signing key (vest.md 2.3).
    mayWithdraw: 'yes',
    signatureChecked: false,
    expiresAt: key.expiresAt,
    ...(value === null || value === undefined ? {} : { accountValueUsd: value }),
    roundTripMs: line.medianRoundTripMs() ?? 0,
  };
}

function signingAddressOf(key: VestTradingKey): string {
  const address = ethereumAddressOf(key.signingPrivateKey, 'signingPrivateKey');
  if (address !== key.primaryAddress.toLowerCase()) return address;
  throw new HalfspreadError(
    'HS_VEST_PRIMARY_KEY',
    'This is the private key of the Vest wallet itself, not of a signing key: it holds the money.',
    'Register a signing key with it, and keep the wallet’s key out of Halfspread.',
  );
}

function checkEnd({ expiresAt }: VestTradingKey, venueNowMs: number): void {
  if (expiresAt > venueNowMs) return;
  throw new HalfspreadError(
    'HS_VEST_REGISTRATION_EXPIRED',
    `The registration of this Vest signing key ended on ${new Date(expiresAt).toISOString()}: Vest takes no order signed by it.`,
    'Register a new signing key.',
  );
}

function otherAccount(found: string, wanted: string): HalfspreadError {
  return new HalfspreadError(
    'HS_VEST_OTHER_ACCOUNT',
    `This API key belongs to the Vest account ${found}, not to ${wanted}.`,
    'Give the primary address the key was registered for.',
  );
}

import { HalfspreadError, NetworkError } from '../core/errors.ts';
import type { Env } from '../env.ts';
import type { ParadexTradingKey } from '../protocol/accounts.ts';
import type { ParadexEndpoint, VenueNetwork } from '../protocol/endpoints.ts';
import { accountAddress, starkPublicKey } from '../venues/paradex/keys.ts';
import { ParadexRest, ParadexRestError, fetchKeyOwner, fetchSystemConfig } from '../venues/paradex/rest.ts';
import { createParadexSigner } from '../venues/paradex/sign.ts';
import type { SystemConfig } from '../venues/paradex/wire.ts';
import { checkClock } from './clock-check.ts';
import { checkStarkKey } from './key-format.ts';
import { isKeyRefusal, keyNotOfAccount, paradexFailure } from './paradex-errors.ts';
import type { VenueLine } from './venue-line.ts';

/** Of the login's signature; the token it gives lives for 300 s. */
const LOGIN_LIFE_S = 300;

/** Chain ids of the two public networks (venues/paradex.md 1). */
const CHAINS: Partial<Record<VenueNetwork, string>> = {
  production: 'PRIVATE_SN_PARACLEAR_MAINNET',
  testnet: 'PRIVATE_SN_POTC_SEPOLIA',
};

export interface ParadexLogin {
  rest: ParadexRest;
  publicKey: string;
  /** Whether the account is the one this key owns. */
  isOwner: boolean;
  /** Venue's wall clock, seconds. */
  venueNowS(): number;
}

/**
 * Logs in with a key of the account; the login's signature is the proof that it is one.
 * @throws HalfspreadError HS_PARADEX_KEY_FORMAT, HS_PARADEX_WRONG_CHAIN, HS_CLOCK_OFF, HS_PARADEX_NO_ACCOUNT,
 * HS_PARADEX_OTHER_ACCOUNT, HS_PARADEX_KEY_UNKNOWN, HS_PARADEX_IP_NOT_ALLOWED, HS_PARADEX_GEO_BLOCKED, and VenueLine's
 */
export async function logIn(
  env: Pick<Env, 'clock'>,
  line: VenueLine,
  endpoint: ParadexEndpoint,
  key: ParadexTradingKey,
): Promise<ParadexLogin> {
  checkStarkKey(key);
  const publicKey = starkPublicKey(key.privateKey);
  const rest = new ParadexRest(line, endpoint.restUrl);
  try {
    const config = await fetchSystemConfig(line, endpoint.restUrl);
    checkChain(endpoint.network, config);
    const offsetMs = await venueClockOffset(env, rest);
    checkClock('Paradex', offsetMs);
    const venueNowS = (): number => Math.floor((env.clock.wallMs() + offsetMs) / 1000);
    const owned = await ownedAccount(line, endpoint.restUrl, publicKey, config);
    const isOwner = isSameFelt(owned.address, key.accountAddress);
    const timestampS = venueNowS();
    const expirationS = timestampS + LOGIN_LIFE_S;
    const signer = createParadexSigner({ ...key, starknetChainId: config.starknet_chain_id });
    const signature = signer.signAuth(timestampS, expirationS);
    const headers = { accountAddress: key.accountAddress, signature, timestampS, expirationS };
    await rest.login(headers, { interactive: false, publicKey }).catch((error: unknown) => {
      if (!isKeyRefusal(error)) throw error;
      throw keyNotOfAccount(publicKey, key.accountAddress, owned.exists && !isOwner ? owned.address : undefined);
    });
    return { rest, publicKey, isOwner, venueNowS };
  } catch (error) {
    throw paradexFailure(error, key.accountAddress);
  }
}

/** Felts are equal as numbers: leading zeros and letter case do not count. */
export function isSameFelt(one: string, other: string): boolean {
  return BigInt(one) === BigInt(other);
}

/** @throws HalfspreadError HS_PARADEX_WRONG_CHAIN when a named network's address answers for another chain. */
export function checkChain(network: VenueNetwork, { starknet_chain_id: chain }: SystemConfig): void {
  const expected = CHAINS[network];
  if (expected === undefined || expected === chain) return;
  throw new HalfspreadError(
    'HS_PARADEX_WRONG_CHAIN',
    `The address given for Paradex ${network} answers for the chain ${chain}, not ${expected}.`,
    'Correct the address, or choose the network it belongs to.',
  );
}

/** The venue's clock minus this machine's, ms; right to half a round trip. */
export async function venueClockOffset({ clock }: Pick<Env, 'clock'>, rest: ParadexRest): Promise<number> {
  const sentAtMs = clock.wallMs();
  const venueMs = await rest.systemTimeMs();
  return venueMs - (sentAtMs + clock.wallMs()) / 2;
}

/** The account a key would be the main key of. Where the venue does not tell, it follows from its class hashes. */
async function ownedAccount(
  line: VenueLine,
  restUrl: string,
  publicKey: string,
  config: SystemConfig,
): Promise<{ address: string; exists: boolean }> {
  try {
    return await fetchKeyOwner(line, restUrl, publicKey);
  } catch (error) {
    if (error instanceof NetworkError) throw error;
    if (error instanceof ParadexRestError && error.venueCode === 'GEO_IP_BLOCK') throw error;
    return { address: accountAddress(publicKey, config), exists: false };
  }
}

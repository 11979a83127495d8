import { sign } from '@scure/starknet';
import { HalfspreadError } from '../../core/errors.ts';
import { OrderHasher } from './order-hash.ts';
import type { SignedOrder } from './order-hash.ts';

export interface ParadexKeys {
  /** Stark private key, 0x hex: the account's own or, better, a trade-only subkey. */
  privateKey: string;
  /** Address of the trading (parent) account, 0x hex. */
  accountAddress: string;
  starknetChainId: string;
}

/** Signs for one account; every answer is the wire form `["<r decimal>","<s decimal>"]`. */
export interface ParadexSigner {
  signOrder(order: SignedOrder): string;
  signModify(order: SignedOrder & { id: string }): string;
  /** Unix seconds. */
  signAuth(timestampS: number, expirationS: number): string;
  signOnboarding(): string;
}

const HEX_FELT = /^0x[0-9a-f]{1,64}$/i;

/**
 * Builds the Pedersen tables on first use (0.1-0.3 s). Deterministic RFC 6979 signatures by @scure/starknet.
 * @throws HalfspreadError HS_PARADEX_KEY_FORMAT
 */
export function createParadexSigner(keys: ParadexKeys): ParadexSigner {
  if (!HEX_FELT.test(keys.privateKey) || !HEX_FELT.test(keys.accountAddress)) {
    throw new HalfspreadError(
      'HS_PARADEX_KEY_FORMAT',
      'The Paradex private key or account address is not 0x and up to 64 hex digits.',
      'Copy both from the Paradex window (account address, and the private key of a subkey).',
    );
  }
  const hasher = new OrderHasher(keys.accountAddress, keys.starknetChainId);
  const seal = (hash: bigint): string => starkSignature(hash, keys.privateKey);
  return {
    signOrder: (order) => seal(hasher.order(order)),
    signModify: (order) => seal(hasher.modify(order)),
    signAuth: (timestampS, expirationS) => seal(hasher.auth(timestampS, expirationS)),
    signOnboarding: () => seal(hasher.onboarding()),
  };
}

/** ECDSA on the Stark curve over a message hash. */
export function starkSignature(messageHash: bigint, privateKey: string): string {
  const { r, s } = sign(`0x${messageHash.toString(16)}`, privateKey);
  return `["${r}","${s}"]`;
}

import { ethSigToPrivate } from '@scure/starknet';
import { Wallet } from 'ethers';
import type { TypedDataDomain, TypedDataField } from 'ethers';
import { HalfspreadError } from '../../core/errors.ts';
import { selector, shortString } from './order-hash.ts';
import { pedersenArray } from './pedersen.ts';
import { starkSignature } from './sign.ts';

/** Contract addresses on Starknet lie below this. */
const ADDRESS_BOUND = 2n ** 251n - 256n;

export interface StarkKeyTypedData {
  domain: TypedDataDomain;
  types: Record<string, TypedDataField[]>;
  message: { action: string };
}

/** EIP-712 message whose signature by the Ethereum wallet yields the account's Stark key. */
export function starkKeyTypedData(l1ChainId: string): StarkKeyTypedData {
  return {
    domain: { name: 'Paradex', version: '1', chainId: Number(l1ChainId) },
    types: { Constant: [{ name: 'action', type: 'string' }] },
    message: { action: 'STARK Key' },
  };
}

/**
 * Stark private key (0x, 64 digits) of an Ethereum signature `r || s || v`: ground from the raw 32 bytes of r, as the
 * JavaScript SDK does it. (The Python SDK drops a leading zero byte of r and reaches another key for one wallet in 256.)
 */
export function starkKeyFromSignature(ethSignature: string): string {
  return `0x${ethSigToPrivate(ethSignature).padStart(64, '0')}`;
}

/**
 * Signs with the wallet and derives. Signed twice: a wallet that does not sign deterministically would lock its owner out.
 * @throws HalfspreadError HS_KEY_NOT_DETERMINISTIC
 */
export async function starkKeyFromWallet(ethPrivateKey: string, l1ChainId: string): Promise<string> {
  const wallet = new Wallet(ethPrivateKey);
  const { domain, types, message } = starkKeyTypedData(l1ChainId);
  const signature = await wallet.signTypedData(domain, types, message);
  if ((await wallet.signTypedData(domain, types, message)) !== signature) {
    throw new HalfspreadError(
      'HS_KEY_NOT_DETERMINISTIC',
      'This Ethereum wallet signs the same message differently each time, so no stable Paradex key follows from it.',
      'Use a wallet with deterministic signatures, or paste a subkey made in the Paradex window.',
    );
  }
  return starkKeyFromSignature(signature);
}

export { starkPublicKey } from './public-key.ts';

/** Address of an account whose owner is a Stark key; both class hashes come from `GET /system/config`. */
export function accountAddress(
  publicKey: string,
  hashes: { paraclear_account_proxy_hash: string; paraclear_account_hash: string },
): string {
  const owner = BigInt(publicKey);
  return contractAddress(owner, BigInt(hashes.paraclear_account_proxy_hash), [
    BigInt(hashes.paraclear_account_hash),
    selector('initialize'),
    2n,
    owner,
    0n,
  ]);
}

/** Address of an account whose owner is an Ethereum address. It trades by a Stark subkey. */
export function evmAccountAddress(ethAddress: string, accountClassHash: string): string {
  const owner = BigInt(ethAddress);
  return contractAddress(owner, BigInt(accountClassHash), [3n, owner, 1n]);
}

/**
 * The main key's consent to a subkey, for `POST /account/keys/subkeys`: signature over (account, subkey, from, until), seconds.
 * Orders of a subkey are hashed with the parent account's address; only the signing key differs.
 */
export function signSubkeyRegistration(
  mainPrivateKey: string,
  grant: { accountAddress: string; subkeyPublicKey: string; timestampS: number; expiryS: number },
): string {
  const hash = pedersenArray([
    BigInt(grant.accountAddress),
    BigInt(grant.subkeyPublicKey),
    BigInt(grant.timestampS),
    BigInt(grant.expiryS),
  ]);
  return starkSignature(hash, mainPrivateKey);
}

function contractAddress(salt: bigint, classHash: bigint, calldata: bigint[]): string {
  const hash = pedersenArray([shortString('STARKNET_CONTRACT_ADDRESS'), 0n, salt, classHash, pedersenArray(calldata)]);
  return `0x${(hash % ADDRESS_BOUND).toString(16)}`;
}

import { computeAddress } from 'ethers';
import { HalfspreadError } from '../core/errors.ts';
import type { ParadexTradingKey } from '../protocol/accounts.ts';

/** Order of the Stark curve. */
const STARK_ORDER = 0x0800000000000010ffffffffffffffffb781126dcae7b2321e66a241adc64d2fn;
/** Contract addresses on Starknet lie below this. */
const STARK_ADDRESS_BOUND = 2n ** 251n - 256n;
/** Order of secp256k1. */
const SECP256K1_ORDER = 0xfffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd0364141n;

/** @throws HalfspreadError HS_PARADEX_KEY_FORMAT */
export function checkStarkKey({ privateKey, accountAddress }: ParadexTradingKey): void {
  const key = BigInt(privateKey);
  if (key === 0n) throw paradexKeyFormat('privateKey: it is zero');
  if (key >= STARK_ORDER) {
    throw paradexKeyFormat('privateKey: it is too large for a Stark key; it looks like an Ethereum wallet’s key');
  }
  const address = BigInt(accountAddress);
  if (address === 0n || address >= STARK_ADDRESS_BOUND) throw paradexKeyFormat('accountAddress: it is no address');
  if (address < 2n ** 160n) throw paradexKeyFormat('accountAddress: it is an Ethereum address, not the account’s own');
}

/**
 * Lower-case address of an Ethereum private key of 0x and 64 hex digits.
 * @throws HalfspreadError HS_VEST_KEY_FORMAT
 */
export function ethereumAddressOf(privateKey: string, field: string): string {
  const key = BigInt(privateKey);
  if (key === 0n || key >= SECP256K1_ORDER) throw vestKeyFormat(`${field}: it is out of range`);
  return computeAddress(privateKey).toLowerCase();
}

/** @param problem which field, and what is wrong with it; never its value. */
export function paradexKeyFormat(problem: string): HalfspreadError {
  return new HalfspreadError(
    'HS_PARADEX_KEY_FORMAT',
    `This is no Paradex key (${problem}).`,
    'Copy the account address and the private key of a subkey from the Paradex window; both begin with 0x.',
  );
}

/** @param problem which field, and what is wrong with it; never its value. */
export function vestKeyFormat(problem: string): HalfspreadError {
  return new HalfspreadError(
    'HS_VEST_KEY_FORMAT',
    `This is no Vest key (${problem}).`,
    'A Vest key is an Ethereum private key: 0x and 64 hex digits.',
  );
}

import { id } from 'ethers';
import { pedersen_from_hex } from 'pedersen-fast';

const SELECTOR_MASK = (1n << 250n) - 1n;

/** ASCII text of at most 31 characters as a field element (Starknet short string). */
export function shortString(text: string): bigint {
  let value = 0n;
  for (const character of text) value = (value << 8n) | BigInt(character.codePointAt(0)! & 0xff);
  return value;
}

/** Starknet selector: keccak-256 of the ASCII text, lowest 250 bits. */
export function selector(text: string): bigint {
  return BigInt(id(text)) & SELECTOR_MASK;
}

/** h(...h(h(0, x0), x1)..., n) with h = Pedersen: how Starknet hashes a list. */
export function pedersenOfList(elements: readonly bigint[]): bigint {
  let hash = '0x0';
  for (const element of elements) hash = pedersen_from_hex(hash, `0x${element.toString(16)}`);
  return BigInt(pedersen_from_hex(hash, `0x${elements.length.toString(16)}`));
}

/** Lower-case 0x hex without leading zeros, as the venue writes field elements. */
export function toHex(element: bigint): string {
  return `0x${element.toString(16)}`;
}

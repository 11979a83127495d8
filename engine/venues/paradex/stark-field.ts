import { HalfspreadError } from '../../core/errors.ts';

/** Starknet's field: 2^251 + 17 * 2^192 + 1. */
export const STARK_PRIME = 0x800000000000011000000000000000000000000000000000000000000000001n;

/** `value^-1` modulo the prime, in [0, prime). @throws HalfspreadError HS_SIGN_FELT for zero. */
export function invertField(value: bigint): bigint {
  let a = ((value % STARK_PRIME) + STARK_PRIME) % STARK_PRIME;
  let b = STARK_PRIME;
  if (a === 0n) {
    throw new HalfspreadError(
      'HS_SIGN_FELT',
      'Zero has no inverse: the hash is undefined here.',
      'Report this as a bug.',
    );
  }
  let u = 1n;
  let v = 0n;
  while (a !== 1n) {
    const quotient = b / a;
    const rest = b - quotient * a;
    const next = v - quotient * u;
    b = a;
    a = rest;
    v = u;
    u = next;
  }
  return u < 0n ? u + STARK_PRIME : u;
}

import { computeAddress, id, keccak256, toUtf8Bytes } from 'ethers';
import type { PracticeAccounts } from '../host.ts';

/**
 * Throw-away accounts of the Vest practice venue: the same count and seed give the same keys on every machine, so they must
 * never hold anything of value. Each has a primary key, a signing key the venue has registered, and its API key.
 */
export function createPracticeVestAccounts(count: number, seed: string | number): PracticeAccounts['vest'] {
  return Array.from({ length: count }, (_unused, index) => {
    const name = `halfspread practice vest ${seed} ${index}`;
    return {
      primaryPrivateKey: id(`${name} primary - never fund`),
      signingPrivateKey: id(`${name} signing - never fund`),
      apiKey: keccak256(toUtf8Bytes(`${name} api key`)).slice(2),
    };
  });
}

/** Lower-case address of a private key (0x hex). */
export function addressOfKey(privateKey: string): string {
  return computeAddress(privateKey).toLowerCase();
}

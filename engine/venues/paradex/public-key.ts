import { getStarkKey } from '@scure/starknet';

/** Public key (x coordinate, 0x hex without leading zeros). Apart from keys.ts, which brings a wallet library along. */
export function starkPublicKey(privateKey: string): string {
  return getStarkKey(privateKey);
}

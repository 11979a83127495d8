import { createHash } from 'node:crypto';
import { keccak256, toUtf8Bytes, Wallet } from 'ethers';
import type { PracticeAccounts } from '../host.ts';
import { CURVE_ORDER, publicKeyOf } from './signatures/stark-curve.ts';
import { toHex } from './signatures/felts.ts';
import { addressOfPublicKey, SYSTEM_CONFIG } from './system-config.ts';

export type PracticeParadexAccount = PracticeAccounts['paradex'][number];

/**
 * Throw-away accounts: the same `seed` gives the same keys on every machine. The Stark key follows from the Ethereum key by
 * the venue's documented way (EIP-712 signature, ground), so third-party clients that are handed the Ethereum key arrive at
 * the same account.
 */
export function createPracticeParadexAccounts(count: number, seed: string | number): PracticeParadexAccount[] {
  return Array.from({ length: count }, (_, index) => {
    const wallet = new Wallet(keccak256(toUtf8Bytes(`halfspread practice paradex ${seed} ${index}`)));
    const l2PrivateKey = starkKeyOf(wallet);
    return {
      ethPrivateKey: wallet.privateKey,
      ethAddress: wallet.address,
      l2PrivateKey: `0x${l2PrivateKey.toString(16).padStart(64, '0')}`,
      address: addressOfPublicKey(toHex(publicKeyOf(l2PrivateKey))),
    };
  });
}

function starkKeyOf(wallet: Wallet): bigint {
  const digest = starkKeyDigest(BigInt(SYSTEM_CONFIG.l1_chain_id));
  return grindKey(Buffer.from(wallet.signingKey.sign(digest).r.slice(2), 'hex'));
}

/** EIP-712 digest of `Constant{action: "STARK Key"}` in the domain Paradex / 1 / chain. */
function starkKeyDigest(l1ChainId: bigint): string {
  const hashText = (text: string): string => keccak256(toUtf8Bytes(text)).slice(2);
  const domainHash = keccak256(
    `0x${hashText('EIP712Domain(string name,string version,uint256 chainId)')}${hashText('Paradex')}${hashText('1')}` +
      l1ChainId.toString(16).padStart(64, '0'),
  );
  const structHash = keccak256(`0x${hashText('Constant(string action)')}${hashText('STARK Key')}`);
  return keccak256(`0x1901${domainHash.slice(2)}${structHash.slice(2)}`);
}

/** Starkware's key grinding from the raw 32 bytes of r: SHA-256 with a counter until the digest has no modulo bias. */
export function grindKey(seed: Uint8Array): bigint {
  const range = 1n << 256n;
  const limit = range - (range % CURVE_ORDER);
  for (let counter = 0; ; counter++) {
    const hex = counter.toString(16);
    const suffix = Buffer.from(hex.padStart(hex.length + (hex.length % 2), '0'), 'hex');
    const digest = BigInt(`0x${createHash('sha256').update(seed).update(suffix).digest('hex')}`);
    if (digest < limit) return digest % CURVE_ORDER;
  }
}

import { keccak_256 } from '@noble/hashes/sha3.js';
import { HalfspreadError } from '../../core/errors.ts';
import type { SignRequest } from '../signer/port.ts';
import { AbiWriter } from './abi.ts';
import { ecdsa, type Ecdsa } from './ecdsa.ts';

export type VestOrderToSign = Extract<SignRequest, { kind: 'vest.order' }>;
export type VestCancelToSign = Extract<SignRequest, { kind: 'vest.cancel' }>;

export interface VestSigner {
  /** 0x + r, s, v (65 bytes, v = 1b or 1c). Throws HS_VEST_SIGN_INPUT on values Vest's ABI recipe cannot carry. */
  signOrder(request: VestOrderToSign): string;
  signCancel(request: VestCancelToSign): string;
}

/** Which ECDSA implementation signs: `native` (libsecp256k1) or `noble` (JavaScript). */
export const vestEcdsaName = ecdsa.name;

const ARGUMENTS_CAPACITY_BYTES = 4096;
const PERSONAL_MESSAGE_PREFIX = Buffer.from('\x19Ethereum Signed Message:\n32', 'latin1');

/**
 * Signs orders and cancels by Vest's v2 recipe: keccak256 of the standard ABI encoding, then EIP-191 personal_sign over
 * those 32 raw bytes. Synchronous and deterministic (RFC 6979, low s). One signer may not be shared between threads.
 * @param signingKey 0x + 32 bytes: the registered signing key (or the primary key, which Vest also accepts).
 * @throws HalfspreadError HS_VEST_KEY_FORMAT
 */
export function createVestSigner(signingKey: string, implementation: Ecdsa = ecdsa): VestSigner {
  if (!/^0x[0-9a-fA-F]{64}$/.test(signingKey)) {
    throw new HalfspreadError(
      'HS_VEST_KEY_FORMAT',
      'The Vest signing key is not 0x and 64 hex digits.',
      'Give the private key of the registered signing address.',
    );
  }
  const privateKey = Buffer.from(signingKey.slice(2), 'hex');
  const abi = new AbiWriter(ARGUMENTS_CAPACITY_BYTES);
  const personalMessage = Buffer.alloc(PERSONAL_MESSAGE_PREFIX.length + 32);
  PERSONAL_MESSAGE_PREFIX.copy(personalMessage);
  const signature = Buffer.alloc(65);

  function signEncoded(): string {
    personalMessage.set(keccak_256(abi.encoded()), PERSONAL_MESSAGE_PREFIX.length);
    const digest = keccak_256(personalMessage);
    signature[64] = 27 + implementation.sign(digest, privateKey, signature.subarray(0, 64));
    return `0x${signature.toString('hex')}`;
  }

  return {
    signOrder(request) {
      checkIntegers(request);
      // uint256 time, uint256 nonce, string orderType, string symbol, bool isBuy, string size, string limitPrice, bool reduceOnly
      abi.begin(8);
      abi.uint(request.time);
      abi.uint(request.nonce);
      abi.text(request.orderType);
      abi.text(request.symbol);
      abi.bool(request.isBuy);
      abi.text(request.size);
      abi.text(request.limitPrice);
      abi.bool(request.reduceOnly);
      return signEncoded();
    },
    signCancel(request) {
      checkIntegers(request);
      // uint256 time, uint256 nonce, string id
      abi.begin(3);
      abi.uint(request.time);
      abi.uint(request.nonce);
      abi.text(request.id);
      return signEncoded();
    },
  };
}

function checkIntegers(request: { time: number; nonce: number }): void {
  if (isSafeUint(request.time) && isSafeUint(request.nonce)) return;
  throw new HalfspreadError(
    'HS_VEST_SIGN_INPUT',
    `Vest order time ${request.time} or nonce ${request.nonce} is not a whole number from 0 to 2^53-1.`,
    'Both travel as JSON numbers: give safe integers.',
  );
}

function isSafeUint(value: number): boolean {
  return Number.isSafeInteger(value) && value >= 0;
}

import { messageHash, type SignedMessage } from './message-hash.ts';
import { verifyStarkSignature } from './stark-ecdsa.ts';

export interface VerificationRequest {
  message: SignedMessage;
  /** 0x hex. */
  accountAddress: string;
  starknetChainId: string;
  /** As on the wire: `["<r decimal>","<s decimal>"]`. */
  signature: string;
  /** Keys that may sign for the account, 0x hex; the signature must hold for one of them. */
  publicKeys: string[];
}

/** Key that signed, or undefined when the signature is malformed or holds for none of the keys. */
export type VerificationAnswer = { publicKey: string } | undefined;

/**
 * Checks Stark signatures. The answer may come during the call (virtual time) or later from another thread, by callback, so
 * that a virtual run stays synchronous.
 */
export interface ParadexVerifier {
  verify(request: VerificationRequest, answer: (result: VerificationAnswer) => void): void;
  close(): Promise<void>;
}

/** Splits the wire form into r and s; undefined when it has any other form. */
export function parseSignature(signature: string): { r: bigint; s: bigint } | undefined {
  const match = /^\s*\[\s*"(\d{1,80})"\s*,\s*"(\d{1,80})"\s*\]\s*$/.exec(signature);
  return match ? { r: BigInt(match[1]!), s: BigInt(match[2]!) } : undefined;
}

/** The check itself, on the caller's thread; about 2 ms when the key is known, 40 ms the first time. */
export function verifyNow(request: VerificationRequest): VerificationAnswer {
  const signature = parseSignature(request.signature);
  if (signature === undefined) return undefined;
  const hash = messageHash(request.message, BigInt(request.accountAddress), request.starknetChainId);
  for (const publicKey of request.publicKeys) {
    if (verifyStarkSignature(hash, signature.r, signature.s, BigInt(publicKey))) return { publicKey };
  }
  return undefined;
}

/** For virtual time and tests: answers during the call. */
export function createInlineVerifier(): ParadexVerifier {
  return {
    verify: (request, answer) => answer(verifyNow(request)),
    close: () => Promise.resolve(),
  };
}

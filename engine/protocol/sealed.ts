/**
 * How a client hands an agent what only this start of the agent may read: the keys it trades with. Sealed to an X25519 key
 * that exists in the agent's memory alone: X25519 with a fresh key of the sender, HKDF-SHA-256, AES-256-GCM. Whoever
 * records it can open it neither later nor elsewhere. Pure: the cryptography is the callers'.
 */
import { z } from 'zod';
import { canonicalJson } from './canonical.ts';

const base64 = z.string().regex(/^[A-Za-z0-9+/]+=*$/);

/** In HELLO of an agent that can be unlocked. */
export const sealSchema = z.strictObject({
  /** X25519 public key of this start of the agent: SPKI DER, base64. */
  key: base64.max(128),
  /** Which start this is. */
  bootId: z.string().max(64),
});
export type Seal = z.infer<typeof sealSchema>;

/** What fits into one message to the agent (256 KiB) as base64, with room for the rest of the command. */
export const MAX_SEALED_PLAIN_BYTES = 180 * 1024;

export const sealedSchema = z.strictObject({
  /** X25519 public key made for this message: SPKI DER, base64. */
  key: base64.max(128),
  /** AES-256-GCM cipher text and tag, base64. */
  ciphertext: base64.max(256 * 1024),
});
export type Sealed = z.infer<typeof sealedSchema>;

/** Who seals for whom; it is authenticated with the content, so that nothing sealed fits anywhere else. */
export interface SealedFor {
  agentId: string;
  bootId: string;
  deviceId: string;
}

/** HKDF's info and, as bytes, the cipher's additional data. */
export function sealingContext({ agentId, bootId, deviceId }: SealedFor): string {
  return `halfspread unlock/1\0${canonicalJson({ agentId, bootId, deviceId })}`;
}
/** Key and nonce that HKDF gives: the key serves once, so the nonce may come from it. */
export const SEALING_KEY_BYTES = 32;
export const SEALING_NONCE_BYTES = 12;
export const SEALING_TAG_BYTES = 16;

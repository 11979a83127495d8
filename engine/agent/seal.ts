/** Opens what a client sealed for this start of the agent (engine/protocol/sealed.ts). */
import {
  createDecipheriv,
  createPublicKey,
  diffieHellman,
  generateKeyPairSync,
  hkdfSync,
  type KeyObject,
} from 'node:crypto';
import { HalfspreadError } from '../core/errors.ts';
import {
  SEALING_KEY_BYTES,
  SEALING_NONCE_BYTES,
  SEALING_TAG_BYTES,
  sealingContext,
  type Sealed,
  type SealedFor,
} from '../protocol/sealed.ts';

/** A key pair that lives as long as this object: nothing sealed to it can be opened after a restart. */
export interface SealKey {
  /** X25519, SPKI DER, base64. */
  publicKey: string;
  /** @throws HalfspreadError HS_SEAL when it was not sealed by this device for this agent's present start. */
  open(sealed: Sealed, by: SealedFor): Buffer;
}

export function createSealKey(): SealKey {
  const { publicKey, privateKey } = generateKeyPairSync('x25519');
  const ours = spki(publicKey);
  return {
    publicKey: ours,
    open(sealed, by) {
      try {
        const context = sealingContext(by);
        const secret = diffieHellman({ privateKey, publicKey: importKey(sealed.key) });
        const { key, nonce } = derive(secret, sealed.key, ours, context);
        const bytes = Buffer.from(sealed.ciphertext, 'base64');
        const decipher = createDecipheriv('aes-256-gcm', key, nonce, { authTagLength: SEALING_TAG_BYTES });
        decipher.setAAD(Buffer.from(context));
        decipher.setAuthTag(bytes.subarray(-SEALING_TAG_BYTES));
        return Buffer.concat([decipher.update(bytes.subarray(0, -SEALING_TAG_BYTES)), decipher.final()]);
      } catch (cause) {
        throw new HalfspreadError(
          'HS_SEAL',
          'The keys were sealed for another start of the agent, another agent, or by another device; nothing was unlocked.',
          'Unlock again: the desktop seals them anew for the agent it is connected to.',
          { cause },
        );
      }
    },
  };
}

/** Shared with the sender. */
export function derive(secret: Buffer, sender: string, receiver: string, info: string): { key: Buffer; nonce: Buffer } {
  const salt = Buffer.concat([Buffer.from(sender, 'base64'), Buffer.from(receiver, 'base64')]);
  const bytes = Buffer.from(hkdfSync('sha256', secret, salt, info, SEALING_KEY_BYTES + SEALING_NONCE_BYTES));
  return { key: bytes.subarray(0, SEALING_KEY_BYTES), nonce: bytes.subarray(SEALING_KEY_BYTES) };
}

export function spki(key: KeyObject): string {
  return key.export({ format: 'der', type: 'spki' }).toString('base64');
}

export function importKey(key: string): KeyObject {
  return createPublicKey({ key: Buffer.from(key, 'base64'), format: 'der', type: 'spki' });
}

import { createCipheriv, createPublicKey, diffieHellman, generateKeyPairSync, hkdfSync } from 'node:crypto';
import { HalfspreadError } from '../../engine/protocol/errors.ts';
import {
  MAX_SEALED_PLAIN_BYTES,
  SEALING_KEY_BYTES,
  SEALING_NONCE_BYTES,
  SEALING_TAG_BYTES,
  sealingContext,
  type Sealed,
  type SealedFor,
} from '../../engine/protocol/sealed.ts';

/**
 * Seals for one start of one agent (engine/protocol/sealed.ts): only its memory can open it.
 * @param to the agent's X25519 key of HELLO, SPKI DER, base64
 * @throws HalfspreadError HS_SEAL_TOO_LARGE
 */
export function seal(plain: Uint8Array, to: string, context: SealedFor): Sealed {
  if (plain.length > MAX_SEALED_PLAIN_BYTES) {
    throw new HalfspreadError(
      'HS_SEAL_TOO_LARGE',
      `What the desk starts on has ${plain.length} bytes; ${MAX_SEALED_PLAIN_BYTES} can be handed over.`,
      'Shorten the config: leave out bots this desk does not run.',
    );
  }
  const own = generateKeyPairSync('x25519');
  const ownPublic = own.publicKey.export({ format: 'der', type: 'spki' });
  const agentPublic = Buffer.from(to, 'base64');
  const info = sealingContext(context);
  const secret = diffieHellman({
    privateKey: own.privateKey,
    publicKey: createPublicKey({ key: agentPublic, format: 'der', type: 'spki' }),
  });
  const salt = Buffer.concat([ownPublic, agentPublic]);
  const derived = Buffer.from(hkdfSync('sha256', secret, salt, info, SEALING_KEY_BYTES + SEALING_NONCE_BYTES));
  const cipher = createCipheriv(
    'aes-256-gcm',
    derived.subarray(0, SEALING_KEY_BYTES),
    derived.subarray(SEALING_KEY_BYTES),
    { authTagLength: SEALING_TAG_BYTES },
  );
  cipher.setAAD(Buffer.from(info));
  const bytes = Buffer.concat([cipher.update(plain), cipher.final(), cipher.getAuthTag()]);
  return { key: ownPublic.toString('base64'), ciphertext: bytes.toString('base64') };
}

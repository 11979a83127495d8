/** The sender's side for tests of the agent; the product's is main/engines/seal.ts. */
import { createCipheriv, diffieHellman, generateKeyPairSync } from 'node:crypto';
import { SEALING_TAG_BYTES, sealingContext, type Sealed, type SealedFor } from '../protocol/sealed.ts';
import { derive, importKey, spki } from './seal.ts';

export function seal(plain: Uint8Array, to: string, context: SealedFor): Sealed {
  const own = generateKeyPairSync('x25519');
  const key = spki(own.publicKey);
  const info = sealingContext(context);
  const derived = derive(diffieHellman({ privateKey: own.privateKey, publicKey: importKey(to) }), key, to, info);
  const cipher = createCipheriv('aes-256-gcm', derived.key, derived.nonce, { authTagLength: SEALING_TAG_BYTES });
  cipher.setAAD(Buffer.from(info));
  const bytes = Buffer.concat([cipher.update(plain), cipher.final(), cipher.getAuthTag()]);
  return { key, ciphertext: bytes.toString('base64') };
}

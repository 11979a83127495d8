/**
 * Keys and nonces of the agent. Randomness comes from node:crypto and never from `env.random`: a run with a seeded
 * environment must not have predictable keys.
 */
import {
  createHash,
  createPrivateKey,
  createPublicKey,
  generateKeyPairSync,
  randomBytes,
  sign,
  verify,
  type KeyObject,
} from 'node:crypto';
import { HalfspreadError } from '../core/errors.ts';
import { NONCE_BYTES, type Sha256 } from '../protocol/handshake.ts';

export interface SigningKey {
  /** SPKI DER, base64. */
  publicKey: string;
  /** PKCS8 DER, base64. */
  privateKey: string;
}

export const sha256: Sha256 = (data) => createHash('sha256').update(data).digest();

export function newSigningKey(): SigningKey {
  const pair = generateKeyPairSync('ed25519', {
    publicKeyEncoding: { format: 'der', type: 'spki' },
    privateKeyEncoding: { format: 'der', type: 'pkcs8' },
  });
  return { publicKey: pair.publicKey.toString('base64'), privateKey: pair.privateKey.toString('base64') };
}

export function newNonce(): string {
  return randomBytes(NONCE_BYTES).toString('base64');
}

/** The name of a device in AUTH: the hash of its public key, so that no name can be claimed. */
export function deviceIdOf(publicKey: string): string {
  return createHash('sha256').update(Buffer.from(publicKey, 'base64')).digest('base64url');
}

/** The public half of a private key, both as in SigningKey. */
export function publicKeyOf(privateKey: string): string {
  return createPublicKey(privateKeyObject(privateKey)).export({ format: 'der', type: 'spki' }).toString('base64');
}

/** Ed25519 signature, base64. @throws HalfspreadError HS_KEY_FORMAT when the key is not Ed25519 PKCS8. */
export function signBytes(privateKey: string, bytes: Uint8Array): string {
  return sign(null, bytes, privateKeyObject(privateKey)).toString('base64');
}

/** @throws HalfspreadError HS_KEY_FORMAT when the key is not Ed25519 SPKI. */
export function verifyBytes(publicKey: string, bytes: Uint8Array, signature: string): boolean {
  const key = parsedKey(() => createPublicKey({ key: Buffer.from(publicKey, 'base64'), format: 'der', type: 'spki' }));
  return verify(null, bytes, key, Buffer.from(signature, 'base64'));
}

function privateKeyObject(privateKey: string): KeyObject {
  return parsedKey(() => createPrivateKey({ key: Buffer.from(privateKey, 'base64'), format: 'der', type: 'pkcs8' }));
}

function parsedKey(parse: () => KeyObject): KeyObject {
  let key: KeyObject;
  try {
    key = parse();
  } catch (cause) {
    throw wrongKey(cause);
  }
  if (key.asymmetricKeyType !== 'ed25519') throw wrongKey(undefined);
  return key;
}

function wrongKey(cause: unknown): HalfspreadError {
  return new HalfspreadError(
    'HS_KEY_FORMAT',
    'A key of the engine protocol is not an Ed25519 key in DER form.',
    'Start the engine through Halfspread; it makes the keys itself.',
    { cause },
  );
}

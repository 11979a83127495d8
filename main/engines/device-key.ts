import {
  createHash,
  createPublicKey,
  generateKeyPairSync,
  randomBytes,
  sign,
  verify,
  type KeyObject,
} from 'node:crypto';
import type { ClientIdentity } from '../../engine/protocol/client-session.ts';
import { NONCE_BYTES } from '../../engine/protocol/handshake.ts';
import type { Role } from '../../engine/protocol/messages.ts';

/** The key this window proves itself with to the engines it starts. Made at start, never stored. */
export interface DeviceKey {
  /** Ed25519, SPKI DER, base64. */
  publicKey: string;
  privateKey: KeyObject;
}

export function newDeviceKey(): DeviceKey {
  const { publicKey, privateKey } = generateKeyPairSync('ed25519');
  return { publicKey: publicKey.export({ format: 'der', type: 'spki' }).toString('base64'), privateKey };
}

/** @param cookie base64, of this start of the engine. @param agentPublicKey from the engine's ready line. */
export function identityFor(key: DeviceKey, role: Role, cookie: string, agentPublicKey: string): ClientIdentity {
  const agentKey = createPublicKey({ key: Buffer.from(agentPublicKey, 'base64'), format: 'der', type: 'spki' });
  return {
    deviceId: createHash('sha256').update(Buffer.from(key.publicKey, 'base64')).digest('base64url'),
    role,
    binding: Buffer.from(cookie, 'base64'),
    sha256: (data) => createHash('sha256').update(data).digest(),
    newNonce: () => randomBytes(NONCE_BYTES).toString('base64'),
    sign: (bytes) => sign(null, bytes, key.privateKey).toString('base64'),
    verifyAgent: (bytes, signature) => verify(null, bytes, agentKey, Buffer.from(signature, 'base64')),
  };
}

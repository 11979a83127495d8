import {
  createHash,
  createPrivateKey,
  createPublicKey,
  generateKeyPairSync,
  sign,
  X509Certificate,
  type KeyObject,
} from 'node:crypto';
import { z } from 'zod';
import { HalfspreadError } from '../../engine/protocol/errors.ts';
import { newTlsCertificate } from './device-certificate.ts';
import type { SecretStore as WholeStore } from './secret-store.ts';

type SecretStore = Pick<WholeStore, 'get'> & { set(name: string, value: string): Promise<unknown> };

const NAME = 'device';

/**
 * This desktop to the agents it enrolled with: made once, kept in the storage of secrets. Engines on the local pipe know it by
 * another key, made anew at each start (main/engines/device-key.ts).
 */
export interface DeviceIdentity {
  /** SHA-256 of the public key, base64url. */
  deviceId: string;
  /** Ed25519, SPKI DER, base64. */
  publicKey: string;
  /** @returns Ed25519 signature, base64 */
  sign(bytes: Uint8Array): string;
  /** P-256, PKCS 8. Ed25519 certificates fail in Electron's BoringSSL (security.md). */
  tlsKeyPem: string;
  /** Self-signed, ten years: trusted by its pin, never by a name. */
  tlsCertificatePem: string;
  /** SHA-256 of the certificate's SPKI, base64: what the other side pins. */
  spkiPin: string;
}

const keptSchema = z.strictObject({
  version: z.literal(1),
  /** PKCS 8, PEM. */
  signingKeyPem: z.string(),
  tlsKeyPem: z.string(),
  tlsCertificatePem: z.string(),
});
type Kept = z.infer<typeof keptSchema>;

/**
 * Opens the identity, or makes it where the storage has none yet. Two callers at once get the same one.
 * @throws HalfspreadError HS_DEVICE_DAMAGED, HS_KEYCHAIN_... when the storage cannot be used
 */
export function openDeviceIdentity(store: SecretStore): Promise<DeviceIdentity> {
  const opening = openings.get(store) ?? open(store).finally(() => openings.delete(store));
  openings.set(store, opening);
  return opening;
}

const openings = new WeakMap<SecretStore, Promise<DeviceIdentity>>();

async function open(store: SecretStore): Promise<DeviceIdentity> {
  const text = await store.get(NAME);
  if (text !== undefined) return identityOf(parse(text));
  const made = make();
  await store.set(NAME, JSON.stringify(made));
  return identityOf(made);
}

function make(): Kept {
  const { privateKey } = generateKeyPairSync('ed25519');
  const { keyPem, certificatePem } = newTlsCertificate('Halfspread desktop');
  return {
    version: 1,
    signingKeyPem: privateKey.export({ format: 'pem', type: 'pkcs8' }).toString(),
    tlsKeyPem: keyPem,
    tlsCertificatePem: certificatePem,
  };
}

function parse(text: string): Kept {
  try {
    return keptSchema.parse(JSON.parse(text));
  } catch {
    // No cause: it could quote a key.
    throw damaged();
  }
}

function identityOf({ signingKeyPem, tlsKeyPem, tlsCertificatePem }: Kept): DeviceIdentity {
  let signingKey: KeyObject;
  let certificate: X509Certificate;
  try {
    signingKey = createPrivateKey(signingKeyPem);
    certificate = new X509Certificate(tlsCertificatePem);
    if (!certificate.checkPrivateKey(createPrivateKey(tlsKeyPem))) throw damaged();
  } catch {
    throw damaged();
  }
  const spki = createPublicKey(signingKey).export({ format: 'der', type: 'spki' });
  const tlsSpki = certificate.publicKey.export({ format: 'der', type: 'spki' });
  return {
    deviceId: createHash('sha256').update(spki).digest('base64url'),
    publicKey: spki.toString('base64'),
    sign: (bytes) => sign(null, bytes, signingKey).toString('base64'),
    tlsKeyPem,
    tlsCertificatePem,
    spkiPin: createHash('sha256').update(tlsSpki).digest('base64'),
  };
}

function damaged(): HalfspreadError {
  return new HalfspreadError(
    'HS_DEVICE_DAMAGED',
    'What the storage holds of this desktop’s own identity was changed by something else and cannot be used.',
    'Delete the entry "device" of Halfspread in the storage; a new identity is made, and each server must be enrolled again.',
  );
}

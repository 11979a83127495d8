import { AsnConvert } from '@peculiar/asn1-schema';
import {
  AlgorithmIdentifier,
  AttributeTypeAndValue,
  AttributeValue,
  Certificate,
  Name,
  RelativeDistinguishedName,
  SubjectPublicKeyInfo,
  TBSCertificate,
  Validity,
  Version,
} from '@peculiar/asn1-x509';
import {
  createHash,
  createPrivateKey,
  createPublicKey,
  generateKeyPairSync,
  randomBytes,
  sign,
  X509Certificate,
  type KeyObject,
} from 'node:crypto';
import { z } from 'zod';
import type { EnrolRequest } from '../../engine/protocol/agent-program.ts';
import { HalfspreadError } from '../../engine/protocol/errors.ts';
import type { SecretStore } from './ports.ts';

/** What this machine proves itself with to remote agents. Private parts stay in the secret store and in memory. */
export interface DeviceIdentity {
  /** base64url of the SHA-256 of the Ed25519 key's SPKI DER. */
  deviceId: string;
  /** Ed25519, SPKI DER, base64. */
  publicKey: string;
  /** Signs handshakes and dangerous commands. */
  signingKey: KeyObject;
  /** Self-signed P-256 certificate for TLS, and its key (PKCS8 PEM). */
  certificatePem: string;
  tlsKeyPem: string;
  /** SHA-256 of the certificate's SPKI, base64: what agents know this machine by. */
  spkiPin: string;
}

const SECRET_NAME = 'device.identity';
const ECDSA_WITH_SHA256 = '1.2.840.10045.4.3.2';
const COMMON_NAME = '2.5.4.3';

/** Short names: one credential of Windows holds 2,560 bytes. */
const storedSchema = z.strictObject({
  v: z.literal(1),
  /** Ed25519 private key, PKCS8 DER, base64. */
  ed: z.string(),
  /** P-256 private key, PKCS8 DER, base64. */
  tls: z.string(),
  /** Certificate, DER, base64. */
  crt: z.string(),
});

/**
 * The identity of this machine; made and kept at the first call.
 * @throws what the store throws; HalfspreadError HS_DEVICE_IDENTITY when what is stored cannot be used
 */
export async function openDeviceIdentity(store: SecretStore): Promise<DeviceIdentity> {
  const stored = await store.get(SECRET_NAME);
  if (stored !== undefined) return read(stored);
  const made = make();
  await store.set(SECRET_NAME, made);
  return read(made);
}

/** Its public parts, as an agent enrols it. */
export function enrolRequestOf(identity: DeviceIdentity, label: string): EnrolRequest {
  const { deviceId, publicKey, certificatePem } = identity;
  return { deviceId, publicKey, certificatePem, role: 'admin', label: label.slice(0, 64) };
}

function make(): string {
  const signing = generateKeyPairSync('ed25519').privateKey;
  const { publicKey, privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const der = (key: KeyObject) => key.export({ format: 'der', type: 'pkcs8' }).toString('base64');
  return JSON.stringify({
    v: 1,
    ed: der(signing),
    tls: der(privateKey),
    crt: selfSigned(publicKey, privateKey).toString('base64'),
  });
}

/** No clock takes part in who is who: RFC 5280 4.1.2.5 names the date for "no expiry". */
function selfSigned(publicKey: KeyObject, privateKey: KeyObject): Buffer {
  const name = new Name([
    new RelativeDistinguishedName([
      new AttributeTypeAndValue({ type: COMMON_NAME, value: new AttributeValue({ utf8String: 'halfspread device' }) }),
    ]),
  ]);
  const algorithm = new AlgorithmIdentifier({ algorithm: ECDSA_WITH_SHA256 });
  const serial = new Uint8Array(randomBytes(16));
  // Positive and without a leading zero byte: DER has one form for each number.
  serial[0] = (serial[0]! & 0x7f) | 0x40;
  const body = new TBSCertificate({
    version: Version.v3,
    serialNumber: serial.buffer,
    signature: algorithm,
    issuer: name,
    subject: name,
    validity: new Validity({ notBefore: new Date('2000-01-01T00:00:00Z'), notAfter: new Date('9999-12-31T23:59:59Z') }),
    subjectPublicKeyInfo: AsnConvert.parse(publicKey.export({ format: 'der', type: 'spki' }), SubjectPublicKeyInfo),
  });
  const signature = sign('sha256', new Uint8Array(AsnConvert.serialize(body)), privateKey);
  const certificate = new Certificate({
    tbsCertificate: body,
    signatureAlgorithm: algorithm,
    signatureValue: new Uint8Array(signature).buffer,
  });
  return Buffer.from(AsnConvert.serialize(certificate));
}

function read(text: string): DeviceIdentity {
  try {
    const { ed, tls, crt } = storedSchema.parse(JSON.parse(text));
    const privateKey = (base64: string) =>
      createPrivateKey({ key: Buffer.from(base64, 'base64'), format: 'der', type: 'pkcs8' });
    const signingKey = privateKey(ed);
    const publicKey = createPublicKey(signingKey).export({ format: 'der', type: 'spki' });
    const certificate = new X509Certificate(Buffer.from(crt, 'base64'));
    const tlsKey = privateKey(tls);
    if (!certificate.checkPrivateKey(tlsKey)) throw new Error('key and certificate do not belong together');
    return {
      deviceId: createHash('sha256').update(publicKey).digest('base64url'),
      publicKey: publicKey.toString('base64'),
      signingKey,
      certificatePem: certificate.toString(),
      tlsKeyPem: tlsKey.export({ format: 'pem', type: 'pkcs8' }).toString(),
      spkiPin: createHash('sha256')
        .update(certificate.publicKey.export({ format: 'der', type: 'spki' }))
        .digest('base64'),
    };
  } catch {
    // The cause would quote what was stored.
    throw new HalfspreadError(
      'HS_DEVICE_IDENTITY',
      'The key of this machine in the secret store cannot be used; remote agents will not know it.',
      `Delete "${SECRET_NAME}" from the keychain and deploy each site again: it is enrolled anew.`,
    );
  }
}

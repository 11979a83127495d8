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

/**
 * What this machine proves itself with to remote agents. Private parts stay in the secret store and in memory. Same shape and
 * same stored form as main/keys/device-identity.ts, whose place it holds until both are in one tree.
 */
export interface DeviceIdentity {
  /** base64url of the SHA-256 of the Ed25519 key's SPKI DER. */
  deviceId: string;
  /** Ed25519, SPKI DER, base64. */
  publicKey: string;
  /** @returns Ed25519 signature, base64 */
  sign(bytes: Uint8Array): string;
  /** P-256, PKCS 8. */
  tlsKeyPem: string;
  tlsCertificatePem: string;
  /** SHA-256 of the certificate's SPKI, base64: what agents know this machine by. */
  spkiPin: string;
}

const SECRET_NAME = 'device';
const ECDSA_WITH_SHA256 = '1.2.840.10045.4.3.2';
const COMMON_NAME = '2.5.4.3';

const storedSchema = z.strictObject({
  version: z.literal(1),
  /** PKCS 8, PEM. */
  signingKeyPem: z.string(),
  tlsKeyPem: z.string(),
  tlsCertificatePem: z.string(),
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
  const { deviceId, publicKey, tlsCertificatePem } = identity;
  return { deviceId, publicKey, certificatePem: tlsCertificatePem, role: 'admin', label: label.slice(0, 64) };
}

function make(): string {
  const signing = generateKeyPairSync('ed25519').privateKey;
  const { publicKey, privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const pem = (key: KeyObject) => key.export({ format: 'pem', type: 'pkcs8' }).toString();
  return JSON.stringify({
    version: 1,
    signingKeyPem: pem(signing),
    tlsKeyPem: pem(privateKey),
    tlsCertificatePem: new X509Certificate(selfSigned(publicKey, privateKey)).toString(),
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
    const { signingKeyPem, tlsKeyPem, tlsCertificatePem } = storedSchema.parse(JSON.parse(text));
    const signingKey = createPrivateKey(signingKeyPem);
    const publicKey = createPublicKey(signingKey).export({ format: 'der', type: 'spki' });
    const certificate = new X509Certificate(tlsCertificatePem);
    if (!certificate.checkPrivateKey(createPrivateKey(tlsKeyPem))) {
      throw new Error('key and certificate do not belong together');
    }
    return {
      deviceId: createHash('sha256').update(publicKey).digest('base64url'),
      publicKey: publicKey.toString('base64'),
      sign: (bytes) => sign(null, bytes, signingKey).toString('base64'),
      tlsKeyPem,
      tlsCertificatePem,
      spkiPin: createHash('sha256')
        .update(certificate.publicKey.export({ format: 'der', type: 'spki' }))
        .digest('base64'),
    };
  } catch {
    // The cause would quote what was stored.
    throw new HalfspreadError(
      'HS_DEVICE_DAMAGED',
      'The key of this machine in the secret store cannot be used; remote agents will not know it.',
      `Delete "${SECRET_NAME}" from the keychain and deploy each site again: it is enrolled anew.`,
    );
  }
}

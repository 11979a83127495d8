/** The TLS side of an identity: P-256 keys in self-signed certificates that are known by the hash of their public key. */
import { createHash, generateKeyPairSync, randomBytes, sign, X509Certificate } from 'node:crypto';
import { HalfspreadError } from '../../core/errors.ts';
import type { PinnedCertificate } from '../../protocol/agent-program.ts';
import { selfSignedCertificate, SERIAL_BYTES } from '../../protocol/self-signed.ts';

/** A private key with its certificate. Ed25519 certificates fail in Electron's BoringSSL, hence P-256. */
export interface TlsIdentity extends PinnedCertificate {
  /** PKCS8 PEM. */
  keyPem: string;
}

/** The pin says who is who, so no clock takes part: RFC 5280 4.1.2.5 names the date for "no expiry". */
const NOT_BEFORE = new Date('2000-01-01T00:00:00Z');
const NOT_AFTER = new Date('9999-12-31T23:59:59Z');

/** @param commonName nothing private */
export function newTlsIdentity(commonName: string): TlsIdentity {
  const { publicKey, privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const der = selfSignedCertificate({
    commonName,
    spki: publicKey.export({ format: 'der', type: 'spki' }),
    serial: randomBytes(SERIAL_BYTES),
    notBefore: NOT_BEFORE,
    notAfter: NOT_AFTER,
    sign: (bytes) => sign('sha256', bytes, privateKey),
  });
  return {
    keyPem: privateKey.export({ format: 'pem', type: 'pkcs8' }).toString(),
    ...pinned(new X509Certificate(der)),
  };
}

/** SHA-256 of the certificate's SubjectPublicKeyInfo, base64. */
export function spkiPinOf(certificate: X509Certificate): string {
  const spki = certificate.publicKey.export({ format: 'der', type: 'spki' });
  return createHash('sha256').update(spki).digest('base64');
}

/**
 * Reads one certificate as it is enrolled.
 * @throws HalfspreadError HS_CERTIFICATE for anything but one self-signed P-256 certificate.
 */
export function parseCertificate(pem: string): PinnedCertificate {
  let certificate: X509Certificate;
  try {
    certificate = new X509Certificate(pem);
  } catch (cause) {
    throw badCertificate('cannot be read', cause);
  }
  const { asymmetricKeyType, asymmetricKeyDetails } = certificate.publicKey;
  if (asymmetricKeyType !== 'ec' || asymmetricKeyDetails?.namedCurve !== 'prime256v1') {
    throw badCertificate('has no P-256 key');
  }
  if (!certificate.verify(certificate.publicKey)) throw badCertificate('is not signed by its own key');
  return pinned(certificate);
}

function pinned(certificate: X509Certificate): PinnedCertificate {
  return { spkiPin: spkiPinOf(certificate), certificatePem: certificate.toString() };
}

function badCertificate(what: string, cause?: unknown): HalfspreadError {
  return new HalfspreadError(
    'HS_CERTIFICATE',
    `A certificate ${what}.`,
    'Give the certificate Halfspread made for this device or agent, unchanged.',
    { cause },
  );
}

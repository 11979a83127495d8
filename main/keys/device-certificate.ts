import { generateKeyPairSync, randomBytes, sign, X509Certificate } from 'node:crypto';
import { selfSignedCertificate, SERIAL_BYTES } from '../../engine/protocol/self-signed.ts';

const YEARS = 10;
/** A server whose clock is behind accepts it all the same. */
const BACKDATED_MS = 24 * 3_600_000;

/**
 * A P-256 key with its self-signed certificate, valid ten years from now.
 * @param commonName nothing private
 */
export function newTlsCertificate(commonName: string): { keyPem: string; certificatePem: string } {
  const { publicKey, privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const notBefore = new Date(Date.now() - BACKDATED_MS);
  const notAfter = new Date(notBefore);
  notAfter.setUTCFullYear(notAfter.getUTCFullYear() + YEARS);
  const der = selfSignedCertificate({
    commonName,
    spki: publicKey.export({ format: 'der', type: 'spki' }),
    serial: randomBytes(SERIAL_BYTES),
    notBefore,
    notAfter,
    sign: (bytes) => sign('sha256', bytes, privateKey),
  });
  return {
    keyPem: privateKey.export({ format: 'pem', type: 'pkcs8' }).toString(),
    certificatePem: new X509Certificate(der).toString(),
  };
}

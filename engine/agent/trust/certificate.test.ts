import { execFileSync } from 'node:child_process';
import { X509Certificate } from 'node:crypto';
import { expect, it } from 'vitest';
import { certificatePemSchema, spkiPinSchema } from '../../protocol/agent-program.ts';
import { newTlsIdentity, parseCertificate } from './certificate.ts';

it('makes a self-signed P-256 certificate that does not expire', () => {
  const { certificatePem, keyPem, spkiPin } = newTlsIdentity('Halfspread agent');
  const certificate = new X509Certificate(certificatePem);
  expect(certificate.subject).toBe('CN=Halfspread agent');
  expect(certificate.verify(certificate.publicKey)).toBe(true);
  expect(certificate.validTo).toBe('Dec 31 23:59:59 9999 GMT');
  expect(keyPem).toContain('BEGIN PRIVATE KEY');
  expect(certificatePemSchema.parse(certificatePem)).toBe(certificatePem);
  expect(spkiPinSchema.parse(spkiPin)).toBe(spkiPin);
});

it('names a certificate by the hash OpenSSL computes of its public key', () => {
  const { certificatePem, spkiPin } = newTlsIdentity('x');
  const publicKey = execFileSync('openssl', ['x509', '-pubkey', '-noout'], { input: certificatePem });
  const der = execFileSync('openssl', ['pkey', '-pubin', '-outform', 'DER'], { input: publicKey });
  expect(execFileSync('openssl', ['dgst', '-sha256', '-binary'], { input: der }).toString('base64')).toBe(spkiPin);
});

it('refuses what is no self-signed P-256 certificate', () => {
  const good = newTlsIdentity('x').certificatePem;
  expect(parseCertificate(good).certificatePem).toBe(good);
  const made = execFileSync(
    'openssl',
    ['req', '-x509', '-newkey', 'ed25519', '-nodes', '-keyout', '-', '-subj', '/CN=x'],
    { encoding: 'utf8', stdio: 'pipe' },
  );
  const ed25519 = made.slice(made.indexOf('-----BEGIN CERTIFICATE'));
  const altered = Buffer.from(new X509Certificate(good).raw);
  altered[altered.length - 1]! ^= 1;
  const alteredPem = `-----BEGIN CERTIFICATE-----\n${altered.toString('base64')}\n-----END CERTIFICATE-----\n`;
  for (const pem of ['', 'nonsense', ed25519, alteredPem]) {
    expect(() => parseCertificate(pem)).toThrow(expect.objectContaining({ code: 'HS_CERTIFICATE' }));
  }
});

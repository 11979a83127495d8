/** How agents and devices know each other: names and pins of keys. Pure schemas. */
import { z } from 'zod';

const base64 = z.string().regex(/^[A-Za-z0-9+/]+=*$/);

/** SHA-256 of a certificate's SubjectPublicKeyInfo, base64 (44 characters). */
export const spkiPinSchema = base64.length(44);
/** Ed25519 public key: SPKI DER, base64. */
export const ed25519KeySchema = base64.max(128);
/** base64url of the SHA-256 of the Ed25519 key's SPKI DER: agents and devices are named by it. */
export const keyNameSchema = z.string().regex(/^[A-Za-z0-9_-]{43}$/);
/** One self-signed P-256 certificate. */
export const certificatePemSchema = z
  .string()
  .max(4_096)
  .regex(/^-----BEGIN CERTIFICATE-----\n[A-Za-z0-9+/=\n]+\n-----END CERTIFICATE-----\n?$/);

/** One certificate the other side may show. */
export const pinnedCertificateSchema = z.strictObject({ spkiPin: spkiPinSchema, certificatePem: certificatePemSchema });
export type PinnedCertificate = z.infer<typeof pinnedCertificateSchema>;

/**
 * The encrypted file's content: scrypt makes two keys of the passphrase, one to recognise it by, one for AES-256-GCM over
 * the secrets. Everything that is not encrypted is authenticated.
 */
import { createCipheriv, createDecipheriv, createHmac, randomBytes, scrypt, timingSafeEqual } from 'node:crypto';
import { z } from 'zod';
import { canonicalJson } from '../../../engine/protocol/canonical.ts';
import { HalfspreadError } from '../../../engine/protocol/errors.ts';

const SALT_BYTES = 32;
const IV_BYTES = 12;
const TAG_BYTES = 16;
const KEY_BYTES = 32;
const LEAST_N = 2 ** 17;
/** 1 GiB of memory: beyond that a file is a trap, not a choice. */
const MOST_N = 2 ** 20;
const R = 8;
const P = 1;

const base64 = (bytes: number) => z.base64().refine((text) => Buffer.from(text, 'base64').length === bytes);

const sealedSchema = z.strictObject({
  format: z.literal('halfspread-secrets'),
  version: z.literal(1),
  kdf: z.strictObject({
    name: z.literal('scrypt'),
    n: z
      .number()
      .int()
      .min(LEAST_N)
      .max(MOST_N)
      .refine((n) => Number.isInteger(Math.log2(n))),
    r: z.literal(R),
    p: z.literal(P),
    salt: base64(SALT_BYTES),
  }),
  /** HMAC of format, version and kdf under the first key: whether this is the passphrase. */
  check: base64(KEY_BYTES),
  cipher: z.literal('aes-256-gcm'),
  iv: base64(IV_BYTES),
  tag: base64(TAG_BYTES),
  secrets: z.base64(),
});
export type SealedSecrets = z.infer<typeof sealedSchema>;
type Kdf = SealedSecrets['kdf'];

/** Name and secret. */
const secretsSchema = z.array(z.tuple([z.string(), z.string()]));

/** What scrypt made of a passphrase and one file's salt; in memory while the file is open. */
export interface FileKeys {
  kdf: Kdf;
  check: Buffer;
  encryption: Buffer;
}

/** Keys for a new file. Takes about half a second and 128 MiB. */
export function newFileKeys(passphrase: string): Promise<FileKeys> {
  const salt = randomBytes(SALT_BYTES).toString('base64');
  return deriveKeys(passphrase, { name: 'scrypt', n: LEAST_N, r: R, p: P, salt });
}

/** @throws HalfspreadError HS_KEYCHAIN_PASSPHRASE when it is not the passphrase of this file. */
export async function keysOf(passphrase: string, sealed: SealedSecrets): Promise<FileKeys> {
  const keys = await deriveKeys(passphrase, sealed.kdf);
  if (!fits(keys, sealed)) {
    throw new HalfspreadError(
      'HS_KEYCHAIN_PASSPHRASE',
      'This is not the passphrase of the file of encrypted keys, or its first lines were changed.',
      'Try again. Without the passphrase nobody can open the file: then start a new one and add the keys again.',
    );
  }
  return keys;
}

/** Whether the keys were made for this file: another one may have taken its place. */
export function fits(keys: FileKeys, sealed: SealedSecrets): boolean {
  return keys.kdf.salt === sealed.kdf.salt && timingSafeEqual(keys.check, Buffer.from(sealed.check, 'base64'));
}

export function seal(secrets: ReadonlyMap<string, string>, keys: FileKeys): SealedSecrets {
  const iv = randomBytes(IV_BYTES);
  const header = {
    format: 'halfspread-secrets',
    version: 1,
    kdf: keys.kdf,
    check: keys.check.toString('base64'),
    cipher: 'aes-256-gcm',
    iv: iv.toString('base64'),
  } as const;
  const cipher = createCipheriv('aes-256-gcm', keys.encryption, iv, { authTagLength: TAG_BYTES });
  cipher.setAAD(Buffer.from(canonicalJson(header)));
  const encrypted = Buffer.concat([cipher.update(JSON.stringify([...secrets]), 'utf8'), cipher.final()]);
  return { ...header, tag: cipher.getAuthTag().toString('base64'), secrets: encrypted.toString('base64') };
}

/** @throws HalfspreadError HS_KEYCHAIN_FILE_TAMPERED when the passphrase is right and the content is not what was written. */
export function unseal(sealed: SealedSecrets, keys: FileKeys): Map<string, string> {
  const { tag, secrets, ...header } = sealed;
  try {
    const decipher = createDecipheriv('aes-256-gcm', keys.encryption, Buffer.from(sealed.iv, 'base64'), {
      authTagLength: TAG_BYTES,
    });
    decipher.setAAD(Buffer.from(canonicalJson(header)));
    decipher.setAuthTag(Buffer.from(tag, 'base64'));
    const plain = Buffer.concat([decipher.update(Buffer.from(secrets, 'base64')), decipher.final()]);
    return new Map(secretsSchema.parse(JSON.parse(plain.toString('utf8'))));
  } catch {
    // No cause: a parser's error would quote the content.
    throw new HalfspreadError(
      'HS_KEYCHAIN_FILE_TAMPERED',
      'The passphrase is right, but the file of encrypted keys was changed since Halfspread wrote it. Nothing of it is used.',
      'Bring back a copy of the file from a backup; else start a new one and add the keys again.',
    );
  }
}

/** @throws HalfspreadError HS_KEYCHAIN_FILE_DAMAGED (cut short, or another file), HS_KEYCHAIN_FILE_VERSION */
export function parseSealed(text: string): SealedSecrets {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw damaged('it is no JSON text: cut short, or overwritten');
  }
  const version: unknown =
    typeof value === 'object' && value !== null && 'version' in value ? value.version : undefined;
  if (typeof version === 'number' && version > 1) {
    throw new HalfspreadError(
      'HS_KEYCHAIN_FILE_VERSION',
      `The file of encrypted keys was written by a newer Halfspread (format ${version}).`,
      'Start that version; the file is left as it is.',
    );
  }
  const parsed = sealedSchema.safeParse(value);
  if (!parsed.success) throw damaged(`${parsed.error.issues[0]?.path.join('.') ?? 'content'} is not as it must be`);
  return parsed.data;
}

function damaged(why: string): HalfspreadError {
  return new HalfspreadError(
    'HS_KEYCHAIN_FILE_DAMAGED',
    `The file of encrypted keys cannot be used: ${why}. It is left as it is.`,
    'Bring back a copy of it from a backup; else move it away, start a new one and add the keys again.',
  );
}

function deriveKeys(passphrase: string, kdf: Kdf): Promise<FileKeys> {
  const { n, r, p } = kdf;
  // OpenSSL counts a little more than the 128 * n * r bytes of the algorithm.
  const options = { N: n, r, p, maxmem: 128 * n * r + 2 ** 20 };
  // The same passphrase can arrive composed differently from another keyboard.
  const normalized = passphrase.normalize('NFC');
  return new Promise((resolve, reject) => {
    scrypt(normalized, Buffer.from(kdf.salt, 'base64'), 2 * KEY_BYTES, options, (error, derived) => {
      if (error) return reject(error);
      const checkKey = derived.subarray(0, KEY_BYTES);
      const check = createHmac('sha256', checkKey)
        .update(canonicalJson({ format: 'halfspread-secrets', version: 1, kdf }))
        .digest();
      resolve({ kdf, check, encryption: derived.subarray(KEY_BYTES) });
    });
  });
}

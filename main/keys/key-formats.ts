/** Secrets as people paste them, in their usual form, or what is wrong with them. Pure. No message quotes what was typed. */
import type { WireError } from '../../engine/protocol/errors.ts';

export type ReadSecret = { secret: string } | { refused: WireError };

/** Order of the Stark curve (venues/paradex.md 3.1): every Stark private key lies below it. */
const STARK_ORDER = 0x0800000000000010ffffffffffffffffb781126dcae7b2321e66a241adc64d2fn;
/** Order of secp256k1. */
const SECP256K1_ORDER = 0xfffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd0364141n;
/** A random key is shorter than this in one of 2^64 cases: what is, was cut. */
const LEAST_STARK_DIGITS = 46;
const ADDRESS_DIGITS = 40;
export const LEAST_PASSPHRASE_CHARS = 12;

/** A Stark private key: 0x and hex digits. */
export function readStarkKey(typed: string): ReadSecret {
  const digits = hexDigits(typed);
  if (typeof digits !== 'string') return digits;
  const refused = commonFaults(digits);
  if (refused) return refused;
  if (digits.length < LEAST_STARK_DIGITS || digits.length > 64) {
    return wrong(
      'HS_SECRET_LENGTH',
      `A Paradex private key has 60 to 64 hex digits; this has ${digits.length}.`,
      'Copy all of it.',
    );
  }
  const value = BigInt(`0x${digits}`);
  if (value >= STARK_ORDER) {
    return wrong(
      'HS_SECRET_NOT_STARK',
      'This is no Stark key: its number is too large. It may be an Ethereum private key, which Halfspread never needs here.',
      'Copy the private key of the Paradex account or subkey.',
    );
  }
  return { secret: `0x${digits.toLowerCase()}` };
}

/** An Ethereum-style private key of 32 bytes. */
export function readEthereumKey(typed: string): ReadSecret {
  const digits = hexDigits(typed);
  if (typeof digits !== 'string') return digits;
  const refused = commonFaults(digits);
  if (refused) return refused;
  if (digits.length !== 64) {
    return wrong(
      'HS_SECRET_LENGTH',
      `This private key has exactly 64 hex digits; what came has ${digits.length}.`,
      'Copy all of it.',
    );
  }
  const value = BigInt(`0x${digits}`);
  if (value >= SECP256K1_ORDER)
    return wrong('HS_SECRET_RANGE', 'This is no private key: its number is too large.', 'Copy it again.');
  return { secret: `0x${digits.toLowerCase()}` };
}

/** Vest's API key has no documented form: one word. */
export function readApiKey(typed: string): ReadSecret {
  const word = typed.trim();
  if (word === '') return nothing();
  if (/\s/.test(word) || word.length > 512 || !/^[\x21-\x7e]+$/.test(word)) {
    return wrong(
      'HS_SECRET_API_KEY',
      'An API key is one word of plain letters, digits and signs.',
      'Copy the API key alone.',
    );
  }
  return { secret: word };
}

/** Taken as typed: spaces count. */
export function readPassphrase(typed: string): ReadSecret {
  if (typed === '') return nothing();
  return { secret: typed };
}

/** @param typed the first time it is chosen */
export function readNewPassphrase(typed: string): ReadSecret {
  if ([...typed].length >= LEAST_PASSPHRASE_CHARS) return { secret: typed };
  return wrong(
    'HS_SECRET_WEAK',
    `A passphrase has at least ${LEAST_PASSPHRASE_CHARS} characters; it alone keeps the keys from whoever has the file.`,
    'Take four random words or more.',
  );
}

function hexDigits(typed: string): string | { refused: WireError } {
  const text = typed.trim().replace(/^(["'])(.*)\1$/, '$2');
  if (text === '') return nothing();
  if (/^([a-z]+\s+){11,23}[a-z]+$/.test(text)) {
    return wrong(
      'HS_SECRET_WORDS',
      'These are the words of a wallet. They open everything in it, and Halfspread never asks for them.',
      'Copy a private key alone. If the words were shown or stored anywhere by this, move that wallet’s funds.',
    );
  }
  const digits = text.replace(/^0x/i, '');
  if (/^[0-9a-fA-F]+$/.test(digits)) return digits;
  return wrong(
    'HS_SECRET_NOT_HEX',
    'A private key consists of 0x and hex digits (0 to 9, a to f) alone.',
    'Copy the private key alone.',
  );
}

function commonFaults(digits: string): { refused: WireError } | undefined {
  if (digits.length === ADDRESS_DIGITS) {
    return wrong(
      'HS_SECRET_ADDRESS',
      'This is an address, not a private key.',
      'Copy the private key that belongs to it.',
    );
  }
  if (/^0*$/.test(digits)) return wrong('HS_SECRET_RANGE', 'A private key is never zero.', 'Copy it again.');
  return undefined;
}

function nothing(): { refused: WireError } {
  return wrong('HS_SECRET_EMPTY', 'Nothing came.', 'Copy or type the secret, then try again.');
}

function wrong(code: `HS_SECRET_${string}`, message: string, remedy: string): { refused: WireError } {
  return { refused: { code, message, remedy } };
}

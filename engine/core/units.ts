import { HalfspreadError } from './errors.ts';

/**
 * Prices, sizes and USD amounts are integers in units of 1e-8 held in doubles (names end in `E8`): Paradex signs and
 * publishes this very scale, and BTC at 90 million USD still fits below 2^53. Decimal strings exist on the wire only.
 */
export const ONE_E8 = 100_000_000;

const DECIMAL = /^-?(\d+)(?:\.(\d+))?$/;

/**
 * Parses a plain decimal string exactly.
 * @throws HalfspreadError HS_UNIT_FORMAT when it is no plain decimal, has more than 8 decimals that are not zero,
 * or does not fit into 2^53 units of 1e-8.
 */
export function parseE8(text: string): number {
  const match = DECIMAL.exec(text);
  if (!match) throw unitError(text, 'is not a plain decimal number');
  const fraction = match[2] ?? '';
  if (fraction.length > 8 && /[1-9]/.test(fraction.slice(8))) throw unitError(text, 'has more than 8 decimals');
  const value = Number(match[1] + fraction.slice(0, 8).padEnd(8, '0'));
  if (!Number.isSafeInteger(value)) throw unitError(text, 'is too large for 1e-8 units');
  return text.startsWith('-') && value !== 0 ? -value : value;
}

/** `valueE8` as a decimal string with exactly `decimals` places (0..8); throws when that would lose digits. */
export function formatE8(valueE8: number, decimals: number): string {
  const text = digitsOf(valueE8);
  const whole = text.slice(0, -8);
  const fraction = text.slice(-8);
  if (/[1-9]/.test(fraction.slice(decimals))) {
    throw unitError(trimE8(valueE8), `does not fit into ${decimals} decimals`);
  }
  const sign = valueE8 < 0 ? '-' : '';
  return decimals === 0 ? sign + whole : `${sign}${whole}.${fraction.slice(0, decimals)}`;
}

/** Shortest exact decimal string: 0.1, 84209.4, -2. */
export function trimE8(valueE8: number): string {
  const text = digitsOf(valueE8);
  const fraction = text.slice(-8).replace(/0+$/, '');
  return (valueE8 < 0 ? '-' : '') + text.slice(0, -8) + (fraction ? `.${fraction}` : '');
}

/** Largest multiple of `stepE8` not above `valueE8` (both non-negative). */
export function floorToStepE8(valueE8: number, stepE8: number): number {
  return valueE8 - (valueE8 % stepE8);
}

/** Smallest multiple of `stepE8` not below `valueE8` (both non-negative). */
export function ceilToStepE8(valueE8: number, stepE8: number): number {
  const rest = valueE8 % stepE8;
  return rest === 0 ? valueE8 : valueE8 + stepE8 - rest;
}

/** price x size in units of 1e-8 USD, rounded half up; exact through BigInt, so not for the hot path. */
export function notionalE8(priceE8: number, sizeE8: number): number {
  const product = BigInt(priceE8) * BigInt(sizeE8);
  const half = product < 0n ? -50_000_000n : 50_000_000n;
  return Number((product + half) / 100_000_000n);
}

/** price x size in USD as a double: for limits and charts, never for the books. */
export function notionalUsd(priceE8: number, sizeE8: number): number {
  return (priceE8 / ONE_E8) * (sizeE8 / ONE_E8);
}

function digitsOf(valueE8: number): string {
  if (!Number.isSafeInteger(valueE8)) throw unitError(String(valueE8), 'is not a whole number of 1e-8 units');
  return String(Math.abs(valueE8)).padStart(9, '0');
}

function unitError(text: string, what: string): HalfspreadError {
  return new HalfspreadError('HS_UNIT_FORMAT', `"${text}" ${what}.`, 'Give a plain decimal such as 0.0300 or 61800.3.');
}

import { HalfspreadError } from '../../core/errors.ts';
import { invertElement, readLimbs } from './field-machine.ts';
import type { FieldMachine } from './field-machine.ts';
import { ELEMENT_BYTES, GUEST_POINT, POINT_BYTES, SUM } from './field-module.ts';
import { createPedersenMachine, pointWords, SHIFT_POINT, tableAddress, WINDOWS } from './pedersen-tables.ts';
import type { Half } from './pedersen-tables.ts';
import { STARK_PRIME } from './stark-field.ts';

/**
 * Starknet's Pedersen hash `h(a, b) = x(P0 + a_low P1 + a_high P2 + b_low P3 + b_high P4)` (low = 248 bits, high = 4 bits),
 * with every multiple a byte of an input can ask for looked up instead of computed: at most 32 point additions an input and one
 * inversion. It hashes public data only, so it need not run in constant time. Inputs and outputs are felts: 0 <= x < prime.
 *
 * Every sum contains P0, whose relation to the other points nobody knows, so that equal or opposite points cannot meet.
 */
const SHIFT_WORDS = pointWords(SHIFT_POINT);
/** ZZ = ZZZ = 1: a sum that is one affine point. */
const ONE_WORDS = pointWords({ x: 1n, y: 1n });
const NEGATED_SHIFT_WORDS = pointWords({ x: SHIFT_POINT.x, y: STARK_PRIME - SHIFT_POINT.y });
const POINT_WORDS = POINT_BYTES / 4;
/** The plain number 1, by which a product leaves Montgomery form. */
const PLAIN_ONE = GUEST_POINT;

const limbs = new BigUint64Array(4);
const bytes = new Uint8Array(limbs.buffer);
let machine: FieldMachine | undefined;

/** A left input whose part of the sum is computed already (P0 + a's part): using it costs nothing. */
export interface LeftHalf {
  readonly left: Uint32Array;
}

/** A right input whose part of the sum is computed already: using it costs one addition instead of up to 32. */
export interface RightHalf {
  readonly right: Uint32Array;
}

/** Builds the tables (about 16,000 points, 0.1-0.3 s) unless they exist. The signer calls it before it says it is ready. */
export function buildPedersenTables(): void {
  machine ??= createPedersenMachine();
}

/** `h(a, b)`. @throws HalfspreadError HS_SIGN_FELT when an input is no felt. */
export function pedersen(a: bigint | LeftHalf, b: bigint | RightHalf): bigint {
  const field = readyMachine();
  if (typeof a === 'bigint') {
    begin(field, SHIFT_WORDS);
    addHalf(field, 'left', a);
  } else begin(field, a.left);
  if (typeof b === 'bigint') addHalf(field, 'right', b);
  else addGuest(field, b.right);
  return sumX(field);
}

/** `h(...h(h(0, x0), x1)..., n)` over n elements: Starknet's hash of an array. */
export function pedersenArray(elements: readonly bigint[]): bigint {
  let hash = 0n;
  for (const element of elements) hash = pedersen(hash, element);
  return pedersen(hash, BigInt(elements.length));
}

/** For a left input that will come again. */
export function prepareLeft(a: bigint): LeftHalf {
  const field = readyMachine();
  begin(field, SHIFT_WORDS);
  addHalf(field, 'left', a);
  return { left: sumPoint(field) };
}

/** For a right input that will come again; it must not be zero, which contributes no point. */
export function prepareRight(b: bigint): RightHalf {
  const field = readyMachine();
  begin(field, SHIFT_WORDS);
  addHalf(field, 'right', b);
  addGuest(field, NEGATED_SHIFT_WORDS);
  return { right: sumPoint(field) };
}

function readyMachine(): FieldMachine {
  buildPedersenTables();
  return machine!;
}

function begin({ words }: FieldMachine, point: Uint32Array): void {
  words.set(point, SUM.x / 4);
  words.set(ONE_WORDS, SUM.zz / 4);
}

function addGuest({ words, addPoint }: FieldMachine, point: Uint32Array): void {
  words.set(point, GUEST_POINT / 4);
  addPoint(GUEST_POINT);
}

function addHalf({ addPoint }: FieldMachine, half: Half, value: bigint): void {
  if (value < 0n || value >= STARK_PRIME) {
    throw new HalfspreadError(
      'HS_SIGN_FELT',
      `${value} is outside Starknet's field and cannot be hashed.`,
      'Check the order, the account address and the chain id.',
    );
  }
  limbs[0] = value;
  limbs[1] = value >> 64n;
  limbs[2] = value >> 128n;
  limbs[3] = value >> 192n;
  for (let window = 0; window < WINDOWS; window++) {
    const digit = bytes[window]!;
    if (digit !== 0) addPoint(tableAddress(half, window, digit));
  }
}

function sumX(field: FieldMachine): bigint {
  invertElement(field, SUM.zz);
  field.multiply(SUM.x, SUM.x, SUM.zz);
  field.words.fill(0, PLAIN_ONE / 4, PLAIN_ONE / 4 + POINT_WORDS);
  field.words[PLAIN_ONE / 4] = 1;
  field.multiply(SUM.x, SUM.x, PLAIN_ONE);
  return readLimbs(field.words, SUM.x) % STARK_PRIME;
}

function sumPoint(field: FieldMachine): Uint32Array {
  invertElement(field, SUM.zz);
  invertElement(field, SUM.zzz);
  field.multiply(SUM.x, SUM.x, SUM.zz);
  field.multiply(SUM.y, SUM.y, SUM.zzz);
  return field.words.slice(SUM.x / 4, (SUM.y + ELEMENT_BYTES) / 4);
}

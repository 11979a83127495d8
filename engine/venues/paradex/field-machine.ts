import { fieldModule, LIMB_BITS, LIMB_MASK, LIMBS } from './field-module.ts';
import { STARK_PRIME } from './stark-field.ts';

/** Where a quotient may be worked out. */
const INVERSE = { ones: 560, power: 600, kept: 640 };

export interface FieldMachine {
  /** All elements, as 32-bit words. */
  words: Uint32Array;
  /** Adds the affine point at this address to the running sum; the two must be neither equal nor opposite. */
  addPoint(address: number): void;
  /** dst = a * b / 2^261 mod p; addresses of elements, which may be the same. */
  multiply(dst: number, a: number, b: number): void;
}

/** `x 2^261 mod p` as words, at `offset` words: the form every element in the machine has. */
export function writeElement(words: Uint32Array, offset: number, x: bigint): void {
  let rest = (x << BigInt(LIMBS * LIMB_BITS)) % STARK_PRIME;
  for (let limb = 0; limb < LIMBS; limb++, rest >>= BigInt(LIMB_BITS)) words[offset + limb] = Number(rest & LIMB_MASK);
}

/** The limbs at an address as a number, without leaving Montgomery form. */
export function readLimbs(words: Uint32Array, address: number): bigint {
  let value = 0n;
  for (let limb = LIMBS - 1; limb >= 0; limb--)
    value = (value << BigInt(LIMB_BITS)) | BigInt(words[address / 4 + limb]!);
  return value;
}

/**
 * Replaces the element by its inverse: its power p - 2 = (2^55 + 1) 2^196 + 2^192 - 1, the ones in four runs of 48. Zero stays zero.
 */
export function invertElement({ words, multiply }: FieldMachine, address: number): void {
  const { ones, power, kept } = INVERSE;
  const copy = (to: number, from: number): void => void words.copyWithin(to / 4, from / 4, from / 4 + LIMBS);
  const square = (times: number, at: number): void => {
    for (let count = 0; count < times; count++) multiply(at, at, at);
  };
  const appendOnes = (count: number, from: number): void => {
    copy(kept, from);
    square(count, ones);
    multiply(ones, ones, kept);
  };
  copy(ones, address);
  for (let count = 0; count < 2; count++) appendOnes(1, address);
  for (const count of [3, 6, 12, 24]) appendOnes(count, ones);
  copy(power, address);
  square(55, power);
  multiply(power, power, address);
  square(4, power);
  for (let run = 0; run < 4; run++) {
    square(48, power);
    multiply(power, power, ones);
  }
  copy(address, power);
}

/** The one use of WebAssembly in the engine; its types belong to the DOM library, which the engine does not load. */
declare const WebAssembly: {
  Module: new (binary: Uint8Array) => object;
  Instance: new (module: object) => { exports: Omit<FieldMachine, 'words'> & { memory: { buffer: ArrayBuffer } } };
};

/** `pages` of 64 KiB of memory for scratch and tables. */
export function createFieldMachine(pages: number): FieldMachine {
  const { exports } = new WebAssembly.Instance(new WebAssembly.Module(fieldModule(pages)));
  const { memory, addPoint, multiply } = exports;
  return { words: new Uint32Array(memory.buffer), addPoint, multiply };
}

/**
 * Arithmetic in Starknet's field as a small WebAssembly module, written out here instruction by instruction: BigInt allocates at
 * every step and is several times slower. It serves the Pedersen hash of public data only; nothing secret passes through it.
 *
 * An element is nine limbs of 29 bits, little-endian, in Montgomery form (x 2^261 mod p): the sums of limb products then fit into
 * 64 bits without carries, and the prime 2^251 + 17 * 2^192 + 1 makes the reduction two multiplications a limb. Elements are
 * bounded, not reduced: a product is below 1.1 p, everything else below 10 p, far from the 1024 p that fit.
 */
export const LIMBS = 9;
export const LIMB_BITS = 29;
export const LIMB_MASK = 2n ** 29n - 1n;
/** Bytes an element occupies; a point is x, then y. */
export const ELEMENT_BYTES = 40;
export const POINT_BYTES = 2 * ELEMENT_BYTES;
/** Limbs of the prime that are not zero. */
const PRIME_LIMBS = new Map([
  [0, 1n],
  [6, 17n << 18n],
  [8, 1n << 19n],
]);

/** Addresses of the running sum (X/ZZ, Y/ZZZ) and of what one addition needs; tables begin at `TABLES`. */
export const SUM = { x: 0, y: 40, zz: 80, zzz: 120 };
const WORK = { p: 160, r: 200, pp: 240, ppp: 280, q: 320, rr: 360, t: 400 };
/** Room for one point that is not in a table. */
export const GUEST_POINT = 440;
/** An element nobody writes. */
const ZERO = 520;
export const TABLES = 1024;

const OP = {
  call: 0x10,
  end: 0x0b,
  get: 0x20,
  set: 0x21,
  const32: 0x41,
  const64: 0x42,
  load: 0x35,
  store: 0x3e,
  add32: 0x6a,
  add: 0x7c,
  sub: 0x7d,
  mul: 0x7e,
  and: 0x83,
  shiftRightSigned: 0x87,
};
const I32 = 0x7f;
const I64 = 0x7e;
const MULTIPLY = 0;
const SUBTRACT = 1;
const ADD_POINT = 2;

/** dst = a * b / 2^261 mod p. */
function multiplyBody(): number[] {
  const [dst, a, b] = [0, 1, 2];
  const left = (limb: number): number => 3 + limb;
  const sum = (limb: number): number => 3 + LIMBS + limb;
  const factor = 3 + 3 * LIMBS;
  const code: number[] = [];
  for (let j = 0; j < LIMBS; j++) code.push(...load(a, j), OP.set, left(j));
  for (let i = 0; i < LIMBS; i++) {
    code.push(...load(b, i), OP.set, factor);
    for (let j = 0; j < LIMBS; j++) {
      code.push(OP.get, sum(i + j), OP.get, left(j), OP.get, factor, OP.mul, OP.add, OP.set, sum(i + j));
    }
    // p = 1 modulo 2^29: the multiple of p that clears limb i is minus that limb.
    code.push(...const64(0n), OP.get, sum(i), OP.sub, ...const64(LIMB_MASK), OP.and, OP.set, factor);
    for (const [limb, value] of PRIME_LIMBS) {
      code.push(OP.get, sum(i + limb), OP.get, factor, ...const64(value), OP.mul, OP.add, OP.set, sum(i + limb));
    }
    code.push(OP.get, sum(i + 1), OP.get, sum(i), ...shiftLimb(), OP.add, OP.set, sum(i + 1));
  }
  const carry = factor;
  code.push(...const64(0n), OP.set, carry);
  for (let limb = 0; limb < LIMBS; limb++) {
    code.push(OP.get, carry, OP.get, sum(LIMBS + limb), OP.add, OP.set, carry, ...storeLimb(dst, limb, carry));
  }
  return functionBody(LIMBS + 2 * LIMBS + 1, code);
}

/** dst = a - b - c - c + multiple * p, where the multiple keeps it positive. */
function subtractBody(): number[] {
  const [dst, a, b, c, multiple] = [0, 1, 2, 3, 4];
  const carry = 5;
  const code: number[] = [];
  for (let limb = 0; limb < LIMBS; limb++) {
    code.push(OP.get, carry, ...load(a, limb), OP.add, ...load(b, limb), OP.sub);
    code.push(...load(c, limb), OP.sub, ...load(c, limb), OP.sub);
    const prime = PRIME_LIMBS.get(limb);
    if (prime !== undefined) code.push(OP.get, multiple, ...const64(prime), OP.mul, OP.add);
    code.push(OP.set, carry, ...storeLimb(dst, limb, carry));
  }
  return functionBody(1, code);
}

/** madd-2008-s of the Explicit-Formulas Database; the multiples of p follow from the bounds of what is subtracted. */
function addPointBody(): number[] {
  const point = 0;
  const multiply = (dst: number, a: number, b: number): number[] => [...at(dst), ...at(a), ...at(b), OP.call, MULTIPLY];
  const subtract = (dst: number, a: number, b: number, twice: number, multiple: bigint): number[] => {
    return [...at(dst), ...at(a), ...at(b), ...at(twice), ...const64(multiple), OP.call, SUBTRACT];
  };
  const { p, r, pp, ppp, q, rr, t } = WORK;
  const { x, y, zz, zzz } = SUM;
  // prettier-ignore
  return functionBody(0, [
    ...at(p), OP.get, point, ...at(zz), OP.call, MULTIPLY,
    ...at(r), OP.get, point, ...at(ELEMENT_BYTES), OP.add32, ...at(zzz), OP.call, MULTIPLY,
    ...subtract(p, p, x, ZERO, 8n),
    ...subtract(r, r, y, ZERO, 4n),
    ...multiply(pp, p, p),
    ...multiply(ppp, p, pp),
    ...multiply(q, x, pp),
    ...multiply(rr, r, r),
    ...subtract(x, rr, ppp, q, 4n),
    ...subtract(t, q, x, ZERO, 8n),
    ...multiply(t, r, t),
    ...multiply(y, y, ppp),
    ...subtract(y, t, y, ZERO, 2n),
    ...multiply(zz, zz, pp),
    ...multiply(zzz, zzz, ppp),
  ]);
}

function at(address: number): number[] {
  return [OP.const32, ...signedLeb(BigInt(address))];
}

function load(base: number, limb: number): number[] {
  return [OP.get, base, OP.load, 2, ...unsignedLeb(4 * limb)];
}

/** Stores the low 29 bits of `carry` and shifts them out of it. */
function storeLimb(base: number, limb: number, carry: number): number[] {
  const low = [OP.get, base, OP.get, carry, ...const64(LIMB_MASK), OP.and, OP.store, 2, ...unsignedLeb(4 * limb)];
  return [...low, OP.get, carry, ...shiftLimb(), OP.set, carry];
}

function shiftLimb(): number[] {
  return [...const64(BigInt(LIMB_BITS)), OP.shiftRightSigned];
}

function const64(value: bigint): number[] {
  return [OP.const64, ...signedLeb(value)];
}

function functionBody(i64Locals: number, code: number[]): number[] {
  const locals = i64Locals === 0 ? [0] : [1, ...unsignedLeb(i64Locals), I64];
  const body = [...locals, ...code, OP.end];
  return [...unsignedLeb(body.length), ...body];
}

/** The module: exports `memory`, `addPoint(address)` and `multiply(dst, a, b)`. `pages` of 64 KiB for scratch and tables. */
export function fieldModule(pages: number): Uint8Array<ArrayBuffer> {
  const section = (id: number, content: number[]): number[] => [id, ...unsignedLeb(content.length), ...content];
  const name = (text: string): number[] => [text.length, ...new TextEncoder().encode(text)];
  const signature = (parameters: number[]): number[] => [0x60, parameters.length, ...parameters, 0];
  return Uint8Array.from([
    ...[0x00, 0x61, 0x73, 0x6d, 0x01, 0x00, 0x00, 0x00],
    ...section(1, [3, ...signature([I32, I32, I32]), ...signature([I32, I32, I32, I32, I64]), ...signature([I32])]),
    ...section(3, [3, MULTIPLY, SUBTRACT, ADD_POINT]),
    ...section(5, [1, 0, ...unsignedLeb(pages)]),
    ...section(7, [3, ...name('memory'), 2, 0, ...name('addPoint'), 0, ADD_POINT, ...name('multiply'), 0, MULTIPLY]),
    ...section(10, [3, ...multiplyBody(), ...subtractBody(), ...addPointBody()]),
  ]);
}

function unsignedLeb(value: number): number[] {
  const bytes: number[] = [];
  for (let rest = value; ; rest >>>= 7) {
    if (rest < 128) return [...bytes, rest];
    bytes.push((rest & 127) | 128);
  }
}

function signedLeb(value: bigint): number[] {
  const bytes: number[] = [];
  for (let rest = value; ; rest >>= 7n) {
    const low = Number(rest & 127n);
    if (rest >= -64n && rest < 64n) return [...bytes, low];
    bytes.push(low | 128);
  }
}

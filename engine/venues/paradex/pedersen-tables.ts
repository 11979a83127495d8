import { createFieldMachine, writeElement } from './field-machine.ts';
import type { FieldMachine } from './field-machine.ts';
import { POINT_BYTES, TABLES } from './field-module.ts';
import { invertField, STARK_PRIME } from './stark-field.ts';

/** Points of Starknet's Pedersen hash (https://docs.starkware.co/starkex/crypto/pedersen-hash-function.html). */
export const SHIFT_POINT = {
  x: 2089986280348253421170679821480865132823066470938446095505822317253594081284n,
  y: 1713931329540660377023406109199410414810705867260802078187082345529207694986n,
};
const LEFT_LOW = {
  x: 996781205833008774514500082376783249102396023663454813447423147977397232763n,
  y: 1668503676786377725805489344771023921079126552019160156920634619255970485781n,
};
const LEFT_HIGH = {
  x: 2251563274489750535117886426533222435294046428347329203627021249169616184184n,
  y: 1798716007562728905295480679789526322175868328062420237419143593021674992973n,
};
const RIGHT_LOW = {
  x: 2138414695194151160943305727036575959195309218611738193261179310511854807447n,
  y: 113410276730064486255102093846540133784865286929052426931474106396135072156n,
};
const RIGHT_HIGH = {
  x: 2379962749567351885752724891227938183011949129833673362440656643086021394946n,
  y: 776496453633298175483985398648758586525933812536653089401905292063708816422n,
};

const P = STARK_PRIME;
/** Bytes of an input: 31 low ones and the 4 high bits. */
export const WINDOWS = 32;
const WINDOW_SIZE = 256;
const PAGE_BYTES = 65_536;

interface AffinePoint {
  x: bigint;
  y: bigint;
}

/** Multiples of one input's two base points: `[window * 256 + byte]`; entry 0 of each window is unused. */
interface HalfTable {
  xs: bigint[];
  ys: bigint[];
}

export type Half = 'left' | 'right';

/** A machine whose memory holds, for both inputs, the multiple that each byte at each place contributes (1.3 MB). */
export function createPedersenMachine(): FieldMachine {
  const bytes = TABLES + 2 * WINDOWS * WINDOW_SIZE * POINT_BYTES;
  const machine = createFieldMachine(Math.ceil(bytes / PAGE_BYTES));
  load(machine, 'left', buildHalf(LEFT_LOW, LEFT_HIGH));
  load(machine, 'right', buildHalf(RIGHT_LOW, RIGHT_HIGH));
  return machine;
}

/** Address of the point that the byte `digit` (1..255) at place `window` of this input contributes. */
export function tableAddress(half: Half, window: number, digit: number): number {
  const row = half === 'left' ? window : WINDOWS + window;
  return TABLES + (row * WINDOW_SIZE + digit) * POINT_BYTES;
}

/** Words of an affine point as the machine holds it. */
export function pointWords({ x, y }: AffinePoint): Uint32Array {
  const words = new Uint32Array(POINT_BYTES / 4);
  writeElement(words, 0, x);
  writeElement(words, words.length / 2, y);
  return words;
}

function load(machine: FieldMachine, half: Half, { xs, ys }: HalfTable): void {
  for (let window = 0; window < WINDOWS; window++) {
    for (let digit = 1; digit < WINDOW_SIZE; digit++) {
      const index = window * WINDOW_SIZE + digit;
      machine.words.set(pointWords({ x: xs[index]!, y: ys[index]! }), tableAddress(half, window, digit) / 4);
    }
  }
}

function positive(value: bigint): bigint {
  return value < 0n ? value + P : value;
}

/** All 255 multiples of `base * 256^window` for 31 windows, and 15 of the high point, normalised together by one inversion a row. */
function buildHalf(low: AffinePoint, high: AffinePoint): HalfTable {
  const half: HalfTable = {
    xs: new Array<bigint>(WINDOWS * WINDOW_SIZE).fill(0n),
    ys: new Array<bigint>(WINDOWS * WINDOW_SIZE).fill(0n),
  };
  const bases: AffinePoint[] = [];
  let base = low;
  for (let window = 0; window < WINDOWS - 1; window++) {
    bases.push(base);
    for (let doubling = 0; doubling < 8; doubling++) base = double(base);
  }
  bases.push(high);
  setMultiples(half, bases);
  return half;
}

/**
 * Multiples 1..255 of all bases in step: each round adds the base once in every window, so that one inversion serves them all.
 */
function setMultiples(half: HalfTable, bases: AffinePoint[]): void {
  const { xs, ys } = half;
  bases.forEach((base, window) => setPoint(half, window * WINDOW_SIZE + 1, base));
  bases.forEach((base, window) => setPoint(half, window * WINDOW_SIZE + 2, double(base)));
  const differences = new Array<bigint>(bases.length);
  for (let multiple = 3; multiple < WINDOW_SIZE; multiple++) {
    bases.forEach((base, window) => {
      differences[window] = xs[window * WINDOW_SIZE + multiple - 1]! - base.x;
    });
    const inverses = invertAll(differences);
    bases.forEach((base, window) => {
      const previous = window * WINDOW_SIZE + multiple - 1;
      const slope = ((ys[previous]! - base.y) * inverses[window]!) % P;
      const x = positive((slope * slope - xs[previous]! - base.x) % P);
      setPoint(half, previous + 1, { x, y: positive((slope * (base.x - x) - base.y) % P) });
    });
  }
}

function setPoint(half: HalfTable, index: number, point: AffinePoint): void {
  half.xs[index] = point.x;
  half.ys[index] = point.y;
}

/** Doubling on y^2 = x^3 + x + b. */
function double({ x, y }: AffinePoint): AffinePoint {
  const slope = ((3n * x * x + 1n) * invertField(2n * y)) % P;
  const x3 = positive((slope * slope - 2n * x) % P);
  return { x: x3, y: positive((slope * (x - x3) - y) % P) };
}

/** Montgomery's trick: n inverses for one inversion and 3n multiplications. */
function invertAll(values: bigint[]): bigint[] {
  const products = new Array<bigint>(values.length);
  let product = 1n;
  values.forEach((value, index) => {
    products[index] = product;
    product = (product * value) % P;
  });
  let inverse = invertField(product);
  const inverses = new Array<bigint>(values.length);
  for (let index = values.length - 1; index >= 0; index--) {
    inverses[index] = (inverse * products[index]!) % P;
    inverse = (inverse * values[index]!) % P;
  }
  return inverses;
}

import { invertField, STARK_PRIME } from './stark-field.ts';
import { HalfspreadError } from '../../core/errors.ts';

/**
 * Starknet's Pedersen hash `h(a, b) = x(P0 + a_low P1 + a_high P2 + b_low P3 + b_high P4)` (low = 248 bits, high = 4 bits),
 * with every multiple a byte of an input can ask for looked up instead of computed: at most 32 point additions an input and one
 * inversion. It hashes public data only, so it need not run in constant time. Inputs and outputs are felts: 0 <= x < prime.
 * Constants: https://docs.starkware.co/starkex/crypto/pedersen-hash-function.html
 */
const SHIFT_POINT = {
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
const WINDOWS = 32;
const WINDOW_SIZE = 256;
export interface AffinePoint {
  x: bigint;
  y: bigint;
}

/** Multiples of one input's two base points: `[window * 256 + byte]`; entry 0 of each window is unused. */
interface HalfTable {
  xs: bigint[];
  ys: bigint[];
}

interface Tables {
  left: HalfTable;
  right: HalfTable;
}

let tables: Tables | undefined;

const limbs = new BigUint64Array(4);
const bytes = new Uint8Array(limbs.buffer);

/** A left input whose part of the sum is computed already (P0 + a's part): using it costs nothing. */
export interface LeftHalf {
  readonly left: AffinePoint;
}

/** A right input whose part of the sum is computed already: using it costs one addition instead of up to 32. */
export interface RightHalf {
  readonly right: AffinePoint;
}

/** Builds the tables (about 16,000 points, 0.1-0.3 s) unless they exist. The signer calls it before it says it is ready. */
export function buildPedersenTables(): void {
  tables ??= { left: buildHalf(LEFT_LOW, LEFT_HIGH), right: buildHalf(RIGHT_LOW, RIGHT_HIGH) };
}

/** `h(a, b)`. @throws HalfspreadError HS_SIGN_FELT when an input is no felt. */
export function pedersen(a: bigint | LeftHalf, b: bigint | RightHalf): bigint {
  const sum = new Accumulator(typeof a === 'bigint' ? SHIFT_POINT : a.left);
  if (typeof a === 'bigint') sum.addHalf(loadedTables().left, a);
  if (typeof b === 'bigint') sum.addHalf(loadedTables().right, b);
  else sum.add(b.right.x, b.right.y);
  return sum.affineX();
}

/** `h(...h(h(0, x0), x1)..., n)` over n elements: Starknet's hash of an array. */
export function pedersenArray(elements: readonly bigint[]): bigint {
  let hash = 0n;
  for (const element of elements) hash = pedersen(hash, element);
  return pedersen(hash, BigInt(elements.length));
}

/** For a left input that will come again. */
export function prepareLeft(a: bigint): LeftHalf {
  const sum = new Accumulator(SHIFT_POINT);
  sum.addHalf(loadedTables().left, a);
  return { left: sum.affine() };
}

/** For a right input that will come again; it must not be zero, which contributes no point. */
export function prepareRight(b: bigint): RightHalf {
  const withShift = new Accumulator(SHIFT_POINT);
  withShift.addHalf(loadedTables().right, b);
  withShift.add(SHIFT_POINT.x, P - SHIFT_POINT.y);
  return { right: withShift.affine() };
}

function loadedTables(): Tables {
  buildPedersenTables();
  return tables!;
}

/**
 * A running sum (X/ZZ, Y/ZZZ) with ZZ^3 = ZZZ^2. Every sum contains P0, whose relation to the other points nobody knows, so that
 * equal or opposite points cannot meet in an addition (the formulas would not cover it; the inversion then refuses zero).
 */
class Accumulator {
  private x: bigint;
  private y: bigint;
  private zz = 1n;
  private zzz = 1n;

  constructor(start: AffinePoint) {
    this.x = start.x;
    this.y = start.y;
  }

  addHalf(table: HalfTable, value: bigint): void {
    if (value < 0n || value >= P) {
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
    const { xs, ys } = table;
    for (let window = 0; window < WINDOWS; window++) {
      const digit = bytes[window]!;
      if (digit === 0) continue;
      const index = window * WINDOW_SIZE + digit;
      this.add(xs[index]!, ys[index]!);
    }
  }

  /** Mixed addition of an affine point (madd-2008-s, Explicit-Formulas Database). */
  add(x2: bigint, y2: bigint): void {
    const x1 = this.x;
    const y1 = this.y;
    const p = (x2 * this.zz - x1) % P;
    const r = (y2 * this.zzz - y1) % P;
    const pp = (p * p) % P;
    const ppp = (p * pp) % P;
    const q = (x1 * pp) % P;
    const x3 = (r * r - ppp - 2n * q) % P;
    this.x = x3;
    this.y = (r * (q - x3) - y1 * ppp) % P;
    this.zz = (this.zz * pp) % P;
    this.zzz = (this.zzz * ppp) % P;
  }

  affineX(): bigint {
    return positive((this.x * invertField(this.zz)) % P);
  }

  affine(): AffinePoint {
    return { x: this.affineX(), y: positive((this.y * invertField(this.zzz)) % P) };
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

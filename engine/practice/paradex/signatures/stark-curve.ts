/**
 * The STARK curve y^2 = x^3 + x + beta over the field 2^251 + 17*2^192 + 1, in plain BigInt arithmetic. The practice venue
 * checks signatures with it on purpose instead of with the library the engine signs with: a mistake in one shows in the other.
 * Not constant time, so it never touches a real key.
 */
export const FIELD_PRIME = (1n << 251n) + 17n * (1n << 192n) + 1n;
export const CURVE_ORDER = 0x0800000000000010ffffffffffffffffb781126dcae7b2321e66a241adc64d2fn;
const BETA = 0x06f21413efbe40de150e596d72f7a8c5609ad26c15c915c1f4cdfcb99cee9e89n;

/** Affine point; the point at infinity is `undefined` where it can occur. */
export interface Point {
  x: bigint;
  y: bigint;
}

/** Jacobian coordinates: x = X/Z^2, y = Y/Z^3; Z = 0 is the point at infinity. */
interface JacobianPoint {
  x: bigint;
  y: bigint;
  z: bigint;
}

export const GENERATOR: Point = {
  x: 0x01ef15c18599971b7beced415a40f0c7deacfd9b0d1819e03d723d8bc943cfcan,
  y: 0x005668060aa49730b7be4801df46ec62de53ecd11abe43a32873000c36e8dc1fn,
};

const INFINITY: JacobianPoint = { x: 1n, y: 1n, z: 0n };

/** `value` modulo `modulus`, in 0..modulus-1 also for negative values. */
export function modulo(value: bigint, modulus: bigint): bigint {
  const rest = value % modulus;
  return rest < 0n ? rest + modulus : rest;
}

/** Inverse modulo a prime by the extended Euclidean algorithm; `value` must not be a multiple of it. */
export function inverse(value: bigint, modulus: bigint): bigint {
  let [low, high] = [modulo(value, modulus), modulus];
  let [lowFactor, highFactor] = [1n, 0n];
  while (low > 1n) {
    const quotient = high / low;
    [low, high] = [high - quotient * low, low];
    [lowFactor, highFactor] = [highFactor - quotient * lowFactor, lowFactor];
  }
  return modulo(lowFactor, modulus);
}

function power(base: bigint, exponent: bigint): bigint {
  let result = 1n;
  let square = base;
  for (let rest = exponent; rest > 0n; rest >>= 1n) {
    if (rest & 1n) result = (result * square) % FIELD_PRIME;
    square = (square * square) % FIELD_PRIME;
  }
  return result;
}

/** Square root in the field (Tonelli-Shanks; p - 1 = 2^192 * odd, 3 generates the field), undefined for a non-residue. */
function squareRoot(value: bigint): bigint | undefined {
  const odd = (FIELD_PRIME - 1n) >> 192n;
  if (value === 0n) return 0n;
  if (power(value, (FIELD_PRIME - 1n) / 2n) !== 1n) return undefined;
  let generator = power(3n, odd);
  let root = power(value, (odd + 1n) / 2n);
  let rest = power(value, odd);
  let order = 192;
  while (rest !== 1n) {
    let step = 0;
    for (let square = rest; square !== 1n; square = (square * square) % FIELD_PRIME) step++;
    const factor = power(generator, 1n << BigInt(order - step - 1));
    root = (root * factor) % FIELD_PRIME;
    generator = (factor * factor) % FIELD_PRIME;
    rest = (rest * generator) % FIELD_PRIME;
    order = step;
  }
  return root;
}

/** One of the two points with this x coordinate; undefined when no point has it. */
export function pointWithX(x: bigint): Point | undefined {
  if (x <= 0n || x >= FIELD_PRIME) return undefined;
  const y = squareRoot((((x * x + 1n) % FIELD_PRIME) * x + BETA) % FIELD_PRIME);
  return y === undefined ? undefined : { x, y };
}

function double(point: JacobianPoint): JacobianPoint {
  if (point.z === 0n || point.y === 0n) return INFINITY;
  const ySquared = (point.y * point.y) % FIELD_PRIME;
  const zSquared = (point.z * point.z) % FIELD_PRIME;
  const s = (4n * point.x * ySquared) % FIELD_PRIME;
  const m = (3n * point.x * point.x + zSquared * zSquared) % FIELD_PRIME;
  const x = modulo(m * m - 2n * s, FIELD_PRIME);
  return {
    x,
    y: modulo(m * (s - x) - 8n * ySquared * ySquared, FIELD_PRIME),
    z: (2n * point.y * point.z) % FIELD_PRIME,
  };
}

function addAffine(left: JacobianPoint, right: Point): JacobianPoint {
  if (left.z === 0n) return { x: right.x, y: right.y, z: 1n };
  const zSquared = (left.z * left.z) % FIELD_PRIME;
  const h = modulo(right.x * zSquared - left.x, FIELD_PRIME);
  const r = modulo(((right.y * zSquared) % FIELD_PRIME) * left.z - left.y, FIELD_PRIME);
  if (h === 0n) return r === 0n ? double(left) : INFINITY;
  const hSquared = (h * h) % FIELD_PRIME;
  const hCubed = (hSquared * h) % FIELD_PRIME;
  const v = (left.x * hSquared) % FIELD_PRIME;
  const x = modulo(r * r - hCubed - 2n * v, FIELD_PRIME);
  return { x, y: modulo(r * (v - x) - left.y * hCubed, FIELD_PRIME), z: (left.z * h) % FIELD_PRIME };
}

function toAffine(point: JacobianPoint): Point | undefined {
  if (point.z === 0n) return undefined;
  const zInverse = inverse(point.z, FIELD_PRIME);
  const zInverseSquared = (zInverse * zInverse) % FIELD_PRIME;
  return {
    x: (point.x * zInverseSquared) % FIELD_PRIME,
    y: (((point.y * zInverseSquared) % FIELD_PRIME) * zInverse) % FIELD_PRIME,
  };
}

/**
 * Multiples of one point: entry [w][d-1] = d * 16^w * point, so that any multiple is 63 additions without doublings. Building
 * it costs about as much as twenty multiplications; a public key is used thousands of times.
 */
export class PointTable {
  private readonly windows: Point[][] = [];

  constructor(point: Point) {
    let base = point;
    for (let window = 0; window < 63; window++) {
      const row: Point[] = [base];
      let multiple: JacobianPoint = { ...base, z: 1n };
      for (let digit = 2; digit <= 16; digit++) {
        multiple = addAffine(multiple, base);
        row.push(toAffine(multiple)!);
      }
      base = row.pop()!;
      this.windows.push(row);
    }
  }

  /** start + scalar * point; scalar below 2^252. */
  addMultiple(start: JacobianPoint, scalar: bigint): JacobianPoint {
    let sum = start;
    const digits = scalar.toString(16);
    for (let window = 0; window < digits.length; window++) {
      const digit = Number.parseInt(digits[digits.length - 1 - window]!, 16);
      if (digit > 0) sum = addAffine(sum, this.windows[window]![digit - 1]!);
    }
    return sum;
  }
}

let generatorTable: PointTable | undefined;

/** left * G + right * (point of the table), affine; undefined for the point at infinity. */
export function combineWithGenerator(left: bigint, right: bigint, table: PointTable): Point | undefined {
  generatorTable ??= new PointTable(GENERATOR);
  return toAffine(table.addMultiple(generatorTable.addMultiple(INFINITY, left), right));
}

/** x coordinate of privateKey * G: the public key as Paradex uses it. */
export function publicKeyOf(privateKey: bigint): bigint {
  generatorTable ??= new PointTable(GENERATOR);
  return toAffine(generatorTable.addMultiple(INFINITY, modulo(privateKey, CURVE_ORDER)))!.x;
}

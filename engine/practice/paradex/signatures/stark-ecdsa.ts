import {
  combineWithGenerator,
  CURVE_ORDER,
  FIELD_PRIME,
  inverse,
  modulo,
  PointTable,
  pointWithX,
} from './stark-curve.ts';

/** r, s and the hash are all below this bound in Starknet's ECDSA. */
const ELEMENT_BOUND = 1n << 251n;
/** More keys than any practice run has; the tables of one key take about 200 kB. */
const MAX_CACHED_KEYS = 64;

const tables = new Map<bigint, PointTable>();

function tableOf(publicKey: bigint): PointTable | undefined {
  let table = tables.get(publicKey);
  if (table === undefined) {
    const point = pointWithX(publicKey);
    if (point === undefined) return undefined;
    table = new PointTable(point);
    if (tables.size >= MAX_CACHED_KEYS) tables.delete(tables.keys().next().value!);
    tables.set(publicKey, table);
  }
  return table;
}

/**
 * Stark-curve ECDSA check. The public key is an x coordinate alone, so the signature holds when it does for either of the two
 * points: u1*G + u2*Q or u1*G - u2*Q has x = r.
 */
export function verifyStarkSignature(hash: bigint, r: bigint, s: bigint, publicKey: bigint): boolean {
  if (hash < 0n || hash >= ELEMENT_BOUND || r <= 0n || r >= ELEMENT_BOUND || s <= 0n || s >= CURVE_ORDER) return false;
  const w = inverse(s, CURVE_ORDER);
  if (w >= ELEMENT_BOUND || publicKey >= FIELD_PRIME) return false;
  const table = tableOf(publicKey);
  if (table === undefined) return false;
  const u1 = modulo(hash * w, CURVE_ORDER);
  const u2 = modulo(r * w, CURVE_ORDER);
  return (
    combineWithGenerator(u1, u2, table)?.x === r || combineWithGenerator(u1, modulo(-u2, CURVE_ORDER), table)?.x === r
  );
}

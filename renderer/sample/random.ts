export interface SeededRandom {
  /** In [0, 1). */
  uniform: () => number;
  /** Mean 0, deviation 1. */
  normal: () => number;
}

/** A seeded generator (mulberry32): the same sample in every run. */
export function seededRandom(seed: number): SeededRandom {
  let state = seed;
  const uniform = () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296;
  };
  return {
    uniform,
    normal: () => Math.sqrt(-2 * Math.log(1 - uniform())) * Math.cos(2 * Math.PI * uniform()),
  };
}

/**
 * Seeded random numbers: sfc32 by Chris Doty-Humphrey (PractRand), 128 bits of state, seeded through splitmix32.
 * @returns a function that gives uniform numbers in [0, 1) with 32 bits.
 */
export function seededRandom(seed: number): () => number {
  let state = seed >>> 0;
  const nextSeed = (): number => {
    state = (state + 0x9e3779b9) | 0;
    return mix32(state);
  };
  let a = nextSeed();
  let b = nextSeed();
  let c = nextSeed();
  let counter = 1;
  const next = (): number => {
    const sum = (((a + b) | 0) + counter) | 0;
    counter = (counter + 1) | 0;
    a = b ^ (b >>> 9);
    b = (c + (c << 3)) | 0;
    c = (((c << 21) | (c >>> 11)) + sum) | 0;
    return (sum >>> 0) / 0x1_0000_0000;
  };
  for (let i = 0; i < 12; i++) next();
  return next;
}

/** Finaliser of splitmix32 / MurmurHash3: every input bit changes every output bit with probability one half. */
export function mix32(value: number): number {
  let mixed = value | 0;
  mixed = Math.imul(mixed ^ (mixed >>> 16), 0x85ebca6b);
  mixed = Math.imul(mixed ^ (mixed >>> 13), 0xc2b2ae35);
  return (mixed ^ (mixed >>> 16)) | 0;
}

/** A uniform number in [0, 1) that depends on its arguments alone: the same place always gets the same draw. */
export function hashedUniform(seed: number, index: number): number {
  const high = Math.floor(index / 0x1_0000_0000);
  return (mix32(mix32(mix32(seed) ^ (index | 0)) ^ mix32(high + 0x9e3779b9)) >>> 0) / 0x1_0000_0000;
}

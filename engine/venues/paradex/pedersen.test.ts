import { pedersen as referencePedersen } from '@scure/starknet';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { pedersen, prepareLeft, prepareRight } from './pedersen.ts';
import { invertField, STARK_PRIME } from './stark-field.ts';

const felt = fc.bigInt({ min: 0n, max: STARK_PRIME - 1n });

describe('pedersen', () => {
  it('agrees with the reference for the edges of the windows', () => {
    const edges = [0n, 1n, 255n, 256n, 2n ** 248n - 1n, 2n ** 248n, 2n ** 251n, STARK_PRIME - 1n];
    for (const a of edges) {
      for (const b of edges) expect(pedersen(a, b)).toBe(BigInt(referencePedersen(a, b)));
    }
  });

  it('agrees with the reference for any felts', () => {
    fc.assert(
      fc.property(felt, felt, (a, b) => pedersen(a, b) === BigInt(referencePedersen(a, b))),
      { numRuns: 60 },
    );
  });

  it('gives the same with prepared halves', () => {
    fc.assert(
      fc.property(felt, felt, (a, b) => {
        if (b === 0n) return true;
        return pedersen(prepareLeft(a), prepareRight(b)) === pedersen(a, b);
      }),
      { numRuns: 60 },
    );
  });

  it('refuses what is no felt', () => {
    expect(() => pedersen(STARK_PRIME, 1n)).toThrow(/field/);
    expect(() => pedersen(1n, -1n)).toThrow(/field/);
  });
});

describe('field inversion', () => {
  it('multiplies back to one', () => {
    fc.assert(fc.property(felt, (a) => a === 0n || (invertField(a) * a) % STARK_PRIME === 1n));
  });

  it('refuses zero', () => {
    expect(() => invertField(STARK_PRIME)).toThrow(/Zero/);
  });
});

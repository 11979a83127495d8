import fc from 'fast-check';
import { expect, it } from 'vitest';
import { createFieldMachine, invertElement, readLimbs, writeElement } from './field-machine.ts';
import { invertField, STARK_PRIME } from './stark-field.ts';

const A = 0;
const B = 40;
const RESULT = 80;
const MONTGOMERY = 2n ** 261n;
const machine = createFieldMachine(1);
const edges = [0n, 1n, 2n ** 29n - 1n, 2n ** 192n, 2n ** 251n, STARK_PRIME - 1n];
const element = fc.oneof(fc.constantFrom(...edges), fc.bigInt({ min: 0n, max: STARK_PRIME - 1n }));

/** The element's plain value, and that it is bounded as promised. */
function plain(address: number): bigint {
  const limbs = readLimbs(machine.words, address);
  expect(limbs < (STARK_PRIME * 11n) / 10n).toBe(true);
  return (limbs * invertField(MONTGOMERY)) % STARK_PRIME;
}

it('multiplies as BigInt does', () => {
  fc.assert(
    fc.property(element, element, (a, b) => {
      writeElement(machine.words, A / 4, a);
      writeElement(machine.words, B / 4, b);
      machine.multiply(RESULT, A, B);
      expect(plain(RESULT)).toBe((a * b) % STARK_PRIME);
    }),
    { numRuns: 500 },
  );
});

it('inverts as BigInt does, and leaves zero zero', () => {
  fc.assert(
    fc.property(element, (a) => {
      writeElement(machine.words, A / 4, a);
      invertElement(machine, A);
      expect(plain(A)).toBe(a === 0n ? 0n : invertField(a));
    }),
  );
});

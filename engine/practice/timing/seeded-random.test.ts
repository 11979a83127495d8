import { expect, test } from 'vitest';
import { hashedUniform, seededRandom } from './seeded-random.ts';

test('the same seed gives the same numbers, another seed others', () => {
  const draw = (seed: number): number[] => Array.from({ length: 5 }, seededRandom(seed));
  expect(draw(7)).toEqual(draw(7));
  expect(draw(7)).not.toEqual(draw(8));
});

test.each([
  ['sequence', (() => seededRandom(1))()],
  [
    'hash of consecutive places',
    (
      (next) => () =>
        hashedUniform(42, next++)
    )(1_700_000_000_000),
  ],
])('%s is uniform in [0, 1)', (_, draw) => {
  const buckets = new Array<number>(10).fill(0);
  for (let i = 0; i < 50_000; i++) buckets[Math.floor(draw() * 10)]!++;
  // 5000 expected per bucket, standard deviation 67: five of them.
  for (const count of buckets) expect(Math.abs(count - 5000)).toBeLessThan(340);
});

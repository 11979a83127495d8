import { expect, test } from 'vitest';
import { formatNumber } from '../../main/text/numbers.ts';
import { parseNumber } from './parse-number.ts';

test.each([
  ['en', '25,000', 25_000],
  ['en', '25000', 25_000],
  ['en', ' 25,000.50 ', 25_000.5],
  ['en', '1,234,567', 1_234_567],
  ['en', '0.5', 0.5],
  ['en', '2,5', 2.5],
  ['fr', '25\u202f000', 25_000],
  ['fr', '25 000,5', 25_000.5],
  ['fr', '2,5', 2.5],
  ['fr', '2.5', 2.5],
  // The safe reading: a mistake of language is another figure, never ten times the money by chance.
  ['en', '25.000', 25],
  ['fr', '25,000', 25],
] as const)('%s: "%s" is %d', (language, typed, value) => {
  expect(parseNumber(language, typed)).toBe(value);
});

test.each(['', '-5', '25k', '1,2,3', '1.2.3', ',5', '.', '1e9', 'Infinity', '0x10', '1,000,00'])(
  '"%s" is no number',
  (typed) => {
    expect(parseNumber('en', typed)).toBeUndefined();
  },
);

test('reads back what the window writes', () => {
  for (const language of ['en', 'fr'] as const) {
    for (const value of [25_000, 500, 1234.5, 0.001]) {
      expect(parseNumber(language, formatNumber(language, value, { decimals: 3 }))).toBe(value);
    }
  }
});

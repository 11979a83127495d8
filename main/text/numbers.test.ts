import { describe, expect, test } from 'vitest';
import {
  decimalsOfE8,
  formatCount,
  formatDay,
  formatDuration,
  formatMs,
  formatNumber,
  formatTime,
  MINUS,
  NARROW_SPACE,
  NO_BREAK_SPACE,
} from './numbers.ts';

describe('numbers', () => {
  test('thousands and decimals in both languages', () => {
    expect(formatNumber('en', 1_234_567.89, { decimals: 2 })).toBe('1,234,567.89');
    expect(formatNumber('fr', 1_234_567.89, { decimals: 2 })).toBe(`1${NARROW_SPACE}234${NARROW_SPACE}567,89`);
  });

  test('a loss has the real minus sign, a signed gain a plus', () => {
    expect(formatNumber('en', -18.02, { decimals: 2 })).toBe(`${MINUS}18.02`);
    expect(formatNumber('fr', 67.82, { decimals: 2, sign: true })).toBe('+67,82');
    expect(formatNumber('en', 67.82, { decimals: 2 })).toBe('67.82');
  });

  test('what rounds to zero has no sign', () => {
    expect(formatNumber('en', -0.004, { decimals: 2, sign: true })).toBe('0.00');
    expect(formatNumber('en', 0.004, { decimals: 2, sign: true })).toBe('0.00');
    expect(formatNumber('fr', -0.006, { decimals: 2 })).toBe(`${MINUS}0,01`);
  });
});

describe('durations and times', () => {
  test('milliseconds have one decimal below 10', () => {
    expect(formatMs('en', 386.4)).toBe(`386${NO_BREAK_SPACE}ms`);
    expect(formatMs('fr', 8.44)).toBe(`8,4${NO_BREAK_SPACE}ms`);
    expect(formatMs('en', 9.97)).toBe(`10${NO_BREAK_SPACE}ms`);
  });

  test.each([
    [0, '0 ms'],
    [999.7, '999 ms'],
    [1400, '1.4 s'],
    [5000, '5 s'],
    [9999, '9.9 s'],
    [42_900, '42 s'],
    [192_000, '3 min 12 s'],
    [180_000, '3 min'],
    [7_500_000, '2 h 5 min'],
    [4 * 86_400_000, '4 d'],
  ])('%d ms is written %s', (ms, expected) => {
    expect(formatDuration('en', ms).replaceAll(NO_BREAK_SPACE, ' ')).toBe(expected);
  });

  test('a negative age is not shown', () => {
    expect(formatDuration('en', -5)).toBe(`0${NO_BREAK_SPACE}ms`);
  });

  test('times of day are UTC', () => {
    const at = Date.UTC(2026, 10, 22, 14, 37, 22, 318);
    expect(formatTime(at)).toBe('14:37:22');
    expect(formatTime(at, 'minutes')).toBe('14:37');
    expect(formatTime(at, 'milliseconds')).toBe('14:37:22.318');
    expect(formatDay('en', at)).toBe('Sun 22 Nov');
    expect(formatDay('fr', at)).toBe('dim. 22 nov.');
  });

  test('n is unbreakable and grouped', () => {
    expect(formatCount('en', 1388)).toBe(`n${NO_BREAK_SPACE}=${NO_BREAK_SPACE}1,388`);
  });
});

test('decimals of prices are as many as their ticks need', () => {
  expect(decimalsOfE8([61_800_50000000, 61_801_00000000], 1)).toBe(1);
  expect(decimalsOfE8([31_230_000, 31_234_000], 3)).toBe(5);
  expect(decimalsOfE8([], 2)).toBe(2);
});

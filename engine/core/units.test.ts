import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ceilToStepE8, floorToStepE8, formatE8, notionalE8, notionalUsd, parseE8, trimE8 } from './units.ts';

const code = (value: string): unknown => expect.objectContaining({ code: value });

describe('parseE8', () => {
  it.each([
    ['0', 0],
    ['61800.3', 6_180_030_000_000],
    ['0.00000001', 1],
    ['-2.5', -250_000_000],
    ['84209.40000000000', 8_420_940_000_000],
    ['-0', 0],
  ])('reads %s exactly', (text, expected) => expect(parseE8(text)).toBe(expected));

  it.each(['', '.5', '5.', '1e5', '+1', ' 1', '1,5', 'NaN', '0x10', '1.000000001', '100000000'])(
    'refuses "%s"',
    (text) => {
      expect(() => parseE8(text)).toThrow(code('HS_UNIT_FORMAT'));
    },
  );
});

describe('formatE8', () => {
  it('writes exactly the decimals asked for and refuses to lose digits', () => {
    expect(formatE8(3_000_000, 4)).toBe('0.0300');
    expect(formatE8(6_180_030_000_000, 1)).toBe('61800.3');
    expect(formatE8(-500_000_000, 0)).toBe('-5');
    expect(() => formatE8(3_000_001, 4)).toThrow(code('HS_UNIT_FORMAT'));
    expect(() => formatE8(1.5, 8)).toThrow(code('HS_UNIT_FORMAT'));
  });

  it('reads back what it wrote', () => {
    fc.assert(
      fc.property(fc.maxSafeInteger(), (value) => {
        expect(parseE8(formatE8(value, 8))).toBe(value);
        expect(parseE8(trimE8(value))).toBe(value);
      }),
    );
  });

  it('trims to the shortest exact text', () => {
    expect(trimE8(8_420_940_000_000)).toBe('84209.4');
    expect(trimE8(-200_000_000)).toBe('-2');
    expect(trimE8(10_000_000)).toBe('0.1');
  });
});

describe('steps', () => {
  it('enclose the value, at most one step apart', () => {
    fc.assert(
      fc.property(fc.nat({ max: 1e9 }), fc.integer({ min: 1, max: 1e6 }), (value, stepSize) => {
        const floor = floorToStepE8(value, stepSize);
        const ceil = ceilToStepE8(value, stepSize);
        expect(floor % stepSize).toBe(0);
        expect(ceil % stepSize).toBe(0);
        expect(floor).toBeLessThanOrEqual(value);
        expect(ceil).toBeGreaterThanOrEqual(value);
        expect(ceil - floor).toBe(value % stepSize === 0 ? 0 : stepSize);
      }),
    );
  });
});

describe('notional', () => {
  it('is exact where doubles are not, rounded half away from zero', () => {
    expect(notionalE8(6_180_030_000_000, 3_000_000)).toBe(185_400_900_000);
    expect(notionalE8(1, 50_000_000)).toBe(1);
    expect(notionalE8(1, 49_999_999)).toBe(0);
    expect(notionalE8(1, -50_000_000)).toBe(-1);
    expect(notionalUsd(60_000e8, 3_000_000)).toBeCloseTo(1800, 9);
  });
});

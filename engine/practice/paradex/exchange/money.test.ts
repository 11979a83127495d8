import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { averagePrice, chargeE16, decimalOfE16, divideRounded, notionalE16, ONE_E16, roundE16 } from './money.ts';

describe('money', () => {
  it('charges published fees to the last unit', () => {
    // 64852.9 x 0.01 at 0.03 % is the fee 0.1945587 of a recorded fill.
    expect(decimalOfE16(chargeE16(notionalE16(64852.9e8, 0.01e8), 30_000, 8))).toBe('0.1945587');
    expect(decimalOfE16(chargeE16(notionalE16(60_000.1e8, 0.5e8), 45_000, 8))).toBe('13.5000225');
  });

  it('rounds half away from zero, to the decimals asked for', () => {
    expect(divideRounded(5n, 2n)).toBe(3n);
    expect(divideRounded(-5n, 2n)).toBe(-3n);
    expect(divideRounded(4n, 3n)).toBe(1n);
    expect(decimalOfE16(roundE16(ONE_E16 + 50_000_000n, 8))).toBe('1.00000001');
    expect(decimalOfE16(roundE16(-ONE_E16 - 49_999_999n, 8))).toBe('-1');
    expect(decimalOfE16(roundE16(123_456_789n, 16))).toBe('0.0000000123456789');
  });

  it('writes decimals that read back as the same amount', () => {
    fc.assert(
      fc.property(fc.bigInt({ min: -(10n ** 30n), max: 10n ** 30n }), (amount) => {
        const [whole, fraction = ''] = decimalOfE16(amount).replace('-', '').split('.');
        const back = BigInt(whole! + fraction.padEnd(16, '0'));
        expect(decimalOfE16(amount).startsWith('-') ? -back : back).toBe(amount);
      }),
    );
  });

  it('averages prices over a notional', () => {
    const cost = notionalE16(60_000.1e8, 1e8) + notionalE16(60_000.2e8, 2e8);
    expect(averagePrice(cost, 3e8)).toBe('60000.16666667');
  });
});

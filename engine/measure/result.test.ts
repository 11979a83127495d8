import { describe, expect, it } from 'vitest';
import { tradeResult, type ResultFill } from './result.ts';

function fill(venue: string, side: 'BUY' | 'SELL', price: number, size = 0.03): ResultFill {
  return { venue, side, priceE8: Math.round(price * 1e8), sizeE8: Math.round(size * 1e8), feeE8: 1000 };
}

describe('tradeResult', () => {
  it('is what the four fills earned, fees apart', () => {
    const result = tradeResult([
      fill('paradex', 'BUY', 60_000.1),
      fill('vest', 'SELL', 60_020.3),
      fill('paradex', 'SELL', 60_050),
      fill('vest', 'BUY', 60_052.2),
    ]);
    expect(result).toEqual({
      grossE8: Math.round((49.9 - 31.9) * 0.03 * 1e8),
      feesE8: 4000,
      netE8: 54_000_000 - 4000,
      openE8: { paradex: 0, vest: 0 },
    });
  });

  it('sums partial fills exactly', () => {
    const parts = Array.from({ length: 3 }, () => fill('vest', 'SELL', 60_000.1, 0.01));
    const result = tradeResult([...parts, fill('vest', 'BUY', 60_000.1, 0.03)]);
    expect(result.grossE8).toBe(0);
  });

  it('books an open rest at its opening price: it neither earns nor loses', () => {
    const result = tradeResult([fill('vest', 'SELL', 60_000, 0.03), fill('vest', 'BUY', 59_000, 0.02)]);
    expect(result.grossE8).toBe(20e8);
    expect(result.openE8).toEqual({ vest: -1_000_000 });
    expect(tradeResult([fill('vest', 'BUY', 59_000)]).grossE8).toBe(0);
  });

  it('is nothing without fills', () => {
    expect(tradeResult([])).toEqual({ grossE8: 0, feesE8: 0, netE8: 0, openE8: {} });
  });
});

import { describe, expect, it } from 'vitest';
import { compareLedger, type LedgerFill } from './ledger.ts';

function fill(fillId: string, change: Partial<LedgerFill> = {}): LedgerFill {
  const base = { venue: 'vest', orderId: 4, side: 'BUY' as const, priceE8: 60_000e8, sizeE8: 3_000_000, feeE8: 18 };
  return { ...base, fillId, ...change };
}

describe('compareLedger', () => {
  it('matches equal records in any order', () => {
    const result = compareLedger([fill('1'), fill('2')], [fill('2'), fill('1')]);
    expect(result).toEqual({ fills: 2, matched: 2, lost: 0, doubled: 0, differing: 0, invented: 0, faults: [] });
  });

  it('finds a lost, a doubled and an invented fill', () => {
    const result = compareLedger([fill('1'), fill('2')], [fill('2'), fill('2'), fill('9')]);
    expect(result).toMatchObject({ fills: 2, matched: 0, lost: 1, doubled: 1, invented: 1 });
    expect(result.faults).toHaveLength(3);
    expect(result.faults[0]).toContain('vest 1: not in the journal');
  });

  it.each([{ priceE8: 1 }, { sizeE8: 1 }, { feeE8: 0 }, { side: 'SELL' as const }, { orderId: 5 }])(
    'finds a fill that differs in %o',
    (change) => {
      expect(compareLedger([fill('1')], [fill('1', change)])).toMatchObject({ matched: 0, differing: 1 });
    },
  );

  it('keeps fills of two venues with the same id apart', () => {
    const both = [fill('1'), fill('1', { venue: 'paradex' })];
    expect(compareLedger(both, both)).toMatchObject({ fills: 2, matched: 2 });
  });

  it('counts a venue record told twice once', () => {
    expect(compareLedger([fill('1'), fill('1')], [fill('1')])).toMatchObject({ fills: 1, matched: 1 });
  });
});

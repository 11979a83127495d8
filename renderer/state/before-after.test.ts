import { describe, expect, it } from 'vitest';
import type { Distribution } from '../../engine/protocol/model.ts';
import type { PlaceFigures } from '../../main/ipc/place-schema.ts';
import { axisOf, beforeAndAfter } from './before-after.ts';

const distribution = (mean: number, ci95?: [number, number]): Distribution => ({ n: 8, mean, ...(ci95 && { ci95 }) });

function figures(site: string | undefined, change: Partial<PlaceFigures> = {}): PlaceFigures {
  return {
    ...(site !== undefined && { site }),
    mode: 'practice',
    line: 'adsl-rural',
    tape: 'good',
    market: 'BTC, Vest / Paradex',
    fees: 'zero',
    startedAt: 1,
    at: 2,
    episodes: 8,
    orderToAck: distribution(386, [380, 392]),
    slippage: distribution(0.5, [0.1, 0.9]),
    ...change,
  };
}

describe('before and after', () => {
  it('says what is shown to differ, and what is not', () => {
    const found = beforeAndAfter(
      [
        figures('tyo', { orderToAck: distribution(41, [40, 43]), slippage: distribution(0.2, [-0.1, 0.4]) }),
        figures(undefined),
      ],
      'tyo',
    );
    expect(found?.rows.map(({ figure, verdict }) => [figure, verdict])).toEqual([
      ['orderToAck', 'less'],
      ['slippage', 'notShown'],
    ]);
    expect(found?.rows[0]?.difference).toBe(-345);
  });

  it('also when it is worse, and when there is too little to say anything', () => {
    const there = figures('tyo', { orderToAck: distribution(500, [480, 520]), slippage: distribution(0.2) });
    expect(beforeAndAfter([there, figures(undefined)], 'tyo')?.rows.map(({ verdict }) => verdict)).toEqual([
      'more',
      'tooFew',
    ]);
  });

  it.each<[string, Partial<PlaceFigures>]>([
    ['tape', { tape: 'other' }],
    ['market', { market: 'ETH, Vest / Paradex' }],
    ['fees', { fees: 'published' }],
    ['mode', { mode: 'paper' }],
  ])('does not hold another %s against it', (_what, change) => {
    expect(beforeAndAfter([figures('tyo'), figures(undefined, change)], 'tyo')).toBeUndefined();
  });

  it('takes the latest pair there is, also behind one that has no counterpart', () => {
    const list = [figures('tyo', { tape: 'new' }), figures('tyo'), figures(undefined)];
    expect(beforeAndAfter(list, 'tyo')?.there.tape).toBe('good');
    expect(beforeAndAfter(list, 'fra')).toBeUndefined();
  });
});

it('an axis holds both intervals and zero', () => {
  const row = beforeAndAfter([figures('tyo', { slippage: distribution(-1, [-2, 0.5]) }), figures(undefined)], 'tyo')!
    .rows[1]!;
  expect(axisOf(row)).toEqual({ from: -2, to: 0.9 });
});

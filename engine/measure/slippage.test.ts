import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { analyseSlippage, type SlippageLeg } from './slippage.ts';

function leg(touch: number, match: number | undefined, fill: number, fee = 0): SlippageLeg {
  return {
    touchAtDetectionE8: touch * 1e8,
    touchAtMatchE8: match === undefined ? undefined : match * 1e8,
    splitEstimated: false,
    fillPriceE8: fill * 1e8,
    filledE8: 0.03e8,
    feeE8: fee * 1e8,
  };
}

describe('analyseSlippage', () => {
  it('is zero when both legs fill at the touch seen', () => {
    const cost = analyseSlippage(leg(60_010, 60_010, 60_010), leg(60_000, 60_000, 60_000));
    expect(cost.slippageBps).toBe(0);
    expect(cost.executionSpreadBps).toBe(cost.detectionSpreadBps);
    expect(cost.detectionSpreadBps).toBeCloseTo((10 / 60_000) * 1e4, 10);
  });

  it('is positive when the sold leg fills lower or the bought leg higher', () => {
    const sold = analyseSlippage(leg(60_010, 60_004, 60_004), leg(60_000, 60_000, 60_000));
    expect(sold.slippageBps).toBeCloseTo(1, 9);
    expect(sold.sold).toMatchObject({ delayBps: expect.closeTo(1, 9), walkBps: expect.closeTo(0, 9) });
    expect(sold.bought.slippageBps).toBe(0);
    const bought = analyseSlippage(leg(60_000, 60_000, 60_000), leg(60_000, 60_000, 60_006));
    expect(bought.slippageBps).toBeCloseTo((6 / 60_006) * 1e4, 9);
    expect(bought.bought).toMatchObject({ delayBps: 0, walkBps: expect.closeTo(bought.slippageBps, 9) });
  });

  it('gives the figure of a worked example, split into delay and walk', () => {
    const cost = analyseSlippage(leg(60_020, 60_014, 60_011), leg(60_000, 60_003, 60_005));
    expect(cost.slippageBps).toBeCloseTo((60_020 / 60_000 - 60_011 / 60_005) * 1e4, 9);
    expect(cost.sold.delayBps).toBeCloseTo((6 / 60_000) * 1e4, 9);
    expect(cost.sold.walkBps).toBeCloseTo((3 / 60_000) * 1e4, 9);
    expect(cost.bought.delayBps).toBeCloseTo(((60_011 * 3) / 60_000 / 60_005) * 1e4, 9);
  });

  it('states fees apart and adds them in the shortfall only', () => {
    const free = analyseSlippage(leg(60_010, 60_010, 60_004), leg(60_000, 60_000, 60_000));
    const paid = analyseSlippage(leg(60_010, 60_010, 60_004, 0.81), leg(60_000, 60_000, 60_000, 0.18));
    expect(paid.slippageBps).toBe(free.slippageBps);
    expect(paid.sold.feesBps).toBeCloseTo(4.5, 9);
    expect(paid.bought.feesBps).toBeCloseTo(1, 9);
    expect(paid.shortfallBps).toBeCloseTo(paid.slippageBps + 5.5, 9);
  });

  it('marks the split estimated when the touch at match is unknown, and keeps the sum', () => {
    const cost = analyseSlippage(leg(60_010, undefined, 60_004), leg(60_000, 60_000, 60_000));
    expect(cost.sold).toMatchObject({ splitEstimated: true, delayBps: expect.closeTo(1, 9), walkBps: 0 });
    expect(cost.bought.splitEstimated).toBe(false);
  });

  it.each([0, -1, Number.NaN])('refuses a fill price of %s', (price) => {
    expect(() => analyseSlippage(leg(60_010, 60_010, price), leg(60_000, 60_000, 60_000))).toThrow(
      expect.objectContaining({ code: 'HS_SLIPPAGE_PRICE' }),
    );
    expect(() => analyseSlippage(leg(60_010, 60_010, 60_010), leg(60_000, price, 60_000))).toThrow();
  });

  it('splits without a rest: legs and their parts add up to the slippage', () => {
    const near = fc.double({ min: -0.05, max: 0.05, noNaN: true });
    const scenario = fc.record({
      base: fc.double({ min: 1e-3, max: 1e6, noNaN: true }),
      moves: fc.tuple(near, near, near, near, near),
    });
    fc.assert(
      fc.property(scenario, ({ base, moves: [detect, soldMove, soldWalk, boughtMove, boughtWalk] }) => {
        const sold = base * (1 + detect);
        const cost = analyseSlippage(
          leg(sold, sold * (1 + soldMove), sold * (1 + soldMove + soldWalk)),
          leg(base, base * (1 + boughtMove), base * (1 + boughtMove + boughtWalk)),
        );
        const parts = cost.sold.delayBps + cost.sold.walkBps + cost.bought.delayBps + cost.bought.walkBps;
        expect(Math.abs(parts - cost.slippageBps)).toBeLessThan(1e-6);
        expect(Math.abs(cost.detectionSpreadBps - cost.executionSpreadBps - cost.slippageBps)).toBeLessThan(1e-6);
      }),
    );
  });
});

import { describe, expect, it } from 'vitest';
import { DEFAULT_MARKET_ASSUMPTION, nakedLegFigures, type NakedLegInputs } from './naked-leg.ts';
import { DEFAULT_TRADE_CONFIG } from './trade-config.ts';

const inputs: NakedLegInputs = {
  notionalE8: 6_000e8,
  config: {
    ...DEFAULT_TRADE_CONFIG,
    confirmTimeoutMs: 3_000,
    receiveWindowMs: 2_000,
    windowMarginMs: 1_000,
    maxDoubtMs: 60_000,
    bandBps: 10,
  },
  queryRoundTripMs: 400,
  orderToConfirmMs: 386,
  takerFeeBps: 4.5,
  bookSpreadBps: 0.2,
  market: DEFAULT_MARKET_ASSUMPTION,
};

describe('one leg alone', () => {
  it('is known at the later of time-out and window, plus one query, and closed one order later', () => {
    const figures = nakedLegFigures(inputs);
    expect(figures.untilKnownMs).toBe(3_400);
    expect(figures.untilClosedMs).toBe(3_786);
    expect(figures.untilHaltMs).toBe(63_000);
  });

  it('costs both bands, the spread, two fees and the assumed move: 6,000 USD for 3.8 s', () => {
    const { bandsE8, feesE8, moveE8, moveBps, costE8 } = nakedLegFigures(inputs);
    expect(bandsE8).toBe(12.12e8);
    expect(feesE8).toBe(5.4e8);
    // 5 x 0.8 x sqrt(3.786 s / 31,557,600 s) = 13.85 bps
    expect(moveBps).toBeCloseTo(13.85, 2);
    expect(moveE8 / 1e8).toBeCloseTo(8.31, 2);
    expect(costE8).toBe(bandsE8 + feesE8 + moveE8);
  });

  it('lasts longer with a speed bump, because window, time-out and order all carry it', () => {
    const bumped = nakedLegFigures({
      ...inputs,
      config: { ...inputs.config, confirmTimeoutMs: 3_300, receiveWindowMs: 2_300 },
      orderToConfirmMs: 686,
    });
    expect(bumped.untilClosedMs - nakedLegFigures(inputs).untilClosedMs).toBe(600);
  });
});

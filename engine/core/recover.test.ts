import { describe, expect, it } from 'vitest';
import { planRecovery } from './recover.ts';
import { restoreTrade } from './trade-create.ts';
import type { LegKey, LegName, Trade, TradeConfig } from './trade-types.ts';
import type { OrderState } from './types.ts';

const config: TradeConfig = {
  confirmTimeoutMs: 1500,
  receiveWindowMs: 2000,
  windowMarginMs: 500,
  queryRetryMs: 250,
  queryRetryMaxMs: 4000,
  maxDoubtMs: 60_000,
  bandBps: 5,
  bandStepBps: 10,
  maxBandBps: 30,
  maxAttempts: 4,
  retryDelayMs: 200,
  retryDelayMaxMs: 5000,
};

/** A trade whose two entries ended so, long A and short B. */
function trade(id: number, a: [OrderState, number], b: [OrderState, number]): Trade {
  const legs = {
    A: { venue: 'paradex', sizeStepE8: 1, minReduceE8: 0 },
    B: { venue: 'vest', sizeStepE8: 1, minReduceE8: 0 },
  };
  const order = (leg: LegName, [state, filledE8]: [OrderState, number]) => ({
    key: `entry:${leg}:1` as LegKey,
    purpose: 'entry' as const,
    leg,
    side: leg === 'A' ? ('BUY' as const) : ('SELL' as const),
    sizeE8: 100,
    reduceOnly: false,
    state,
    filledE8,
  });
  const orders = [order('A', a), order('B', b)];
  return restoreTrade({ id, direction: 'AOverB', sizeE8: 100, legs, config, closing: false, orders }, 0);
}

const positions = (a: number, b: number) => ({
  A: { venue: 'paradex', positionE8: a },
  B: { venue: 'vest', positionE8: b },
});

describe('planRecovery', () => {
  it('has nothing to do when nothing is open', () => {
    expect(planRecovery([], positions(0, 0))).toEqual({ kind: 'NOTHING' });
    expect(planRecovery([trade(1, ['REJECTED', 0], ['EXPIRED', 0])], positions(0, 0))).toEqual({ kind: 'NOTHING' });
  });

  it('resolves orders without an end before it judges positions', () => {
    const plan = planRecovery([trade(3, ['FILLED', 100], ['SENT', 0])], positions(100, -100));
    expect(plan).toEqual({ kind: 'RESOLVE', tradeIds: [3] });
  });

  it('remembers an open trade instead of entering again', () => {
    expect(planRecovery([trade(3, ['FILLED', 100], ['FILLED', 100])], positions(100, -100))).toEqual({
      kind: 'RESUME',
      trades: [{ tradeId: 3, hedged: true }],
    });
  });

  it('resumes a naked leg as not hedged', () => {
    expect(planRecovery([trade(3, ['FILLED', 100], ['REJECTED', 0])], positions(100, 0))).toMatchObject({
      kind: 'RESUME',
      trades: [{ hedged: false }],
    });
  });

  it('halts when a venue holds what the journal does not explain', () => {
    expect(planRecovery([], positions(0, 40))).toMatchObject({
      kind: 'HALT',
      reason: 'POSITION_UNEXPLAINED',
      detail: expect.stringContaining('vest holds 0.0000004'),
    });
    const hedged = trade(3, ['FILLED', 100], ['FILLED', 100]);
    expect(planRecovery([hedged], positions(100, 0))).toMatchObject({ kind: 'HALT' });
    expect(planRecovery([hedged], positions(100, 100))).toMatchObject({ kind: 'HALT' });
  });

  it('knows the dust that finished trades left', () => {
    expect(planRecovery([], positions(0, -3), { A: 0, B: -3 })).toEqual({ kind: 'NOTHING' });
  });

  it('halts on more open trades than the desk can run', () => {
    const filled = ['FILLED', 100] as [OrderState, number];
    const plan = planRecovery([trade(1, filled, filled), trade(2, filled, filled)], positions(200, -200));
    expect(plan).toMatchObject({ kind: 'HALT', reason: 'SEVERAL_TRADES_OPEN' });
  });
});

import { describe, expect, it } from 'vitest';
import { createTrade, restoreTrade } from './trade-create.ts';
import { tradePositions, worstCaseDeltaE8 } from './trade-position.ts';
import type { LegKey, OrderPlan, Trade, TradeAction, TradeConfig, TradeEvent } from './trade-types.ts';
import { step } from './trade.ts';
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
  maxBandBps: 22,
  maxAttempts: 4,
  retryDelayMs: 200,
  retryDelayMaxMs: 5000,
};
const LOT = 10_000; // 0.0001
const SIZE = 300 * LOT;
const legs = {
  A: { venue: 'paradex', sizeStepE8: LOT, minReduceE8: 2 * LOT },
  B: { venue: 'vest', sizeStepE8: LOT, minReduceE8: 0 },
};

/** Drives one trade and keeps what it asked for. */
class Driver {
  trade: Trade;
  nowMs = 1000;
  actions: TradeAction[] = [];

  constructor(trade: Trade = createTrade({ id: 1, direction: 'AOverB', sizeE8: SIZE, legs, config })) {
    this.trade = trade;
  }

  give(event: TradeEvent): this {
    const result = step(this.trade, event, this.nowMs);
    this.trade = result.trade;
    this.actions = result.actions;
    return this;
  }

  order(key: LegKey, state: OrderState, lots = 0): this {
    return this.give({ type: 'order', key, state, filledE8: lots * LOT });
  }

  /** Lets time pass to the moment the trade asked for. */
  wake(): this {
    expect(this.trade.wakeAtMs).toBeDefined();
    this.nowMs = Math.max(this.nowMs, this.trade.wakeAtMs!);
    return this.give({ type: 'timer' });
  }

  submitted(): OrderPlan[] {
    return this.actions.flatMap((action) => (action.type === 'submit' ? action.orders : []));
  }

  did(type: TradeAction['type']): TradeAction[] {
    return this.actions.filter((action) => action.type === type);
  }

  open(): this {
    return this.give({ type: 'enter' }).order('entry:A:1', 'FILLED', 300).order('entry:B:1', 'FILLED', 300);
  }
}

describe('a trade that goes well', () => {
  it('submits both legs at once: buy on A, sell on B for AOverB', () => {
    const driver = new Driver().give({ type: 'enter' });
    expect(driver.submitted()).toMatchObject([
      { key: 'entry:A:1', venue: 'paradex', side: 'BUY', sizeE8: SIZE, reduceOnly: false, bandBps: 5 },
      { key: 'entry:B:1', venue: 'vest', side: 'SELL', sizeE8: SIZE, reduceOnly: false, bandBps: 5 },
    ]);
    expect(driver.trade.state).toBe('SIGNALLED');
    expect(driver.did('timer')).toEqual([{ type: 'timer', atMs: 2500 }]);
  });

  it('buys on B and sells on A for BOverA', () => {
    const trade = createTrade({ id: 1, direction: 'BOverA', sizeE8: SIZE, legs, config });
    expect(new Driver(trade).give({ type: 'enter' }).submitted()).toMatchObject([
      { leg: 'A', side: 'SELL' },
      { leg: 'B', side: 'BUY' },
    ]);
  });

  it('is open when both legs have filled, acknowledged or not, and rests there', () => {
    const driver = new Driver().give({ type: 'enter' }).order('entry:A:1', 'SENT').order('entry:B:1', 'ACKED');
    expect(driver.trade.state).toBe('LEGS_IN_FLIGHT');
    driver.order('entry:A:1', 'FILLED', 300);
    expect(driver.trade.state).toBe('LEGS_IN_FLIGHT');
    driver.order('entry:B:1', 'FILLED', 300);
    expect(driver.trade.state).toBe('OPEN');
    expect(driver.trade.wakeAtMs).toBeUndefined();
    expect(driver.did('cancelTimer')).toHaveLength(1);
    expect(tradePositions(driver.trade)).toEqual({ A: SIZE, B: -SIZE, netE8: 0 });
  });

  it('exits reduce-only on the mirrored sides and finishes CLOSED', () => {
    const driver = new Driver().open().give({ type: 'exit' });
    expect(driver.submitted()).toMatchObject([
      { key: 'exit:A:1', side: 'SELL', sizeE8: SIZE, reduceOnly: true, bandBps: 5 },
      { key: 'exit:B:1', side: 'BUY', sizeE8: SIZE, reduceOnly: true, bandBps: 5 },
    ]);
    expect(driver.trade.state).toBe('EXITING');
    driver.order('exit:B:1', 'FILLED', 300).order('exit:A:1', 'FILLED', 300);
    expect(driver.trade.state).toBe('FLAT');
    expect(driver.did('finished')).toEqual([{ type: 'finished', outcome: 'CLOSED', dustE8: { A: 0, B: 0 } }]);
  });

  it('ignores duplicate news, unknown orders and states that go backwards', () => {
    const driver = new Driver().open();
    const open = driver.trade;
    driver.order('entry:A:1', 'FILLED', 300).order('entry:A:1', 'ACKED').order('entry:A:1', 'SENT');
    driver.order('hedge:A:9', 'FILLED', 300);
    expect(driver.trade).toBe(open);
    expect(driver.actions).toEqual([]);
  });

  it('does not doubt an order that is over', () => {
    const driver = new Driver().give({ type: 'enter' }).order('entry:A:1', 'CANCELLED', 100);
    driver.order('entry:A:1', 'DOUBT', 100).order('entry:B:1', 'CANCELLED', 100);
    expect(driver.trade.state).toBe('OPEN');
  });
});

describe('entries that go wrong', () => {
  it('ends flat when neither leg filled', () => {
    const driver = new Driver().give({ type: 'enter' });
    driver.order('entry:A:1', 'REJECTED').order('entry:B:1', 'CANCELLED');
    expect(driver.did('finished')).toMatchObject([{ outcome: 'NOT_ENTERED' }]);
  });

  it('asks once to cancel the other leg when one is definitely rejected', () => {
    const driver = new Driver().give({ type: 'enter' }).order('entry:A:1', 'SENT').order('entry:B:1', 'SENT');
    driver.order('entry:A:1', 'REJECTED');
    expect(driver.did('cancel')).toEqual([{ type: 'cancel', key: 'entry:B:1' }]);
    driver.order('entry:B:1', 'ACKED');
    expect(driver.did('cancel')).toEqual([]);
  });

  it('unwinds the filled leg reduce-only when the other was rejected', () => {
    const driver = new Driver().give({ type: 'enter' });
    driver.order('entry:B:1', 'FILLED', 300).order('entry:A:1', 'REJECTED');
    expect(driver.trade.state).toBe('REDUCING');
    expect(driver.submitted()).toMatchObject([
      { key: 'unwind:B:1', side: 'BUY', sizeE8: SIZE, reduceOnly: true, bandBps: 5 },
    ]);
    driver.order('unwind:B:1', 'FILLED', 300);
    expect(driver.did('finished')).toMatchObject([{ outcome: 'UNWOUND' }]);
  });

  it('unwinds what was filled, not what was asked for', () => {
    const driver = new Driver().give({ type: 'enter' });
    driver.order('entry:B:1', 'CANCELLED', 170).order('entry:A:1', 'REJECTED');
    expect(driver.submitted()).toMatchObject([{ key: 'unwind:B:1', sizeE8: 170 * LOT }]);
  });

  it('hedges a partial fill down to the smaller leg', () => {
    const driver = new Driver().give({ type: 'enter' }).order('entry:A:1', 'SENT').order('entry:B:1', 'SENT');
    driver.order('entry:A:1', 'CANCELLED', 120);
    expect(driver.trade.state).toBe('PARTIAL');
    driver.order('entry:B:1', 'FILLED', 300);
    expect(driver.trade.state).toBe('HEDGING');
    expect(driver.submitted()).toMatchObject([{ key: 'hedge:B:1', side: 'BUY', sizeE8: 180 * LOT, reduceOnly: true }]);
    driver.order('hedge:B:1', 'FILLED', 180);
    expect(driver.trade.state).toBe('OPEN');
    expect(driver.give({ type: 'exit' }).submitted()).toMatchObject([{ sizeE8: 120 * LOT }, { sizeE8: 120 * LOT }]);
  });

  it('carries a difference under the lot rules as dust instead of rounding it to a hedge of zero', () => {
    const coarse = { A: { ...legs.A, sizeStepE8: 7 * LOT }, B: legs.B };
    const driver = new Driver(createTrade({ id: 1, direction: 'AOverB', sizeE8: SIZE, legs: coarse, config }));
    driver.give({ type: 'enter' }).order('entry:A:1', 'FILLED', 300).order('entry:B:1', 'CANCELLED', 296);
    expect(driver.trade.state).toBe('OPEN');
    expect(driver.submitted()).toEqual([]);
    expect(driver.did('record').at(-1)).toMatchObject({ note: 'DUST_LEFT' });
    expect(tradePositions(driver.trade).netE8).toBe(4 * LOT);
  });

  it("does not ask for a partial reduction below the venue's minimum, but closes a whole small position", () => {
    const driver = new Driver().give({ type: 'enter' });
    driver.order('entry:A:1', 'FILLED', 300).order('entry:B:1', 'CANCELLED', 299);
    expect(driver.trade.state).toBe('OPEN');
    const naked = new Driver().give({ type: 'enter' });
    naked.order('entry:A:1', 'CANCELLED', 1).order('entry:B:1', 'REJECTED');
    expect(naked.submitted()).toMatchObject([{ key: 'unwind:A:1', sizeE8: LOT }]);
  });
});

describe('reduce-only retries', () => {
  it('widens the band with every attempt, waits between them, and halts with the reason when all failed', () => {
    const driver = new Driver().give({ type: 'enter' });
    driver.order('entry:B:1', 'FILLED', 300).order('entry:A:1', 'REJECTED');
    const bands: number[] = [];
    for (let attempt = 1; attempt <= config.maxAttempts; attempt++) {
      if (attempt > 1) driver.wake();
      bands.push(driver.submitted()[0]!.bandBps);
      driver.order(`unwind:B:${attempt}`, 'CANCELLED', 0);
    }
    expect(bands).toEqual([5, 15, 22, 22]);
    expect(driver.trade.state).toBe('HALTED');
    expect(driver.did('halt')).toMatchObject([{ reason: 'REDUCE_FAILED' }]);
    expect(tradePositions(driver.trade).B).toBe(-SIZE);
  });

  it('goes on with the rest after a partly filled unwind', () => {
    const driver = new Driver().give({ type: 'enter' });
    driver.order('entry:B:1', 'FILLED', 300).order('entry:A:1', 'REJECTED');
    driver.order('unwind:B:1', 'CANCELLED', 100).wake();
    expect(driver.submitted()).toMatchObject([{ key: 'unwind:B:2', sizeE8: 200 * LOT }]);
  });

  it('retries the exit leg that failed while the other closed', () => {
    const driver = new Driver().open().give({ type: 'exit' });
    driver.order('exit:A:1', 'FILLED', 300).order('exit:B:1', 'REJECTED');
    expect(driver.trade.state).toBe('EXITING');
    driver.wake();
    expect(driver.submitted()).toMatchObject([{ key: 'exit:B:2', side: 'BUY', sizeE8: SIZE, bandBps: 15 }]);
    driver.order('exit:B:2', 'FILLED', 300);
    expect(driver.trade.state).toBe('FLAT');
  });

  it('goes back to OPEN when both exits missed: still hedged, the next signal decides', () => {
    const driver = new Driver().open().give({ type: 'exit' });
    driver.order('exit:A:1', 'CANCELLED').order('exit:B:1', 'CANCELLED');
    expect(driver.trade.state).toBe('OPEN');
    expect(driver.give({ type: 'exit' }).submitted()).toEqual([]);
    driver.nowMs += config.retryDelayMs;
    expect(driver.give({ type: 'exit' }).submitted()).toMatchObject([
      { key: 'exit:A:2', bandBps: 5 },
      { key: 'exit:B:2' },
    ]);
  });

  it('tries refused exits ever more rarely', () => {
    const driver = new Driver().open();
    const waits: number[] = [];
    for (let attempt = 1; attempt <= 7; attempt++) {
      driver.give({ type: 'exit' });
      driver.order(`exit:A:${attempt}`, 'REJECTED').order(`exit:B:${attempt}`, 'REJECTED');
      waits.push(driver.trade.notBeforeMs - driver.nowMs);
      driver.nowMs = driver.trade.notBeforeMs;
    }
    expect(waits).toEqual([400, 800, 1600, 3200, 5000, 5000, 5000]);
  });
});

describe('doubt', () => {
  it('turns a missing confirmation into doubt, never into a rejection, and asks only after the window', () => {
    const driver = new Driver().give({ type: 'enter' }).order('entry:A:1', 'SENT').order('entry:B:1', 'SENT');
    driver.order('entry:A:1', 'FILLED', 300).wake();
    expect(driver.nowMs).toBe(2500);
    expect(driver.trade.state).toBe('DOUBT');
    expect(driver.did('doubt')).toEqual([{ type: 'doubt', key: 'entry:B:1' }]);
    expect(driver.did('query')).toEqual([]);
    expect(driver.submitted()).toEqual([]);
    expect(worstCaseDeltaE8(driver.trade)).toBe(SIZE);
    driver.wake();
    expect(driver.nowMs).toBe(1000 + config.receiveWindowMs + config.windowMarginMs);
    expect(driver.did('query')).toEqual([{ type: 'query', key: 'entry:B:1' }]);
  });

  it('ends with the late fill as if it had come in time', () => {
    const driver = new Driver().give({ type: 'enter' }).order('entry:A:1', 'FILLED', 300).wake();
    driver.order('entry:B:1', 'FILLED', 300);
    expect(driver.trade.state).toBe('OPEN');
    expect(driver.did('record')[0]).toMatchObject({ note: 'DOUBT_ENDED' });
  });

  it('does not end with a late acknowledgement', () => {
    const driver = new Driver().give({ type: 'enter' }).order('entry:A:1', 'FILLED', 300).wake();
    expect(driver.order('entry:B:1', 'ACKED').trade.state).toBe('DOUBT');
  });

  it('asks again with back-off while the venue cannot be asked, and halts after its bound without assuming', () => {
    const driver = new Driver().give({ type: 'enter' }).order('entry:A:1', 'FILLED', 300).wake();
    let queries = 0;
    while (driver.trade.state === 'DOUBT') {
      driver.wake();
      if (driver.did('query').length > 0) {
        queries++;
        driver.give({ type: 'queryDone', key: 'entry:B:1' });
      }
    }
    expect(queries).toBeGreaterThan(10);
    expect(queries).toBeLessThan(30);
    expect(driver.trade.halt?.reason).toBe('DOUBT_UNRESOLVED');
    expect(driver.submitted()).toEqual([]);
    driver.wake();
    expect(driver.did('query')).toHaveLength(1);
  });

  it('still learns the truth after the halt, and closes when the operator says so', () => {
    const driver = new Driver().give({ type: 'enter' }).order('entry:A:1', 'FILLED', 300);
    while (driver.trade.state !== 'HALTED') driver.wake();
    driver.order('entry:B:1', 'FILLED', 200);
    expect(driver.trade.state).toBe('HALTED');
    expect(driver.submitted()).toEqual([]);
    expect(driver.give({ type: 'closeAll' }).submitted()).toMatchObject([
      { key: 'exit:A:1', sizeE8: SIZE },
      { key: 'exit:B:1', sizeE8: 200 * LOT },
    ]);
  });

  it('waits for an unwind in doubt before it sends another', () => {
    const driver = new Driver().give({ type: 'enter' });
    driver.order('entry:B:1', 'FILLED', 300).order('entry:A:1', 'REJECTED').wake();
    expect(driver.trade.state).toBe('DOUBT');
    expect(driver.submitted()).toEqual([]);
    driver.order('unwind:B:1', 'EXPIRED');
    expect(driver.submitted()).toMatchObject([{ key: 'unwind:B:2', sizeE8: SIZE }]);
  });
});

describe('close-all and late facts', () => {
  it('closes an open trade and does not stop at a hedged rest', () => {
    const driver = new Driver().open().give({ type: 'closeAll' });
    expect(driver.submitted()).toHaveLength(2);
    driver.order('exit:A:1', 'CANCELLED').order('exit:B:1', 'CANCELLED').wake();
    expect(driver.submitted()).toMatchObject([{ key: 'exit:A:2', bandBps: 15 }, { key: 'exit:B:2' }]);
  });

  it('cancels entries in flight, then closes what they filled', () => {
    const driver = new Driver().give({ type: 'enter' }).order('entry:A:1', 'SENT').order('entry:B:1', 'SENT');
    expect(driver.give({ type: 'closeAll' }).did('cancel')).toHaveLength(2);
    driver.order('entry:A:1', 'CANCELLED', 50).order('entry:B:1', 'FILLED', 300);
    expect(driver.submitted()).toMatchObject([
      { key: 'exit:A:1', sizeE8: 50 * LOT },
      { key: 'exit:B:1', sizeE8: SIZE },
    ]);
  });

  it('takes a fill reported after FLAT seriously', () => {
    const driver = new Driver().give({ type: 'enter' });
    driver.order('entry:A:1', 'CANCELLED').order('entry:B:1', 'REJECTED');
    expect(driver.trade.state).toBe('FLAT');
    driver.order('entry:A:1', 'CANCELLED', 40);
    expect(driver.trade.state).toBe('REDUCING');
    expect(driver.submitted()).toMatchObject([{ key: 'unwind:A:1', side: 'SELL', sizeE8: 40 * LOT }]);
  });

  it('halts when a position turned to the other side', () => {
    const driver = new Driver().open().give({ type: 'exit' });
    driver.order('exit:A:1', 'FILLED', 301).order('exit:B:1', 'FILLED', 300);
    expect(driver.trade.halt?.reason).toBe('POSITION_FLIPPED');
  });
});

describe('restoreTrade', () => {
  const journalled = (key: LegKey, leg: 'A' | 'B', side: 'BUY' | 'SELL', state: OrderState, lots: number) => ({
    key,
    purpose: 'entry' as const,
    leg,
    side,
    sizeE8: SIZE,
    reduceOnly: false,
    state,
    filledE8: lots * LOT,
  });
  const base = { id: 7, direction: 'AOverB' as const, sizeE8: SIZE, legs, config, closing: false };

  it('resumes a hedged trade as OPEN', () => {
    const orders = [
      journalled('entry:A:1', 'A', 'BUY', 'FILLED', 300),
      journalled('entry:B:1', 'B', 'SELL', 'FILLED', 300),
    ];
    const driver = new Driver(restoreTrade({ ...base, orders }, 1000)).give({ type: 'resume' });
    expect(driver.trade.state).toBe('OPEN');
    expect(driver.submitted()).toEqual([]);
  });

  it.each(['INTENT', 'SENT', 'ACKED', 'DOUBT'] as const)(
    'treats %s as in doubt, asks a full window later, and never sends it again',
    (state) => {
      const orders = [
        journalled('entry:A:1', 'A', 'BUY', 'FILLED', 300),
        journalled('entry:B:1', 'B', 'SELL', state, 0),
      ];
      const driver = new Driver(restoreTrade({ ...base, orders }, 1000)).give({ type: 'resume' });
      expect(driver.trade.state).toBe('DOUBT');
      expect(driver.submitted()).toEqual([]);
      driver.wake();
      expect(driver.nowMs).toBe(3500);
      expect(driver.did('query')).toEqual([{ type: 'query', key: 'entry:B:1' }]);
      driver.order('entry:B:1', 'EXPIRED');
      expect(driver.submitted()).toMatchObject([{ key: 'unwind:A:1', sizeE8: SIZE }]);
    },
  );
});

import { describe, expect, it } from 'vitest';
import { OrderBook } from '../../core/book.ts';
import type { Timers } from '../../env.ts';
import { createVirtualEnv } from '../../simulation/virtual-env.ts';
import type { OrderRequest } from '../venue.ts';
import { isDueForRenewal, isFarOff, isUsable, servingPriceE8, wantedPricesE8 } from './ladder.ts';
import { LadderKeeper } from './ladder-keeper.ts';
import type { OrderStamp, SignedText } from './order-signing.ts';

const TICK = 10;
const STEP = 100;
const STEPS = 5;
const MAX_AGE_MS = 10_000;

describe('ladder policy', () => {
  it('serves a limit by a price that is never tighter and less than a step wider', () => {
    for (let limit = 1_000; limit < 1_300; limit += TICK) {
      const buy = servingPriceE8('BUY', limit, STEP);
      const sell = servingPriceE8('SELL', limit, STEP);
      expect([buy % STEP, sell % STEP]).toEqual([0, 0]);
      expect(buy - limit).toBeGreaterThanOrEqual(0);
      expect(buy - limit).toBeLessThan(STEP);
      expect(limit - sell).toBeGreaterThanOrEqual(0);
      expect(limit - sell).toBeLessThan(STEP);
    }
  });

  it('holds the prices around the expected limit, nearest first, two of three in the order’s favour', () => {
    expect(wantedPricesE8('BUY', 1_050, STEP, 6)).toEqual([1_100, 1_000, 1_200, 900, 800, 1_300]);
    expect(wantedPricesE8('SELL', 1_050, STEP, 4)).toEqual([1_000, 1_100, 900, 1_200]);
    expect(wantedPricesE8('BUY', 150, STEP, 5)).toEqual([200, 100, 300]);
  });

  it('renews before a slot expires, and never uses an expired one', () => {
    const slot = { timestampMs: 1, atMs: 0, spent: false };
    expect([isDueForRenewal(slot, 8_000, MAX_AGE_MS), isDueForRenewal(slot, 8_001, MAX_AGE_MS)]).toEqual([false, true]);
    expect([isUsable(slot, 9_999, MAX_AGE_MS), isUsable(slot, 10_000, MAX_AGE_MS)]).toEqual([true, false]);
    expect([isFarOff(2_000, 1_000, STEP, STEPS), isFarOff(2_001, 1_000, STEP, STEPS)]).toEqual([false, true]);
  });
});

function ladder(sign?: (request: OrderRequest) => Promise<void>) {
  const { env, run } = createVirtualEnv({ seed: 1, startWallMs: 0, routes: new Map() });
  const book = new OrderBook('paradex', 'X');
  book.asks.set(10_000, 1);
  book.bids.set(9_990, 1);
  book.valid = true;
  const signed: { priceE8: number; stamp: OrderStamp }[] = [];
  const failures: string[] = [];
  let timestampMs = 0;
  const keeper = new LadderKeeper({
    env,
    steps: STEPS,
    stepTicks: STEP / TICK,
    maxAgeMs: MAX_AGE_MS,
    tickE8: () => TICK,
    book: () => book,
    nextStamp: () => ({ timestampMs: ++timestampMs, atMs: env.clock.monotonicMs(), spent: false }),
    sign: async (request, stamp): Promise<SignedText> => {
      signed.push({ priceE8: request.limitPriceE8, stamp });
      await sign?.(request);
      const signedAtMs = env.clock.monotonicMs();
      return {
        request,
        text: { untilClientId: '', untilReceiveWindow: '' },
        stamp,
        signMs: 1,
        signedAtMs,
      };
    },
    onFailure: (message) => failures.push(message),
  });
  const want = { symbol: 'X', side: 'BUY' as const, sizeE8: 5, reduceOnly: false };
  const request = (limitPriceE8: number): OrderRequest => ({ ...want, limitPriceE8 });
  const wait = (ms: number): Promise<void> => run(env.clock.monotonicMs() + ms);
  return { keeper, book, signed, failures, want, request, wait, timers: env.timers as Timers };
}

describe('ladder keeper', () => {
  it('a slot is used once and takes those with the same time stamp along; the ladder is filled again', async () => {
    const { keeper, want, request, wait } = ladder();
    keeper.set([want]);
    await wait(10);
    expect(keeper.report()).toEqual({ hits: 0, misses: 0, slots: 5 });
    const first = keeper.take(request(10_000))!;
    expect(first.request.limitPriceE8).toBe(10_000);
    expect(keeper.report().slots).toBe(0);
    expect(keeper.take(request(10_000))).toBeUndefined();
    expect(keeper.takeStamp(request(10_000))).toBeUndefined();
    await wait(100);
    const second = keeper.take(request(9_950))!;
    expect(second.request.limitPriceE8).toBe(10_000);
    expect(second.stamp.timestampMs).not.toBe(first.stamp.timestampMs);
    expect(keeper.report()).toMatchObject({ hits: 2, misses: 1 });
  });

  it('a miss may use the time stamp of the ladder, which then gets another', async () => {
    const { keeper, want, request, wait, signed } = ladder();
    keeper.set([want]);
    await wait(10);
    expect(keeper.take(request(50_000))).toBeUndefined();
    const stamp = keeper.takeStamp(request(50_000))!;
    expect(stamp).toBe(signed[0]!.stamp);
    expect(keeper.report().slots).toBe(0);
    await wait(100);
    expect(keeper.report().slots).toBe(5);
    expect(signed.at(-1)!.stamp.timestampMs).toBeGreaterThan(stamp.timestampMs);
  });

  it('an order taken while the ladder is being filled leaves no slot with its time stamp behind', async () => {
    const world = ladder(() => new Promise((resolve) => world.timers.after(20, resolve)));
    const { keeper, want, request, wait } = world;
    keeper.set([want]);
    await wait(45);
    const taken = keeper.take(request(10_000))!;
    await wait(500);
    const later = keeper.take(request(10_000))!;
    expect(later.stamp.timestampMs).not.toBe(taken.stamp.timestampMs);
  });

  it('other sizes, sides and flags miss', async () => {
    const { keeper, want, request, wait } = ladder();
    keeper.set([want]);
    await wait(10);
    expect(keeper.take({ ...request(10_000), sizeE8: 6 })).toBeUndefined();
    expect(keeper.take({ ...request(10_000), side: 'SELL' })).toBeUndefined();
    expect(keeper.take({ ...request(10_000), reduceOnly: true })).toBeUndefined();
  });

  it('follows the touch and the distance orders are bounded at', async () => {
    const { keeper, book, want, request, wait } = ladder();
    keeper.set([want]);
    await wait(10);
    book.asks.setTouch(20_000, 1);
    await wait(100);
    expect(keeper.take(request(20_000))).toBeDefined();
    expect(keeper.take(request(25_000))).toBeUndefined();
    await wait(100);
    book.asks.setTouch(20_100, 1);
    await wait(100);
    expect(keeper.take(request(25_100))).toBeDefined();
    expect(keeper.report().slots).toBeLessThanOrEqual(2 * STEPS);
  });

  it('serves the first order at the band it was told', async () => {
    const { keeper, want, request, wait } = ladder();
    keeper.set([{ ...want, bandBps: 1_000 }]);
    await wait(10);
    const first = keeper.take(request(11_000))!;
    expect(first.request).toEqual(request(11_000));
  });

  it('slots are replaced before they expire, and none is ever older than allowed', async () => {
    const { keeper, want, request, wait, signed } = ladder();
    keeper.set([want]);
    await wait(8_200);
    expect(signed).toHaveLength(10);
    await wait(5_000);
    expect(keeper.take(request(10_000))).toBeDefined();
  });

  it('does not use an expired slot when the signer fails', async () => {
    let failing = false;
    const { keeper, want, request, wait, failures } = ladder(async () => {
      if (failing) throw new Error('signer died');
    });
    keeper.set([want]);
    await wait(10);
    failing = true;
    await wait(11_000);
    expect(keeper.take(request(10_000))).toBeUndefined();
    expect(failures[0]).toBe('signer died');
  });

  it('drop destroys every slot, also the one being signed, and stops', async () => {
    const world = ladder(() => new Promise((resolve) => world.timers.after(20, resolve)));
    const { keeper, want, request, wait, signed } = world;
    keeper.set([want]);
    await wait(50);
    keeper.drop();
    await wait(1_000);
    expect(keeper.report().slots).toBe(0);
    expect(keeper.take(request(10_000))).toBeUndefined();
    expect(signed.length).toBeLessThanOrEqual(3);
    keeper.set([want]);
    await wait(1_000);
    expect(keeper.take(request(10_000))).toBeDefined();
  });

  it('signs nothing while the book is invalid', async () => {
    const { keeper, book, want, wait, signed } = ladder();
    book.valid = false;
    keeper.set([want]);
    await wait(200);
    expect(signed).toEqual([]);
    book.valid = true;
    await wait(100);
    expect(signed).toHaveLength(5);
  });
});

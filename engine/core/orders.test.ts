import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { FillReport, OrderTruth, OrderUpdate } from '../venues/venue.ts';
import {
  applyFill,
  applyOrderNews,
  applyTruth,
  averagePriceE8,
  awaitedFillsE8,
  createOrder,
  stateForTrade,
  type OrderRecord,
} from './orders.ts';
import type { OrderStamps, OrderState } from './types.ts';

const LOT = 10_000;
const fresh = createOrder({ venue: 'vest', orderId: 42, side: 'BUY', sizeE8: 100 * LOT });

function update(state: OrderState, filledLots?: number, stamps: OrderStamps = {}): OrderUpdate {
  const filledSizeE8 = filledLots === undefined ? undefined : filledLots * LOT;
  return { venue: 'vest', orderId: 42, state, filledSizeE8, stamps, source: 'stream' };
}

function fill(fillId: string, lots: number, priceE8 = 60_000e8, side: 'BUY' | 'SELL' = 'BUY'): FillReport {
  return {
    venue: 'vest',
    orderId: 42,
    venueOrderId: '0x1',
    fillId,
    symbol: 'BTC-PERP',
    side,
    priceE8,
    sizeE8: lots * LOT,
    feeE8: 5,
    venueTimeMs: 1000 + Number(fillId.slice(1)),
    receivedAtMs: 10,
    source: 'stream',
  };
}

const after = (...updates: OrderUpdate[]): OrderRecord => updates.reduce(applyOrderNews, fresh);

describe('order states', () => {
  it('goes forward with the news and never back', () => {
    expect(after(update('SENT')).state).toBe('SENT');
    expect(after(update('ACKED'), update('SENT')).state).toBe('ACKED');
    expect(after(update('FILLED', 100), update('ACKED'), update('PARTIAL', 20)).state).toBe('FILLED');
    expect(after(update('REJECTED'), update('ACKED')).state).toBe('REJECTED');
  });

  it('returns the same object for a duplicate and for news of another order', () => {
    const order = after(update('ACKED', 0, { ackReceivedMs: 5 }));
    expect(applyOrderNews(order, update('ACKED', 0, { ackReceivedMs: 9 }))).toBe(order);
    expect(applyOrderNews(order, { ...update('FILLED', 100), orderId: 43 })).toBe(order);
    expect(applyOrderNews(order, { ...update('FILLED', 100), venue: 'paradex' })).toBe(order);
  });

  it('takes the fill that comes before the acknowledgement', () => {
    const order = applyOrderNews(applyFill(fresh, fill('f1', 100)), update('ACKED'));
    expect(order).toMatchObject({ state: 'FILLED', filledE8: 100 * LOT, settled: true });
  });

  it('keeps the earliest of each stamp', () => {
    const order = after(update('SENT', undefined, { t4HandedOverMs: 7 }), update('FILLED', 100, { t8ConfirmedMs: 30 }));
    expect(applyOrderNews(order, update('FILLED', 100, { t8ConfirmedMs: 25 })).stamps).toEqual({
      t4HandedOverMs: 7,
      t8ConfirmedMs: 25,
    });
  });
});

describe('filled quantity', () => {
  it('books what was filled, not what was asked for', () => {
    expect(after(update('CANCELLED', 30)).filledE8).toBe(30 * LOT);
    expect(after(update('FILLED', 30)).filledE8).toBe(30 * LOT);
  });

  it('counts a fill once, whether told again, by id, or also as a cumulative quantity', () => {
    const order = applyFill(applyFill(fresh, fill('f1', 40)), fill('f1', 40));
    expect(order.filledE8).toBe(40 * LOT);
    expect(applyOrderNews(order, update('PARTIAL', 40)).filledE8).toBe(40 * LOT);
    expect(applyOrderNews(order, update('PARTIAL', 70))).toMatchObject({ filledE8: 70 * LOT, state: 'PARTIAL' });
  });

  it('refuses a fill at price 0 and says so', () => {
    const order = applyFill(fresh, fill('f1', 40, 0));
    expect(order).toMatchObject({ filledE8: 0, fills: [], anomalies: ['FILL_REFUSED'] });
    expect(applyFill(fresh, fill('f1', 40, 60_000e8, 'SELL')).anomalies).toEqual(['FILL_REFUSED']);
  });

  it('still books a fill that comes after the order was over', () => {
    const order = applyFill(after(update('CANCELLED', 0)), fill('f1', 10));
    expect(order).toMatchObject({ state: 'CANCELLED', filledE8: 10 * LOT });
    expect(applyFill(after(update('REJECTED')), fill('f1', 10)).anomalies).toEqual(['FILLED_AFTER_REJECTION']);
    expect(applyFill(fresh, fill('f1', 101)).anomalies).toEqual(['OVERFILLED']);
  });

  it('knows how much of the stated quantity has no fill yet', () => {
    const order = applyFill(after(update('FILLED', 100)), fill('f1', 60));
    expect(awaitedFillsE8(order)).toBe(40 * LOT);
    expect(awaitedFillsE8(applyFill(order, fill('f2', 40)))).toBe(0);
  });

  it('does not settle on a cancellation that names no quantity', () => {
    const order = after(update('CANCELLED'));
    expect(order).toMatchObject({ state: 'CANCELLED', settled: false });
    expect(stateForTrade(order)).toBe('ACKED');
    expect(stateForTrade(applyFill(order, fill('f1', 10)))).toBe('PARTIAL');
    expect(stateForTrade(applyOrderNews(order, update('CANCELLED', 0)))).toBe('CANCELLED');
  });

  it('weights the average price by size', () => {
    expect(averagePriceE8([])).toBeUndefined();
    expect(averagePriceE8([fill('f1', 1, 60_000e8), fill('f2', 3, 60_004e8)])).toBe(60_003e8);
  });
});

describe('doubt', () => {
  const doubted = after(update('SENT'), update('DOUBT'));
  const truth = (state: OrderState, filledLots: number, fills: FillReport[] = []): OrderTruth => {
    return { known: true, state, filledSizeE8: filledLots * LOT, venueOrderId: '0x1', fills };
  };

  it('does not end with an acknowledgement or a part filled', () => {
    expect(applyOrderNews(doubted, update('ACKED')).state).toBe('DOUBT');
    expect(applyFill(doubted, fill('f1', 10))).toMatchObject({ state: 'DOUBT', filledE8: 10 * LOT });
    expect(applyTruth(doubted, truth('PARTIAL', 10)).state).toBe('DOUBT');
  });

  it('ends with a definite answer, from the stream or from a query', () => {
    expect(applyOrderNews(doubted, update('REJECTED')).state).toBe('REJECTED');
    expect(applyFill(doubted, fill('f1', 100)).state).toBe('FILLED');
    expect(applyTruth(doubted, truth('CANCELLED', 40, [fill('f1', 40)]))).toMatchObject({
      state: 'CANCELLED',
      filledE8: 40 * LOT,
      settled: true,
    });
  });

  it('does not take "no trace" before the end of the window for a rejection', () => {
    expect(applyTruth(doubted, { known: false, afterReceiveWindow: false })).toBe(doubted);
  });

  it('ends as EXPIRED when the venue has no trace after the window', () => {
    expect(applyTruth(doubted, { known: false, afterReceiveWindow: true })).toMatchObject({
      state: 'EXPIRED',
      filledE8: 0,
      settled: true,
    });
  });

  it('does not believe a venue that denies an order it has filled', () => {
    const order = applyTruth(applyFill(doubted, fill('f1', 10)), { known: false, afterReceiveWindow: true });
    expect(order).toMatchObject({ state: 'DOUBT', anomalies: ['VENUE_DENIES_FILLED_ORDER'] });
  });
});

it('gives the same record for any order and any repetition of the same news', () => {
  const lots = fc.integer({ min: 1, max: 50 });
  const scenario = fc.record({
    parts: fc.uniqueArray(lots, { maxLength: 3 }),
    end: fc.constantFrom<OrderState>('CANCELLED', 'EXPIRED', 'REJECTED', 'FILLED'),
    doubted: fc.boolean(),
    order: fc.array(fc.nat({ max: 1_000_000 }), { minLength: 24, maxLength: 24 }),
  });
  fc.assert(
    fc.property(scenario, ({ parts, end, doubted, order }) => {
      const total = parts.reduce((sum, part) => sum + part, 0);
      const size = (end === 'FILLED' ? total : total + 1) * LOT;
      fc.pre(size > 0 && !(end === 'REJECTED' && total > 0));
      const start = createOrder({ venue: 'vest', orderId: 42, side: 'BUY', sizeE8: size });
      type News = (record: OrderRecord) => OrderRecord;
      const news: News[] = [
        (record) => applyOrderNews(record, update('SENT', undefined, { t4HandedOverMs: 1 })),
        (record) => applyOrderNews(record, update('ACKED', 0, { ackReceivedMs: 2 })),
        (record) => applyOrderNews(record, update(end, total, { t8ConfirmedMs: 3 })),
        ...parts.map(
          (part, i): News =>
            (record) =>
              applyFill(record, fill(`f${i}`, part)),
        ),
      ];
      if (doubted) news.push((record) => applyOrderNews(record, update('DOUBT')));
      const repeated = [...news, ...news].map((apply, i) => ({ apply, key: order[i]! })).sort((a, b) => a.key - b.key);
      const straight = news.reduce((record, apply) => apply(record), start);
      const mixed = repeated.reduce((record, { apply }) => apply(record), start);
      expect(mixed).toEqual(straight);
      expect(mixed.filledE8).toBe(total * LOT);
    }),
  );
});

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { VestAccount, VestFill } from './state.ts';
import { createBench } from './bench.test-helper.ts';
import type { BenchOptions, OrderFields } from './bench.test-helper.ts';

type Step =
  | { do: 'order'; fields: Partial<OrderFields>; offset: number }
  | { do: 'quote'; mid: number; size: number }
  | { do: 'cancel'; pick: number }
  | { do: 'wait'; ms: number };

const orderStep = fc.record({
  do: fc.constant('order' as const),
  fields: fc.record({
    isBuy: fc.boolean(),
    reduceOnly: fc.boolean(),
    orderType: fc.constantFrom('MARKET', 'LIMIT', 'STOP_LOSS', 'TAKE_PROFIT'),
    timeInForce: fc.constantFrom('GTC', 'FOK', 'IOC'),
    size: fc.integer({ min: 1, max: 40_000 }).map((units) => (units / 10_000).toFixed(4)),
  }),
  /** Distance of the limit from 60 000, in cents: odd enough that averages need rounding. */
  offset: fc.integer({ min: -3_000, max: 3_000 }),
});
const step: fc.Arbitrary<Step> = fc.oneof(
  { weight: 6, arbitrary: orderStep },
  {
    weight: 3,
    arbitrary: fc.record({
      do: fc.constant('quote' as const),
      mid: fc.integer({ min: 59_985, max: 60_015 }),
      size: fc.integer({ min: 1, max: 30_000 }).map((units) => units / 10_000),
    }),
  },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('cancel' as const), pick: fc.nat(20) }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('wait' as const), ms: fc.integer({ min: 0, max: 400 }) }) },
);

function play(steps: readonly Step[], options: BenchOptions) {
  const bench = createBench(options);
  const socket = bench.socket();
  const ids: string[] = [];
  for (const entry of steps) {
    if (entry.do === 'quote') {
      const { mid, size } = entry;
      bench.btc.quote(
        [
          [mid - 1, size],
          [mid - 2.01, size],
          [mid - 4.03, 9],
        ],
        [
          [mid + 1, size],
          [mid + 2.01, size],
          [mid + 4.03, 9],
        ],
      );
    } else if (entry.do === 'order') {
      const answer = bench.order({ ...entry.fields, limitPrice: (60_000 + entry.offset / 100).toFixed(2) });
      ids.push((answer.body as { id: string }).id);
    } else if (entry.do === 'cancel') {
      const id = ids[entry.pick % Math.max(1, ids.length)];
      if (id !== undefined) bench.cancel(id);
    } else {
      bench.host.run(entry.ms);
    }
  }
  bench.host.run(1_000);
  const { exchange } = bench.endpoint;
  return { bench, socket, exchange, account: exchange.accountByApiKey.get(bench.accounts[0]!.apiKey)! };
}

describe.each<[string, BenchOptions]>([
  ['one fill an order', {}],
  ['a fill per level, published 150 ms later', { ackToFillLagUs: 150_000, switches: { fillReports: 'level' } }],
])('ledger of the practice Vest (%s)', (_name, options) => {
  it('conserves cash, fills only orders within their terms, and agrees with events and GET /orders', () => {
    fc.assert(
      fc.property(fc.array(step, { minLength: 1, maxLength: 25 }), (steps) => {
        const { bench, socket, exchange, account } = play(steps, options);
        expectConservation(account, exchange.fills);
        for (const fill of exchange.fills) {
          const order = exchange.ordersById.get(fill.orderId)!;
          const stop = order.orderType === 'STOP_LOSS' || order.orderType === 'TAKE_PROFIT';
          const worse = order.isBuy ? fill.priceE8 > order.limitPriceE8 : fill.priceE8 < order.limitPriceE8;
          expect(worse && !stop).toBe(false);
          expect(fill.isBuy).toBe(order.isBuy);
        }
        for (const record of bench.orders()) {
          const order = exchange.ordersById.get(record['id'] as string)!;
          const fills = exchange.fills.filter((fill) => fill.orderId === order.id);
          const events = socket.orders().filter((event) => event['id'] === order.id);
          const statuses = events.map((event) => event['status'] as string);
          expect(statuses.join(' ')).toMatch(/^NEW( PARTIALLY_FILLED)*( FILLED| CANCELLED| REJECTED)?$/);
          expect(record['status']).toBe(statuses.at(-1));
          expect(sum(fills.map((fill) => fill.sizeE8))).toBe(order.filledE8);
          expect(order.filledE8 === order.sizeE8).toBe(record['status'] === 'FILLED');
          if (record['status'] === 'REJECTED') expect(fills).toEqual([]);
          const filledInEvents = events.filter((event) => event['lastFilledSize'] !== undefined);
          expect(filledInEvents.map((event) => Math.round(Number(event['lastFilledSize']) * 1e8))).toEqual(
            fills.map((fill) => fill.sizeE8),
          );
          expect(filledInEvents.map((event) => Math.round(Number(event['lastFilledPrice']) * 1e8))).toEqual(
            fills.map((fill) => fill.priceE8),
          );
          expect(Math.round(Number(record['fees'] ?? 0) * 1e6)).toBe(Number(order.feesE8) / 100);
        }
        const [position] = bench.account().positions;
        const heldE8 = sum(exchange.fills.map((fill) => (fill.isBuy ? fill.sizeE8 : -fill.sizeE8)));
        const shownE8 = position ? Math.round(Number(position.size) * 1e8) * (position.isLong ? 1 : -1) : 0;
        expect(shownE8).toBe(heldE8);
      }),
      { numRuns: 100 },
    );
  });

  it('never lets a reduce-only order open or grow a position', () => {
    fc.assert(
      fc.property(fc.array(step, { minLength: 5, maxLength: 30 }), (steps) => {
        const { exchange } = play(steps, options);
        let heldE8 = 0;
        for (const fill of exchange.fills) {
          const signed = fill.isBuy ? fill.sizeE8 : -fill.sizeE8;
          if (exchange.ordersById.get(fill.orderId)!.reduceOnly) {
            expect(Math.abs(heldE8 + signed)).toBe(Math.abs(heldE8) - fill.sizeE8);
          }
          heldE8 += signed;
        }
      }),
      { numRuns: 40 },
    );
  });
});

/** Start - signed notional of all fills - fees = balance - cost of what is open, to the last 1e-8 USD. */
function expectConservation(account: VestAccount, fills: readonly VestFill[]): void {
  let cashE8 = 1_000_000n * 100_000_000n;
  for (const fill of fills) cashE8 -= (fill.isBuy ? fill.notionalE8 : -fill.notionalE8) + fill.feeE8;
  let openCostE8 = 0n;
  for (const position of account.positions.values()) openCostE8 += position.costE8;
  expect(account.balanceE8 - openCostE8).toBe(cashE8);
}

function sum(values: number[]): number {
  return values.reduce((total, value) => total + value, 0);
}

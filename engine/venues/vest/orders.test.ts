import { describe, expect, it } from 'vitest';
import { VirtualTime, virtualClock, virtualTimers } from '../../simulation/virtual-time.ts';
import {
  ClientBench,
  FIRST_ORDER_ID,
  START_WALL_MS,
  buyRequest,
  fillFields,
  orderRecord,
} from './client-bench.test-helper.ts';
import type { VestClientConfig } from './client.ts';

const ID = '0xa1';
let bench: ClientBench;

function createBench(config?: Partial<VestClientConfig>): void {
  const time = new VirtualTime();
  bench = new ClientBench(time, { clock: virtualClock(time, START_WALL_MS), timers: virtualTimers(time) }, config);
}

async function startClient(config?: Partial<VestClientConfig>): Promise<void> {
  createBench(config);
  await bench.start();
}

describe('vest orders', () => {
  it('posts the signed body with the receive window of its age, and tells SENT then ACKED', async () => {
    await startClient({ receiveWindowMs: 1_500 });
    bench.script = (call) => (call === 'POST /orders' ? { body: { id: ID }, delayMs: 40 } : undefined);
    const order = await bench.client.prepare(buyRequest);
    await bench.run(250);
    bench.client.send(order);
    const sentAtMs = bench.nowMs();
    await bench.run(100);
    const [body] = bench.posted();
    expect(body).toMatchObject({
      order: {
        nonce: FIRST_ORDER_ID,
        symbol: 'BTC-PERP',
        isBuy: true,
        size: '0.0300',
        orderType: 'MARKET',
        limitPrice: '68204.40',
        reduceOnly: false,
      },
      recvWindow: 1_750,
    });
    expect(body!.order).not.toHaveProperty('timeInForce');
    expect(body!.order.time).toBeLessThanOrEqual(START_WALL_MS + sentAtMs - 250);
    expect(bench.states()).toEqual(['SENT local', 'ACKED reply']);
    expect(bench.updates[0]!.stamps).toMatchObject({ t4HandedOverMs: sentAtMs });
    expect(bench.updates[1]).toMatchObject({ venueOrderId: ID, stamps: { ackReceivedMs: sentAtMs + 40 } });
  });

  it('sends LIMIT with IOC when the form is so configured', async () => {
    await startClient({ orderForm: 'LIMIT_IOC' });
    await bench.sendOrder();
    expect(bench.posted()[0]!.order).toMatchObject({ orderType: 'LIMIT', timeInForce: 'IOC' });
  });

  it('sends an order once', async () => {
    await startClient();
    const order = await bench.client.prepare(buyRequest);
    bench.client.send(order);
    expect(() => bench.client.send(order)).toThrow(/not sent again/);
    expect(bench.posted()).toHaveLength(1);
  });

  it('refuses a size finer than the market before anything is signed', async () => {
    await startClient();
    await expect(bench.client.prepare({ ...buyRequest, sizeE8: 3_000_001 })).rejects.toMatchObject({
      code: 'HS_UNIT_FORMAT',
    });
  });

  it('reports the fill from the stream, also before the HTTP answer, and keeps the later acknowledgement', async () => {
    await startClient();
    bench.script = (call) => (call === 'POST /orders' ? { body: { id: ID }, delayMs: 100 } : undefined);
    await bench.sendOrder();
    await bench.run(30);
    bench.orderEvent(orderRecord({ status: 'NEW' }));
    bench.orderEvent(
      orderRecord({ status: 'FILLED', ...fillFields('0.0300', '68001.00', START_WALL_MS + 430, '0.204003') }),
    );
    await bench.run(200);
    expect(bench.states()).toEqual(['SENT local', 'ACKED stream', 'FILLED stream', 'FILLED reply']);
    expect(bench.updates[2]).toMatchObject({ orderId: FIRST_ORDER_ID, filledSizeE8: 3_000_000 });
    expect(bench.updates[2]!.stamps.t6MatchedMs).toBeCloseTo(430, -2);
    expect(bench.updates[3]!.stamps.ackReceivedMs).toBeDefined();
    expect(bench.fills).toEqual([
      {
        venue: 'vest',
        orderId: FIRST_ORDER_ID,
        venueOrderId: ID,
        fillId: `${ID}:FILLED:${START_WALL_MS + 430}:0.0300`,
        symbol: 'BTC-PERP',
        side: 'BUY',
        priceE8: 6_800_100_000_000,
        sizeE8: 3_000_000,
        feeE8: 20_400_300,
        venueTimeMs: START_WALL_MS + 430,
        receivedAtMs: expect.any(Number),
        source: 'stream',
      },
    ]);
  });

  it('takes the difference of cumulative fees, repeats a repeated event unchanged, and asks after CANCELLED', async () => {
    await startClient();
    await bench.sendOrder();
    const partial = (size: string, timeMs: number, fees: string): object =>
      orderRecord({ status: 'PARTIALLY_FILLED', ...fillFields(size, '68001.00', timeMs, fees) });
    bench.orderEvent(partial('0.0100', START_WALL_MS + 1, '0.05'));
    bench.orderEvent(partial('0.0050', START_WALL_MS + 2, '0.08'));
    bench.orderEvent(partial('0.0050', START_WALL_MS + 2, '0.08'));
    const ids = new Map(bench.fills.map((fill) => [fill.fillId, fill.feeE8]));
    expect([...ids.values()]).toEqual([5_000_000, 3_000_000]);
    expect(bench.updates.at(-1)).toMatchObject({ state: 'PARTIAL', filledSizeE8: 1_500_000 });
    bench.script = (call) => {
      const record = orderRecord({
        status: 'CANCELLED',
        ...fillFields('0.0050', '68001.00', START_WALL_MS + 2, '0.08'),
      });
      return call === 'GET /orders' ? { body: [record] } : undefined;
    };
    bench.orderEvent({ id: ID, status: 'CANCELLED', postTime: START_WALL_MS, nonce: FIRST_ORDER_ID });
    expect(bench.updates.at(-1)).toMatchObject({ state: 'CANCELLED', filledSizeE8: 1_500_000, source: 'stream' });
    await bench.run(1_000);
    expect(bench.updates.at(-1)).toMatchObject({ state: 'CANCELLED', filledSizeE8: 1_500_000, source: 'query' });
    expect(new Set(bench.fills.map((fill) => fill.fillId)).size).toBe(2);
  });

  it('finds the partial fill that was lost before CANCELLED', async () => {
    await startClient();
    await bench.sendOrder();
    bench.script = (call) => {
      const record = orderRecord({
        status: 'CANCELLED',
        ...fillFields('0.0100', '68001.00', START_WALL_MS + 2, '0.08'),
      });
      return call === 'GET /orders' ? { body: [record] } : undefined;
    };
    bench.orderEvent({ id: ID, status: 'CANCELLED', postTime: START_WALL_MS, nonce: FIRST_ORDER_ID });
    expect(bench.fills).toEqual([]);
    await bench.run(1_000);
    expect(bench.fills).toMatchObject([{ sizeE8: 1_000_000, source: 'query' }]);
  });

  it('does not count a partial twice that comes after FILLED, whichever way it was told', async () => {
    await startClient();
    await bench.sendOrder();
    const filled = orderRecord({
      status: 'FILLED',
      ...fillFields('0.0200', '68004.00', START_WALL_MS + 2, '0.2'),
      avgFilledPrice: '68003.00',
    });
    bench.script = (call) => (call === 'GET /orders' ? { body: [filled] } : undefined);
    bench.orderEvent(filled);
    expect(bench.updates.at(-1)).toMatchObject({ state: 'FILLED', filledSizeE8: 3_000_000 });
    await bench.run(1_000);
    expect(bench.fills.at(-1)).toMatchObject({ sizeE8: 1_000_000, priceE8: 6_800_100_000_000, feeE8: 0 });
    bench.orderEvent(
      orderRecord({ status: 'PARTIALLY_FILLED', ...fillFields('0.0100', '68001.00', START_WALL_MS + 1, '0.1') }),
    );
    const sizes = new Map(bench.fills.map((fill) => [fill.fillId, fill.sizeE8]));
    expect([...sizes.values()].reduce((sum, size) => sum + size)).toBe(3_000_000);
  });

  it('takes the late partial itself when it comes within the grace', async () => {
    await startClient();
    await bench.sendOrder();
    bench.orderEvent(orderRecord({ status: 'FILLED', ...fillFields('0.0200', '68004.00', START_WALL_MS + 2, '0.2') }));
    await bench.run(100);
    bench.orderEvent(
      orderRecord({ status: 'PARTIALLY_FILLED', ...fillFields('0.0100', '68001.00', START_WALL_MS + 1, '0.1') }),
    );
    await bench.run(1_000);
    const byId = new Map(bench.fills.map((fill) => [fill.fillId, fill]));
    expect([...byId.values()].map(({ sizeE8, feeE8 }) => [sizeE8, feeE8])).toEqual([
      [2_000_000, 20_000_000],
      [1_000_000, 0],
    ]);
    expect(bench.updates.at(-1)).toMatchObject({ state: 'FILLED', filledSizeE8: 3_000_000 });
  });

  it('reports a rejection that comes after HTTP 200 with its code', async () => {
    await startClient();
    bench.script = (call) => (call === 'POST /orders' ? { body: { id: ID } } : undefined);
    await bench.sendOrder();
    await bench.run(50);
    bench.orderEvent({ id: ID, status: 'REJECTED', code: 3001, postTime: START_WALL_MS, nonce: FIRST_ORDER_ID });
    expect(bench.states()).toEqual(['SENT local', 'ACKED reply', 'REJECTED stream']);
    expect(bench.updates.at(-1)!.reason).toBe('3001 PRICE_CHECK_FAILED');
  });

  it.each([
    ['an error of the call', { status: 400, body: { detail: { code: 1111, msg: 'decimals' } } }, 'REJECTED'],
    ['the documented envelope', { status: 429, body: { code: 429, msg: 'Rate limited' } }, 'REJECTED'],
    ['an error inside HTTP 200', { status: 200, body: { code: 1121, msg: 'unknown symbol' } }, 'REJECTED'],
    ['a duplicate: maybe our own', { status: 400, body: { detail: { code: 3015, msg: 'duplicate' } } }, 'DOUBT'],
    ['HTML of the proxy', { status: 403, body: '<html></html>' }, 'DOUBT'],
    ['a server error, even with a code', { status: 502, body: { code: 1002, msg: 'x' } }, 'DOUBT'],
    ['HTTP 200 without an id', { status: 200, body: {} }, 'DOUBT'],
    ['no answer', 'lost' as const, 'DOUBT'],
  ])('reads %s', async (_, answer, state) => {
    await startClient();
    bench.script = (call) => (call === 'POST /orders' ? answer : undefined);
    await bench.sendOrder();
    await bench.run(4_000);
    expect(bench.updates.map((update) => update.state)).toEqual(['SENT', state]);
  });

  it('has no doubt about an order the stream told of, whatever became of the HTTP answer', async () => {
    await startClient();
    bench.script = (call) => (call === 'POST /orders' ? 'lost' : undefined);
    await bench.sendOrder();
    await bench.run(50);
    bench.orderEvent(orderRecord({ status: 'NEW' }));
    await bench.run(4_000);
    expect(bench.states()).toEqual(['SENT local', 'ACKED stream']);
  });

  it('cancels by the id of the venue under a nonce of its own', async () => {
    await startClient();
    const bodies: unknown[] = [];
    bench.script = (call, _query, body) => {
      if (call === 'POST /orders') return { body: { id: ID } };
      if (call !== 'POST /orders/cancel') return undefined;
      bodies.push(body);
      return { body: { id: ID } };
    };
    await bench.sendOrder();
    await bench.run(50);
    const cancelled = bench.client.cancel(FIRST_ORDER_ID);
    await bench.run(50);
    await cancelled;
    expect(bodies).toMatchObject([{ order: { id: ID, nonce: FIRST_ORDER_ID + 1 }, recvWindow: 2_000 }]);
  });

  it('reads positions with their sign', async () => {
    await startClient();
    const positions = [
      { symbol: 'BTC-PERP', isLong: false, size: '0.0300', entryPrice: '68000.00' },
      { symbol: 'ETH-PERP', isLong: true, size: '1.000', entryPrice: '2000.000' },
    ];
    bench.script = (call) => (call === 'GET /account' ? { body: { positions } } : undefined);
    const read = bench.client.positions();
    await bench.run(50);
    expect((await read).map(({ sizeE8 }) => sizeE8)).toEqual([-3_000_000, 100_000_000]);
  });
});

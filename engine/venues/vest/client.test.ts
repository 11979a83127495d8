import { beforeEach, describe, expect, it } from 'vitest';
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
let time: VirtualTime;
let bench: ClientBench;

function createBench(config?: Partial<VestClientConfig>): ClientBench {
  const base = { clock: virtualClock(time, START_WALL_MS), timers: virtualTimers(time) };
  bench = new ClientBench(time, base, config);
  return bench;
}

/** Runs for `forMs` of virtual time. */
function run(forMs: number): Promise<void> {
  return time.run(time.nowUs() + forMs * 1000);
}

async function startClient(config?: Partial<VestClientConfig>): Promise<void> {
  createBench(config);
  const started = bench.client.start();
  await run(200);
  bench.publicSocket.open();
  bench.privateSocket.open();
  bench.depth();
  await run(200);
  await started;
  bench.updates.length = 0;
}

async function sendOrder(): Promise<void> {
  bench.client.send(await bench.client.prepare(buyRequest));
}

beforeEach(() => {
  time = new VirtualTime();
});

describe('vest client start', () => {
  it('is ready when depth and the private stream are, and routes every call to the account group', async () => {
    await startClient();
    expect(bench.client.canTrade()).toBe(true);
    expect(bench.statuses).toEqual(['ok']);
    expect(bench.network.requests.every(({ headers }) => headers?.['xrestservermm'] === 'restserver3')).toBe(true);
    expect(bench.network.requests.every(({ headers }) => headers?.['X-API-KEY'] === 'key')).toBe(true);
    expect(bench.publicSocket.url.search).toBe('?version=1.0&xwebsocketserver=restserver3');
    expect(bench.privateSocket.url.search).toBe('?version=1.0&xwebsocketserver=restserver3&listenKey=listen');
    expect(bench.publicSocket.sent[0]).toMatchObject({ method: 'SUBSCRIBE', params: ['BTC-PERP@depth', 'tickers'] });
    expect(bench.client.market('BTC-PERP')).toMatchObject({
      coin: 'BTC',
      tickE8: 1_000_000,
      sizeStepE8: 10_000,
      priceDecimals: 2,
      sizeDecimals: 4,
      takerFeeE8: 10_000,
      quoteCurrency: 'USDC',
    });
    expect(Math.abs(bench.client.clockOffset()!.offsetMs - START_WALL_MS)).toBeLessThanOrEqual(
      bench.client.clockOffset()!.errorMs,
    );
  });

  it('rejects when the API key is refused and when the market is not listed', async () => {
    createBench();
    bench.script = (call) =>
      call === 'GET /account' ? { status: 401, body: { detail: { code: 1002, msg: 'no' } } } : undefined;
    const refused = expect(bench.client.start()).rejects.toMatchObject({ code: 'HS_VEST_REFUSED', vestCode: 1002 });
    await run(100);
    await refused;
    createBench({ symbols: ['DOGE-PERP'] });
    const unknown = expect(bench.client.start()).rejects.toMatchObject({ code: 'HS_VEST_UNKNOWN_MARKET' });
    await run(100);
    await unknown;
  });

  it('tries again while the proxy answers HTML, and stop ends the attempt', async () => {
    createBench();
    bench.script = () => ({ status: 530, body: '<html>origin is down</html>' });
    const stopped = expect(bench.client.start()).rejects.toMatchObject({ code: 'HS_VEST_STOPPED' });
    await run(2_000);
    expect(bench.calls('GET /v2/exchangeInfo')).toBeGreaterThan(2);
    await bench.client.stop();
    await run(20_000);
    await stopped;
  });

  it('sets the leverage that differs and no other', async () => {
    const bodies: unknown[] = [];
    createBench({ leverage: { 'BTC-PERP': 10, 'ETH-PERP': 5 }, symbols: ['BTC-PERP', 'ETH-PERP'] });
    bench.script = (call, _query, body) => {
      if (call === 'GET /account') {
        return {
          body: { positions: [], leverages: [{ symbol: 'ETH-PERP', value: 5 }], time: Math.floor(bench.wallMs()) },
        };
      }
      if (call !== 'POST /account/leverage') return undefined;
      bodies.push(body);
      return { body: { symbol: 'BTC-PERP', value: 10 } };
    };
    void bench.client.start();
    await run(300);
    expect(bodies).toEqual([{ time: expect.any(Number), symbol: 'BTC-PERP', value: 10 }]);
  });

  it('refuses to start behind the last nonce when nonces must rise', async () => {
    createBench({ nonceRule: 'increasing' });
    bench.script = (call) => (call === 'GET /account/nonce' ? { body: { lastNonce: FIRST_ORDER_ID } } : undefined);
    const refused = expect(bench.client.start()).rejects.toMatchObject({ code: 'HS_VEST_NONCE_BEHIND' });
    await run(300);
    await refused;
  });
});

describe('vest market data', () => {
  it('says stale after 2 s without depth and ok with the next message', async () => {
    await startClient();
    await run(2_500);
    expect(bench.statuses).toEqual(['ok', 'stale']);
    bench.depth();
    expect(bench.statuses).toEqual(['ok', 'stale', 'ok']);
  });

  it('says crossed, and gap after an unreadable message until the next one', async () => {
    await startClient();
    bench.depth('68002.00', '68001.00');
    expect(bench.statuses.at(-1)).toBe('crossed');
    const calls = bench.bookCalls;
    bench.publicSocket.receive({ channel: 'BTC-PERP@depth', data: { bids: [] } });
    expect(bench.statuses.at(-1)).toBe('gap');
    expect(bench.client.book('BTC-PERP').valid).toBe(false);
    expect(bench.bookCalls).toBe(calls);
    bench.depth();
    expect(bench.statuses.at(-1)).toBe('ok');
  });

  it('blocks a halted market although its book is fresh', async () => {
    await startClient();
    bench.publicSocket.receive({ channel: 'tickers', data: [{ symbol: 'BTC-PERP', status: 'HALT' }] });
    bench.depth();
    expect(bench.statuses.at(-1)).toBe('stale');
    expect(bench.notices.at(-1)).toMatchObject({ code: 'HS_VEST_HALT' });
    bench.publicSocket.receive({ channel: 'tickers', data: [{ symbol: 'BTC-PERP', status: 'TRADING' }] });
    expect(bench.statuses.at(-1)).toBe('ok');
  });

  it('takes binary frames and skips what it cannot read', async () => {
    await startClient();
    const data = { bids: [['67000.00', '2.0000']], asks: [['67001.00', '2.0000']] };
    bench.publicSocket.receive(Buffer.from(JSON.stringify({ channel: 'BTC-PERP@depth', data })));
    bench.publicSocket.receive('not json');
    expect(bench.client.book('BTC-PERP').bids.priceE8[0]).toBe(6_700_000_000_000);
    expect(bench.notices.at(-1)).toMatchObject({ code: 'HS_VEST_FRAME' });
  });

  it('reconnects after a loss, subscribes again, and is in step with the first new message only', async () => {
    await startClient();
    const first = bench.publicSocket;
    first.drop(1012);
    expect(bench.statuses.at(-1)).toBe('connecting');
    expect(bench.client.book('BTC-PERP').valid).toBe(false);
    await run(300);
    expect(bench.publicSocket).not.toBe(first);
    bench.publicSocket.open();
    expect(bench.statuses.at(-1)).toBe('connecting');
    bench.depth();
    expect(bench.statuses.at(-1)).toBe('ok');
    expect(bench.client.connections()[0]).toMatchObject({ name: 'market data', state: 'ready', reconnects: 1 });
    first.receive({ channel: 'BTC-PERP@depth', data: { bids: [], asks: [] } });
    expect(bench.client.book('BTC-PERP').bids.count).toBe(1);
  });

  it('waits longer between attempts, up to the cap', async () => {
    await startClient({ reconnectBaseMs: 100, reconnectCapMs: 800 });
    const before = bench.network.sockets.length;
    bench.publicSocket.drop(1006);
    // With the random value 0.5: 50, 100, 200, 400, 400 ms.
    for (const waitMs of [50, 100, 200, 400, 400]) {
      const count = bench.network.sockets.length;
      await run(waitMs - 1);
      expect(bench.network.sockets.length).toBe(count);
      await run(2);
      expect(bench.network.sockets.length).toBe(count + 1);
      bench.publicSocket.drop(1006);
    }
    expect(bench.network.sockets.length).toBe(before + 5);
  });

  it('replaces a silent socket', async () => {
    await startClient();
    const first = bench.publicSocket;
    await run(14_000);
    expect(first.closedByClient).toBe(true);
    expect(bench.publicSocket).not.toBe(first);
  });

  it('counts PONG as a round trip', async () => {
    await startClient();
    await run(15_000 - 400);
    bench.depth();
    const pings = bench.privateSocket.sent.filter(({ method }) => method === 'PING').length;
    expect(pings).toBeGreaterThan(0);
    await run(500);
    bench.privateSocket.receive({ data: 'pong', id: 9 });
    expect(bench.client.connections()[1]!.rttSamples).toBe(1);
    expect(bench.privateSocket.pings).toBeGreaterThan(0);
  });
});

describe('vest orders', () => {
  it('posts the signed body with the receive window of its age, and tells SENT then ACKED', async () => {
    await startClient({ receiveWindowMs: 1_500 });
    bench.script = (call) => (call === 'POST /orders' ? { body: { id: ID }, delayMs: 40 } : undefined);
    const order = await bench.client.prepare(buyRequest);
    await run(250);
    bench.client.send(order);
    const sentAtMs = time.nowUs() / 1000;
    await run(100);
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
    await sendOrder();
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
    await sendOrder();
    await run(30);
    bench.orderEvent(orderRecord({ status: 'NEW' }));
    bench.orderEvent(
      orderRecord({ status: 'FILLED', ...fillFields('0.0300', '68001.00', START_WALL_MS + 430, '0.204003') }),
    );
    await run(200);
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
    await sendOrder();
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
    await run(1_000);
    expect(bench.updates.at(-1)).toMatchObject({ state: 'CANCELLED', filledSizeE8: 1_500_000, source: 'query' });
    expect(new Set(bench.fills.map((fill) => fill.fillId)).size).toBe(2);
  });

  it('finds the partial fill that was lost before CANCELLED', async () => {
    await startClient();
    await sendOrder();
    bench.script = (call) => {
      const record = orderRecord({
        status: 'CANCELLED',
        ...fillFields('0.0100', '68001.00', START_WALL_MS + 2, '0.08'),
      });
      return call === 'GET /orders' ? { body: [record] } : undefined;
    };
    bench.orderEvent({ id: ID, status: 'CANCELLED', postTime: START_WALL_MS, nonce: FIRST_ORDER_ID });
    expect(bench.fills).toEqual([]);
    await run(1_000);
    expect(bench.fills).toMatchObject([{ sizeE8: 1_000_000, source: 'query' }]);
  });

  it('does not count a partial twice that comes after FILLED, whichever way it was told', async () => {
    await startClient();
    await sendOrder();
    const filled = orderRecord({
      status: 'FILLED',
      ...fillFields('0.0200', '68004.00', START_WALL_MS + 2, '0.2'),
      avgFilledPrice: '68003.00',
    });
    bench.script = (call) => (call === 'GET /orders' ? { body: [filled] } : undefined);
    bench.orderEvent(filled);
    expect(bench.updates.at(-1)).toMatchObject({ state: 'FILLED', filledSizeE8: 3_000_000 });
    await run(1_000);
    expect(bench.fills.at(-1)).toMatchObject({ sizeE8: 1_000_000, priceE8: 6_800_100_000_000, feeE8: 0 });
    bench.orderEvent(
      orderRecord({ status: 'PARTIALLY_FILLED', ...fillFields('0.0100', '68001.00', START_WALL_MS + 1, '0.1') }),
    );
    const sizes = new Map(bench.fills.map((fill) => [fill.fillId, fill.sizeE8]));
    expect([...sizes.values()].reduce((sum, size) => sum + size)).toBe(3_000_000);
  });

  it('takes the late partial itself when it comes within the grace', async () => {
    await startClient();
    await sendOrder();
    bench.orderEvent(orderRecord({ status: 'FILLED', ...fillFields('0.0200', '68004.00', START_WALL_MS + 2, '0.2') }));
    await run(100);
    bench.orderEvent(
      orderRecord({ status: 'PARTIALLY_FILLED', ...fillFields('0.0100', '68001.00', START_WALL_MS + 1, '0.1') }),
    );
    await run(1_000);
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
    await sendOrder();
    await run(50);
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
    await sendOrder();
    await run(4_000);
    expect(bench.updates.map((update) => update.state)).toEqual(['SENT', state]);
  });

  it('has no doubt about an order the stream told of, whatever became of the HTTP answer', async () => {
    await startClient();
    bench.script = (call) => (call === 'POST /orders' ? 'lost' : undefined);
    await sendOrder();
    await run(50);
    bench.orderEvent(orderRecord({ status: 'NEW' }));
    await run(4_000);
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
    await sendOrder();
    await run(50);
    const cancelled = bench.client.cancel(FIRST_ORDER_ID);
    await run(50);
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
    await run(50);
    expect((await read).map(({ sizeE8 }) => sizeE8)).toEqual([-3_000_000, 100_000_000]);
  });
});

describe('vest authoritative query', () => {
  async function query(): ReturnType<ClientBench['client']['queryOrder']> {
    const answer = bench.client.queryOrder(FIRST_ORDER_ID);
    await run(50);
    return answer;
  }

  it('takes absence for final only after the receive window and the clock margin', async () => {
    await startClient({ receiveWindowMs: 1_500, clockMarginMs: 500 });
    await sendOrder();
    await run(1_900);
    expect(await query()).toEqual({ known: false, afterReceiveWindow: false });
    await run(200);
    expect(await query()).toEqual({ known: false, afterReceiveWindow: true });
  });

  it('waits for the longest window after an order of an earlier process', async () => {
    await startClient();
    await run(4_000);
    expect(await query()).toEqual({ known: false, afterReceiveWindow: false });
    await run(2_000);
    expect(await query()).toEqual({ known: false, afterReceiveWindow: true });
  });

  it('tells state and fills of a known order without telling the listener', async () => {
    await startClient();
    await sendOrder();
    await run(50);
    bench.updates.length = 0;
    const fill = fillFields('0.0300', '68001.00', START_WALL_MS + 430, '0.2');
    bench.script = (call, search) => {
      const matches = call === 'GET /orders' && search.get('nonce') === String(FIRST_ORDER_ID);
      return matches ? { body: [orderRecord({ status: 'FILLED', ...fill })] } : undefined;
    };
    expect(await query()).toMatchObject({
      known: true,
      state: 'FILLED',
      filledSizeE8: 3_000_000,
      venueOrderId: ID,
      fills: [{ feeE8: 20_000_000 }],
    });
    expect(bench.updates).toEqual([]);
    expect(bench.fills).toEqual([]);
    // The event itself comes later: the listener must hear of the fill then.
    bench.orderEvent(orderRecord({ status: 'FILLED', ...fill }));
    expect(bench.fills).toMatchObject([{ feeE8: 20_000_000, sizeE8: 3_000_000 }]);
  });

  it('says nothing when the venue could not be asked or ignores the filter', async () => {
    await startClient();
    bench.script = (call) => (call === 'GET /orders' ? { status: 530, body: '<html>' } : undefined);
    const unreachable = expect(bench.client.queryOrder(FIRST_ORDER_ID)).rejects.toMatchObject({ name: 'NetworkError' });
    await run(50);
    await unreachable;
    bench.script = (call) => (call === 'GET /orders' ? { body: [orderRecord({ nonce: 1 })] } : undefined);
    const unfiltered = expect(bench.client.queryOrder(FIRST_ORDER_ID)).rejects.toMatchObject({
      code: 'HS_VEST_QUERY_UNFILTERED',
    });
    await run(50);
    await unfiltered;
  });

  it('pages fills to the end whichever end of a full page the venue cuts', async () => {
    await startClient();
    const all = Array.from({ length: 2_500 }, (_, index) =>
      orderRecord({
        id: `0x${index}`,
        nonce: 100_000 + index,
        status: 'FILLED',
        postTime: START_WALL_MS - 500_000 + index * 10,
        ...fillFields('0.0300', '68001.00', START_WALL_MS - 500_000 + index * 10, '0.2'),
      }),
    ) as { postTime: number }[];
    for (const cut of [(page: object[]) => page.slice(0, 1_000), (page: object[]) => page.slice(-1_000)]) {
      bench.script = (call, search) => {
        if (call !== 'GET /orders') return undefined;
        const [from, to] = [Number(search.get('startTime')), Number(search.get('endTime'))];
        return { body: cut(all.filter(({ postTime }) => postTime >= from && postTime <= to)), delayMs: 1 };
      };
      const fills = bench.client.fillsSince(START_WALL_MS - 490_000);
      await run(1_000);
      expect(new Set((await fills).map(({ fillId }) => fillId)).size).toBe(1_500);
    }
  });
});

describe('vest private stream', () => {
  it('reads the orders it missed over REST before it may trade again', async () => {
    await startClient();
    bench.script = (call) => (call === 'POST /orders' ? { body: { id: ID } } : undefined);
    await sendOrder();
    await run(50);
    bench.privateSocket.drop(1011);
    expect(bench.client.canTrade()).toBe(false);
    const filled = orderRecord({ status: 'FILLED', ...fillFields('0.0300', '68001.00', START_WALL_MS + 430, '0.2') });
    bench.script = (call) => (call === 'GET /orders' ? { body: [filled], delayMs: 50 } : undefined);
    await run(200);
    bench.privateSocket.open();
    await run(30);
    expect(bench.client.canTrade()).toBe(false);
    await run(50);
    expect(bench.client.canTrade()).toBe(true);
    expect(bench.updates.at(-1)).toMatchObject({ state: 'FILLED', source: 'query', filledSizeE8: 3_000_000 });
    expect(bench.fills).toHaveLength(1);
  });

  it('asks for a listen key at each connection and renews it every 40 minutes', async () => {
    await startClient({ publicDeadAfterMs: 100_000_000, privateDeadAfterMs: 100_000_000 });
    await run(41 * 60_000);
    expect(bench.calls('PUT /v2/account/listenKey')).toBe(1);
    bench.script = (call) => (call === 'POST /account/listenKey' ? { body: { listenKey: 'second' } } : undefined);
    bench.privateSocket.drop(4005);
    await run(300);
    expect(bench.privateSocket.url.searchParams.get('listenKey')).toBe('second');
  });

  it('replaces the socket when the renewal says the key is gone', async () => {
    await startClient({ publicDeadAfterMs: 100_000_000, privateDeadAfterMs: 100_000_000 });
    const first = bench.privateSocket;
    bench.script = (call) =>
      call === 'PUT /account/listenKey' ? { status: 400, body: { code: 1125, msg: 'expired' } } : undefined;
    await run(41 * 60_000);
    expect(first.closedByClient).toBe(true);
    expect(bench.privateSocket).not.toBe(first);
  });

  it('reconnects and reads the orders again when an event cannot be read', async () => {
    await startClient();
    const first = bench.privateSocket;
    bench.orderEvent({ id: ID, status: 'FILLED_DIFFERENTLY', nonce: FIRST_ORDER_ID, postTime: 1 });
    expect(first.closedByClient).toBe(true);
    const asked = bench.calls('GET /v2/orders');
    await run(300);
    bench.privateSocket.open();
    await run(50);
    expect(bench.calls('GET /v2/orders')).toBe(asked + 1);
  });

  it('tells the listener nothing after stop', async () => {
    await startClient();
    await sendOrder();
    await bench.client.stop();
    const { length } = bench.updates;
    const connections = bench.connections.length;
    bench.orderEvent(orderRecord({ status: 'NEW' }));
    await run(10_000);
    expect(bench.updates).toHaveLength(length);
    expect(bench.connections).toHaveLength(connections);
    expect(bench.client.canTrade()).toBe(false);
  });
});

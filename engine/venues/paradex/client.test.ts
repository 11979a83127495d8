import { describe, expect, it } from 'vitest';
import { createVirtualEnv } from '../../simulation/virtual-env.ts';
import type { Call, Script } from './scripted-venue.test-helper.ts';
import {
  fillMessage,
  json,
  orderMessage,
  scriptedVenue,
  SYMBOL,
  VENUE_AHEAD_MS,
} from './scripted-venue.test-helper.ts';

const newVenue = (script?: Partial<Script>) => scriptedVenue(createVirtualEnv, script);

const sentOrders = (calls: Call[]): Call[] => calls.filter(({ method }) => method === 'order.create');

describe('start', () => {
  it('logs in, arms cancel-on-disconnect and subscribes both connections', async () => {
    const venue = newVenue();
    const client = await venue.started();
    expect(venue.connections).toHaveLength(2);
    const channels = (calls: Call[]) =>
      calls.filter(({ method }) => method === 'subscribe').map((call) => call.params.channel);
    expect(channels(venue.marketData().calls)).toEqual([`bbo.${SYMBOL}`, `order_book.${SYMBOL}.deltas`]);
    expect(channels(venue.trading().calls)).toEqual(['orders.ALL', 'fills.ALL', 'positions', 'account']);
    expect(venue.trading().calls.slice(0, 2)).toMatchObject([
      { method: 'auth', params: { bearer: expect.stringMatching(/^token-/) } },
      { method: 'order.cancel_on_disconnect', params: { enabled: true } },
    ]);
    expect(client.canTrade()).toBe(true);
    expect(client.market(SYMBOL)).toMatchObject({
      coin: 'BTC',
      tickE8: 10_000_000,
      sizeStepE8: 1_000,
      priceDecimals: 1,
      sizeDecimals: 5,
      minNotionalE8: 10_00000000,
      takerFeeE8: 45_000,
      quoteCurrency: 'USDC',
    });
    expect(client.clockOffset()!.errorMs).toBeLessThan(21);
  });

  it('logs in as Retail with an interactive token, as a subkey under its public key', async () => {
    const venue = newVenue({ config: { orderClass: 'retail', switches: { authPublicKey: '0xabc' } } });
    await venue.started();
    expect(venue.requests.some(({ path }) => path === '/v1/auth/0xabc?token_usage=interactive')).toBe(true);
    expect(venue.client.capabilities.takerDelayMs).toBe(300);
  });

  it('waits while the venue is down, and is ready when it is back', async () => {
    const venue = newVenue({ acceptsSockets: false, http: () => json({}, 503) });
    let ready = false;
    const starting = venue.client.start().then(() => (ready = true));
    await venue.wait(10_000);
    expect(ready).toBe(false);
    venue.script.http = undefined;
    await venue.wait(3_000);
    venue.script.acceptsSockets = true;
    await venue.wait(20_000);
    await starting;
    expect(ready).toBe(true);
  });

  it('refuses a market the venue does not have, and a login the venue refuses', async () => {
    await expect(newVenue({ config: { symbols: ['NO-USD-PERP'] } }).started()).rejects.toMatchObject({
      code: 'HS_MARKET_UNKNOWN',
    });
    const refusal = json({ error: 'NOT_ONBOARDED', message: 'x' }, 400);
    const http = ({ path }: { path: string }) => (path.startsWith('/v1/auth') ? refusal : undefined);
    await expect(newVenue({ http }).started()).rejects.toMatchObject({ venueCode: 'NOT_ONBOARDED' });
  });

  it('refuses a configuration that is none, naming the field', () => {
    expect(() => newVenue({ config: { accountAddress: 'me' } })).toThrow(/accountAddress/);
    expect(() => newVenue({ config: { receiveWindowMs: 5 } })).toThrow(/receiveWindowMs/);
    expect(() => newVenue({ config: { switches: { staleAfterMs: -1 } } })).toThrow(/switches.staleAfterMs/);
  });

  it('is silent after stop', async () => {
    const venue = newVenue();
    const client = await venue.started();
    await venue.answered(client.stop());
    const before = venue.listener.connections.length;
    await venue.wait(120_000);
    expect(venue.listener.connections.length).toBe(before);
    expect(client.connections().map(({ state }) => state)).toEqual(['closed', 'closed', 'closed']);
    expect(venue.requests.filter(({ path }) => path.startsWith('/v1/auth'))).toHaveLength(1);
  });
});

describe('session', () => {
  it('renews the token every three minutes', async () => {
    const venue = newVenue();
    await venue.started();
    await venue.wait(10 * 60_000);
    expect(venue.requests.filter(({ path }) => path.startsWith('/v1/auth'))).toHaveLength(4);
  });

  it('renews a token the venue no longer takes, once, and asks again', async () => {
    const venue = newVenue();
    const client = await venue.started();
    let refusals = 0;
    venue.script.http = ({ path }) => {
      if (!path.startsWith('/v1/positions') || refusals > 0) return undefined;
      refusals++;
      return json({ error: 'UNAUTHORIZED_ERROR' }, 401);
    };
    expect(await venue.answered(client.positions())).toEqual([]);
    expect(refusals).toBe(1);
  });
});

describe('order text', () => {
  it('carries the request, and a window that counts from the venue time of the signature', async () => {
    const venue = newVenue();
    const client = await venue.started();
    const order = await venue.preparedBuy();
    await venue.wait(500);
    client.send(order);
    await venue.wait(50);
    const [call] = sentOrders(venue.trading().calls);
    expect(call!.params).toMatchObject({
      market: SYMBOL,
      side: 'BUY',
      type: 'LIMIT',
      size: '0.01',
      price: '60000.1',
      instruction: 'IOC',
      client_id: `hs-${order.orderId}`,
      signature: '["1","2"]',
    });
    const { recv_window, signature_timestamp } = call!.params as { recv_window: number; signature_timestamp: number };
    const sentAtVenueMs = venue.env.clock.wallMs() - 50 + VENUE_AHEAD_MS;
    expect(signature_timestamp).toBeLessThanOrEqual(sentAtVenueMs - 500);
    expect(Math.abs(signature_timestamp + recv_window - (sentAtVenueMs + 2_000))).toBeLessThan(22);
  });

  it('never signs two orders with one time stamp', async () => {
    const stamps: number[] = [];
    const venue = newVenue({
      signer: {
        sign: (request) => {
          if (request.kind === 'paradex.order') stamps.push(request.timestampMs);
          return Promise.resolve({ signature: '["1","2"]', signMs: 0 });
        },
        close: () => Promise.resolve(),
      },
    });
    await venue.started();
    await Promise.all([venue.preparedBuy(), venue.preparedBuy(), venue.preparedBuy()]);
    expect(new Set(stamps).size).toBe(3);
  });

  it('refuses sizes and prices off the grid', async () => {
    const venue = newVenue();
    const client = await venue.started();
    const order = {
      symbol: SYMBOL,
      side: 'BUY' as const,
      sizeE8: 1_000,
      limitPriceE8: 60_000_00000000,
      reduceOnly: false,
    };
    expect(() => client.prepare({ ...order, sizeE8: 1_001 })).toThrow(/step/);
    expect(() => client.prepare({ ...order, limitPriceE8: 60_000_05000000 })).toThrow(/step/);
  });
});

describe('order states', () => {
  async function sentOrder(venue: ReturnType<typeof newVenue>) {
    const client = await venue.started();
    const order = await venue.preparedBuy();
    client.send(order);
    return { client, order, clientId: `hs-${order.orderId}` };
  }
  const created = (clientId: string) => ({
    result: { order: orderMessage(clientId), received_at: 1_795_000_005_000_000_000 },
  });

  it('a reply only acknowledges; the stream fills; repeats change nothing', async () => {
    const venue = newVenue({
      onOrder: (call, connection) => connection.reply(call.id, created(String(call.params.client_id))),
    });
    const { order, clientId } = await sentOrder(venue);
    await venue.wait(100);
    expect(venue.listener.statesOf(order.orderId)).toEqual(['SENT', 'ACKED']);
    const half = fillMessage('f1', clientId, { size: '0.004' });
    for (const fill of [half, half, fillMessage('f2', clientId, { size: '0.006' })])
      venue.trading().push('fills.ALL', fill);
    venue.trading().push('orders.ALL', orderMessage(clientId, { status: 'CLOSED', remaining_size: '0' }));
    await venue.wait(100);
    expect(venue.listener.statesOf(order.orderId)).toEqual(['SENT', 'ACKED', 'PARTIAL', 'FILLED', 'FILLED']);
    expect(venue.listener.fills.map(({ fillId, sizeE8 }) => [fillId, sizeE8])).toEqual([
      ['f1', 400_000],
      ['f2', 600_000],
    ]);
    expect(venue.listener.fills[0]!.feeE8).toBe(27_000_045);
  });

  it('a partly filled remainder is cancelled with what it filled', async () => {
    const venue = newVenue();
    const { order, clientId } = await sentOrder(venue);
    venue
      .trading()
      .push('orders.ALL', orderMessage(clientId, { status: 'CLOSED', remaining_size: '0.007', cancel_reason: 'X' }));
    await venue.wait(100);
    expect(venue.listener.orders.at(-1)).toMatchObject({
      orderId: order.orderId,
      state: 'CANCELLED',
      filledSizeE8: 300_000,
      reason: 'X',
      venueOrderId: `v-${clientId}`,
    });
  });

  it.each([100, -32602, 42901, 40300])('error %d rejects', async (code) => {
    const venue = newVenue({
      onOrder: (call, connection) => connection.reply(call.id, { error: { code, message: 'no' } }),
    });
    const { order } = await sentOrder(venue);
    await venue.wait(3_000);
    expect(venue.listener.statesOf(order.orderId)).toEqual(['SENT', 'REJECTED']);
    expect(venue.listener.orders.at(-1)!.reason).toBe(`${code} no`);
  });

  it.each([-32603, 12345])('error %d leaves the order in doubt', async (code) => {
    const venue = newVenue({
      onOrder: (call, connection) => connection.reply(call.id, { error: { code, message: 'no' } }),
    });
    const { order } = await sentOrder(venue);
    await venue.wait(3_000);
    expect(venue.listener.statesOf(order.orderId)).toEqual(['SENT', 'DOUBT']);
  });

  it('silence is doubt at the end of the receive window, and the stream still ends it', async () => {
    const venue = newVenue();
    const { order, clientId } = await sentOrder(venue);
    await venue.wait(1_990);
    expect(venue.listener.statesOf(order.orderId)).toEqual(['SENT']);
    await venue.wait(20);
    expect(venue.listener.statesOf(order.orderId)).toEqual(['SENT', 'DOUBT']);
    venue.trading().push('fills.ALL', fillMessage('f1', clientId));
    await venue.wait(100);
    expect(venue.listener.statesOf(order.orderId)).toEqual(['SENT', 'DOUBT', 'FILLED']);
  });

  it('a lost connection puts what was sent on it in doubt, not what had ended', async () => {
    const venue = newVenue();
    const { client, order, clientId } = await sentOrder(venue);
    const second = await venue.preparedBuy();
    client.send(second);
    venue.trading().push('fills.ALL', fillMessage('f1', clientId));
    await venue.wait(50);
    venue.trading().drop();
    await venue.wait(50);
    expect(venue.listener.statesOf(order.orderId)).toEqual(['SENT', 'FILLED']);
    expect(venue.listener.statesOf(second.orderId)).toEqual(['SENT', 'DOUBT']);
    expect(client.canTrade()).toBe(false);
  });

  it('an order that could not be handed over is rejected on the spot', async () => {
    const venue = newVenue();
    const client = await venue.started();
    const order = await venue.preparedBuy();
    venue.trading().drop();
    venue.script.acceptsSockets = false;
    await venue.wait(50);
    client.send(order);
    expect(venue.listener.orders.at(-1)).toMatchObject({ state: 'REJECTED', source: 'local' });
  });

  it('an order signed too long ago is not sent', async () => {
    const venue = newVenue();
    const client = await venue.started();
    const order = await venue.preparedBuy();
    await venue.wait(299_000);
    client.send(order);
    await venue.wait(100);
    expect(venue.listener.orders).toMatchObject([{ state: 'REJECTED', source: 'local' }]);
    expect(sentOrders(venue.trading().calls)).toEqual([]);
  });

  it('an order of a former process is followed, a fill of another program is reported', async () => {
    const venue = newVenue();
    await venue.started();
    venue.trading().push('orders.ALL', orderMessage('hs-900', { status: 'CLOSED', remaining_size: '0' }));
    venue.trading().push('fills.ALL', fillMessage('f9', 'by-hand'));
    await venue.wait(100);
    expect(venue.listener.orders).toMatchObject([{ orderId: 900, state: 'FILLED', filledSizeE8: 1_000_000 }]);
    expect(venue.listener.fills).toEqual([]);
    expect(venue.listener.notices).toEqual([expect.stringMatching(/^HS_PARADEX_FOREIGN_FILL/)]);
  });

  it('a message that cannot be read is reported and ends nothing', async () => {
    const venue = newVenue();
    const client = await venue.started();
    venue.trading().push('orders.ALL', { id: 7 });
    venue.trading().sendJson('what?');
    venue.trading().sendFrame(Uint8Array.of(1, 2, 3));
    await venue.wait(100);
    expect(venue.listener.notices).toHaveLength(3);
    expect(client.canTrade()).toBe(true);
  });

  it('cancels by client id and market', async () => {
    const venue = newVenue();
    const { client, clientId, order } = await sentOrder(venue);
    await venue.answered(client.cancel(order.orderId));
    expect(venue.trading().calls.at(-1)).toMatchObject({
      method: 'order.cancel',
      params: { client_id: clientId, market: SYMBOL },
    });
    await expect(client.cancel(4711)).rejects.toMatchObject({ code: 'HS_ORDER_UNKNOWN' });
  });
});

describe('reconnecting', () => {
  it('opens a new trading connection, logs in and subscribes again', async () => {
    const venue = newVenue();
    const client = await venue.started();
    const first = venue.trading();
    first.drop();
    await venue.wait(5_000);
    expect(venue.trading()).not.toBe(first);
    expect(venue.trading().calls.filter(({ method }) => method === 'subscribe')).toHaveLength(4);
    expect(client.canTrade()).toBe(true);
    expect(client.connections().find(({ name }) => name === 'trading')).toMatchObject({
      state: 'ready',
      reconnects: 1,
    });
  });

  it('a login still under way for a lost connection does not disturb the next one', async () => {
    let signDelayMs = 0;
    const venue = newVenue({
      signer: {
        sign: async () => {
          await new Promise<void>((resolve) => venue.env.timers.after(signDelayMs, resolve));
          return { signature: '["1","2"]', signMs: 0 };
        },
        close: () => Promise.resolve(),
      },
    });
    await venue.started();
    signDelayMs = 5_000;
    await venue.wait(180_500);
    for (let loss = 0; loss < 2; loss++) {
      venue.trading().drop();
      await venue.wait(1_500);
    }
    await venue.wait(5_000);
    const trading = venue.connections.filter(({ binary }) => !binary);
    expect(trading).toHaveLength(3);
    const logins = trading.map(({ calls }) => calls.filter(({ method }) => method === 'auth').length);
    expect(logins).toEqual([1, 0, 1]);
    expect(venue.client.canTrade()).toBe(true);
  });

  it('tries less and less often while the venue stays away, never in step', async () => {
    const venue = newVenue();
    await venue.started();
    venue.script.acceptsSockets = false;
    for (const connection of venue.connections) connection.drop();
    await venue.wait(10 * 60_000);
    expect(new Set(venue.attemptsMs.slice(2)).size).toBe(venue.attemptsMs.length - 2);
    const [marketData, trading] = venue.client.connections();
    for (const { reconnects } of [marketData!, trading!]) {
      expect(reconnects).toBeGreaterThan(40);
      expect(reconnects).toBeLessThan(250);
    }
    venue.script.acceptsSockets = true;
    await venue.wait(16_000);
    expect(venue.client.canTrade()).toBe(true);
    expect(venue.client.book(SYMBOL).valid).toBe(true);
  });

  it('sets up again when the login is refused on the socket', async () => {
    const venue = newVenue();
    let refused = 0;
    venue.script.onCall = (call, connection) => {
      if (call.method !== 'auth' || refused > 0) return false;
      refused++;
      connection.reply(call.id, { error: { code: 40111, message: 'invalid bearer' } });
      return true;
    };
    await venue.started();
    expect(venue.client.canTrade()).toBe(true);
    expect(venue.listener.notices.some((notice) => notice.includes('40111'))).toBe(true);
    const bearers = venue.connections.flatMap(({ calls }) => calls.filter(({ method }) => method === 'auth'));
    expect(new Set(bearers.map(({ params }) => params.bearer)).size).toBe(2);
  });

  it('measures round trips on a fixed schedule', async () => {
    const venue = newVenue();
    await venue.started();
    await venue.wait(60_000);
    expect(venue.client.connections()).toMatchObject([
      { name: 'market data', rttP50Ms: 40, rttP95Ms: 40, jitterMs: 0, rttSamples: 12 },
      { name: 'trading', rttP50Ms: 40, rttSamples: 12 },
      { name: 'rest', opened: 1, reused: 2 },
    ]);
  });
});

describe('queries', () => {
  it('follow the pages to the end', async () => {
    const venue = newVenue();
    const client = await venue.started();
    venue.script.http = ({ path }) => {
      if (!path.startsWith('/v1/fills')) return undefined;
      const cursor = new URLSearchParams(path.split('?')[1]).get('cursor');
      if (cursor === 'two') return json({ results: [fillMessage('f1', 'hs-1')], next: null });
      return json({ results: [fillMessage('f2', 'hs-2'), fillMessage('f3', 'by-hand')], next: 'two' });
    };
    const fills = await venue.answered(client.fillsSince(1_795_000_000_000));
    expect(fills.map(({ fillId, orderId }) => [fillId, orderId])).toEqual([
      ['f2', 2],
      ['f3', 0],
      ['f1', 1],
    ]);
  });

  it('an unavailable venue says nothing about an order', async () => {
    const venue = newVenue();
    const client = await venue.started();
    for (const status of [429, 500, 503]) {
      venue.script.http = ({ path }) => (path.startsWith('/v1/orders-history') ? json({}, status) : undefined);
      await expect(venue.answered(client.queryOrder(1))).rejects.toMatchObject({ name: 'NetworkError' });
    }
  });

  it('fills without a history entry still prove the order', async () => {
    const venue = newVenue();
    const client = await venue.started();
    const order = await venue.preparedBuy();
    client.send(order);
    const clientId = `hs-${order.orderId}`;
    let size = '0.004';
    venue.script.http = ({ path }) =>
      path.startsWith('/v1/fills') ? json({ results: [fillMessage('f1', clientId, { size })] }) : undefined;
    expect(await venue.answered(client.queryOrder(order.orderId))).toMatchObject({
      known: true,
      state: 'PARTIAL',
      filledSizeE8: 400_000,
    });
    size = '0.01';
    expect(await venue.answered(client.queryOrder(order.orderId))).toMatchObject({ known: true, state: 'FILLED' });
  });

  it('positions keep their sign', async () => {
    const venue = newVenue();
    const client = await venue.started();
    const position = { id: 'p', market: SYMBOL, side: 'SHORT', average_entry_price: '60000.123456789' };
    venue.script.http = ({ path }) =>
      path.startsWith('/v1/positions')
        ? json({
            results: [
              { ...position, status: 'OPEN', size: '-0.5' },
              { ...position, status: 'CLOSED', size: '0' },
            ],
          })
        : undefined;
    expect(await venue.answered(client.positions())).toEqual([
      { venue: 'paradex', symbol: SYMBOL, sizeE8: -50_000_000, entryPriceE8: 6_000_012_345_679 },
    ]);
  });
});

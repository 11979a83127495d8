import { describe, expect, it } from 'vitest';
import { depthSchema, tickerSchema } from '../../venues/vest/wire.ts';
import { createBench, openSocket } from './bench.test-helper.ts';

describe('WebSocket of the practice Vest', () => {
  it('answers PING, SUBSCRIBE and UNSUBSCRIBE in binary frames', () => {
    const bench = createBench();
    const socket = bench.socket(false);
    socket.send({ method: 'PING', params: [], id: 0 });
    socket.send({ method: 'SUBSCRIBE', params: ['BTC-PERP@trades', 'tickers', 'BTC-PERP@kline_1m'], id: 1 });
    socket.send({ method: 'UNSUBSCRIBE', params: ['tickers'], id: 2 });
    expect(socket.frames).toEqual([{ data: 'PONG' }, { result: null, id: 1 }, { result: null, id: 2 }]);
    expect(socket.binary).toEqual([true, true, true]);
  });

  it('sends text frames and repeats the id of PING when told', () => {
    const bench = createBench({ switches: { binaryFrames: false, pongRepeatsId: true } });
    const socket = bench.socket(false);
    socket.send({ method: 'PING', params: [], id: 7 });
    expect(socket.frames).toEqual([{ data: 'PONG', id: 7 }]);
    expect(socket.binary).toEqual([false]);
  });

  it('refuses what it cannot read or does not know', () => {
    const bench = createBench();
    const socket = bench.socket(false);
    for (const message of ['{', { method: 'JUMP', id: 1 }, { method: 'SUBSCRIBE', params: ['X@depth'], id: 2 }]) {
      socket.send(message);
    }
    socket.send({ method: 'SUBSCRIBE', params: ['BTC-PERP@book'], id: 3 });
    expect(socket.frames.map((frame) => frame.error?.code)).toEqual([1130, 1130, 1121, 1130]);
  });

  it('sends the whole ladder on subscription, best first, with padded decimals', () => {
    const bench = createBench({ switches: { depthLevels: 1 } });
    const socket = bench.socket(false);
    socket.send({ method: 'SUBSCRIBE', params: ['BTC-PERP@depth'], id: 1 });
    expect(socket.frames[1]).toEqual({
      channel: 'BTC-PERP@depth',
      data: { bids: [['60000.00', '1.0000']], asks: [['60010.00', '1.0000']] },
    });
    expect(depthSchema.safeParse(socket.frames[1]!.data).success).toBe(true);
  });

  it('sends depth on touch changes, at most once an interval, the last state at its end', () => {
    const bench = createBench({ switches: { snapshotOnSubscribe: false, depthIntervalMs: 50 } });
    const socket = bench.socket(false);
    socket.send({ method: 'SUBSCRIBE', params: ['BTC-PERP@depth'], id: 1 });
    const bids = () => socket.frames.slice(1).map((frame) => (frame.data as { bids: string[][] }).bids[0]![0]);
    for (const price of [59_001, 59_002, 59_003]) bench.btc.quote([[price, 1]], [[60_010, 1]]);
    expect(bids()).toEqual(['59001.00']);
    bench.host.run(49);
    expect(bids()).toEqual(['59001.00']);
    bench.host.run(1);
    expect(bids()).toEqual(['59001.00', '59003.00']);
    bench.host.run(60);
    bench.btc.quote(
      [
        [59_003, 1],
        [58_000, 1],
      ],
      [[60_010, 1]],
      false,
    );
    expect(bids()).toHaveLength(2);
    bench.host.run(1_000);
    bench.btc.quote(
      [
        [59_003, 1],
        [58_000, 2],
      ],
      [[60_010, 1]],
      false,
    );
    expect(bids()).toHaveLength(3);
  });

  it('shows in depth and trades what an own order took', () => {
    const bench = createBench();
    const socket = bench.socket(false);
    socket.send({ method: 'SUBSCRIBE', params: ['BTC-PERP@depth', 'BTC-PERP@trades'], id: 1 });
    bench.order({ size: '0.2500' });
    bench.host.run(100);
    const last = socket.frames.at(-1)!.data as { asks: string[][] };
    const trades = socket.frames.filter((frame) => frame.channel === 'BTC-PERP@trades').map((frame) => frame.data);
    expect([last, ...trades]).toContainEqual(
      expect.objectContaining({ id: '0x1', price: '60010.00', qty: '0.2500', quoteQty: '15002.500000' }),
    );
    expect(JSON.stringify(socket.frames)).toContain('["60010.00","0.7500"]');
  });

  it('publishes recorded trades with hex ids, and lists them with numbers', () => {
    const bench = createBench();
    const socket = bench.socket(false);
    socket.send({ method: 'SUBSCRIBE', params: ['BTC-PERP@trades'], id: 1 });
    bench.btc.trade(60_005, 0.1, 1_770_811_200_123);
    const trade = { price: '60005.00', qty: '0.1000', quoteQty: '6000.500000', time: 1_770_811_200_123 };
    expect(socket.frames[1]!.data).toEqual({ ...trade, id: '0x1' });
    expect(bench.http('GET', '/trades?symbol=BTC-PERP').body).toEqual([{ ...trade, id: 1 }]);
  });

  it('sends all tickers each 750 ms while somebody listens, and no timer after', () => {
    const bench = createBench();
    const socket = bench.socket(false);
    socket.send({ method: 'SUBSCRIBE', params: ['tickers'], id: 1 });
    bench.host.run(1_500);
    const tickers = socket.frames.filter((frame) => frame.channel === 'tickers');
    expect(tickers).toHaveLength(2);
    for (const ticker of tickers[0]!.data as unknown[]) expect(tickerSchema.safeParse(ticker).success).toBe(true);
    expect(tickers[0]!.data).toContainEqual(
      expect.objectContaining({ symbol: 'BTC-PERP', status: 'TRADING', markPrice: '60005.00' }),
    );
    socket.session.onClose();
    bench.host.run(750);
    expect(bench.host.pending).toBe(0);
  });

  it('tells each account only of its own orders', () => {
    const bench = createBench();
    const mine = bench.socket();
    const other = bench.http('POST', '/account/listenKey', undefined, bench.privateHeaders(1)).body as {
      listenKey: string;
    };
    const theirs = bench.socket(other.listenKey);
    theirs.send({ method: 'SUBSCRIBE', params: ['account_private'], id: 1 });
    bench.order();
    expect(mine.orders()).toHaveLength(2);
    expect(theirs.orders()).toEqual([]);
  });

  it.each([
    ['xwebsocketserver=restserver0', 4000],
    ['version=1.0', 4001],
    ['version=1.0&xwebsocketserver=restserver1', 4002],
    ['version=1.0&xwebsocketserver=restserver0&listenKey=nonsense', 4004],
  ])('closes /ws-api?%s with %d', (query, code) => {
    const bench = createBench();
    const socket = openSocket(bench.endpoint, `/ws-api?${query}`);
    bench.host.run(1);
    expect(socket.closed?.code).toBe(code);
  });

  it('closes with 4003 when account_private is asked without a listen key', () => {
    const socket = createBench().socket(false);
    socket.send({ method: 'SUBSCRIBE', params: ['account_private'], id: 1 });
    expect(socket.closed).toEqual({ code: 4003, reason: 'LISTEN_KEY_REQUIRED' });
  });

  it('keeps a private socket while its listen key is renewed, and closes it with 4005 after', () => {
    const bench = createBench();
    const socket = bench.socket();
    const { listenKey } = bench.http('POST', '/account/listenKey').body as { listenKey: string };
    bench.host.run(59 * 60_000);
    expect(bench.http('PUT', '/account/listenKey')).toMatchObject({ status: 200, body: {} });
    bench.host.run(59 * 60_000);
    expect(socket.closed).toBeUndefined();
    bench.host.run(60_000);
    expect(socket.closed?.code).toBe(4005);
    expect(bench.http('PUT', '/account/listenKey').status).toBe(400);
    const late = bench.socket(listenKey);
    bench.host.run(1);
    expect(late.closed?.code).toBe(4005);
    expect((bench.http('POST', '/account/listenKey').body as { listenKey: string }).listenKey).not.toBe(listenKey);
  });

  it('returns the active listen key again and forgets a deleted one', () => {
    const bench = createBench();
    const first = bench.http('POST', '/account/listenKey').body;
    expect(bench.http('POST', '/account/listenKey').body).toEqual(first);
    expect(bench.http('DELETE', '/account/listenKey').body).toEqual({});
    expect(bench.http('POST', '/account/listenKey').body).not.toEqual(first);
  });

  it('closes idle sockets when the switch says so', () => {
    const bench = createBench({ switches: { socketIdleTimeoutMs: 60_000 } });
    const socket = bench.socket(false);
    bench.host.run(50_000);
    socket.send({ method: 'PING', params: [], id: 1 });
    bench.host.run(59_000);
    expect(socket.closed).toBeUndefined();
    bench.host.run(1_000);
    expect(socket.closed?.code).toBe(1000);
  });

  it('refuses an upgrade elsewhere and leaves no timer after stop', () => {
    const bench = createBench();
    expect(() => openSocket(bench.endpoint, '/elsewhere')).toThrow('404');
    const socket = bench.socket();
    socket.send({ method: 'SUBSCRIBE', params: ['tickers', 'BTC-PERP@depth'], id: 1 });
    bench.btc.quote([[59_000, 1]], [[60_010, 1]]);
    bench.btc.quote([[59_001, 1]], [[60_010, 1]]);
    bench.endpoint.stop();
    expect(bench.host.pending).toBe(0);
  });
});

import { describe, expect, it } from 'vitest';
import { VirtualTime, virtualClock, virtualTimers } from '../../simulation/virtual-time.ts';
import { ClientBench, FIRST_ORDER_ID, START_WALL_MS } from './client-bench.test-helper.ts';
import type { VestClientConfig } from './client.ts';

let bench: ClientBench;

function createBench(config?: Partial<VestClientConfig>): void {
  const time = new VirtualTime();
  bench = new ClientBench(time, { clock: virtualClock(time, START_WALL_MS), timers: virtualTimers(time) }, config);
}

async function startClient(config?: Partial<VestClientConfig>): Promise<void> {
  createBench(config);
  await bench.start();
}

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
    await bench.run(100);
    await refused;
    createBench({ symbols: ['DOGE-PERP'] });
    const unknown = expect(bench.client.start()).rejects.toMatchObject({ code: 'HS_VEST_UNKNOWN_MARKET' });
    await bench.run(100);
    await unknown;
  });

  it('tries again while the proxy answers HTML, and stop ends the attempt', async () => {
    createBench();
    bench.script = () => ({ status: 530, body: '<html>origin is down</html>' });
    const stopped = expect(bench.client.start()).rejects.toMatchObject({ code: 'HS_VEST_STOPPED' });
    await bench.run(2_000);
    expect(bench.calls('GET /v2/exchangeInfo')).toBeGreaterThan(2);
    await bench.client.stop();
    await bench.run(20_000);
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
    await bench.run(300);
    expect(bodies).toEqual([{ time: expect.any(Number), symbol: 'BTC-PERP', value: 10 }]);
  });

  it('refuses to start behind the last nonce when nonces must rise', async () => {
    createBench({ nonceRule: 'increasing' });
    bench.script = (call) => (call === 'GET /account/nonce' ? { body: { lastNonce: FIRST_ORDER_ID } } : undefined);
    const refused = expect(bench.client.start()).rejects.toMatchObject({ code: 'HS_VEST_NONCE_BEHIND' });
    await bench.run(300);
    await refused;
  });
});

describe('vest connections', () => {
  it('uses every kept REST connection at once in each keep-warm period', async () => {
    await startClient({
      warmConnections: 3,
      keepWarmPeriodMs: 30_000,
      publicDeadAfterMs: 100_000,
      privateDeadAfterMs: 100_000,
    });
    let pending = 0;
    let most = 0;
    bench.script = (call) => {
      if (call !== 'GET /account') return undefined;
      most = Math.max(most, ++pending);
      bench.after(20, () => pending--);
      return undefined;
    };
    await bench.run(31_000);
    expect(most).toBe(3);
  });

  it('may not trade while REST is unreachable, and asks every second until it is back', async () => {
    await startClient({
      publicDeadAfterMs: 100_000,
      privateDeadAfterMs: 100_000,
      requestTimeoutMs: 500,
      keepWarmPeriodMs: 5_000,
    });
    bench.script = () => 'lost';
    await bench.run(6_000);
    expect(bench.client.canTrade()).toBe(false);
    expect(bench.client.connections()[2]).toMatchObject({ name: 'rest', state: 'lost' });
    bench.script = () => undefined;
    await bench.run(1_600);
    expect(bench.client.canTrade()).toBe(true);
  });

  it('replaces a private socket from which not even a PONG comes', async () => {
    await startClient({ privateDeadAfterMs: 20_000 });
    const first = bench.privateSocket;
    await bench.run(18_000);
    expect(first.closedByClient).toBe(false);
    await bench.run(8_000);
    expect(first.closedByClient).toBe(true);
  });
});

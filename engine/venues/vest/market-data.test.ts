import { describe, expect, it } from 'vitest';
import { VirtualTime, virtualClock, virtualTimers } from '../../simulation/virtual-time.ts';
import { ClientBench, START_WALL_MS } from './client-bench.test-helper.ts';
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

describe('vest market data', () => {
  it('says stale after 2 s without depth and ok with the next message', async () => {
    await startClient();
    await bench.run(2_500);
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
    await bench.run(300);
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
      await bench.run(waitMs - 1);
      expect(bench.network.sockets.length).toBe(count);
      await bench.run(2);
      expect(bench.network.sockets.length).toBe(count + 1);
      bench.publicSocket.drop(1006);
    }
    expect(bench.network.sockets.length).toBe(before + 5);
  });

  it('replaces a silent socket', async () => {
    await startClient();
    const first = bench.publicSocket;
    await bench.run(14_000);
    expect(first.closedByClient).toBe(true);
    expect(bench.publicSocket).not.toBe(first);
  });

  it('counts PONG as a round trip', async () => {
    await startClient();
    await bench.run(15_000 - 400);
    bench.depth();
    const pings = bench.privateSocket.sent.filter(({ method }) => method === 'PING').length;
    expect(pings).toBeGreaterThan(0);
    await bench.run(500);
    bench.privateSocket.receive({ data: 'pong', id: 9 });
    expect(bench.client.connections()[1]!.rttSamples).toBe(1);
    expect(bench.privateSocket.pings).toBeGreaterThan(0);
  });
});

import { describe, expect, it } from 'vitest';
import { VirtualTime, virtualClock, virtualTimers } from '../../simulation/virtual-time.ts';
import { ClientBench, START_WALL_MS, fillFields, orderRecord } from './client-bench.test-helper.ts';
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

describe('vest private stream', () => {
  it('reads the orders it missed over REST before it may trade again', async () => {
    await startClient();
    bench.script = (call) => (call === 'POST /orders' ? { body: { id: ID } } : undefined);
    await bench.sendOrder();
    await bench.run(50);
    bench.privateSocket.drop(1011);
    expect(bench.client.canTrade()).toBe(false);
    const filled = orderRecord({ status: 'FILLED', ...fillFields('0.0300', '68001.00', START_WALL_MS + 430, '0.2') });
    bench.script = (call) => (call === 'GET /orders' ? { body: [filled], delayMs: 50 } : undefined);
    await bench.run(200);
    bench.privateSocket.open();
    await bench.run(30);
    expect(bench.client.canTrade()).toBe(false);
    await bench.run(50);
    expect(bench.client.canTrade()).toBe(true);
    expect(bench.updates.at(-1)).toMatchObject({ state: 'FILLED', source: 'query', filledSizeE8: 3_000_000 });
    expect(bench.fills).toHaveLength(1);
  });

  it('asks for a listen key at each connection and renews it every 40 minutes', async () => {
    await startClient({ publicDeadAfterMs: 100_000_000, privateDeadAfterMs: 100_000_000 });
    await bench.run(41 * 60_000);
    expect(bench.calls('PUT /v2/account/listenKey')).toBe(1);
    bench.script = (call) => (call === 'POST /account/listenKey' ? { body: { listenKey: 'second' } } : undefined);
    bench.privateSocket.drop(4005);
    await bench.run(300);
    expect(bench.privateSocket.url.searchParams.get('listenKey')).toBe('second');
  });

  it('replaces the socket when the renewal says the key is gone', async () => {
    await startClient({ publicDeadAfterMs: 100_000_000, privateDeadAfterMs: 100_000_000 });
    const first = bench.privateSocket;
    bench.script = (call) =>
      call === 'PUT /account/listenKey' ? { status: 400, body: { code: 1125, msg: 'expired' } } : undefined;
    await bench.run(41 * 60_000);
    expect(first.closedByClient).toBe(true);
    expect(bench.privateSocket).not.toBe(first);
  });

  it.each([
    [
      'an event',
      { channel: 'account_private', data: { event: 'ORDER', args: { id: ID, status: 'FILLED_DIFFERENTLY' } } },
    ],
    ['a frame', Uint8Array.of(1, 2, 3)],
  ])('reconnects and reads the orders again when %s cannot be read', async (_, frame) => {
    await startClient();
    const first = bench.privateSocket;
    first.receive(frame);
    expect(first.closedByClient).toBe(true);
    const asked = bench.calls('GET /v2/orders');
    await bench.run(300);
    bench.privateSocket.open();
    await bench.run(50);
    expect(bench.calls('GET /v2/orders')).toBe(asked + 1);
  });

  it('tells the listener nothing after stop', async () => {
    await startClient();
    await bench.sendOrder();
    await bench.client.stop();
    const { length } = bench.updates;
    const connections = bench.connections.length;
    bench.orderEvent(orderRecord({ status: 'NEW' }));
    await bench.run(10_000);
    expect(bench.updates).toHaveLength(length);
    expect(bench.connections).toHaveLength(connections);
    expect(bench.client.canTrade()).toBe(false);
  });
});

import { describe, expect, it } from 'vitest';
import { VirtualTime, virtualClock, virtualTimers } from '../../simulation/virtual-time.ts';
import { ClientBench, FIRST_ORDER_ID, START_WALL_MS, fillFields, orderRecord } from './client-bench.test-helper.ts';
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

describe('vest authoritative query', () => {
  async function query(): ReturnType<ClientBench['client']['queryOrder']> {
    const answer = bench.client.queryOrder(FIRST_ORDER_ID);
    await bench.run(50);
    return answer;
  }

  it('takes absence for final only after the receive window and the clock margin', async () => {
    await startClient({ receiveWindowMs: 1_500, clockMarginMs: 500 });
    await bench.sendOrder();
    await bench.run(1_900);
    expect(await query()).toEqual({ known: false, afterReceiveWindow: false });
    await bench.run(200);
    expect(await query()).toEqual({ known: false, afterReceiveWindow: true });
  });

  it('waits for the longest window after an order of an earlier process', async () => {
    await startClient();
    await bench.run(4_000);
    expect(await query()).toEqual({ known: false, afterReceiveWindow: false });
    await bench.run(2_000);
    expect(await query()).toEqual({ known: false, afterReceiveWindow: true });
  });

  it('tells state and fills of a known order without telling the listener', async () => {
    await startClient();
    await bench.sendOrder();
    await bench.run(50);
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
    await bench.run(50);
    await unreachable;
    bench.script = (call) => (call === 'GET /orders' ? { body: [orderRecord({ nonce: 1 })] } : undefined);
    const unfiltered = expect(bench.client.queryOrder(FIRST_ORDER_ID)).rejects.toMatchObject({
      code: 'HS_VEST_QUERY_UNFILTERED',
    });
    await bench.run(50);
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
      await bench.run(1_000);
      expect(new Set((await fills).map(({ fillId }) => fillId)).size).toBe(1_500);
    }
  });
});

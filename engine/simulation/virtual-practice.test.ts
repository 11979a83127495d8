import { createHash } from 'node:crypto';
import { expect, test } from 'vitest';
import { createVirtualPractice } from './virtual-practice.ts';

/** Subscribes to both venues' market data for `ms` of virtual time; hash over every frame with its time of arrival. */
async function feedHash(
  seed: number,
  ms: number,
): Promise<{ hash: string; frames: number; events: number; seconds: number }> {
  const practice = createVirtualPractice({
    tape: 'btc-usdm-coinm',
    network: 'adsl-rural',
    fees: { kind: 'zero' },
    seed,
  });
  const { env, description } = practice;
  const hash = createHash('sha256');
  let frames = 0;
  const subscribe = (url: string, requests: object[]): void => {
    const socket = env.network.openSocket(
      { url, openTimeoutMs: 5000 },
      {
        onOpen: () => requests.forEach((request) => socket.sendText(JSON.stringify(request))),
        onText: (text, atMs) => void hash.update(`${atMs} ${text}\n`),
        onBinary: (bytes, atMs) => {
          frames++;
          hash.update(`${atMs} `).update(bytes);
        },
        onClose: (code, reason) => void hash.update(`${code} ${reason}`),
        onPong: () => undefined,
      },
    );
  };
  const channel = (name: string, id: number) => ({
    jsonrpc: '2.0',
    id,
    method: 'subscribe',
    params: { channel: name },
  });
  subscribe(`${description.paradex.wsUrl}?sbeSchemaId=1&sbeSchemaVersion=1`, [
    channel('bbo.BTC-USD-PERP', 1),
    channel('order_book.BTC-USD-PERP.deltas', 2),
  ]);
  subscribe(`${description.vest.wsUrl}&xwebsocketserver=restserver0`, [
    { method: 'SUBSCRIBE', params: ['BTC-PERP@depth'], id: 1 },
  ]);
  const startedMs = performance.now();
  await practice.run(ms);
  const seconds = (performance.now() - startedMs) / 1000;
  practice.venues.stop();
  return { hash: hash.digest('hex'), frames, events: practice.time.events(), seconds };
}

test('the same seed gives the same frames at the same times, another seed other times', async () => {
  const first = await feedHash(1, 20_000);
  expect(first.frames).toBeGreaterThan(1000);
  expect((await feedHash(1, 20_000)).hash).toBe(first.hash);
  expect((await feedHash(2, 20_000)).hash).not.toBe(first.hash);
});

test('both real venues play the whole tape in virtual time in seconds', async () => {
  const { frames, events, seconds } = await feedHash(1, 345_000);
  expect(frames).toBeGreaterThan(70_000);
  console.log(`both venues, whole tape: ${frames} frames, ${events} events in ${seconds.toFixed(1)} s`);
}, 60_000);

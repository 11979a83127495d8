import { join } from 'node:path';
import { expect, test } from 'vitest';
import type { SocketHandlers } from '../env.ts';
import type { EndpointConnection, PracticeHost, VenueEndpoint } from '../practice/host.ts';
import { linkPreset } from '../practice/links/presets.ts';
import { shippedTapesFolder } from '../practice/tapes/catalogue.ts';
import { loadTape } from '../practice/tapes/load-tape.ts';
import { createTapePlayer } from '../practice/tapes/tape-player.ts';
import { createVirtualEnv } from './virtual-env.ts';
import type { VirtualRoute } from './virtual-network.ts';

const PROCESSING_US = 10_000;
const flat = { medianMs: 100, jitterBelowMs: 0, jitterAboveMs: 0 };

/** Echoes text, greets in binary inside the upgrade, answers HTTP after its processing time. */
function echoEndpoint(host: PracticeHost): VenueEndpoint {
  return {
    http: (request, reply) => {
      host.schedule(host.nowUs() + PROCESSING_US, () =>
        reply({ status: 200, body: `${request.method} ${request.path}` }),
      );
    },
    upgrade: (request, connection) => {
      if (request.path === '/refused') return { accepted: false, status: 403, body: 'no' };
      connection.sendBinary(Uint8Array.of(1, 2, 3));
      return { accepted: true, session: { onText: (text) => connection.sendText(text), onClose: () => undefined } };
    },
    stop: () => undefined,
  };
}

function virtual(link = { toVenue: flat, fromVenue: flat }) {
  const routes = new Map<string, VirtualRoute>();
  const created = createVirtualEnv({ seed: 5, startWallMs: 1_800_000_000_000, routes });
  routes.set('venue', { endpoint: echoEndpoint(created.host), link });
  return { ...created, routes };
}

function recordingHandlers(log: string[], now: () => number): SocketHandlers {
  return {
    onOpen: () => log.push(`${now()} open`),
    onText: (text, receivedAtMs) => log.push(`${receivedAtMs} ${text}`),
    onBinary: (bytes) => log.push(`${now()} bytes ${bytes.join()}`),
    onClose: (code, reason) => log.push(`${now()} close ${code} ${reason}`),
    onPong: (rtt) => log.push(`${now()} pong ${rtt}`),
  };
}

test('a socket opens after TCP and upgrade, and frames take one way each', async () => {
  const { env, run } = virtual();
  const log: string[] = [];
  const handlers = recordingHandlers(log, () => env.clock.monotonicMs());
  const socket = env.network.openSocket({ url: 'ws://venue/v1', openTimeoutMs: 5000 }, handlers);
  await run(() => log.length === 2);
  expect(log).toEqual(['400 open', '400 bytes 1,2,3']);
  expect(socket.sendText('a')).toBe(400);
  socket.sendText('b');
  socket.ping();
  await run(1000);
  socket.close(1000, 'bye');
  await run(2000);
  expect(log.slice(2)).toEqual(['600 a', '600 b', '600 pong 200', '1200 close 1000 bye']);
});

test('a refused upgrade, an unknown host and a slow line close the socket once', async () => {
  const { env, run } = virtual();
  for (const [url, openTimeoutMs, expected] of [
    ['ws://venue/refused', 5000, /^400 close 1006 HTTP 403: no$/],
    ['ws://nobody/', 5000, /close 1006 HS_NET_REFUSED/],
    ['ws://venue/v1', 150, /close 1006 HS_NET_TIMEOUT/],
  ] as const) {
    const log: string[] = [];
    env.network.openSocket(
      { url, openTimeoutMs },
      recordingHandlers(log, () => env.clock.monotonicMs()),
    );
    await run(env.clock.monotonicMs() + 10_000);
    expect(log).toEqual([expect.stringMatching(expected)]);
  }
});

test('a kept connection saves the handshake; the report counts', async () => {
  const { env, run } = virtual();
  const url = 'http://venue/v1/orders?market=X';
  const times: number[] = [];
  const request = async (): Promise<void> => {
    let handedOverMs = Number.NaN;
    const onHandedToSocket = (atMs: number): void => void (handedOverMs = atMs);
    const answer = await env.network.request({ method: 'GET', url, timeoutMs: 5000, onHandedToSocket });
    expect([answer.status, answer.body]).toEqual([200, 'GET /v1/orders?market=X']);
    times.push(answer.receivedAtMs - handedOverMs, handedOverMs);
  };
  const both = env.network.warm(url).then(request).then(request);
  await run(2000);
  await both;
  expect(times).toEqual([210, 200, 210, 410]);
  expect(env.network.httpReports()).toEqual([{ origin: 'http://venue', requests: 2, newConnections: 1 }]);
});

test('parallel requests use a connection each; a request out of time rejects and its connection is not used again', async () => {
  const { env, run } = virtual();
  const request = (timeoutMs: number): Promise<unknown> =>
    env.network.request({ method: 'POST', url: 'http://venue/', timeoutMs }).then(
      (answer) => answer.receivedAtMs,
      (error: unknown) => error,
    );
  const all = Promise.all([request(5000), request(300)]);
  await run(3000);
  expect(await all).toEqual([410, expect.objectContaining({ name: 'NetworkError', code: 'HS_NET_TIMEOUT' })]);
  const later = Promise.all([request(5000), request(5000)]);
  await run(6000);
  expect(await later).toEqual([3210, 3410]);
});

test('the same seed gives the same arrivals on a jittery line, another seed others', async () => {
  const arrivals = async (seed: number): Promise<string[]> => {
    const routes = new Map<string, VirtualRoute>();
    const { env, host, run } = createVirtualEnv({ seed, startWallMs: 0, routes });
    routes.set('venue', { endpoint: echoEndpoint(host), link: linkPreset('4g').legs.vest });
    const log: string[] = [];
    const socket = env.network.openSocket(
      { url: 'ws://venue/', openTimeoutMs: 5000 },
      recordingHandlers(log, () => env.clock.monotonicMs()),
    );
    env.timers.every(37, () => socket.sendText(`${env.random.next()}`));
    await run(5000);
    return log;
  };
  expect(await arrivals(1)).toEqual(await arrivals(1));
  expect(await arrivals(1)).not.toEqual(await arrivals(2));
});

test('a whole tape passes both lines in virtual time in seconds, every update in order', async () => {
  const tape = loadTape(join(shippedTapesFolder(), 'btc-usdm-coinm'));
  const routes = new Map<string, VirtualRoute>();
  const { env, host, run, time } = createVirtualEnv({ seed: 1, startWallMs: 1_800_000_000_000, routes });
  const player = createTapePlayer({ tape, host, atEnd: 'stop' });
  const preset = linkPreset('adsl-rural');
  let received = 0;
  for (const venue of ['paradex', 'vest'] as const) {
    let connection: EndpointConnection | undefined;
    const frame = new Uint8Array(8);
    const times = new DataView(frame.buffer);
    player.markets[venue].onUpdate((update) => {
      times.setFloat64(0, update.venueTimeUs);
      connection?.sendBinary(frame);
    });
    const endpoint: VenueEndpoint = {
      http: () => undefined,
      upgrade: (_, opened) => {
        connection = opened;
        return { accepted: true, session: { onText: () => undefined, onClose: () => undefined } };
      },
      stop: () => undefined,
    };
    routes.set(venue, { endpoint, link: preset.legs[venue] });
    let lastUs = 0;
    env.network.openSocket(
      { url: `ws://${venue}/`, openTimeoutMs: 5000 },
      {
        onOpen: () => undefined,
        onText: () => undefined,
        onBinary: (bytes) => {
          const sentUs = new DataView(bytes.buffer, bytes.byteOffset).getFloat64(0);
          if (sentUs < lastUs) throw new Error('a frame overtook another');
          lastUs = sentUs;
          received++;
        },
        onClose: (code, reason) => {
          throw new Error(`closed: ${code} ${reason}`);
        },
        onPong: () => undefined,
      },
    );
  }
  player.start(host.nowUs() + 2_000_000);
  const startedMs = performance.now();
  await run(tape.durationUs / 1000 + 5000);
  const seconds = (performance.now() - startedMs) / 1000;
  expect(received).toBe(tape.markets.paradex.updates.count + tape.markets.vest.updates.count);
  console.log(
    `virtual tape: ${received} updates, ${time.events()} events in ${seconds.toFixed(2)} s, ` +
      `${Math.round(time.events() / seconds)} events/s, ${Math.round(tape.durationUs / 1e6 / seconds)} x real time`,
  );
});

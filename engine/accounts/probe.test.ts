import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { WebSocket } from 'ws';
import type { HttpRequest } from '../env.ts';
import { createNodeEnv } from '../node-env.ts';
import { SYSTEM_CONFIG } from '../practice/paradex/system-config.ts';
import { accountsResultSchemas, type VenueProbe } from '../protocol/accounts.ts';
import type { VenueEndpoints } from '../protocol/endpoints.ts';
import { startTestVenues, type TestVenues } from './practice-venues.test-helper.ts';
import { probeVenues, type ProbeEnv } from './probe.ts';
import { CHALLENGE, startScriptedHost, type Script, type ScriptedHost } from './scripted-host.test-helper.ts';

const env = createNodeEnv();
let venues: TestVenues;
let endpoints: VenueEndpoints;

beforeAll(async () => {
  venues = await startTestVenues();
  endpoints = { paradex: venues.paradex, vest: venues.vest };
});
afterAll(async () => {
  await venues.stop();
  await env.close();
});

const hosts: ScriptedHost[] = [];
afterEach(async () => {
  for (const host of hosts.splice(0)) await host.stop();
});

async function scripted(script: Script, onSocket?: (socket: WebSocket) => void): Promise<ScriptedHost> {
  const host = await startScriptedHost(script, onSocket);
  hosts.push(host);
  return host;
}

const paradexAt = ({ host }: ScriptedHost) => ({
  network: 'custom' as const,
  restUrl: `http://${host}/v1`,
  wsUrl: `ws://${host}/v1`,
});
const vestAt = ({ host }: ScriptedHost) => ({
  ...venues.vest,
  restUrl: `http://${host}/v2`,
  wsUrl: `ws://${host}/ws-api?version=1.0`,
});

/** Everything waits a fraction of what it would; what it would have been is noted. */
function hasty(): { env: ProbeEnv; asked: HttpRequest[]; said: string[] } {
  const asked: HttpRequest[] = [];
  const said: string[] = [];
  return {
    asked,
    said,
    env: {
      clock: env.clock,
      timers: { ...env.timers, after: (delayMs, fn) => env.timers.after(Math.min(delayMs, 500), fn) },
      network: {
        ...env.network,
        request(request) {
          asked.push(request);
          return env.network.request({ ...request, timeoutMs: Math.min(request.timeoutMs, 500) });
        },
        openSocket(options, handlers) {
          const socket = env.network.openSocket(options, handlers);
          return {
            ...socket,
            sendText(text) {
              said.push(text);
              return socket.sendText(text);
            },
          };
        },
      },
    },
  };
}

async function probe(change: Partial<VenueEndpoints> = {}): Promise<{ paradex: VenueProbe; vest: VenueProbe }> {
  const result = accountsResultSchemas.probe.parse(await probeVenues(hasty().env, { ...endpoints, ...change }));
  const [paradex, vest] = result.venues;
  return { paradex: paradex!, vest: vest! };
}

describe('a probe of the practice venues', () => {
  it('tells generation, markets, clock, round trip and stream of both', async () => {
    const { paradex, vest } = await probe();
    expect(paradex).toMatchObject({ venue: 'paradex', usable: true, generation: 'v1', markets: ['BTC-USD-PERP'] });
    expect(vest).toMatchObject({ venue: 'vest', usable: true, generation: 'v2', markets: ['BTC-PERP'] });
    for (const { steps, roundTripMs, error } of [paradex, vest]) {
      expect(error).toBeUndefined();
      expect(steps.filter(({ ok }) => !ok)).toEqual([]);
      expect(steps.length).toBeGreaterThanOrEqual(5);
      expect(roundTripMs).toBeGreaterThan(0);
    }
  });

  it('only reads: no key, no order path, no other word than a subscription', async () => {
    const { env: watched, asked, said } = hasty();
    await probeVenues(watched, endpoints);
    expect(asked.length).toBeGreaterThan(5);
    for (const { method, url, headers = {}, body } of asked) {
      expect(method).toBe('GET');
      expect(body).toBeUndefined();
      expect(url).not.toMatch(/order(?!book)/i);
      expect(Object.keys(headers).join()).not.toMatch(/key|auth|starknet/i);
    }
    expect(said.map((text) => (JSON.parse(text) as { method: string }).method.toLowerCase())).toEqual([
      'subscribe',
      'subscribe',
    ]);
  });

  it('asks nobody but the addresses given, and each for at most 5 s', async () => {
    const { env: watched, asked } = hasty();
    await probeVenues(watched, endpoints);
    const given = [endpoints.paradex.restUrl, endpoints.vest.restUrl].map((url) => new URL(url).origin);
    for (const { url, timeoutMs } of asked) {
      expect(given).toContain(new URL(url).origin);
      expect(timeoutMs).toBeLessThanOrEqual(5_000);
    }
  });

  it('refuses Paradex addresses of another network than the one named', async () => {
    const { paradex } = await probe({ paradex: { ...venues.paradex, network: 'production' } });
    expect(paradex).toMatchObject({ usable: false, generation: 'v1', error: { code: 'HS_PARADEX_WRONG_CHAIN' } });
  });

  it('finishes and says so when this machine’s clock is off', async () => {
    const { env: watched } = hasty();
    const late = { ...watched, clock: { ...env.clock, wallMs: () => env.clock.wallMs() - 600_000 } };
    const { venues: results } = await probeVenues(late, endpoints);
    for (const { usable, error, markets, steps } of results) {
      expect({ usable, code: error?.code, markets: markets.length }).toEqual({
        usable: false,
        code: 'HS_CLOCK_OFF',
        markets: 1,
      });
      expect(steps.at(-1)).toMatchObject({ ok: true, what: expect.stringContaining('WebSocket') });
    }
  });
});

describe('a venue that fails', () => {
  it.each<[string, Script, string]>([
    ['with a web page', { '*': CHALLENGE }, 'HS_VENUE_NOT_API'],
    ['by hanging', { '*': 'hang' }, 'HS_VENUE_UNREACHABLE'],
    ['with a rate limit', { '*': { status: 429, body: '' } }, 'HS_VENUE_RATE_LIMIT'],
    ['with an error of its own', { '*': { status: 500, body: '{}' } }, 'HS_VENUE_DOWN'],
  ])('%s does not hide the other', async (_how, script, code) => {
    const host = await scripted(script);
    const first = await probe({ paradex: paradexAt(host) });
    expect(first.paradex).toMatchObject({ usable: false, markets: [], error: { code } });
    expect(first.paradex.generation).toBeUndefined();
    expect(first.paradex.steps).toEqual([expect.objectContaining({ ok: false })]);
    expect(first.vest.usable).toBe(true);
    const second = await probe({ vest: vestAt(host) });
    expect(second.vest).toMatchObject({ usable: false, markets: [], error: { code } });
    expect(second.paradex.usable).toBe(true);
  });

  it('is told from one at the wrong address', async () => {
    const swapped = await probe({
      paradex: { ...venues.paradex, restUrl: venues.vest.restUrl },
      vest: { ...venues.vest, restUrl: venues.paradex.restUrl },
    });
    expect(swapped.paradex.error?.code).toBe('HS_PARADEX_NOT_V1');
    expect(swapped.vest.error?.code).toBe('HS_VEST_NOT_V2');
  });

  it('keeps what it answered before its stream failed', async () => {
    const host = await scripted({});
    const { paradex, vest } = await probe({
      paradex: { ...venues.paradex, wsUrl: `ws://${host.host}/v1` },
      vest: { ...venues.vest, wsUrl: `ws://${host.host}/ws-api` },
    });
    for (const { usable, generation, markets, error } of [paradex, vest]) {
      expect({ usable, code: error?.code }).toEqual({ usable: false, code: 'HS_VENUE_STREAM' });
      expect(generation).toBeDefined();
      expect(markets).toHaveLength(1);
    }
  });

  it('is told when its stream opens and stays silent', async () => {
    const host = await scripted({}, () => undefined);
    const { vest } = await probe({ vest: { ...venues.vest, wsUrl: `ws://${host.host}/ws-api` } });
    expect(vest.error).toMatchObject({
      code: 'HS_VENUE_STREAM',
      message: expect.stringContaining('no market data came'),
    });
  });

  it('is told when Paradex refuses the subscription', async () => {
    const host = await scripted({}, (socket) => {
      socket.on('message', () => {
        socket.send('{"jsonrpc":"2.0","id":1,"error":{"code":-32600,"message":"invalid subscribe request"}}\n');
      });
    });
    const { paradex } = await probe({ paradex: { ...venues.paradex, wsUrl: `ws://${host.host}/v1` } });
    expect(paradex.error).toMatchObject({
      code: 'HS_PARADEX_STREAM_REFUSED',
      message: expect.stringContaining('-32600'),
    });
  });

  it('is told when Paradex lists no perpetual market', async () => {
    const host = await scripted({
      'GET /v1/system/config': { body: JSON.stringify(SYSTEM_CONFIG) },
      'GET /v1/system/state': { body: '{"status":"maintenance"}' },
      'GET /v1/system/time': { body: JSON.stringify({ server_time: String(Date.now()) }) },
      'GET /v1/markets': { body: '{"results":[]}' },
    });
    const { paradex } = await probe({ paradex: paradexAt(host) });
    expect(paradex).toMatchObject({ generation: 'v1', error: { code: 'HS_VENUE_NO_MARKETS' } });
    expect(paradex.steps.map(({ detail }) => detail).join()).toContain('maintenance');
  });
});

describe('Vest’s successor', () => {
  /** As measured on the gateway (vest.md 3.1). */
  const v3Info = {
    body: JSON.stringify({
      symbols: [
        {
          symbol: 'NDX-USD-PERP',
          displaySymbol: 'NQ-PERP',
          base: 'NDX',
          quote: 'USDC',
          sizeDecimals: 4,
          priceDecimals: 2,
          takerFee: '0.000025',
          makerFee: '0',
          minTickSize: '0.25',
          tradingStatus: 'TRADING',
        },
      ],
    }),
  };
  const refused = { usable: false, generation: 'v3', markets: [], error: { code: 'HS_VEST_V3' } };

  it('is recognised under its own path, also when the old path answers with a web page', async () => {
    const host = await scripted({ 'GET /v3/exchangeInfo': v3Info });
    const { vest, paradex } = await probe({ vest: vestAt(host) });
    expect(vest).toMatchObject(refused);
    expect(vest.error?.message).toMatch(/unpublished.*signature.*terms/);
    expect(paradex.usable).toBe(true);
    const page = await scripted({ 'GET /v3/exchangeInfo': v3Info, '*': CHALLENGE });
    expect((await probe({ vest: vestAt(page) })).vest).toMatchObject(refused);
  });

  it('is recognised when the old path answers in its form', async () => {
    const host = await scripted({ 'GET /v2/exchangeInfo': v3Info });
    expect((await probe({ vest: vestAt(host) })).vest).toMatchObject(refused);
  });

  it('is recognised by its stream alone', async () => {
    const host = await scripted({}, (socket) => {
      socket.on('message', () => {
        socket.send('{"subscription_outcomes":[{"requested":"BTC-PERP@depth","status":"registered"}]}');
      });
    });
    const { vest } = await probe({ vest: { ...venues.vest, wsUrl: `ws://${host.host}/ws?version=1.0` } });
    expect(vest).toMatchObject({ usable: false, generation: 'v3', error: { code: 'HS_VEST_V3' } });
  });

  it('leaves v2 data without v2 accounts: nothing to trade on', async () => {
    const v2Info = await env.network.request({
      method: 'GET',
      url: `${venues.vest.restUrl}/exchangeInfo`,
      timeoutMs: 5_000,
    });
    const host = await scripted({
      'GET /v2/exchangeInfo': { body: v2Info.body },
      'GET /v2/depth': { body: '{"bids":[["1.00","1.0000"]],"asks":[]}' },
    });
    const { vest } = await probe({ vest: vestAt(host) });
    expect(vest).toMatchObject({
      usable: false,
      generation: 'v2',
      markets: ['BTC-PERP'],
      error: { code: 'HS_VEST_PUBLIC_ONLY' },
    });
  });
});

import { afterEach, beforeEach, expect, it } from 'vitest';
import { noticeEvent } from '../../engine/agent/fake-desk.test-helper.ts';
import { signBytes } from '../../engine/agent/keys.ts';
import { startRemoteAgent, type RemoteAgent } from '../../engine/agent/remote/remote-agent.test-helper.ts';
import type { DeskEvent, Trade } from '../../engine/protocol/model.ts';
import { closedTrade, venueState } from '../tray/sample-desk.test-helper.ts';
import { startProxy, type Proxy } from './proxy.test-helper.ts';
import { connectRemoteEngine, type RemoteEngineLink } from './remote-link.ts';

/** 32 kbit/s: what is left of a rural line under load. */
const BYTES_PER_SECOND = 4_000;
const TRADES = 5;
const UPDATES_PER_TRADE = 5;
const STEP_MS = 50;

let agent: RemoteAgent;
let proxy: Proxy;
let link: RemoteEngineLink;
let arrived: { event: DeskEvent; atMs: number }[];
let snapshots: number;

/** As large as a real one: about 2 KB. */
function tradeOf(id: number, update: number): Trade {
  const journal = Array.from({ length: 20 }, (_none, index) => ({
    sequence: id * 100 + index,
    ms: update,
    text: `order ${id} of this trade did what orders do, step ${index}`,
  }));
  const state = update === UPDATES_PER_TRADE ? 'FLAT' : 'OPEN';
  return closedTrade(id, 1_700_000_000_000, update, { state, journal });
}

beforeEach(async () => {
  arrived = [];
  snapshots = 0;
  agent = await startRemoteAgent();
  proxy = await startProxy(agent.carrier.port, BYTES_PER_SECOND);
  const { key, deviceId, tls } = agent.device;
  link = connectRemoteEngine(
    {
      host: '127.0.0.1',
      port: proxy.port,
      serverPins: [agent.identity.tls],
      serverPublicKey: agent.identity.signingKey.publicKey,
      role: 'operate',
      identity: {
        deviceId,
        publicKey: key.publicKey,
        sign: (bytes) => signBytes(key.privateKey, bytes),
        tlsKeyPem: tls.keyPem,
        tlsCertificatePem: tls.certificatePem,
      },
    },
    {
      onState: () => undefined,
      onSnapshot: () => (snapshots += 1),
      onEvent: (_sequence, event) => arrived.push({ event, atMs: performance.now() }),
    },
  );
  await expect.poll(() => snapshots, { timeout: 15_000 }).toBe(1);
});
afterEach(async () => {
  link.stop();
  await proxy.stop();
  await agent.remove();
});

const trades = () => arrived.flatMap(({ event }) => (event.type === 'trade' ? [event.trade] : []));
const notices = () => arrived.flatMap(({ event }) => (event.type === 'notice' ? [event.notice.message] : []));
const venuesArrived = () => arrived.filter(({ event }) => event.type === 'venue').length;
const finished = () => trades().filter(({ state }) => state === 'FLAT');

it('carries every trade in full and in order at 32 kbit/s, market data reduced to what is left', async () => {
  // 25 KB/s of market data on a line of 4 KB/s, for as long as the trades take.
  const detail = 'x'.repeat(1_000);
  const market = setInterval(() => {
    agent.desk.emit({ type: 'venue', venue: venueState({ id: 'vest', marketDataDetail: detail }) });
    agent.desk.emit({ type: 'spread', points: [{ at: performance.now(), aOverBBps: 1, bOverABps: 1 }] });
  }, STEP_MS);
  const emittedAtMs = new Map<number, number>();
  let emittedVenues = 0;
  try {
    for (let id = 1; id <= TRADES; id += 1) {
      for (let update = 1; update <= UPDATES_PER_TRADE; update += 1) {
        agent.desk.emit({ type: 'trade', trade: tradeOf(id, update) });
        await new Promise((resolve) => setTimeout(resolve, STEP_MS));
        emittedVenues += 1;
      }
      emittedAtMs.set(id, performance.now());
      agent.desk.emit(noticeEvent(`trade ${id} closed`));
      await new Promise((resolve) => setTimeout(resolve, 700));
      emittedVenues += 14;
    }
    await expect.poll(() => notices().length, { timeout: 20_000 }).toBe(TRADES);
    await expect.poll(venuesArrived, { timeout: 20_000 }).toBeGreaterThan(0);
  } finally {
    clearInterval(market);
  }
  expect(finished()).toEqual(Array.from({ length: TRADES }, (_none, index) => tradeOf(index + 1, UPDATES_PER_TRADE)));
  // A later state of a trade may take an earlier one's place, never the other way round.
  for (let id = 1; id <= TRADES; id += 1) {
    const states = trades().flatMap((trade) => (trade.id === id ? [trade.netE8 ?? 0] : []));
    expect(states).toEqual(states.toSorted((a, b) => a - b));
  }
  expect(notices()).toEqual(Array.from({ length: TRADES }, (_none, index) => `trade ${index + 1} closed`));
  expect(venuesArrived()).toBeLessThan(emittedVenues / 2);
  expect(snapshots).toBe(1);
  // A trade waits for the bytes under way, not for a queue of market data. The bound is generous: the line itself needs 0.5 s.
  const waitsMs = arrived.flatMap(({ event, atMs }) =>
    event.type === 'trade' && event.trade.state === 'FLAT' ? [atMs - emittedAtMs.get(event.trade.id)!] : [],
  );
  expect(Math.max(...waitsMs)).toBeLessThan(5_000);
});

it('lets no trade wait behind statistics of a long run, which arrive whole all the same', async () => {
  const trade = tradeOf(1, UPDATES_PER_TRADE);
  const { statistics: before } = agent.desk.snapshot();
  // 24 KB: 6 s of this line.
  const slippageValues = Array.from({ length: 1_300 }, (_none, index) => (index % 50) / 7);
  agent.desk.emit({ type: 'statistics', statistics: { ...before, entries: 1, slippageValues } });
  await new Promise((resolve) => setTimeout(resolve, STEP_MS));
  const emittedAtMs = performance.now();
  agent.desk.emit({ type: 'trade', trade });
  await expect.poll(finished, { timeout: 20_000 }).toEqual([trade]);
  const tradeAtMs = arrived.find(({ event }) => event.type === 'trade')!.atMs;
  // The line itself needs 0.5 s for the trade.
  expect(tradeAtMs - emittedAtMs).toBeLessThan(4_000);

  const latest = () => arrived.flatMap(({ event }) => (event.type === 'statistics' ? [event.statistics] : [])).at(-1);
  await expect.poll(() => latest()?.slippageValues.length, { timeout: 30_000 }).toBe(1_300);
  expect(latest()).toEqual({ ...before, entries: 1, slippageValues });
  // The next ones cost what is new.
  const sentAtMs = performance.now();
  const next = [...slippageValues.slice(1), 9];
  agent.desk.emit({ type: 'statistics', statistics: { ...before, entries: 2, slippageValues: next } });
  await expect.poll(() => latest()?.entries, { timeout: 20_000 }).toBe(2);
  expect(latest()?.slippageValues).toEqual(next);
  expect(performance.now() - sentAtMs).toBeLessThan(3_000);
  expect(snapshots).toBe(1);
}, 60_000);

import { describe, expect, it } from 'vitest';
import type { LinkProfileLeg } from '../../practice/links/presets.ts';
import type { VenueEndpoint } from '../../practice/host.ts';
import { createPracticeVestAccounts } from '../../practice/vest/accounts.ts';
import { TestMarket } from '../../practice/vest/bench.test-helper.ts';
import { createVestEndpoint } from '../../practice/vest/endpoint.ts';
import type { VestPracticeSwitches } from '../../practice/vest/switches.ts';
import { createVirtualEnv } from '../../simulation/virtual-env.ts';
import { createInlineSigner } from '../signer/inline.ts';
import type { FillReport, OrderRequest, OrderUpdate, PreparedOrder, VenueClient } from '../venue.ts';
import { createVestClient, type VestClientConfig } from './client.ts';

const START_WALL_MS = Date.UTC(2026, 1, 11, 12);
const ONE_WAY_MS = 188;
const PROCESSING_MS = 10;
const link: LinkProfileLeg = {
  toVenue: { medianMs: ONE_WAY_MS, jitterBelowMs: 0, jitterAboveMs: 0 },
  fromVenue: { medianMs: ONE_WAY_MS, jitterBelowMs: 0, jitterAboveMs: 0 },
};
const buy: OrderRequest = {
  symbol: 'BTC-PERP',
  side: 'BUY',
  sizeE8: 3_000_000,
  limitPriceE8: 6_802_000_000_000,
  reduceOnly: false,
};
const [account] = createPracticeVestAccounts(1, 'client');

interface Scene {
  client: VenueClient;
  market: TestMarket;
  updates: OrderUpdate[];
  fills: Map<string, FillReport>;
  statuses: string[];
  exchange: ReturnType<typeof createVestEndpoint>['exchange'];
  /** Runs virtual time, with a fresh quote every 200 ms. */
  run(forMs: number): Promise<void>;
  /** The answer to a call, with virtual time running until it is there. */
  wait<T>(answer: Promise<T> | T): Promise<T>;
}

/** The real client against the practice Vest, over a 188 ms line, on one virtual clock. */
async function createScene(
  switches: Partial<VestPracticeSwitches> = {},
  config: Partial<VestClientConfig> = {},
  ackToFillLagUs = 0,
): Promise<Scene> {
  const routes = new Map<string, { endpoint: VenueEndpoint; link: LinkProfileLeg }>();
  const { env, host, time, run } = createVirtualEnv({ seed: 7, startWallMs: START_WALL_MS, routes });
  const market = new TestMarket('BTC', 2, 4);
  const quote = (): void => {
    const bids: [number, number][] = [
      [68_000, 1],
      [67_999, 2],
    ];
    const asks: [number, number][] = [
      [68_010, 0.02],
      [68_015, 2],
    ];
    market.quote(bids, asks);
  };
  quote();
  env.timers.every(200, quote);
  const endpoint = createVestEndpoint({
    host,
    markets: [{ symbol: 'BTC-PERP', market }],
    accounts: [account!],
    fees: { kind: 'published' },
    orderProcessingUs: PROCESSING_MS * 1000,
    ackToFillLagUs,
    switches,
  });
  routes.set('vest.practice', { endpoint, link });
  const updates: OrderUpdate[] = [];
  const fills = new Map<string, FillReport>();
  const statuses: string[] = [];
  let nextId = START_WALL_MS;
  const client = createVestClient({
    env,
    config: {
      restUrl: 'http://vest.practice/v2',
      wsUrl: 'ws://vest.practice/ws-api?version=1.0',
      apiKey: account!.apiKey,
      symbols: ['BTC-PERP'],
      leverage: { 'BTC-PERP': 10 },
      ...config,
    },
    signer: createInlineSigner({ vest: { signingKey: account!.signingPrivateKey } }, env.clock),
    ids: { next: () => nextId++ },
    listener: {
      onBook: () => undefined,
      onMarketDataStatus: (_symbol, status) => statuses.push(status),
      onOrder: (update) => updates.push(update),
      onFill: (fill) => fills.set(fill.fillId, fill),
      onConnection: () => undefined,
      onNotice: () => undefined,
    },
  });
  const scene: Scene = {
    client,
    market,
    updates,
    fills,
    statuses,
    exchange: endpoint.exchange,
    run: (forMs) => run(time.nowUs() / 1000 + forMs),
    async wait(answer) {
      let isThere = false;
      const settled = Promise.resolve(answer).finally(() => {
        isThere = true;
      });
      await Promise.all([settled.catch(() => undefined), run(() => isThere)]);
      return settled;
    },
  };
  await scene.wait(client.start());
  return scene;
}

async function trade(scene: Scene, request: OrderRequest): Promise<PreparedOrder> {
  const order = await scene.wait(scene.client.prepare(request));
  scene.client.send(order);
  await scene.run(1_500);
  return order;
}

/** The venue's own records and the client's must be the same fills. */
async function expectSameLedger(scene: Scene): Promise<void> {
  const asked = await scene.wait(scene.client.fillsSince(START_WALL_MS));
  const venue = scene.exchange.fills.map(({ priceE8, sizeE8, feeE8 }) => [priceE8, sizeE8, Number(feeE8)]);
  const told = [...scene.fills.values()].map(({ priceE8, sizeE8, feeE8 }) => [priceE8, sizeE8, feeE8]);
  expect(told).toEqual(venue);
  expect(asked.map(({ fillId }) => fillId).sort()).toEqual([...scene.fills.keys()].sort());
}

describe('vest client against the practice Vest', () => {
  it.each([
    ['after', 0, ['SENT local', 'ACKED reply', 'ACKED stream', 'FILLED stream']],
    ['before', 1, ['SENT local', 'ACKED stream', 'FILLED stream', 'FILLED reply']],
  ])('fills a market order with its events %s the HTTP answer', async (_, eventBeforeAnswerShare, states) => {
    const scene = await createScene({ eventBeforeAnswerShare });
    await trade(scene, buy);
    expect(scene.updates.map(({ state, source }) => `${state} ${source}`)).toEqual(states);
    const sent = scene.updates[0]!.stamps.t4HandedOverMs!;
    const acknowledged = scene.updates.find(({ source }) => source === 'reply')!.stamps.ackReceivedMs!;
    expect(acknowledged - sent).toBeCloseTo(2 * ONE_WAY_MS + PROCESSING_MS, 0);
    const filled = scene.updates.find(({ state }) => state === 'FILLED')!;
    const { t5VenueReceivedMs, t6MatchedMs, offsetErrorMs } = filled.stamps;
    expect(Math.abs(t5VenueReceivedMs! - sent - ONE_WAY_MS)).toBeLessThanOrEqual(offsetErrorMs!);
    expect(t6MatchedMs! - t5VenueReceivedMs!).toBeCloseTo(PROCESSING_MS, 0);
    // 0.02 at 68010 and 0.01 at 68015, rounded against the taker; 1 bp.
    expect([...scene.fills.values()]).toMatchObject([{ priceE8: 6_801_167_000_000, sizeE8: 3_000_000, side: 'BUY' }]);
    await expectSameLedger(scene);
    expect(await scene.wait(scene.client.positions())).toMatchObject([{ symbol: 'BTC-PERP', sizeE8: 3_000_000 }]);
  });

  it('books each level of a walk once, fees included', async () => {
    const scene = await createScene({ fillReports: 'level' });
    await trade(scene, buy);
    expect([...scene.fills.values()].map(({ priceE8, sizeE8 }) => [priceE8, sizeE8])).toEqual([
      [6_801_000_000_000, 2_000_000],
      [6_801_500_000_000, 1_000_000],
    ]);
    expect(scene.updates.at(-1)).toMatchObject({ state: 'FILLED', filledSizeE8: 3_000_000 });
    await expectSameLedger(scene);
  });

  it('closes reduce-only and ends flat', async () => {
    const scene = await createScene();
    await trade(scene, buy);
    await trade(scene, { ...buy, side: 'SELL', limitPriceE8: 6_799_000_000_000, reduceOnly: true });
    expect(await scene.wait(scene.client.positions())).toEqual([]);
    expect(scene.exchange.fills).toHaveLength(2);
    await expectSameLedger(scene);
  });

  it('learns of a violated limit after HTTP 200, and of a partial fill that ends CANCELLED', async () => {
    const scene = await createScene();
    await trade(scene, { ...buy, limitPriceE8: 6_800_500_000_000 });
    expect(scene.updates.map(({ state }) => state)).toEqual(['SENT', 'ACKED', 'ACKED', 'REJECTED']);
    expect(scene.updates.at(-1)!.reason).toBe('3001 PRICE_CHECK_FAILED');
    await trade(scene, { ...buy, limitPriceE8: 6_801_000_000_000 });
    expect(scene.updates.at(-1)).toMatchObject({ state: 'CANCELLED', filledSizeE8: 2_000_000 });
    await expectSameLedger(scene);
  });

  it('sees LIMIT IOC refused with 1133 where the venue does not take it', async () => {
    const scene = await createScene({ iocAccepted: false }, { orderForm: 'LIMIT_IOC' });
    await trade(scene, buy);
    expect(scene.updates.at(-1)).toMatchObject({ state: 'REJECTED', source: 'reply' });
    expect(scene.updates.at(-1)!.reason).toMatch(/^1133/);
  });

  it('asks the venue for the truth: not yet, never, and filled', async () => {
    const scene = await createScene({}, { receiveWindowMs: 1_000 }, 2_000_000);
    const order = await scene.wait(scene.client.prepare(buy));
    expect(await scene.wait(scene.client.queryOrder(order.orderId + 1_000))).toMatchObject({
      known: false,
      afterReceiveWindow: false,
    });
    scene.client.send(order);
    await scene.run(3_500);
    const truth = await scene.wait(scene.client.queryOrder(order.orderId));
    expect(truth).toMatchObject({ known: true, state: 'FILLED', filledSizeE8: 3_000_000 });
    await scene.run(8_000);
    expect(await scene.wait(scene.client.queryOrder(order.orderId + 1_000))).toEqual({
      known: false,
      afterReceiveWindow: true,
    });
    await expectSameLedger(scene);
  });

  it('keeps connections warm: orders open none', async () => {
    const scene = await createScene();
    const rest = (): number => scene.client.connections().find(({ name }) => name === 'rest')!.opened!;
    const before = rest();
    await scene.run(200_000);
    for (let count = 0; count < 5; count++) await trade(scene, buy);
    expect(rest()).toBe(before);
    expect(scene.client.connections().map(({ state }) => state)).toEqual(['ready', 'ready', 'ready']);
    expect(scene.client.connections().every(({ rttP50Ms }) => Math.round(rttP50Ms! / 10) === 38)).toBe(true);
  });

  it('comes back with a new listen key when the venue closes the socket for the old one', async () => {
    const scene = await createScene({ listenKeyTtlMs: 20_000, closeOnListenKeyExpiry: true });
    await scene.run(30_000);
    const report = scene.client.connections().find(({ name }) => name === 'private')!;
    expect(report.reconnects).toBeGreaterThan(0);
    await scene.run(2_000);
    expect(scene.client.canTrade()).toBe(true);
    await trade(scene, buy);
    expect(scene.updates.at(-1)!.state).toBe('FILLED');
  });

  it('fires signed-ahead orders however old the slot, each once, and signs at once when none fits', async () => {
    const scene = await createScene();
    const { client } = scene;
    client.setLadder([buy]);
    await scene.run(500);
    // The first order shows how far from the touch orders are bounded.
    const first = client.prepare(buy);
    if (first instanceof Promise) await scene.wait(first);
    await scene.run(600);
    const slots = client.ladder().slots;
    expect(slots).toBeGreaterThanOrEqual(8);
    for (const ageMs of [0, 40_000, 57_000]) {
      await scene.run(ageMs);
      const hit = client.prepare(buy);
      if (hit instanceof Promise) throw new Error('the ladder has no slot');
      expect(hit).toMatchObject({ signature: 'ahead', request: { sizeE8: buy.sizeE8, side: 'BUY' } });
      expect(hit.request.limitPriceE8).toBeGreaterThanOrEqual(buy.limitPriceE8);
      client.send(hit);
      await scene.run(1_500);
      expect(scene.updates.at(-1)).toMatchObject({ orderId: hit.orderId, state: 'FILLED' });
    }
    const miss = client.prepare({ ...buy, limitPriceE8: 7_000_000_000_000 });
    expect(miss).toBeInstanceOf(Promise);
    expect((await scene.wait(miss)).signature).toBe('onDemand');
    client.dropLadder();
    expect(client.ladder().slots).toBe(0);
    expect(client.prepare(buy)).toBeInstanceOf(Promise);
    await expectSameLedger(scene);
  });

  it('has a slot for the first order at the band it was told', async () => {
    const scene = await createScene();
    scene.client.setLadder([{ ...buy, bandBps: 100 }]);
    await scene.run(500);
    expect(scene.client.prepare({ ...buy, limitPriceE8: 6_869_000_000_000 })).toMatchObject({ signature: 'ahead' });
  });

  it('takes a 57 s old slot within the window of its age', async () => {
    // Without refill: the slots of the first fill grow old.
    const scene = await createScene({}, { ladder: { refillPeriodMs: 10_000_000 } });
    scene.client.setLadder([{ ...buy }]);
    await scene.run(57_000);
    const atTouch = { ...buy, limitPriceE8: 6_801_000_000_000 };
    const slot = scene.client.prepare(atTouch);
    if (slot instanceof Promise) throw new Error('the ladder has no slot');
    expect(slot.slotAgeMs).toBeGreaterThan(56_000);
    expect(scene.client.prepare({ ...buy, limitPriceE8: 6_796_900_000_000 })).not.toBeInstanceOf(Promise);
    scene.client.send(slot);
    await scene.run(1_500);
    expect(scene.updates.map(({ state }) => state)).not.toContain('REJECTED');
    // The others are as old, and by now too old.
    expect(scene.client.prepare({ ...buy, limitPriceE8: 6_798_300_000_000 })).toBeInstanceOf(Promise);
  });

  it('signs nothing ahead where nonces must rise', async () => {
    const scene = await createScene({ nonceRule: 'increasing' }, { nonceRule: 'increasing' });
    scene.client.setLadder([buy]);
    await scene.run(1_000);
    expect(scene.client.ladder().slots).toBe(0);
    await trade(scene, buy);
    await trade(scene, buy);
    expect(scene.exchange.fills).toHaveLength(2);
  });
});

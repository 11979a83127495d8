import { describe, expect, it } from 'vitest';
import { linkPreset } from '../../practice/links/presets.ts';
import { createPracticeParadexAccounts } from '../../practice/paradex/accounts.ts';
import { createParadexEndpoint } from '../../practice/paradex/endpoint.ts';
import { createInlineVerifier } from '../../practice/paradex/signatures/verifier.ts';
import { SYSTEM_CONFIG } from '../../practice/paradex/system-config.ts';
import type { ParadexPracticeSwitches } from '../../practice/paradex/switches.ts';
import { DEFAULT_TAPE, tapeFolder } from '../../practice/tapes/catalogue.ts';
import { loadTape } from '../../practice/tapes/load-tape.ts';
import { createTapePlayer } from '../../practice/tapes/tape-player.ts';
import { createVirtualEnv } from '../../simulation/virtual-env.ts';
import type { VirtualRoute } from '../../simulation/virtual-network.ts';
import { createInlineSigner } from '../signer/inline.ts';
import type { PreparedOrder } from '../venue.ts';
import { createParadexClient } from './client.ts';
import type { ParadexClientConfig } from './client.ts';
import { countingIds, recordingListener } from './recording-listener.test-helper.ts';

/**
 * The client against the built-in Paradex over a recorded market, in virtual time. The venue checks signatures with code
 * independent of the signer's.
 */
const SYMBOL = 'BTC-USD-PERP';
const tape = loadTape(tapeFolder(DEFAULT_TAPE));
const [account] = createPracticeParadexAccounts(1, 'client test');

interface Setting {
  network?: string;
  orderClass?: 'pro' | 'retail';
  venue?: Partial<ParadexPracticeSwitches>;
  switches?: ParadexClientConfig['switches'];
}

async function startedClient({ network = 'none', orderClass = 'pro', venue, switches }: Setting = {}) {
  const preset = linkPreset(network);
  const routes = new Map<string, VirtualRoute>();
  const { env, host, run } = createVirtualEnv({ seed: 3, startWallMs: 1_795_000_000_000, routes });
  const player = createTapePlayer({ tape, host, atEnd: 'stop' });
  const market = player.markets.paradex;
  const endpoint = createParadexEndpoint({
    host,
    markets: [{ symbol: SYMBOL, market }],
    accounts: [account!],
    fees: { kind: 'published' },
    orderProcessingUs: preset.orderProcessingMs * 1000,
    ackToFillLagUs: preset.ackToFillLagMs * 1000,
    verifier: createInlineVerifier(),
    switches: venue,
  });
  routes.set('paradex', { endpoint, link: preset.legs.paradex });
  const listener = recordingListener();
  const client = createParadexClient({
    env,
    config: {
      restUrl: 'http://paradex/v1',
      wsUrl: 'ws://paradex/v1',
      accountAddress: account!.address,
      orderClass,
      symbols: [SYMBOL],
      receiveWindowMs: 2_000,
      switches,
    },
    signer: createInlineSigner(
      {
        paradex: {
          privateKey: account!.l2PrivateKey,
          accountAddress: account!.address,
          starknetChainId: SYSTEM_CONFIG.starknet_chain_id,
        },
      },
      env.clock,
    ),
    ids: countingIds(),
    listener,
  });
  player.start(host.nowUs());
  let started: 'yes' | Error | undefined;
  client.start().then(
    () => (started = 'yes'),
    (error: Error) => (started = error),
  );
  await run(() => started !== undefined);
  expect(started).toBe('yes');
  const wait = (ms: number): Promise<void> => run(env.clock.monotonicMs() + ms);
  const finish = async (): Promise<void> => {
    const stopped = client.stop();
    await wait(5_000);
    await stopped;
  };
  /** Lets virtual time pass until the answer is there. */
  const answered = async <Answer>(asked: Promise<Answer>): Promise<Answer> => {
    let done = false;
    const settled = asked.finally(() => (done = true));
    await run(() => done);
    return settled;
  };
  return { env, client, listener, market, endpoint, wait, finish, answered };
}

type Desk = Awaited<ReturnType<typeof startedClient>>;

/** Limit `ticks` beyond the touch the order would hit. */
async function prepared(desk: Desk, side: 'BUY' | 'SELL', sizeE8: number, ticks = 100): Promise<PreparedOrder> {
  const book = desk.client.book(SYMBOL);
  const { tickE8 } = desk.client.market(SYMBOL);
  const limitPriceE8 = side === 'BUY' ? book.asks.priceE8[0]! + ticks * tickE8 : book.bids.priceE8[0]! - ticks * tickE8;
  return desk.client.prepare({ symbol: SYMBOL, side, sizeE8, limitPriceE8, reduceOnly: false });
}

describe('market data', () => {
  it('is the venue book, level by level, over a minute of tape', async () => {
    const desk = await startedClient();
    const { client, market } = desk;
    for (let second = 0; second < 60; second++) {
      await desk.wait(997);
      const book = client.book(SYMBOL);
      for (const [side, levels] of [
        [book.bids, market.bids(10)],
        [book.asks, market.asks(10)],
      ] as const) {
        expect(Array.from(side.priceE8.slice(0, levels.length))).toEqual(levels.map((level) => level.priceE8));
        expect(Array.from(side.sizeE8.slice(0, levels.length))).toEqual(levels.map((level) => level.sizeE8));
      }
    }
    expect(desk.listener.bookChanges).toBeGreaterThan(1_000);
    expect(desk.listener.statuses.filter((status) => !/ (ok|connecting)/.test(status))).toEqual([]);
    expect(desk.listener.notices).toEqual([]);
    await desk.finish();
  });

  it('comes back after a sequence gap', async () => {
    const desk = await startedClient({ venue: { snapshotAfterGap: false } });
    desk.endpoint.skipSequence(SYMBOL, 3);
    await desk.wait(2_000);
    expect(desk.listener.statuses.some((status) => status.includes(' gap: expected'))).toBe(true);
    expect(desk.listener.statuses.at(-1)).toBe(`${SYMBOL} ok`);
    expect(desk.client.book(SYMBOL).valid).toBe(true);
    const levels = desk.market.asks(10);
    expect(Array.from(desk.client.book(SYMBOL).asks.priceE8.slice(0, levels.length))).toEqual(
      levels.map((level) => level.priceE8),
    );
    await desk.finish();
  });
});

describe('orders', () => {
  it('on the rural line: acknowledged after 386 ms, filled, stamped, and in the ledger', async () => {
    const desk = await startedClient({ network: 'adsl-rural' });
    const { client, listener } = desk;
    const sentAtWallMs = desk.env.clock.wallMs();
    const order = await prepared(desk, 'BUY', 10_000_000);
    client.send(order);
    expect(listener.statesOf(order.orderId)).toEqual(['SENT']);
    await desk.wait(3_000);

    const last = listener.orders.at(-1)!;
    expect(last).toMatchObject({ orderId: order.orderId, state: 'FILLED', filledSizeE8: 10_000_000 });
    const { t4HandedOverMs, ackReceivedMs, t5VenueReceivedMs, t6MatchedMs, t7PublishedMs, t8ConfirmedMs } = last.stamps;
    expect(ackReceivedMs! - t4HandedOverMs!).toBeGreaterThan(370);
    expect(ackReceivedMs! - t4HandedOverMs!).toBeLessThan(500);
    const error = last.stamps.offsetErrorMs! + 1;
    expect(error).toBeLessThan(200);
    expect(t5VenueReceivedMs!).toBeGreaterThan(t4HandedOverMs! - error);
    expect(t6MatchedMs!).toBeGreaterThan(t5VenueReceivedMs! - 2);
    expect(t7PublishedMs!).toBeGreaterThan(t6MatchedMs! - 2);
    expect(t8ConfirmedMs!).toBeGreaterThan(t7PublishedMs! - error);

    const ledger = await desk.answered(client.fillsSince(sentAtWallMs - 1_000));
    expect(ledger.map(({ fillId }) => fillId).sort()).toEqual(listener.fills.map(({ fillId }) => fillId).sort());
    expect(listener.fills.reduce((sum, fill) => sum + fill.sizeE8, 0)).toBe(10_000_000);
    const { priceE8, sizeE8, feeE8 } = listener.fills[0]!;
    expect(feeE8 / ((priceE8 * sizeE8) / 1e8)).toBeCloseTo(client.market(SYMBOL).takerFeeE8 / 1e8, 6);
    expect(await desk.answered(client.positions())).toEqual([
      expect.objectContaining({ venue: 'paradex', symbol: SYMBOL, sizeE8: 10_000_000 }),
    ]);
    expect(listener.notices).toEqual([]);
    await desk.finish();
  });

  it('a limit the market is beyond is cancelled without a fill, and so says the query', async () => {
    const desk = await startedClient();
    const order = await prepared(desk, 'BUY', 10_000_000, -20_000);
    desk.client.send(order);
    await desk.wait(1_000);
    expect(desk.listener.orders.at(-1)).toMatchObject({ state: 'CANCELLED', filledSizeE8: 0, reason: 'IOC_REMAINDER' });
    expect(await desk.answered(desk.client.queryOrder(order.orderId))).toMatchObject({
      known: true,
      state: 'CANCELLED',
      filledSizeE8: 0,
      fills: [],
    });
    await desk.finish();
  });

  it('an order the venue never saw is known to be nowhere once the window has passed, not before', async () => {
    const desk = await startedClient();
    expect(await desk.answered(desk.client.queryOrder(777))).toEqual({ known: false, afterReceiveWindow: false });
    await desk.wait(3_000);
    expect(await desk.answered(desk.client.queryOrder(777))).toEqual({ known: false, afterReceiveWindow: true });
    await desk.finish();
  });

  it('a refusal rejects: below the minimum notional', async () => {
    const desk = await startedClient();
    const order = await prepared(desk, 'SELL', desk.client.market(SYMBOL).sizeStepE8);
    desk.client.send(order);
    await desk.wait(1_000);
    expect(desk.listener.statesOf(order.orderId)).toEqual(['SENT', 'REJECTED']);
    await desk.finish();
  });

  it('Retail orders wait for their speed bump inside the window', async () => {
    const desk = await startedClient({ orderClass: 'retail' });
    expect(desk.client.capabilities.takerDelayMs).toBe(300);
    const order = await prepared(desk, 'BUY', 10_000_000);
    desk.client.send(order);
    await desk.wait(1_500);
    const { state, stamps } = desk.listener.orders.at(-1)!;
    expect(state).toBe('FILLED');
    expect(stamps.t8ConfirmedMs! - stamps.t4HandedOverMs!).toBeGreaterThan(300);
    expect(desk.listener.fills.every(({ feeE8 }) => feeE8 === 0)).toBe(true);
    await desk.finish();
  });

  it('events before the reply lead to the same end', async () => {
    const desk = await startedClient({ venue: { streamEventBeforeReply: true, streamsNewStatus: true } });
    const order = await prepared(desk, 'SELL', 10_000_000);
    desk.client.send(order);
    await desk.wait(1_000);
    const states = desk.listener.statesOf(order.orderId);
    expect(states.at(-1)).toBe('FILLED');
    expect(states.slice(states.indexOf('FILLED')).every((state) => state === 'FILLED')).toBe(true);
    expect(desk.listener.orders.at(-1)!.stamps.ackReceivedMs).toBeDefined();
    await desk.finish();
  });
});

describe('signed-ahead ladder', () => {
  it('serves orders around the touch at once, with old signatures and a patched window', async () => {
    const desk = await startedClient();
    const { client, listener } = desk;
    const wants = (['BUY', 'SELL'] as const).map((side) => ({
      symbol: SYMBOL,
      side,
      sizeE8: 10_000_000,
      reduceOnly: false,
    }));
    client.setLadder(wants);
    await desk.wait(20_000);
    expect(client.ladder().slots).toBeGreaterThanOrEqual(16);

    const book = client.book(SYMBOL);
    const limitPriceE8 = book.asks.priceE8[0]!;
    const order = client.prepare({ ...wants[0]!, limitPriceE8 });
    if (order instanceof Promise) throw new Error('not served by the ladder');
    expect(order.signature).toBe('ahead');
    expect(order.request.limitPriceE8).toBeGreaterThanOrEqual(limitPriceE8);
    expect(order.request.limitPriceE8).toBeLessThan(limitPriceE8 + 10 * client.market(SYMBOL).tickE8);
    client.send(order);
    expect(() => client.send(order)).toThrow(/sent before/);
    await desk.wait(1_000);
    expect(listener.orders.at(-1)!.state).toBe('FILLED');

    client.dropLadder();
    expect(client.ladder()).toMatchObject({ hits: 1, slots: 0 });
    expect(client.prepare({ ...wants[0]!, limitPriceE8 })).toBeInstanceOf(Promise);
    await desk.finish();
  });
});

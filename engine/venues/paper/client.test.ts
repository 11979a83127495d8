import { beforeEach, describe, expect, it } from 'vitest';
import { OrderBook } from '../../core/book.ts';
import { MemoryDisk } from '../../simulation/memory-disk.ts';
import { createVirtualEnv, type VirtualEnv } from '../../simulation/virtual-env.ts';
import type { MarketFeed, MarketFeedListener } from '../market-feed.ts';
import type { FillReport, OrderRequest, OrderUpdate, PreparedOrder, VenueClient } from '../venue.ts';
import { createPaperClient } from './client.ts';

const ROUND_TRIP_MS = 40;
const PROCESSING_MS = 10;
const WINDOW_MS = 2_000;
const LEDGER = '/data/paper-vest.jsonl';
const BUY: OrderRequest = { symbol: 'BTC', side: 'BUY', sizeE8: 1e7, limitPriceE8: 60_010e8, reduceOnly: false };

/** A feed whose books the test quotes. */
class QuotedFeed implements MarketFeed {
  readonly id = 'vest';
  readonly capabilities;
  readonly quoted = new OrderBook('vest', 'BTC');
  ready = true;
  roundTripMs = ROUND_TRIP_MS;
  private readonly listener: MarketFeedListener;

  constructor(listener: MarketFeedListener, takerDelayMs: number, sequenced: boolean) {
    this.listener = listener;
    this.capabilities = {
      orderTransport: 'rest' as const,
      clientOrderIds: true,
      stampsMarketData: false,
      sequencedMarketData: sequenced,
      stampsOrders: true,
      takerDelayMs,
      quoteCurrency: 'USDC',
    };
  }

  /** [price, size] in coins, best first. */
  quote(bids: [number, number][], asks: [number, number][]): void {
    const { quoted } = this;
    quoted.bids.count = 0;
    quoted.asks.count = 0;
    for (const [price, size] of bids) quoted.bids.set(price * 1e8, size * 1e8);
    for (const [price, size] of asks) quoted.asks.set(price * 1e8, size * 1e8);
    quoted.valid = true;
    this.listener.onBook(quoted);
  }

  start = () => Promise.resolve();
  stop = () => Promise.resolve();
  isReady = () => this.ready;
  market = () => ({
    coin: 'BTC',
    symbol: 'BTC',
    tickE8: 1e8,
    sizeStepE8: 1e4,
    priceDecimals: 0,
    sizeDecimals: 4,
    minNotionalE8: 10e8,
    maxSizeE8: 10e8,
    takerFeeE8: 10_000,
    quoteCurrency: 'USDC',
  });
  book = () => this.quoted;
  connections = () => [];
  clockOffset = () => undefined;
  drawRoundTrip = () => ({ ms: this.roundTripMs, samples: 7 });
}

/** Takes its time to make things durable. */
class SlowDisk extends MemoryDisk {
  private readonly written: Promise<string>;

  constructor(written: Promise<string>) {
    super();
    this.written = written;
  }

  override async openAppend(path: string): ReturnType<MemoryDisk['openAppend']> {
    const file = await super.openAppend(path);
    return {
      ...file,
      sync: async () => {
        await this.written;
        await file.sync();
      },
    };
  }
}

let virtual: VirtualEnv;
let disk: MemoryDisk;
let feed: QuotedFeed;
let client: VenueClient;
let updates: OrderUpdate[];
let fills: FillReport[];
let nextId = 1;

async function start(options: { takerDelayMs?: number; sequenced?: boolean } = {}): Promise<void> {
  virtual = createVirtualEnv({ seed: 1, startWallMs: 1_000_000, routes: new Map(), disk });
  updates = [];
  fills = [];
  client = createPaperClient({
    env: virtual.env,
    ids: { next: () => nextId++ },
    listener: {
      onBook: () => undefined,
      onMarketDataStatus: () => undefined,
      onConnection: () => undefined,
      onNotice: () => undefined,
      onOrder: (update) => updates.push(update),
      onFill: (fill) => fills.push(fill),
    },
    createFeed: (listener) => (feed = new QuotedFeed(listener, options.takerDelayMs ?? 0, options.sequenced ?? true)),
    receiveWindowMs: WINDOW_MS,
    venueProcessingMs: PROCESSING_MS,
    ledgerPath: LEDGER,
  });
  await client.start();
  feed.quote([[60_000, 1]], [[60_001, 1]]);
}

const wait = (ms: number) => virtual.run(virtual.env.clock.monotonicMs() + ms);

function send(request: OrderRequest): number {
  const order = client.prepare(request) as PreparedOrder;
  client.send(order);
  return order.orderId;
}

async function trade(request: OrderRequest): Promise<OrderUpdate> {
  const orderId = send(request);
  await wait(ROUND_TRIP_MS + PROCESSING_MS + 1);
  return updates.findLast((update) => update.orderId === orderId)!;
}

async function ask<T>(question: Promise<T>): Promise<T> {
  await wait(ROUND_TRIP_MS + 1);
  return question;
}

beforeEach(async () => {
  disk = new MemoryDisk();
  await disk.makeDirectory('/data');
  await start();
});

describe('an order of paper', () => {
  it('meets the book of t4 + round trip + venue time, not that of its signal', async () => {
    send(BUY);
    await wait(ROUND_TRIP_MS + PROCESSING_MS - 1);
    expect(fills).toEqual([]);
    feed.quote([[60_004, 1]], [[60_005, 1]]);
    await wait(2);
    expect(fills).toMatchObject([{ priceE8: 60_005e8, sizeE8: 1e7, feeE8: 60_005_000, source: 'stream' }]);
    expect(updates.map(({ state }) => state)).toEqual(['SENT', 'FILLED']);
  });

  it('carries stamps that say how they were made up', async () => {
    const order = client.prepare(BUY) as PreparedOrder;
    const t4 = virtual.env.clock.monotonicMs();
    client.send(order);
    await wait(100);
    expect(order.travel).toEqual({ roundTripMs: 40, samples: 7, venueProcessingMs: 10, takerDelayMs: 0 });
    const { stamps } = updates.at(-1)!;
    expect(stamps).toMatchObject({
      t5VenueReceivedMs: t4 + 20,
      t6MatchedMs: t4 + 30,
      ackReceivedMs: t4 + 50,
      t8ConfirmedMs: t4 + 50,
      offsetErrorMs: 20,
    });
  });

  it('waits out the delay of its order class; its acknowledgement does not', async () => {
    await start({ takerDelayMs: 300 });
    const t4 = virtual.env.clock.monotonicMs();
    send(BUY);
    await wait(ROUND_TRIP_MS + PROCESSING_MS + 299);
    expect(fills).toEqual([]);
    await wait(2);
    expect(updates.at(-1)!.stamps).toMatchObject({ ackReceivedMs: t4 + 50, t8ConfirmedMs: t4 + 350 });
  });

  it('walks the book to its limit and is cancelled for the rest', async () => {
    feed.quote(
      [[60_000, 1]],
      [
        [60_001, 0.04],
        [60_010, 0.02],
        [60_011, 5],
      ],
    );
    expect(await trade(BUY)).toMatchObject({ state: 'CANCELLED', filledSizeE8: 6e6 });
    expect(fills.map(({ priceE8, sizeE8 }) => [priceE8, sizeE8])).toEqual([
      [60_001e8, 4e6],
      [60_010e8, 2e6],
    ]);
  });

  it.each<[string, Partial<OrderRequest>]>([
    ['a size that is no lot', { sizeE8: 12_345 }],
    ['a price that is no tick', { limitPriceE8: 60_001.5e8 }],
    ['less than the minimum notional', { sizeE8: 1e4 }],
    ['more than the market’s maximum', { sizeE8: 11e8 }],
    ['nothing to reduce', { reduceOnly: true }],
  ])('is refused for %s', async (_what, change) => {
    expect(await trade({ ...BUY, ...change })).toMatchObject({ state: 'REJECTED', filledSizeE8: 0 });
    expect(fills).toEqual([]);
  });

  it('is refused when it arrives after its receive window', async () => {
    feed.roundTripMs = 2 * WINDOW_MS + 2;
    send(BUY);
    await wait(3 * WINDOW_MS);
    expect(updates.at(-1)).toMatchObject({ state: 'REJECTED' });
  });

  it('fills nothing when the book was lost meanwhile, and does not leave while the line is down', async () => {
    send(BUY);
    feed.quoted.clear();
    await wait(100);
    expect(updates.at(-1)).toMatchObject({ state: 'CANCELLED', filledSizeE8: 0 });
    feed.ready = false;
    expect(client.canTrade()).toBe(false);
    expect(() => send(BUY)).toThrow(expect.objectContaining({ code: 'HS_NET_NOT_CONNECTED' }));
  });

  it('reduces at most the position it has', async () => {
    await trade(BUY);
    const sell: OrderRequest = { ...BUY, side: 'SELL', sizeE8: 3e7, limitPriceE8: 59_990e8, reduceOnly: true };
    expect(await trade(sell)).toMatchObject({ state: 'CANCELLED', filledSizeE8: 1e7 });
    expect(await ask(client.positions())).toEqual([]);
  });

  it('closes a position below the minimum notional', async () => {
    feed.quote([[60_000, 0.0001]], [[60_001, 0.0001]]);
    await trade(BUY);
    const rest: OrderRequest = { ...BUY, side: 'SELL', sizeE8: 1e4, limitPriceE8: 59_990e8, reduceOnly: true };
    feed.quote([[60_000, 1]], [[60_001, 1]]);
    expect(await trade(rest)).toMatchObject({ state: 'FILLED' });
  });
});

describe('own fills', () => {
  it('are missing from a level until the venue changes it', async () => {
    feed.quote([[60_000, 1]], [[60_001, 0.15]]);
    await trade(BUY);
    feed.quote([[60_000, 0.5]], [[60_001, 0.15]]);
    expect(await trade(BUY)).toMatchObject({ filledSizeE8: 5e6 });
    feed.quote([[60_000, 0.5]], [[60_001, 0.2]]);
    expect(await trade(BUY)).toMatchObject({ state: 'FILLED' });
  });

  it('are missing only until the next message where each one is a whole new book', async () => {
    await start({ sequenced: false });
    feed.quote([[60_000, 1]], [[60_001, 0.15]]);
    await trade(BUY);
    expect(await trade(BUY)).toMatchObject({ filledSizeE8: 5e6 });
    feed.quote([[60_000, 1]], [[60_001, 0.15]]);
    expect(await trade(BUY)).toMatchObject({ state: 'FILLED' });
  });
});

describe('the paper account', () => {
  it('survives a restart: positions, fills and the fate of each order', async () => {
    const { orderId } = await trade(BUY);
    await start();
    expect(await ask(client.positions())).toMatchObject([{ symbol: 'BTC', sizeE8: 1e7 }]);
    expect(await ask(client.queryOrder(orderId))).toMatchObject({ known: true, state: 'FILLED', filledSizeE8: 1e7 });
    expect(await ask(client.fillsSince(0))).toMatchObject([{ orderId, priceE8: 60_001e8 }]);
    expect(await ask(client.fillsSince(2_000_000))).toEqual([]);
  });

  it('has a fill on disk before it tells of it', async () => {
    const written = Promise.withResolvers<string>();
    disk = new SlowDisk(written.promise);
    await disk.makeDirectory('/data');
    await start();
    const orderId = send(BUY);
    // The clock stands still while a disk works: everything that can happen without it has happened.
    const passing = wait(1_000);
    for (let turn = 0; turn < 20; turn++) await new Promise((resolve) => setImmediate(resolve));
    expect(disk.files().get(LEDGER)).toContain(`"orderId":${orderId}`);
    expect(fills).toEqual([]);
    written.resolve('done');
    await passing;
    expect(fills).toHaveLength(1);
  });

  it('knows nothing of an order that was in flight at a kill, and says so for good once its window is over', async () => {
    const orderId = send(BUY);
    await wait(10);
    await start();
    expect(await ask(client.queryOrder(orderId))).toEqual({ known: false, afterReceiveWindow: false });
    await wait(WINDOW_MS);
    expect(await ask(client.queryOrder(orderId))).toEqual({ known: false, afterReceiveWindow: true });
  });

  it('drops a last line that was cut short, and refuses one that was changed', async () => {
    await trade(BUY);
    const text = disk.files().get(LEDGER)!;
    await disk.writeAtomically(LEDGER, `${text}{"orderId":99,"sy`);
    await start();
    expect(await ask(client.positions())).toMatchObject([{ sizeE8: 1e7 }]);
    expect(disk.files().get(LEDGER)).toBe(text);
    await disk.writeAtomically(LEDGER, text.replace('"BUY"', '"HOLD"'));
    await expect(start()).rejects.toMatchObject({ code: 'HS_PAPER_LEDGER', message: expect.stringContaining(':1 ') });
  });
});

import { describe, expect, it } from 'vitest';
import {
  createOrder,
  PracticeVenue,
  PROCESSING_US,
  START_US,
  subscribe,
  SYMBOL,
  type Json,
} from './testing/practice-venue.ts';
import { decodeSbe } from './testing/sbe-decode.ts';

const SBE_PATH = '/v1?sbeSchemaId=1&sbeSchemaVersion=1';

describe('upgrade', () => {
  it.each([
    ['/v1?sbeSchemaId=1&sbeSchemaVersion=3', 400],
    ['/v1?sbeSchemaId=2&sbeSchemaVersion=1', 400],
    ['/v1?sbeSchemaVersion=1', 400],
    ['/v1?sbeSchemaId=1', 400],
    ['/v2', 404],
  ])('refuses %s with %i', (path, status) => {
    const connection = { sendText: () => undefined, sendBinary: () => undefined, close: () => undefined };
    const upgrade = new PracticeVenue().endpoint.upgrade({ path, headers: {} }, connection);
    expect(upgrade).toMatchObject({ accepted: false, status });
  });
});

describe('JSON-RPC', () => {
  it('replies in the venue key order with server times and a trailing newline', () => {
    const venue = new PracticeVenue();
    const socket = venue.connect();
    subscribe(socket, `bbo.${SYMBOL}`);
    expect(socket.texts).toEqual([
      `{"jsonrpc":"2.0","id":100,"result":{"channel":"bbo.${SYMBOL}"},"usIn":${START_US},"usDiff":0,"usOut":${START_US}}\n`,
    ]);
  });

  it('answers bad requests with the JSON-RPC codes', () => {
    const venue = new PracticeVenue();
    const socket = venue.connect();
    socket.sendRaw('{');
    socket.sendRaw('{"jsonrpc":"2.0","id":2}');
    socket.send({ id: 3, method: 'order.explode', params: {} });
    socket.send({ id: 4, method: 'subscribe', params: {} });
    socket.send({ id: 5, method: 'auth', params: { bearer: 'x' } });
    socket.send({ id: 6, method: 'auth', params: { bearer: 'a.b.c' } });
    socket.send({ id: 7, method: 'order.create', params: {} });
    subscribe(socket, 'orders.ALL');
    const codes = socket.messages().map(({ id, error }) => [id, (error as Json).code]);
    expect(codes).toEqual([
      [null, -32700],
      [2, -32600],
      [3, -32601],
      [4, -32602],
      [5, 40110],
      [6, 40111],
      [7, 40300],
      [100, 40300],
    ]);
  });

  it('refuses the documented book names, a second book of a market, and double subscriptions', () => {
    const socket = new PracticeVenue().connect(SBE_PATH);
    const book = `order_book.${SYMBOL}`;
    subscribe(socket, `${book}.deltas@15@50ms`, `${book}.deltas`, `${book}.deltas`, `${book}.interactive_deltas`);
    expect(socket.reply(100)!.error).toEqual({
      code: -32600,
      message: 'invalid subscribe request',
      data: 'no parameters expected for deltas topic.',
    });
    expect(socket.reply(101)!.result).toEqual({ channel: `${book}.deltas` });
    expect(socket.reply(102)!.error).toMatchObject({ code: 100 });
    expect(socket.reply(103)!.error).toMatchObject({
      code: -32600,
      data: `${book}.interactive_deltas cannot share an SBE session with ${book}.deltas`,
    });
    socket.send({ id: 7, method: 'unsubscribe', params: { channel: `bbo.${SYMBOL}` } });
    expect(socket.reply(7)!.error).toMatchObject({ code: 100 });
  });

  it('closes a connection without subscriptions with 4031, and only that', () => {
    const venue = new PracticeVenue({ switches: { noSubscriptionCloseMs: 5_000 } });
    const idle = venue.connect();
    const busy = venue.connect();
    subscribe(busy, `bbo.${SYMBOL}`);
    venue.host.advance(4_999_999);
    expect(idle.closeCode).toBeUndefined();
    venue.host.advance(1);
    expect(idle.closeCode).toBe(4031);
    expect(busy.closeCode).toBeUndefined();
    busy.send({ id: 9, method: 'unsubscribe', params: { channel: `bbo.${SYMBOL}` } });
    venue.host.advance(5_000_000);
    expect(busy.closeCode).toBe(4031);
  });
});

describe('public market data', () => {
  function marketData(venue: PracticeVenue, ...channels: string[]) {
    const socket = venue.connect(SBE_PATH);
    subscribe(socket, ...channels);
    return { socket, frames: () => socket.frames.map(decodeSbe) };
  }
  const book = `order_book.${SYMBOL}.deltas`;

  it('sends the whole book on subscribing, then contiguous deltas; bbo and trades share the counter', () => {
    const venue = new PracticeVenue();
    const { frames } = marketData(venue, `bbo.${SYMBOL}`, book, `trades.${SYMBOL}`);
    const [bbo, snapshot] = frames();
    expect(bbo).toMatchObject({ message: 'BboEvent', bidPrice: 6_000_000_000_000n, askSize: 100_000_000n });
    expect(snapshot).toMatchObject({ message: 'BookEvent', pkgType: 0, seq: bbo!.seq, bestBidPrice: null });
    expect(snapshot!.bids).toHaveLength(3);
    venue.host.advance(1_234);
    venue.market.set(venue.host.nowUs(), [[60_000, 5]], [[60_000.1, 1]], 'change');
    venue.market.trade({ venueTimeUs: venue.host.nowUs(), priceE8: 6e12, sizeE8: 1e6, takerSide: 'SELL' });
    const [nextBbo, delta, trade] = frames().slice(2);
    expect(delta).toMatchObject({ message: 'BookEvent', pkgType: 1, seq: (snapshot!.seq as bigint) + 1n });
    expect(delta!.bids).toEqual([{ price: 6_000_000_000_000n, size: 500_000_000n }]);
    expect(nextBbo).toMatchObject({ message: 'BboEvent', seq: delta!.seq, ts: BigInt(START_US + 1_000) });
    expect(trade).toMatchObject({ message: 'TradeEvent', seq: delta!.seq, side: 2, market: SYMBOL });
  });

  it('shows what own orders took until the recording updates the level', () => {
    const venue = new PracticeVenue();
    const { frames } = marketData(venue, book, `bbo.${SYMBOL}`, 'trades.ALL');
    const before = frames().length;
    const trading = venue.tradingSocket();
    createOrder(venue, trading, 10, { size: '1.5', price: '60000.2' });
    venue.host.advance(PROCESSING_US);
    const news = frames().slice(before);
    expect(news.map(({ message }) => message)).toEqual(['BookEvent', 'BboEvent', 'TradeEvent', 'TradeEvent']);
    expect(news[0]!.asks).toEqual([
      { price: 6_000_010_000_000n, size: 0n },
      { price: 6_000_020_000_000n, size: 150_000_000n },
    ]);
    expect(news[1]).toMatchObject({ askPrice: 6_000_020_000_000n, askSize: 150_000_000n });
    expect(news[2]).toMatchObject({ price: 6_000_010_000_000n, size: 100_000_000n, seq: news[0]!.seq });
    const fills = trading.pushes('fills.ALL');
    expect(BigInt(Number(fills[0]!.orderbook_seq_no))).toBe(news[0]!.seq);
  });

  it('jumps in sequence when the tape starts again, with a new snapshot, and can drop numbers as a fault', () => {
    const venue = new PracticeVenue();
    const { frames } = marketData(venue, book);
    const first = frames()[0]!.seq as bigint;
    venue.market.startEpoch(1);
    venue.market.set(venue.host.nowUs(), [[50_000, 1]], [[50_000.1, 1]]);
    const restarted = frames().at(-1)!;
    expect(restarted).toMatchObject({ pkgType: 0 });
    expect((restarted.seq as bigint) - first).toBeGreaterThan(1n);
    venue.endpoint.skipSequence(SYMBOL, 3);
    venue.market.set(venue.host.nowUs(), [[50_000, 2]], [[50_000.1, 1]], 'change');
    expect(frames().at(-1)).toMatchObject({ pkgType: 1, seq: (restarted.seq as bigint) + 4n });
  });

  it('pushes top-15 snapshots at their period when the book changed', () => {
    const venue = new PracticeVenue();
    const { frames, socket } = marketData(venue, `order_book.${SYMBOL}.snapshot@15@50ms`);
    venue.host.advance(200_000);
    expect(frames()).toHaveLength(1);
    venue.market.set(venue.host.nowUs(), [[60_000, 5]], [[60_000.1, 1]], 'change');
    venue.host.advance(50_000);
    expect(frames()).toHaveLength(2);
    socket.send({ id: 9, method: 'unsubscribe', params: { channel: `order_book.${SYMBOL}.snapshot@15@50ms` } });
    venue.market.set(venue.host.nowUs(), [[60_000, 6]], [[60_000.1, 1]], 'change');
    venue.host.advance(50_000);
    expect(frames()).toHaveLength(2);
  });

  it('sends a heartbeat after 20 s of silence only', () => {
    const venue = new PracticeVenue();
    const { frames } = marketData(venue, `bbo.${SYMBOL}`);
    venue.host.advance(15_000_000);
    venue.market.set(venue.host.nowUs(), [[60_000, 5]], [[60_000.1, 1]], 'change');
    venue.host.advance(19_999_999);
    expect(frames().at(-1)!.message).toBe('BboEvent');
    venue.host.advance(1);
    expect(frames().at(-1)).toMatchObject({ message: 'HeartbeatEvent', ts: BigInt(venue.host.nowUs()) });
  });

  it('streams nothing public on a JSON connection and on channels that are acknowledged but silent', () => {
    const venue = new PracticeVenue();
    const json = venue.connect();
    subscribe(json, `bbo.${SYMBOL}`);
    const { frames, socket } = marketData(venue, `bbo.interactive.${SYMBOL}`);
    venue.market.set(venue.host.nowUs(), [[60_000, 5]], [[60_000.1, 1]], 'change');
    expect(json.frames).toEqual([]);
    expect(json.texts).toHaveLength(1);
    expect(socket.reply(100)!.result).toBeDefined();
    expect(frames()).toEqual([]);
    const strict = new PracticeVenue({ switches: { publicSubscribeWithoutSbe: 'refused' } }).connect();
    subscribe(strict, `bbo.${SYMBOL}`);
    expect(strict.reply(100)!.error).toMatchObject({ code: -32600 });
  });

  it('leaves no timer behind when stopped', () => {
    const venue = new PracticeVenue();
    marketData(venue, `order_book.${SYMBOL}.snapshot@15@50ms`);
    const trading = venue.tradingSocket();
    createOrder(venue, trading, 10);
    venue.endpoint.stop();
    expect(venue.host.pendingTimers()).toBe(0);
  });
});

it('repeats to the byte in virtual time', () => {
  const run = (): string[] => {
    const venue = new PracticeVenue();
    const data = venue.connect('/v1?sbeSchemaId=1&sbeSchemaVersion=2');
    subscribe(data, `bbo.${SYMBOL}`, `order_book.${SYMBOL}.deltas`, 'trades.ALL', 'markets_summary');
    const socket = venue.tradingSocket();
    createOrder(venue, socket, 10, { client_id: 'a' });
    createOrder(venue, socket, 11, { price: '59990', instruction: 'GTC' });
    venue.host.advance(PROCESSING_US);
    venue.market.set(venue.host.nowUs(), [[59_980, 1]], [[59_989, 3]]);
    venue.host.advance(60_000_000);
    return [...socket.texts, ...data.texts, ...data.frames.map((frame) => Buffer.from(frame).toString('hex'))];
  };
  const first = run();
  expect(first.length).toBeGreaterThan(25);
  expect(run()).toEqual(first);
});

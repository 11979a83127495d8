import { describe, expect, it } from 'vitest';
import {
  PracticeVenue,
  PROCESSING_US,
  START_US,
  SYMBOL,
  type Json,
  type TestSocket,
} from './testing/practice-venue.ts';
import { decodeSbe } from './testing/sbe-decode.ts';

const SBE_PATH = '/v1?sbeSchemaId=1&sbeSchemaVersion=1';
const BUMP_US = 300_000;

function create(
  venue: PracticeVenue,
  socket: TestSocket,
  id: number,
  fields: Parameters<PracticeVenue['order']>[0] = {},
) {
  socket.send({ id, method: 'order.create', params: venue.order(fields) });
}

function subscribe(socket: TestSocket, ...channels: string[]): void {
  channels.forEach((channel, index) => socket.send({ id: 100 + index, method: 'subscribe', params: { channel } }));
}

function orderOf(reply: Json | undefined): Json {
  return (reply!.result as { order: Json }).order;
}

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

describe('orders over WebSocket', () => {
  it('acknowledges with NEW, then streams fill and CLOSED order, position, balance and account', () => {
    const venue = new PracticeVenue();
    const socket = venue.tradingSocket();
    create(venue, socket, 10, { client_id: 'h-1' });
    venue.host.advance(PROCESSING_US - 1);
    expect(socket.reply(10)).toBeUndefined();
    venue.host.advance(1);
    const reply = socket.reply(10)!;
    expect(reply).toMatchObject({ usIn: START_US, usDiff: PROCESSING_US, usOut: START_US + PROCESSING_US });
    expect(orderOf(reply)).toMatchObject({ status: 'NEW', client_id: 'h-1', remaining_size: '0.5' });
    expect(socket.texts.find((text) => text.includes('"id":10'))).toContain(`"received_at":${START_US}000}`);
    expect(socket.pushes('orders.ALL')).toMatchObject([
      { id: orderOf(reply).id, status: 'CLOSED', remaining_size: '0', avg_fill_price: '60000.1', cancel_reason: '' },
    ]);
    expect(socket.pushes('fills.ALL')).toMatchObject([
      { order_id: orderOf(reply).id, price: '60000.1', size: '0.5', remaining_size: '0', fee: '13.5000225' },
    ]);
    expect(socket.pushes('positions')).toMatchObject([{ market: SYMBOL, size: '0.5', side: 'LONG' }]);
    expect(socket.pushes('balance_events')).toMatchObject([
      { settlement_asset_balance_before: '1000000', settlement_asset_balance_after: '999986.4999775' },
    ]);
    expect(socket.pushes('account')).toMatchObject([{ total_collateral: '999986.4999775', status: 'ACTIVE' }]);
    const order = socket.messages().map(({ id, method }) => (id === 10 ? 'reply' : method));
    expect(order.indexOf('reply')).toBeLessThan(order.indexOf('subscription'));
  });

  it('can be told to stream before it replies, to stream NEW, and to name the market for .ALL', () => {
    const venue = new PracticeVenue({
      switches: { streamEventBeforeReply: true, streamsNewStatus: true, allChannelEcho: 'market' },
    });
    const socket = venue.tradingSocket();
    create(venue, socket, 10);
    venue.host.advance(PROCESSING_US);
    expect(socket.pushes(`orders.${SYMBOL}`).map(({ status }) => status)).toEqual(['NEW', 'CLOSED']);
    expect(socket.messages().at(-1)!.id).toBe(10);
  });

  it('walks the book with one fill per level and cancels what an IOC finds no more of', () => {
    const venue = new PracticeVenue();
    const socket = venue.tradingSocket();
    create(venue, socket, 10, { size: '4', price: '60000.2' });
    venue.host.advance(PROCESSING_US);
    expect(socket.pushes('fills.ALL').map(({ price, size, remaining_size }) => [price, size, remaining_size])).toEqual([
      ['60000.1', '1', '3'],
      ['60000.2', '2', '1'],
    ]);
    expect(socket.pushes('orders.ALL')).toMatchObject([
      { status: 'CLOSED', remaining_size: '1', cancel_reason: 'IOC_REMAINDER', avg_fill_price: '60000.16666667' },
    ]);
  });

  it('stops a MARKET order at the slippage cap from the touch', () => {
    const venue = new PracticeVenue();
    const socket = venue.tradingSocket();
    create(venue, socket, 10, { type: 'MARKET', size: '10' });
    venue.host.advance(PROCESSING_US);
    expect(socket.pushes('orders.ALL')).toMatchObject([
      { status: 'CLOSED', remaining_size: '7', price: '0', cancel_reason: 'EXCEEDS_MAX_SLIPPAGE' },
    ]);
  });

  it('cancels a POST_ONLY order that would take', () => {
    const venue = new PracticeVenue();
    const socket = venue.tradingSocket();
    create(venue, socket, 10, { instruction: 'POST_ONLY' });
    venue.host.advance(PROCESSING_US);
    expect(orderOf(socket.reply(10)).status).toBe('NEW');
    expect(socket.pushes('orders.ALL')).toMatchObject([{ cancel_reason: 'POST_ONLY_WOULD_CROSS' }]);
    expect(socket.pushes('fills.ALL')).toEqual([]);
  });

  it('cancels a REDUCE_ONLY order that does not reduce, and lets one close the position', () => {
    const venue = new PracticeVenue({ fees: { kind: 'zero' } });
    const socket = venue.tradingSocket();
    create(venue, socket, 10, { side: 'SELL', price: '60000', flags: ['REDUCE_ONLY'] });
    create(venue, socket, 11);
    venue.host.advance(PROCESSING_US);
    create(venue, socket, 12, { side: 'SELL', price: '60000', flags: ['REDUCE_ONLY'] });
    venue.host.advance(PROCESSING_US);
    expect(socket.pushes('orders.ALL').map(({ cancel_reason }) => cancel_reason)).toEqual([
      'REDUCE_ONLY_WOULD_INCREASE',
      '',
      '',
    ]);
    expect(socket.pushes('fills.ALL').at(-1)).toMatchObject({ realized_pnl: '-0.05', fee: '0' });
    expect(socket.pushes('positions').at(-1)).toMatchObject({ size: '0', status: 'CLOSED' });
  });

  it('cancels orders beyond margin and position limit after they were acknowledged', () => {
    const venue = new PracticeVenue();
    const socket = venue.tradingSocket();
    const deep: [number, number][] = [[60_000.1, 1_000]];
    venue.market.set(START_US, [[60_000, 1_000]], deep);
    for (const id of [10, 11, 12, 13, 14, 15, 16, 17, 18]) {
      create(venue, socket, id, { size: '100', signature_timestamp: START_US / 1000 + id });
      venue.host.advance(PROCESSING_US);
    }
    const reasons = socket.pushes('orders.ALL').map(({ cancel_reason }) => cancel_reason);
    expect(reasons.slice(0, 4)).toEqual(['', '', '', 'ORDER_EXCEEDS_POSITION_LIMIT']);
    const poor = new PracticeVenue({ fees: { kind: 'custom', paradexTakerBps: 900, vestTakerBps: 0 } });
    poor.market.set(START_US, [[60_000, 1_000]], deep);
    const poorSocket = poor.tradingSocket();
    create(poor, poorSocket, 10, { size: '100' });
    poor.host.advance(PROCESSING_US);
    create(poor, poorSocket, 11, { size: '100' });
    poor.host.advance(PROCESSING_US);
    create(poor, poorSocket, 12, { size: '100', signature_timestamp: START_US / 1000 + 5 });
    poor.host.advance(PROCESSING_US);
    expect(poorSocket.pushes('orders.ALL').at(-1)!.cancel_reason).toBe('NOT_ENOUGH_MARGIN');
  });

  it('refuses a forged order as a method error', () => {
    const venue = new PracticeVenue();
    const socket = venue.tradingSocket();
    socket.send({ id: 10, method: 'order.create', params: { ...venue.order(), size: '0.6' } });
    venue.host.advance(PROCESSING_US);
    expect(socket.reply(10)!.error).toMatchObject({ code: 100, message: 'INVALID_ORDER_SIGNATURE' });
    expect(socket.pushes('orders.ALL')).toEqual([]);
  });

  it('holds Retail orders and cancels back by 300 ms and charges them nothing', () => {
    const venue = new PracticeVenue();
    const socket = venue.tradingSocket('?token_usage=interactive');
    create(venue, socket, 10);
    venue.host.advance(PROCESSING_US + BUMP_US - 1);
    expect(socket.reply(10)).toBeUndefined();
    venue.host.advance(1);
    const order = orderOf(socket.reply(10));
    expect(Number(order.created_at) - Number(order.received_at)).toBe((PROCESSING_US + BUMP_US) / 1000);
    expect(socket.pushes('fills.ALL')).toMatchObject([{ fee: '0', flags: ['interactive'] }]);

    create(venue, socket, 11, { price: '59990', instruction: 'GTC' });
    venue.host.advance(PROCESSING_US + BUMP_US);
    const { id } = orderOf(socket.reply(11));
    socket.send({ id: 12, method: 'order.cancel', params: { id } });
    venue.host.advance(PROCESSING_US);
    expect(socket.reply(12)!.result).toEqual({ order_id: id, status: 'QUEUED_FOR_CANCELLATION' });
    expect(socket.pushes('orders.ALL').at(-1)!.status).toBe('OPEN');
    venue.host.advance(BUMP_US);
    expect(socket.pushes('orders.ALL').at(-1)).toMatchObject({ status: 'CLOSED', cancel_reason: 'USER_CANCELED' });
  });

  it('meets the market as it stands at the match, not at arrival', () => {
    const venue = new PracticeVenue({ switches: { replyWaitsForSpeedBump: false } });
    const socket = venue.tradingSocket('?token_usage=interactive');
    create(venue, socket, 10, { price: '60001' });
    venue.host.advance(PROCESSING_US);
    expect(orderOf(socket.reply(10)).status).toBe('NEW');
    venue.market.set(venue.host.nowUs(), [[60_000, 1]], [[60_000.7, 1]]);
    venue.host.advance(BUMP_US);
    expect(socket.pushes('fills.ALL')).toMatchObject([{ price: '60000.7' }]);
  });

  it('delays the stream, not the reply, by the acknowledgement-to-fill lag', () => {
    const venue = new PracticeVenue({ ackToFillLagUs: 50_000 });
    const socket = venue.tradingSocket();
    create(venue, socket, 10);
    venue.host.advance(PROCESSING_US);
    expect(socket.reply(10)).toBeDefined();
    expect(socket.pushes('fills.ALL')).toEqual([]);
    venue.host.advance(50_000);
    const [fill] = socket.pushes('fills.ALL');
    expect(fill!.created_at).toBe((START_US + PROCESSING_US) / 1000);
    expect(socket.pushes('orders.ALL')[0]!.published_at).toBe((START_US + PROCESSING_US + 50_000) / 1000);
  });

  it('fills resting orders as makers at their own price when the recorded market reaches them', () => {
    const venue = new PracticeVenue();
    const socket = venue.tradingSocket();
    create(venue, socket, 10, { price: '59995', instruction: 'GTC', size: '1' });
    create(venue, socket, 11, { price: '59990', instruction: 'POST_ONLY', size: '1' });
    venue.host.advance(PROCESSING_US);
    venue.market.set(venue.host.nowUs(), [[59_980, 1]], [[59_994, 0.4]]);
    expect(socket.pushes('fills.ALL')).toMatchObject([
      { liquidity: 'MAKER', price: '59995', size: '0.4', remaining_size: '0.6', fee: '0.71994' },
    ]);
    expect(socket.pushes('orders.ALL').at(-1)).toMatchObject({ status: 'OPEN', remaining_size: '0.6' });
    venue.market.trade({ venueTimeUs: venue.host.nowUs(), priceE8: 59_992e8, sizeE8: 5e8, takerSide: 'SELL' });
    expect(socket.pushes('orders.ALL').at(-1)).toMatchObject({ status: 'CLOSED', remaining_size: '0' });
    expect(socket.pushes('fills.ALL')).toHaveLength(2);
  });

  it('cancels by client id, all of a market, and on disconnect when asked to', () => {
    const venue = new PracticeVenue({ switches: { cancelOnDisconnectDelayMs: 1_000 } });
    const socket = venue.tradingSocket();
    const passive = { price: '59990', instruction: 'GTC' };
    create(venue, socket, 10, { ...passive, client_id: 'a' });
    create(venue, socket, 11, { ...passive, client_id: 'b', size: '0.4' });
    venue.host.advance(PROCESSING_US);
    socket.send({ id: 12, method: 'order.cancel', params: { client_id: 'a', market: SYMBOL } });
    venue.host.advance(PROCESSING_US);
    expect(socket.pushes('orders.ALL').at(-1)).toMatchObject({ client_id: 'a', status: 'CLOSED' });
    socket.send({ id: 13, method: 'order.cancel', params: { client_id: 'a', market: SYMBOL } });
    socket.send({ id: 14, method: 'order.cancel_all', params: { market: SYMBOL } });
    venue.host.advance(PROCESSING_US);
    expect(socket.reply(13)!.error).toMatchObject({ code: 100 });
    expect(socket.reply(14)!.result).toEqual({ status: 'ok' });
    expect(socket.pushes('orders.ALL').at(-1)).toMatchObject({ client_id: 'b', status: 'CLOSED' });

    const other = venue.tradingSocket();
    create(venue, other, 20, { ...passive, client_id: 'other' });
    socket.send({ id: 15, method: 'order.cancel_on_disconnect', params: { enabled: true } });
    create(venue, socket, 16, { ...passive, client_id: 'mine', size: '0.3' });
    venue.host.advance(PROCESSING_US);
    socket.drop();
    venue.host.advance(999_999);
    expect(other.pushes('orders.ALL').filter(({ status }) => status === 'CLOSED')).toEqual([]);
    venue.host.advance(1);
    expect(other.pushes('orders.ALL').at(-1)).toMatchObject({ client_id: 'mine', cancel_reason: 'USER_CANCELED' });
    expect(other.pushes('orders.ALL').filter(({ status }) => status === 'CLOSED')).toHaveLength(1);
  });

  it('waits for a late signature check and reports the lateness', () => {
    const answers: (() => void)[] = [];
    const venue: PracticeVenue = new PracticeVenue({
      verifier: {
        verify: (request, answer) => answers.push(() => answer({ publicKey: request.publicKeys[0]! })),
        close: () => Promise.resolve(),
      },
    });
    venue.endpoint.http({ method: 'POST', path: '/v1/auth', headers: venue.authHeaders(), body: '' }, (answer) => {
      const bearer = (JSON.parse(answer.body) as Json).jwt_token;
      socket.send({ id: 1, method: 'auth', params: { bearer } });
    });
    const socket = venue.connect();
    answers.pop()!();
    create(venue, socket, 10);
    venue.host.advance(PROCESSING_US + 7_000);
    expect(socket.reply(10)).toBeUndefined();
    answers.pop()!();
    expect(orderOf(socket.reply(10)).status).toBe('NEW');
    expect(venue.endpoint.lateness()).toEqual({ checks: 1, late: 1, p99Ms: 7, maxMs: 7 });
  });
});

it('treats a Retail account beyond three orders a second as Pro', () => {
  const venue = new PracticeVenue();
  const socket = venue.tradingSocket('?token_usage=interactive');
  for (const id of [10, 11, 12, 13]) create(venue, socket, id, { size: '0.1', client_id: String(id) });
  venue.host.advance(PROCESSING_US);
  expect(socket.pushes('fills.ALL')).toMatchObject([{ client_id: '13', fee: '2.7000045' }]);
  venue.host.advance(BUMP_US);
  expect(socket.pushes('fills.ALL').map(({ fee }) => fee)).toEqual(['2.7000045', '0', '0', '0']);
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
    create(venue, trading, 10, { size: '1.5', price: '60000.2' });
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
    create(venue, trading, 10);
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
    create(venue, socket, 10, { client_id: 'a' });
    create(venue, socket, 11, { price: '59990', instruction: 'GTC' });
    venue.host.advance(PROCESSING_US);
    venue.market.set(venue.host.nowUs(), [[59_980, 1]], [[59_989, 3]]);
    venue.host.advance(60_000_000);
    return [...socket.texts, ...data.texts, ...data.frames.map((frame) => Buffer.from(frame).toString('hex'))];
  };
  const first = run();
  expect(first.length).toBeGreaterThan(25);
  expect(run()).toEqual(first);
});

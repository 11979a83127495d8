import { describe, expect, it } from 'vitest';
import {
  createOrder,
  orderOf,
  PracticeVenue,
  PROCESSING_US,
  START_US,
  subscribe,
  SYMBOL,
  type Json,
} from './testing/practice-venue.ts';

const BUMP_US = 300_000;

describe('orders over WebSocket', () => {
  it('acknowledges with NEW, then streams fill and CLOSED order, position, balance and account', () => {
    const venue = new PracticeVenue();
    const socket = venue.tradingSocket();
    createOrder(venue, socket, 10, { client_id: 'h-1' });
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
    createOrder(venue, socket, 10);
    venue.host.advance(PROCESSING_US);
    expect(socket.pushes(`orders.${SYMBOL}`).map(({ status }) => status)).toEqual(['NEW', 'CLOSED']);
    expect(socket.messages().at(-1)!.id).toBe(10);
  });

  it('walks the book with one fill per level and cancels what an IOC finds no more of', () => {
    const venue = new PracticeVenue();
    const socket = venue.tradingSocket();
    createOrder(venue, socket, 10, { size: '4', price: '60000.2' });
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
    createOrder(venue, socket, 10, { type: 'MARKET', size: '10' });
    venue.host.advance(PROCESSING_US);
    expect(socket.pushes('orders.ALL')).toMatchObject([
      { status: 'CLOSED', remaining_size: '7', price: '0', cancel_reason: 'EXCEEDS_MAX_SLIPPAGE' },
    ]);
  });

  it('cancels a POST_ONLY order that would take', () => {
    const venue = new PracticeVenue();
    const socket = venue.tradingSocket();
    createOrder(venue, socket, 10, { instruction: 'POST_ONLY' });
    venue.host.advance(PROCESSING_US);
    expect(orderOf(socket.reply(10)).status).toBe('NEW');
    expect(socket.pushes('orders.ALL')).toMatchObject([{ cancel_reason: 'POST_ONLY_WOULD_CROSS' }]);
    expect(socket.pushes('fills.ALL')).toEqual([]);
  });

  it('cancels a REDUCE_ONLY order that does not reduce, and lets one close the position', () => {
    const venue = new PracticeVenue({ fees: { kind: 'zero' } });
    const socket = venue.tradingSocket();
    createOrder(venue, socket, 10, { side: 'SELL', price: '60000', flags: ['REDUCE_ONLY'] });
    createOrder(venue, socket, 11);
    venue.host.advance(PROCESSING_US);
    createOrder(venue, socket, 12, { side: 'SELL', price: '60000', flags: ['REDUCE_ONLY'] });
    venue.host.advance(PROCESSING_US);
    expect(socket.pushes('orders.ALL').map(({ cancel_reason }) => cancel_reason)).toEqual([
      'REDUCE_ONLY_WOULD_INCREASE',
      '',
      '',
    ]);
    expect(socket.pushes('fills.ALL').at(-1)).toMatchObject({ realized_pnl: '-0.05', fee: '0' });
    expect(socket.pushes('positions').at(-1)).toMatchObject({ size: '0', status: 'CLOSED' });
  });

  it('cancels a resting REDUCE_ONLY order that the position no longer covers', () => {
    const venue = new PracticeVenue();
    const socket = venue.tradingSocket();
    const run = (id: number, fields: Parameters<PracticeVenue['order']>[0]): void => {
      createOrder(venue, socket, id, fields);
      venue.host.advance(PROCESSING_US);
    };
    const reduceAt = (price: string) => ({ side: 'SELL' as const, price, instruction: 'GTC', flags: ['REDUCE_ONLY'] });
    run(10, { size: '0.5' });
    run(11, { ...reduceAt('60010'), size: '0.5', client_id: 'whole' });
    run(12, { ...reduceAt('60020'), size: '0.2', client_id: 'part' });
    run(13, { side: 'SELL', price: '60000', size: '0.3' });
    const last = (clientId: string) => socket.pushes('orders.ALL').findLast(({ client_id }) => client_id === clientId);
    expect(last('whole')).toMatchObject({ status: 'CLOSED', cancel_reason: 'REDUCE_ONLY_WOULD_INCREASE' });
    expect(last('part')).toMatchObject({ status: 'OPEN' });
    run(14, { side: 'SELL', price: '60000', size: '0.2' });
    expect(last('part')).toMatchObject({ status: 'CLOSED', cancel_reason: 'REDUCE_ONLY_WOULD_INCREASE' });
  });

  it('can cut an oversized REDUCE_ONLY order to the position', () => {
    const venue = new PracticeVenue({ switches: { reduceOnlyOversize: 'cut' } });
    const socket = venue.tradingSocket();
    createOrder(venue, socket, 10, { size: '0.5' });
    venue.host.advance(PROCESSING_US);
    createOrder(venue, socket, 11, { side: 'SELL', price: '60000', size: '0.8', flags: ['REDUCE_ONLY'] });
    venue.host.advance(PROCESSING_US);
    expect(socket.pushes('fills.ALL').at(-1)).toMatchObject({ side: 'SELL', size: '0.5' });
    expect(socket.pushes('positions').at(-1)).toMatchObject({ size: '0' });
    expect(socket.pushes('orders.ALL').at(-1)).toMatchObject({ remaining_size: '0.3', avg_fill_price: '60000' });
  });

  it('tells nobody about the orders of another account', () => {
    const venue = new PracticeVenue();
    venue.onboard(venue.stranger);
    const login = venue.rest('POST', '/v1/auth', { headers: venue.authHeaders(venue.stranger) });
    const stranger = venue.connect();
    stranger.send({ id: 1, method: 'auth', params: { bearer: login.json.jwt_token } });
    subscribe(stranger, 'orders.ALL', 'fills.ALL', 'positions', 'account', 'balance_events');
    const owner = venue.tradingSocket();
    createOrder(venue, owner, 10);
    createOrder(venue, owner, 11, { price: '59990', instruction: 'GTC' });
    venue.host.advance(PROCESSING_US);
    const id = orderOf(owner.reply(11)).id;
    stranger.send({ id: 12, method: 'order.cancel', params: { id } });
    venue.host.advance(PROCESSING_US);
    expect(stranger.reply(12)!.error).toMatchObject({ code: 100, message: 'ORDER_ID_NOT_FOUND' });
    expect(stranger.messages().filter(({ method }) => method === 'subscription')).toEqual([]);
    expect(owner.pushes('orders.ALL').at(-1)).toMatchObject({ id, status: 'OPEN' });
  });

  it('cancels orders beyond margin and position limit after they were acknowledged', () => {
    const venue = new PracticeVenue();
    const socket = venue.tradingSocket();
    const deep: [number, number][] = [[60_000.1, 1_000]];
    venue.market.set(START_US, [[60_000, 1_000]], deep);
    for (const id of [10, 11, 12, 13, 14, 15, 16, 17, 18]) {
      createOrder(venue, socket, id, { size: '100', signature_timestamp: START_US / 1000 + id });
      venue.host.advance(PROCESSING_US);
    }
    const reasons = socket.pushes('orders.ALL').map(({ cancel_reason }) => cancel_reason);
    expect(reasons.slice(0, 4)).toEqual(['', '', '', 'ORDER_EXCEEDS_POSITION_LIMIT']);
    const poor = new PracticeVenue({ fees: { kind: 'custom', paradexTakerBps: 900, vestTakerBps: 0 } });
    poor.market.set(START_US, [[60_000, 1_000]], deep);
    const poorSocket = poor.tradingSocket();
    createOrder(poor, poorSocket, 10, { size: '100' });
    poor.host.advance(PROCESSING_US);
    createOrder(poor, poorSocket, 11, { size: '100' });
    poor.host.advance(PROCESSING_US);
    createOrder(poor, poorSocket, 12, { size: '100', signature_timestamp: START_US / 1000 + 5 });
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
    createOrder(venue, socket, 10);
    venue.host.advance(PROCESSING_US + BUMP_US - 1);
    expect(socket.reply(10)).toBeUndefined();
    venue.host.advance(1);
    const order = orderOf(socket.reply(10));
    expect(Number(order.created_at) - Number(order.received_at)).toBe((PROCESSING_US + BUMP_US) / 1000);
    expect(socket.pushes('fills.ALL')).toMatchObject([{ fee: '0', flags: ['interactive'] }]);

    createOrder(venue, socket, 11, { price: '59990', instruction: 'GTC' });
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
    createOrder(venue, socket, 10, { price: '60001' });
    venue.host.advance(PROCESSING_US);
    expect(orderOf(socket.reply(10)).status).toBe('NEW');
    venue.market.set(venue.host.nowUs(), [[60_000, 1]], [[60_000.7, 1]]);
    venue.host.advance(BUMP_US);
    expect(socket.pushes('fills.ALL')).toMatchObject([{ price: '60000.7' }]);
  });

  it('delays the stream, not the reply, by the acknowledgement-to-fill lag', () => {
    const venue = new PracticeVenue({ ackToFillLagUs: 50_000 });
    const socket = venue.tradingSocket();
    createOrder(venue, socket, 10);
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
    createOrder(venue, socket, 10, { price: '59995', instruction: 'GTC', size: '1' });
    createOrder(venue, socket, 11, { price: '59990', instruction: 'POST_ONLY', size: '1' });
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
    createOrder(venue, socket, 10, { ...passive, client_id: 'a' });
    createOrder(venue, socket, 11, { ...passive, client_id: 'b', size: '0.4' });
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
    createOrder(venue, other, 20, { ...passive, client_id: 'other' });
    socket.send({ id: 15, method: 'order.cancel_on_disconnect', params: { enabled: true } });
    createOrder(venue, socket, 16, { ...passive, client_id: 'mine', size: '0.3' });
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
    createOrder(venue, socket, 10);
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
  for (const id of [10, 11, 12, 13]) createOrder(venue, socket, id, { size: '0.1', client_id: String(id) });
  venue.host.advance(PROCESSING_US);
  expect(socket.pushes('fills.ALL')).toMatchObject([{ client_id: '13', fee: '2.7000045' }]);
  venue.host.advance(BUMP_US);
  expect(socket.pushes('fills.ALL').map(({ fee }) => fee)).toEqual(['2.7000045', '0', '0', '0']);
});

import { getStarkKey } from '@scure/starknet';
import { describe, expect, it } from 'vitest';
import { PracticeVenue, PROCESSING_US, START_US, SYMBOL, type Json } from './testing/practice-venue.ts';

/** Places over REST and returns the answer. */
function place(venue: PracticeVenue, token: string, fields: Parameters<PracticeVenue['order']>[0] = {}) {
  return venue.rest('POST', '/v1/orders', { token, body: venue.order(fields) });
}

function results(answer: { json: Json }): Json[] {
  return answer.json.results as Json[];
}

describe('public routes', () => {
  it('tells time, state and configuration', () => {
    const venue = new PracticeVenue();
    expect(venue.rest('GET', '/v1/system/time', { advanceUs: 0 }).body).toBe(`{"server_time":"${START_US / 1000}"}`);
    expect(venue.rest('GET', '/v1/system/state').body).toBe('{"status":"ok"}');
    expect(venue.rest('GET', '/v1/system/config').json).toMatchObject({
      starknet_chain_id: 'PRIVATE_SN_POTC_SEPOLIA',
      l1_chain_id: '11155111',
      paraclear_decimals: 8,
    });
  });

  it('describes the market by the rules of the replayed one', () => {
    const [market] = results(new PracticeVenue().rest('GET', `/v1/markets?market=${SYMBOL}`));
    expect(market).toMatchObject({
      symbol: SYMBOL,
      price_tick_size: '0.1',
      order_size_increment: '0.00001',
      min_notional: '10',
      max_order_size: '100',
      fee_config: {
        api_fee: { maker_fee: { fee: '0.00003' }, taker_fee: { fee: '0.00045' } },
        interactive_fee: { maker_fee: { fee: '0' }, taker_fee: { fee: '0' } },
      },
    });
  });

  it('reads book, bbo and summary from the replayed market', () => {
    const venue = new PracticeVenue();
    const book = venue.rest('GET', `/v1/orderbook/${SYMBOL}?depth=2`).json;
    expect(book).toMatchObject({
      bids: [
        ['60000', '2'],
        ['59999.9', '3'],
      ],
      asks: [
        ['60000.1', '1'],
        ['60000.2', '2'],
      ],
      best_bid_api: ['60000', '2'],
      last_updated_at: START_US / 1000,
    });
    expect(venue.rest('GET', `/v1/bbo/${SYMBOL}`).json).toMatchObject({
      seq_no: book.seq_no,
      bid: '60000',
      ask: '60000.1',
    });
    expect(results(venue.rest('GET', '/v1/markets/summary?market=ALL'))[0]).toMatchObject({ mark_price: '60000.05' });
  });

  it('lists recorded trades newest first, in pages', () => {
    const venue = new PracticeVenue();
    for (let index = 0; index < 3; index++) {
      const venueTimeUs = START_US + index * 1000;
      venue.market.trade({ venueTimeUs, priceE8: 6e12 + index * 1e7, sizeE8: 1e6, takerSide: 'BUY' });
    }
    const first = venue.rest('GET', `/v1/trades?market=${SYMBOL}&page_size=2`);
    expect(results(first).map(({ price }) => price)).toEqual(['60000.2', '60000.1']);
    const second = venue.rest('GET', `/v1/trades?market=${SYMBOL}&page_size=2&cursor=${String(first.json.next)}`);
    expect(results(second).map(({ price }) => price)).toEqual(['60000']);
    expect(second.json.next).toBeNull();
  });

  it('answers unknown paths and markets with the venue error body', () => {
    const venue = new PracticeVenue();
    expect(venue.rest('GET', '/v1/nothing')).toMatchObject({ status: 404, json: { error: 'NOT_FOUND', data: null } });
    expect(venue.rest('GET', '/v1/bbo/X-USD-PERP')).toMatchObject({ status: 404, json: { error: 'MARKET_NOT_FOUND' } });
    expect(venue.rest('GET', '/v1/bbo/%E0%A4%A').status).toBe(404);
  });
});

describe('onboarding and login', () => {
  it('onboards a stranger who proves the key, again without harm, and credits test money', () => {
    const venue = new PracticeVenue();
    const { stranger } = venue;
    const headers = venue.authHeaders(stranger);
    expect(venue.rest('POST', '/v1/auth', { headers }).json.error).toBe('NOT_ONBOARDED');
    expect(venue.onboard(stranger)).toMatchObject({ status: 200, body: '' });
    expect(venue.onboard(stranger).status).toBe(200);
    const token = String(venue.rest('POST', '/v1/auth', { headers: venue.authHeaders(stranger) }).json.jwt_token);
    expect(results(venue.rest('GET', '/v1/balance', { token }))[0]).toMatchObject({ token: 'USDC', size: '1000000' });
  });

  it('tells the address of a key before onboarding', () => {
    const venue = new PracticeVenue();
    const account = venue.rest('GET', `/v1/account/info`, { token: venue.token() });
    const { public_key: publicKey, account: address } = results(account)[0]!;
    const path = `/v1/onboarding?account_signer_type=starknet&public_key=${String(publicKey)}`;
    expect(venue.rest('GET', path).json).toMatchObject({ address, exists: true });
  });

  it('refuses a login signed by another key, expired, or from the future', () => {
    const venue = new PracticeVenue();
    const wrongKey = venue.authHeaders(venue.account, venue.stranger.l2PrivateKey);
    expect(venue.rest('POST', '/v1/auth', { headers: wrongKey })).toMatchObject({
      status: 401,
      json: { error: 'STARKNET_SIGNATURE_VERIFICATION_FAILED' },
    });
    const headers = venue.authHeaders();
    venue.host.advance(1_801_000_000);
    expect(venue.rest('POST', '/v1/auth', { headers }).json.error).toBe('INVALID_SIGNATURE_EXPIRATION');
    const future = { ...venue.authHeaders(), 'paradex-timestamp': '1999999999' };
    expect(venue.rest('POST', '/v1/auth', { headers: future }).json.error).toBe('INVALID_TIMESTAMP');
  });

  it('issues a token that dies after 300 s', () => {
    const venue = new PracticeVenue();
    const token = venue.token();
    const claims = JSON.parse(Buffer.from(token.split('.')[1]!, 'base64url').toString()) as Json;
    expect(claims).toMatchObject({ typ: 'at+JWT', sub: venue.account.address, iat: START_US / 1e6 });
    expect(claims.exp).toBe(START_US / 1e6 + 300);
    venue.host.advance(299_000_000);
    expect(venue.rest('GET', '/v1/account', { token }).status).toBe(200);
    venue.host.advance(1_000_000);
    expect(venue.rest('GET', '/v1/account', { token })).toMatchObject({
      status: 401,
      json: { error: 'UNAUTHORIZED_ERROR' },
    });
    expect(venue.rest('GET', '/v1/account').json.message).toBe('missing or malformed jwt');
  });

  it('lets a registered subkey trade, and neither log in nor trade once it is deleted', () => {
    const venue = new PracticeVenue();
    const token = venue.token();
    const subkey = venue.stranger.l2PrivateKey;
    const publicKey = getStarkKey(subkey);
    const login = () =>
      venue.rest('POST', `/v1/auth/${publicKey}`, { headers: venue.authHeaders(venue.account, subkey) });
    expect(login().json.error).toBe('INVALID_SUBKEY');
    const body = { name: 'desk', public_key: publicKey };
    expect(venue.rest('POST', '/v1/account/keys/subkeys', { token, body }).status).toBe(200);
    const subkeyToken = String(login().json.jwt_token);
    const order = () => venue.rest('POST', '/v1/orders', { token, body: venue.order({}, subkey) });
    expect(order().status).toBe(201);
    const path = `/v1/account/keys/subkeys/${publicKey}`;
    expect(venue.rest('DELETE', path, { token: subkeyToken }).json.error).toBe('REQUEST_NOT_ALLOWED');
    expect(venue.rest('DELETE', path, { token }).status).toBe(204);
    expect(venue.rest('GET', '/v1/account', { token: subkeyToken }).status).toBe(401);
    expect(order().json.error).toBe('INVALID_ORDER_SIGNATURE');
    expect(login().json.error).toBe('INVALID_SUBKEY');
  });
});

describe('orders over REST', () => {
  it('acknowledges with NEW after the processing time, then shows the fill in the ledger', () => {
    const venue = new PracticeVenue();
    const token = venue.token();
    const answer = place(venue, token, { client_id: 'h-1' });
    expect(answer.status).toBe(201);
    expect(answer.json).toMatchObject({
      status: 'NEW',
      remaining_size: '0.5',
      client_id: 'h-1',
      avg_fill_price: '',
      cancel_reason: '',
      received_at: START_US / 1000,
      created_at: (START_US + PROCESSING_US) / 1000,
    });
    expect(Object.keys(answer.json).slice(0, 5)).toEqual(['id', 'account', 'market', 'side', 'type']);
    expect(results(venue.rest('GET', '/v1/fills', { token }))[0]).toMatchObject({
      order_id: answer.json.id,
      client_id: 'h-1',
      side: 'BUY',
      liquidity: 'TAKER',
      price: '60000.1',
      size: '0.5',
      fee: '13.5000225',
      fee_currency: 'USDC',
      realized_pnl: '0',
    });
    expect(results(venue.rest('GET', '/v1/positions', { token }))[0]).toMatchObject({
      status: 'OPEN',
      side: 'LONG',
      size: '0.5',
      average_entry_price: '60000.1',
    });
    expect(results(venue.rest('GET', '/v1/balance', { token }))[0]!.size).toBe('999986.4999775');
    expect(results(venue.rest('GET', '/v1/orders-history?client_id=h-1', { token }))[0]).toMatchObject({
      status: 'CLOSED',
      remaining_size: '0',
      avg_fill_price: '60000.1',
    });
    expect(venue.rest('GET', '/v1/orders/by_client_id/h-1', { token })).toMatchObject({
      status: 404,
      json: { error: 'CLIENT_ORDER_ID_NOT_FOUND' },
    });
  });

  it('places, shows and cancels a resting order', () => {
    const venue = new PracticeVenue();
    const token = venue.token();
    const { json } = place(venue, token, { price: '59990', instruction: 'GTC', client_id: 'rest' });
    const id = String(json.id);
    expect(results(venue.rest('GET', '/v1/orders', { token }))).toMatchObject([{ id, status: 'OPEN', flags: [] }]);
    expect(venue.rest('GET', '/v1/orders/by_client_id/rest', { token }).json.id).toBe(id);
    expect(venue.rest('DELETE', `/v1/orders/by_client_id/rest?market=${SYMBOL}`, { token })).toMatchObject({
      status: 204,
      body: '',
    });
    expect(venue.rest('GET', `/v1/orders/${id}`, { token }).json).toMatchObject({
      status: 'CLOSED',
      cancel_reason: 'USER_CANCELED',
      remaining_size: '0.5',
    });
    expect(venue.rest('DELETE', `/v1/orders/${id}`, { token }).json.error).toBe('ORDER_IS_CLOSED');
    expect(venue.rest('DELETE', '/v1/orders/123', { token })).toMatchObject({
      status: 404,
      json: { error: 'ORDER_ID_NOT_FOUND' },
    });
  });

  it('cancels all orders of a market', () => {
    const venue = new PracticeVenue();
    const token = venue.token();
    place(venue, token, { price: '59990', instruction: 'GTC' });
    place(venue, token, { price: '59991', instruction: 'POST_ONLY' });
    expect(venue.rest('DELETE', `/v1/orders?market=${SYMBOL}`, { token }).status).toBe(200);
    expect(results(venue.rest('GET', '/v1/orders', { token }))).toEqual([]);
  });

  const refusals: [string, Parameters<PracticeVenue['order']>[0], string][] = [
    ['another market', { market: 'X-USD-PERP' }, 'MARKET_NOT_FOUND'],
    ['a size off the increment', { size: '0.500001' }, 'INVALID_ORDER_SIZE'],
    ['a size above the maximum', { size: '101' }, 'INVALID_ORDER_SIZE'],
    ['a size below the minimum notional', { size: '0.0001' }, 'VALIDATION_ERROR'],
    ['a price off the tick', { price: '60000.15' }, 'VALIDATION_ERROR'],
    ['a MARKET order with a price', { type: 'MARKET', price: '60000' }, 'VALIDATION_ERROR'],
    ['a client id of 65 characters', { client_id: 'x'.repeat(65) }, 'VALIDATION_ERROR'],
    ['a receive window below 10 ms', { recv_window: 9 }, 'VALIDATION_ERROR'],
    ['an unknown flag', { flags: ['INTERACTIVE'] }, 'VALIDATION_ERROR'],
    ['a retail price improvement order', { instruction: 'RPI' }, 'RPI_ACCOUNT_NOT_WHITELISTED'],
    ['a timestamp from the future', { signature_timestamp: START_US / 1000 + 6_000 }, 'INVALID_TIMESTAMP'],
    ['a timestamp before the receive window', { signature_timestamp: START_US / 1000 - 300_001 }, 'INVALID_TIMESTAMP'],
  ];
  it.each(refusals)('refuses %s', (_, fields, code) => {
    const venue = new PracticeVenue();
    expect(place(venue, venue.token(), fields)).toMatchObject({ status: 400, json: { error: code, data: null } });
  });

  it('refuses an order whose signature does not fit a signed field, and accepts changes of unsigned ones', () => {
    const venue = new PracticeVenue();
    const token = venue.token();
    const body = venue.order();
    for (const [field, value] of Object.entries({ side: 'SELL', size: '0.6', price: '60000.2', type: 'MARKET' })) {
      const changed = { ...body, [field]: value, ...(field === 'type' ? { price: '0' } : {}) };
      expect(venue.rest('POST', '/v1/orders', { token, body: changed }).json.error).toBe('INVALID_ORDER_SIGNATURE');
    }
    const unsigned = { ...body, instruction: 'GTC', client_id: 'other', recv_window: 60_000 };
    expect(venue.rest('POST', '/v1/orders', { token, body: unsigned }).status).toBe(201);
  });

  it('refuses a client id that is alive or on its way, and takes it again once it is free', () => {
    const venue = new PracticeVenue();
    const token = venue.token();
    const answers: string[] = [];
    for (let index = 0; index < 2; index++) {
      const body = JSON.stringify(venue.order({ client_id: 'twice', instruction: 'GTC', price: '59990' }));
      const headers = { authorization: `Bearer ${token}` };
      venue.endpoint.http({ method: 'POST', path: '/v1/orders', headers, body }, (answer) => answers.push(answer.body));
    }
    venue.host.advance(PROCESSING_US);
    expect(answers.filter((body) => body.includes('DUPLICATED_CLIENT_ID'))).toHaveLength(1);
    expect(place(venue, token, { client_id: 'twice' }).json.error).toBe('DUPLICATED_CLIENT_ID');
    venue.rest('DELETE', '/v1/orders', { token });
    expect(place(venue, token, { client_id: 'twice' }).status).toBe(201);
  });

  it('can be told to refuse a client id for ever and a signature used before', () => {
    const venue = new PracticeVenue({ switches: { duplicateClientIdScope: 'ever', rejectsReusedSignature: true } });
    const token = venue.token();
    expect(place(venue, token, { client_id: 'once' }).status).toBe(201);
    expect(place(venue, token, { client_id: 'once', size: '0.4' }).json.error).toBe('DUPLICATED_CLIENT_ID');
    const body = venue.order({ size: '0.1' });
    expect(venue.rest('POST', '/v1/orders', { token, body }).status).toBe(201);
    expect(venue.rest('POST', '/v1/orders', { token, body }).json.error).toBe('INVALID_ORDER_SIGNATURE');
  });

  it('kills an order whose receive window ends during processing', () => {
    const venue = new PracticeVenue();
    const token = venue.token();
    expect(place(venue, token, { recv_window: 10 }).status).toBe(201);
    const late = venue.order({ recv_window: 10 });
    venue.host.advance(1_000);
    expect(venue.rest('POST', '/v1/orders', { token, body: late }).json.error).toBe('INVALID_TIMESTAMP');
    const arrivalOnly = new PracticeVenue({ switches: { receiveWindowCheckedAt: 'arrival' } });
    const body = arrivalOnly.order({ recv_window: 10 });
    arrivalOnly.host.advance(1_000);
    expect(arrivalOnly.rest('POST', '/v1/orders', { token: arrivalOnly.token(), body }).status).toBe(201);
  });

  it('obeys the system status', () => {
    const venue = new PracticeVenue();
    const token = venue.token();
    const passive = { price: '59990', instruction: 'POST_ONLY' };
    venue.endpoint.setSystemStatus('post_only');
    expect(place(venue, token).json.error).toBe('SYSTEM_STATUS_POST_ONLY');
    expect(place(venue, token, passive).status).toBe(201);
    venue.endpoint.setSystemStatus('cancel_only');
    expect(place(venue, token, passive).json.error).toBe('SYSTEM_STATUS_CANCEL_ONLY');
    expect(venue.rest('DELETE', '/v1/orders', { token }).status).toBe(200);
    venue.endpoint.setSystemStatus('maintenance');
    expect(place(venue, token).status).toBe(503);
    venue.endpoint.setSystemStatus('ok');
    venue.market.isOpenNow = false;
    expect(place(venue, token).json.error).toBe('MARKET_NOT_OPEN');
  });

  it('lists closed positions or not, as it is told', () => {
    const countAfterRoundTrip = (listsClosedPositions: boolean): number => {
      const venue = new PracticeVenue({ switches: { listsClosedPositions } });
      const token = venue.token();
      place(venue, token);
      expect(results(venue.rest('GET', '/v1/positions', { token }))).toHaveLength(1);
      place(venue, token, { side: 'SELL', price: '60000' });
      return results(venue.rest('GET', '/v1/positions', { token })).length;
    };
    expect(countAfterRoundTrip(true)).toBe(1);
    expect(countAfterRoundTrip(false)).toBe(0);
  });

  it('pages fills by cursor without loss or repetition while new ones come in', () => {
    const venue = new PracticeVenue();
    const token = venue.token();
    for (let index = 0; index < 5; index++) place(venue, token, { size: '0.01' });
    const seen: unknown[] = [];
    let cursor = '';
    for (let round = 0; round < 3; round++) {
      const page = venue.rest('GET', `/v1/fills?page_size=2&cursor=${cursor}`, { token });
      seen.push(...results(page).map(({ id }) => id));
      cursor = String(page.json.next);
      place(venue, token, { size: '0.01' });
    }
    expect(cursor).toBe('null');
    expect(seen).toHaveLength(5);
    expect(new Set(seen).size).toBe(5);
    const since = Math.floor(venue.host.nowUs() / 1000) + 1;
    expect(results(venue.rest('GET', `/v1/fills?start_at=${since}`, { token }))).toEqual([]);
    expect(venue.rest('GET', '/v1/fills?start_at=yesterday', { token }).json.error).toBe('INVALID_REQUEST_PARAMETER');
    expect(venue.rest('GET', '/v1/fills?cursor=abc', { token }).json.error).toBe('INVALID_REQUEST_PARAMETER');
  });
});

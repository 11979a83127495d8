import { describe, expect, it } from 'vitest';
import { PracticeVenue, PROCESSING_US, type Json } from './testing/practice-venue.ts';

const PASSIVE = { price: '59990', instruction: 'GTC' };

describe('batches', () => {
  it('place several orders, each judged by itself', () => {
    const venue = new PracticeVenue();
    const token = venue.token();
    const body = [
      venue.order({ ...PASSIVE, client_id: 'a' }),
      venue.order({ size: '0.000001' }),
      venue.order({ client_id: 'b' }),
    ];
    const answer = venue.rest('POST', '/v1/orders/batch', { token, body });
    expect(answer).toMatchObject({
      status: 201,
      json: {
        orders: [
          { client_id: 'a', status: 'NEW' },
          { client_id: 'b', status: 'NEW' },
        ],
        errors: [{ error: 'INVALID_ORDER_SIZE' }],
      },
    });
    const history = venue.rest('GET', '/v1/orders-history', { token }).json.results as Json[];
    expect(history.map(({ client_id, status }) => [client_id, status]).sort()).toEqual([
      ['a', 'OPEN'],
      ['b', 'CLOSED'],
    ]);
  });

  it('are refused as a whole for one bad signature, and leave no client id taken', () => {
    const venue = new PracticeVenue();
    const socket = venue.tradingSocket();
    const good = venue.order({ ...PASSIVE, client_id: 'a' });
    const orders = [good, { ...venue.order({ client_id: 'b' }), size: '0.6' }];
    socket.send({ id: 10, method: 'order.create_batch', params: { orders } });
    venue.host.advance(PROCESSING_US);
    expect(socket.reply(10)!.result).toEqual({
      results: [{ error: 'INVALID_ORDER_SIGNATURE' }, { error: 'INVALID_ORDER_SIGNATURE' }],
    });
    expect(socket.pushes('orders.ALL')).toEqual([]);
    socket.send({ id: 11, method: 'order.create_batch', params: { orders: [good] } });
    venue.host.advance(PROCESSING_US);
    expect(socket.reply(11)!.result).toMatchObject({ results: [{ order: { client_id: 'a', status: 'NEW' } }] });
    expect(socket.pushes('orders.ALL')).toMatchObject([{ client_id: 'a', status: 'OPEN' }]);
  });

  it('cancel several orders and say of each what was found', () => {
    const venue = new PracticeVenue();
    const token = venue.token();
    const place = (fields: Json) => venue.rest('POST', '/v1/orders', { token, body: venue.order(fields) }).json.id;
    const open = place({ ...PASSIVE, client_id: 'a' });
    const closed = place({});
    const body = { order_ids: [closed, '7'], client_order_ids: ['a'] };
    const answer = venue.rest('DELETE', '/v1/orders/batch', { token, body });
    expect(answer.json.results).toMatchObject([
      { id: closed, status: 'ALREADY_CLOSED' },
      { id: '7', status: 'NOT_FOUND' },
      { id: open, client_id: 'a', status: 'QUEUED_FOR_CANCELLATION' },
    ]);
    expect(venue.rest('GET', `/v1/orders/${String(open)}`, { token }).json.cancel_reason).toBe('USER_CANCELED');
    const socket = venue.tradingSocket();
    socket.send({ id: 10, method: 'order.cancel_batch', params: { order_ids: [open] } });
    venue.host.advance(PROCESSING_US);
    expect(socket.reply(10)!.result).toMatchObject({ results: [{ id: open, status: 'ALREADY_CLOSED' }] });
  });

  it('hold 1 to 10 orders', () => {
    const venue = new PracticeVenue();
    const token = venue.token();
    for (const body of [[], Array.from({ length: 11 }, () => venue.order()), {}]) {
      const answer = venue.rest('POST', '/v1/orders/batch', { token, body });
      expect(answer.json.error).toBe('BATCH_SIZE_OUT_OF_RANGE');
    }
  });
});

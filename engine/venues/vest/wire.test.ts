import { describe, expect, it } from 'vitest';
import { accountPrivateSchema, errorIn, orderBodySchema, orderEventSchema } from './wire.ts';
import vectors from './vectors/vest-vectors.json' with { type: 'json' };

// The ORDER events of the official documentation, as published.
const documented = [
  {
    id: '0x0',
    symbol: 'BTC-PERP',
    isBuy: true,
    orderType: 'MARKET',
    limitPrice: '30000.00',
    size: '0.1000',
    reduceOnly: false,
    initMarginRatio: '0.1250',
    status: 'NEW',
    postTime: 1683849600076,
    nonce: 0,
  },
  {
    id: '0x0',
    symbol: 'BTC-PERP',
    isBuy: true,
    orderType: 'MARKET',
    limitPrice: '30000.00',
    size: '0.1000',
    reduceOnly: false,
    initMarginRatio: '0.1250',
    status: 'FILLED',
    lastFilledSize: '0.1000',
    lastFilledPrice: '30000.00',
    lastFilledTime: 1683849600076,
    avgFilledPrice: '30000.00',
    cumFunding: '0.100000',
    fees: '0.010000',
    postTime: 1683849600076,
    nonce: 0,
  },
  { id: '0x0', status: 'CANCELLED', postTime: 1683849600076, nonce: 0 },
  { id: '0x0', status: 'REJECTED', code: 3010, postTime: 1683849600076, nonce: 0 },
];

describe('vest wire shapes', () => {
  it.each(documented)('reads the documented $status event without losing a field', (args) => {
    expect(accountPrivateSchema.parse({ event: 'ORDER', args })).toEqual({ event: 'ORDER', args });
  });

  it('refuses an event without nonce: it could not be told whose it is', () => {
    expect(orderEventSchema.safeParse({ ...documented[2], nonce: undefined }).success).toBe(false);
  });

  it.each(vectors.orders)('reads the request body of "$name"', ({ requestBody }) => {
    expect(orderBodySchema.parse(requestBody)).toEqual(requestBody);
  });

  it('finds errors in both envelopes and nowhere else', () => {
    expect(errorIn({ code: 429, msg: 'Rate limited' })).toEqual({ code: 429, msg: 'Rate limited' });
    expect(errorIn({ detail: { code: 1022, msg: 'bad' } })).toEqual({ code: 1022, msg: 'bad' });
    expect(errorIn({ id: '0x1' })).toBeUndefined();
    expect(errorIn({ detail: 'Not Found' })).toBeUndefined();
    expect(errorIn(undefined)).toBeUndefined();
  });
});

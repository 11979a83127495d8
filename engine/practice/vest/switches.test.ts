import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { createBench } from './bench.test-helper.ts';
import { defaultVestSwitches } from './switches.ts';

const page = readFileSync(new URL('../../../docs/practice-venues.md', import.meta.url), 'utf8');

describe('switches of the practice Vest', () => {
  it.each(Object.entries(defaultVestSwitches))('documents %s with its default', (name, value) => {
    const row = page.split('\n').find((line) => line.startsWith(`| \`${name}\` |`));
    const expected = Array.isArray(value) ? 'as listed above' : `\`${String(value)}\``;
    expect(row?.split(' | ')[1]).toBe(expected);
  });

  it.each([
    [{ marketMiss: 'CANCELLED' as const }, { orderType: 'MARKET' }, { status: 'CANCELLED' }],
    [
      { limitMiss: 'REJECTED' as const },
      { orderType: 'LIMIT', timeInForce: 'FOK' },
      { status: 'REJECTED', code: 3001 },
    ],
    [
      { limitMiss: 'REJECTED' as const },
      { orderType: 'LIMIT', timeInForce: 'IOC' },
      { status: 'REJECTED', code: 3001 },
    ],
  ])('ends an order that found nothing as %o says', (switches, fields, expected) => {
    const bench = createBench({ switches });
    bench.order({ ...fields, limitPrice: '50000.00' });
    expect(bench.orders()[0]).toMatchObject(expected);
  });

  it('ends a touched LIMIT that can not fill when told', () => {
    const bench = createBench({ switches: { touchedLimitMiss: 'REJECTED' } });
    bench.order({ orderType: 'LIMIT', limitPrice: '60002.00' });
    expect(bench.orders()[0]).toMatchObject({ status: 'NEW' });
    bench.btc.quote([[59_990, 1]], [[60_010, 1]]);
    expect(bench.orders()[0]).toMatchObject({ status: 'REJECTED', code: 3001 });
  });

  it('refuses IOC, time in force on MARKET and its absence on LIMIT when told', () => {
    const switches = { iocAccepted: false, timeInForceOnMarket: 'rejected', missingTimeInForce: 'rejected' } as const;
    const bench = createBench({ switches });
    const wrong = [
      { orderType: 'LIMIT', timeInForce: 'IOC' },
      { orderType: 'MARKET', timeInForce: 'GTC' },
      { orderType: 'LIMIT' },
    ];
    for (const fields of wrong) expect(bench.order(fields).body).toMatchObject({ detail: { code: 1133 } });
    expect(bench.order({ orderType: 'LIMIT', timeInForce: 'GTC' }).status).toBe(200);
  });

  it('leaves out routing header, socket group and time when told', () => {
    const bench = createBench({ switches: { routingHeader: 'ignored', timeQuery: 'ignored' } });
    const headers = { 'x-api-key': bench.accounts[0]!.apiKey };
    expect(bench.http('GET', '/account', undefined, headers).status).toBe(200);
  });

  it('sends no NEW for rejected orders, other id lengths and another sorting when told', () => {
    const switches = { newEventBeforeRejection: false, orderIdBytes: 16, ordersSort: 'oldestFirst' } as const;
    const bench = createBench({ switches });
    const socket = bench.socket();
    bench.order({ nonce: 1, limitPrice: '1.00' });
    bench.order({ nonce: 2 });
    expect(socket.orders().map((event) => event['status'])).toEqual(['REJECTED', 'NEW', 'FILLED']);
    expect(bench.orders().map((order) => order['nonce'])).toEqual([1, 2]);
    expect(bench.orders()[0]!['id']).toMatch(/^0x[0-9a-f]{32}$/);
  });
});

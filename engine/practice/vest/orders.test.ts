import { describe, expect, it } from 'vitest';
import { orderEventSchema, orderRecordSchema } from '../../venues/vest/wire.ts';
import { createBench, PROCESSING_US } from './bench.test-helper.ts';

describe('orders of the practice Vest', () => {
  it('answers {id} at arrival + processing, neither a fill nor an acceptance', () => {
    const bench = createBench();
    const accepted = bench.order({ size: '0.5000' });
    expect(accepted).toMatchObject({ status: 200, afterUs: PROCESSING_US });
    expect(Object.keys(accepted.body as object)).toEqual(['id']);
    expect((accepted.body as { id: string }).id).toMatch(/^0x[0-9a-f]{64}$/);
    const doomed = bench.order({ isBuy: false, size: '0.6000', reduceOnly: true });
    expect(doomed.status).toBe(200);
    expect(bench.orders(`&id=${(doomed.body as { id: string }).id}`)[0]).toMatchObject({
      status: 'REJECTED',
      code: 3019,
    });
  });

  it('sends NEW and FILLED with the published fields, in the published form', () => {
    const bench = createBench();
    const socket = bench.socket();
    bench.order({ nonce: 7 });
    const [created, filled] = socket.orders();
    const { id, postTime } = created as { id: string; postTime: number };
    const common = {
      id,
      symbol: 'BTC-PERP',
      isBuy: true,
      orderType: 'MARKET',
      limitPrice: '70000.00',
      size: '0.0300',
      reduceOnly: false,
      initMarginRatio: '0.1000',
      postTime,
      nonce: 7,
    };
    expect(created).toEqual({ ...common, status: 'NEW' });
    expect(filled).toEqual({
      ...common,
      status: 'FILLED',
      lastFilledSize: '0.0300',
      lastFilledPrice: '60010.00',
      lastFilledTime: postTime + PROCESSING_US / 1000,
      avgFilledPrice: '60010.00',
      cumFunding: '0.000000',
      fees: '0.180030',
    });
    for (const event of socket.orders()) expect(orderEventSchema.safeParse(event).success).toBe(true);
    const record = bench.orders()[0];
    expect(orderRecordSchema.safeParse(record).success).toBe(true);
    expect(record).toMatchObject({ markPrice: '60005.00', fees: '0.180030', realizedPnl: '-0.180030', tpPrice: null });
  });

  it('walks the levels and reports one average price, rounded against the taker', () => {
    const bench = createBench();
    bench.btc.quote(
      [[60_000, 1]],
      [
        [60_010, 1],
        [60_020, 1],
        [60_030.01, 1],
      ],
    );
    bench.order({ size: '3.0000' });
    // (60010 + 60020 + 60030.01) / 3 = 60020.00333..., a buyer pays the next cent.
    expect(bench.orders()[0]).toMatchObject({
      status: 'FILLED',
      lastFilledPrice: '60020.01',
      lastFilledSize: '3.0000',
    });
    expect(bench.account().positions[0]).toMatchObject({ isLong: true, size: '3.0000', entryPrice: '60020.01' });
  });

  it('reports level by level when the switch says so', () => {
    const bench = createBench({ switches: { fillReports: 'level' } });
    const socket = bench.socket();
    bench.order({ size: '2.0000' });
    const events = socket.orders();
    expect(events.map((event) => event['status'])).toEqual(['NEW', 'PARTIALLY_FILLED', 'FILLED']);
    expect(events.slice(1).map((event) => event['lastFilledPrice'])).toEqual(['60010.00', '60020.00']);
    expect(events[2]).toMatchObject({ avgFilledPrice: '60015.00', fees: '12.003000' });
  });

  it('takes from the book as it is when the order is matched, not when it arrived', () => {
    const bench = createBench();
    bench.host.schedule(bench.host.nowUs() + PROCESSING_US - 1, () => bench.btc.quote([[61_000, 1]], [[61_010, 1]]));
    bench.order();
    expect(bench.orders()[0]).toMatchObject({ lastFilledPrice: '61010.00', markPrice: '60005.00' });
  });

  it('finds what its own earlier fill left of the level', () => {
    const bench = createBench();
    bench.order({ size: '0.9000' });
    bench.order({ size: '0.2000' });
    // 0.1 at 60010 and 0.1 at 60020.
    expect(bench.orders()[0]).toMatchObject({ lastFilledPrice: '60015.00' });
  });

  it('fills a MARKET order within limitPrice and cancels the rest', () => {
    const bench = createBench();
    const socket = bench.socket();
    bench.order({ size: '2.0000', limitPrice: '60010.00' });
    const events = socket.orders();
    expect(events.map((event) => event['status'])).toEqual(['NEW', 'PARTIALLY_FILLED', 'CANCELLED']);
    expect(Object.keys(events[2]!)).toEqual(['id', 'status', 'postTime', 'nonce']);
    expect(bench.orders()[0]).toMatchObject({
      status: 'CANCELLED',
      lastFilledSize: '1.0000',
      lastFilledPrice: '60010.00',
    });
  });

  it.each([
    ['IOC', '60010.00', 'CANCELLED', '1.0000'],
    ['IOC', '60009.99', 'CANCELLED', null],
    ['FOK', '60010.00', 'CANCELLED', null],
    ['FOK', '60020.00', 'FILLED', '2.0000'],
  ])('ends a LIMIT %s at %s as %s', (timeInForce, limitPrice, status, lastFilledSize) => {
    const bench = createBench();
    bench.order({ orderType: 'LIMIT', timeInForce, limitPrice, size: '2.0000' });
    expect(bench.orders()[0]).toMatchObject({ status, lastFilledSize });
  });

  it('lets a passive LIMIT wait until the index touches it, and fills it then', () => {
    const bench = createBench();
    const socket = bench.socket();
    const { id } = bench.order({ orderType: 'LIMIT', limitPrice: '59950.00', size: '1.5000' }).body as { id: string };
    bench.btc.quote([[59_960, 1]], [[59_970, 1]]);
    expect(bench.orders('&status=NEW')).toHaveLength(1);
    bench.btc.quote([[59_940, 1]], [[59_950, 1]]);
    expect(bench.orders()[0]).toMatchObject({ status: 'PARTIALLY_FILLED', lastFilledPrice: '59950.00' });
    expect(bench.cancel(id)).toMatchObject({ status: 200, body: { id } });
    expect(socket.orders().map((event) => event['status'])).toEqual(['NEW', 'PARTIALLY_FILLED', 'CANCELLED']);
    bench.btc.quote([[59_000, 1]], [[59_010, 1]]);
    expect(bench.account().positions[0]).toMatchObject({ size: '1.0000' });
  });

  it('keeps the last index while one side of the book is empty', () => {
    const bench = createBench();
    bench.btc.quote([[60_001, 1]], []);
    bench.order();
    expect(bench.orders()[0]).toMatchObject({ status: 'REJECTED', code: 3001, markPrice: '60005.00' });
    expect(bench.account().totalAccountValue).toBe('1000000.000000');
  });

  it('runs a STOP_LOSS at any price once the index is there', () => {
    const bench = createBench();
    bench.order({ size: '1.0000' });
    bench.order({ orderType: 'STOP_LOSS', isBuy: false, size: '1.0000', limitPrice: '59900.00', reduceOnly: true });
    expect(bench.orders()[0]).toMatchObject({ status: 'NEW' });
    bench.btc.quote([[59_000, 5]], [[59_010, 5]]);
    expect(bench.orders()[0]).toMatchObject({ status: 'FILLED', lastFilledPrice: '59000.00' });
    expect(bench.account().positions).toEqual([]);
  });

  it.each([
    [0.1, ['event NEW', 'event FILLED', 'answer 200']],
    [0.9, ['answer 200', 'event NEW', 'event FILLED']],
  ])('sends events before or after the answer by chance (%d)', (chance, expected) => {
    const bench = createBench();
    bench.socket();
    bench.log.length = 0;
    bench.host.chance = chance;
    bench.order();
    expect(bench.log).toEqual(expected);
  });

  it('publishes the fill after the lag, matched before it', () => {
    const bench = createBench({ ackToFillLagUs: 200_000 });
    const socket = bench.socket();
    bench.order();
    bench.btc.quote([[50_000, 1]], [[50_010, 1]]);
    expect(socket.orders().map((event) => event['status'])).toEqual(['NEW']);
    expect(bench.orders()[0]).toMatchObject({ status: 'NEW', lastFilledPrice: null });
    bench.host.run(200);
    expect(socket.orders()[1]).toMatchObject({ status: 'FILLED', lastFilledPrice: '60010.00' });
    expect(bench.orders()[0]).toMatchObject({ status: 'FILLED', lastFilledPrice: '60010.00' });
  });

  it('shows an order to queries from its arrival on, so that an empty answer is definite', () => {
    const bench = createBench();
    const body = bench.orderBody({ nonce: 99 });
    bench.endpoint.http(
      { method: 'POST', path: '/v2/orders', headers: bench.privateHeaders(), body: JSON.stringify(body) },
      () => undefined,
    );
    expect(bench.orders('&nonce=99')).toMatchObject([{ nonce: 99, status: 'NEW' }]);
    expect(bench.orders('&nonce=98')).toEqual([]);
  });

  it.each([
    [{ kind: 'published' } as const, '0.180030'],
    [{ kind: 'zero' } as const, '0.000000'],
    [{ kind: 'custom', paradexTakerBps: 9, vestTakerBps: 0.25 } as const, '0.045008'],
  ])('charges the fee schedule %o', (fees, expected) => {
    const bench = createBench({ fees });
    bench.order();
    expect(bench.orders()[0]).toMatchObject({ fees: expected });
    expect(bench.account().balances[0]!.total).toBe((1_000_000 - Number(expected)).toFixed(6));
  });

  it('adds the risk premium only to fills that add to the position', () => {
    const bench = createBench({ switches: { riskPremiumBps: 1 } });
    bench.order();
    bench.order({ isBuy: false, reduceOnly: true });
    const fees = bench.orders().map((order) => order['fees']);
    expect(fees).toEqual(['0.180000', '0.360060']);
  });

  it('realises profit, fees and funding on the close', () => {
    const bench = createBench({ switches: { oneHourFundingRate: 0.001 } });
    bench.order({ size: '1.0000' });
    bench.host.run(3_600_000);
    bench.btc.quote([[60_100, 2]], [[60_110, 2]]);
    bench.order({ isBuy: false, size: '1.0000', reduceOnly: true });
    // Bought at 60010, sold at 60100: 90 - 6.01 fee - 0.001 x 60005 for one hour (and 10 ms before the fill).
    const [close] = bench.orders();
    expect(close).toMatchObject({ fees: '6.010000', status: 'FILLED' });
    expect(Number(close!['settledFunding'])).toBeCloseTo(-60.005, 2);
    expect(Number(close!['realizedPnl'])).toBeCloseTo(90 - 6.01 - 60.005, 2);
    expect(bench.account().totalAccountValue).toBe(bench.account().balances[0]!.total);
  });

  it('filters GET /orders by id, nonce, symbol, type, status, time and limit', () => {
    const bench = createBench();
    const first = bench.order({ nonce: 1 }).body as { id: string };
    bench.host.run(1_000);
    bench.order({ nonce: 2, symbol: 'ETH-PERP', size: '0.150', limitPrice: '2100.000' });
    bench.order({ nonce: 3, orderType: 'LIMIT', limitPrice: '100.00' });
    const nonces = (query: string) => bench.orders(query).map((order) => order['nonce']);
    const postTime = bench.orders('&nonce=1')[0]!['postTime'] as number;
    expect(nonces('')).toEqual([3, 2, 1]);
    expect(nonces(`&id=${first.id},0x0`)).toEqual([1]);
    expect(nonces('&symbol=ETH-PERP')).toEqual([2]);
    expect(nonces('&orderType=LIMIT')).toEqual([3]);
    expect(nonces('&status=FILLED')).toEqual([2, 1]);
    expect(nonces(`&endTime=${postTime}`)).toEqual([1]);
    expect(nonces(`&startTime=${postTime + 1}`)).toEqual([3, 2]);
    expect(nonces('&limit=1')).toEqual([3]);
    expect(bench.http('GET', '/orders?time=1', undefined, bench.privateHeaders(1)).body).toEqual([]);
  });
});

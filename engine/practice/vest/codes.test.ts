import { describe, expect, it } from 'vitest';
import vectors from '../../venues/vest/vectors/vest-vectors.json' with { type: 'json' };
import type { VestCode } from './codes.ts';
import { VEST_CODES } from './codes.ts';
import { createBench, sign, START_MS } from './bench.test-helper.ts';
import type { BenchOptions, OrderFields, TestAnswer } from './bench.test-helper.ts';
import { leverageArgsHash } from './signatures.ts';

type Bench = ReturnType<typeof createBench>;

const vectorAccount = {
  primaryPrivateKey: vectors.keys.primary.privateKey,
  signingPrivateKey: vectors.keys.signing.privateKey,
  apiKey: 'vector',
};

describe('published signing vectors at the practice Vest', () => {
  it.each(vectors.orders)('accepts the request body: $name', ({ order, requestBody }) => {
    const bench = createBench({ accounts: [vectorAccount], startMs: order.time });
    expect(bench.http('POST', '/orders', requestBody)).toMatchObject({ status: 200, body: { id: expect.any(String) } });
  });

  it.each(vectors.orders)('refuses the signature over the hex text: $name', (vector) => {
    const bench = createBench({ accounts: [vectorAccount], startMs: vector.order.time });
    const body = { ...vector.requestBody, signature: vector.wrongIfSignedAsText };
    expect(codeOf(bench.http('POST', '/orders', body))).toBe(1022);
  });

  it('accepts an order signed by the primary key', () => {
    const bench = createBench();
    const body = bench.orderBody({}, bench.accounts[0]!.primaryPrivateKey);
    expect(bench.http('POST', '/orders', body).status).toBe(200);
  });

  it('takes a signed cancel and refuses one signed as text', () => {
    const { order, signature, wrongIfSignedAsText } = vectors.cancels[0]!;
    const bench = createBench({ accounts: [vectorAccount], startMs: order.time });
    expect(codeOf(bench.http('POST', '/orders/cancel', { order, signature }))).toBe(3017);
    expect(codeOf(bench.http('POST', '/orders/cancel', { order, signature: wrongIfSignedAsText }))).toBe(1022);
  });
});

/** For every code: how to provoke it. `http` cases answer the call with it, `order` cases reject after a 200. */
const httpCases: Partial<Record<VestCode, { switches?: BenchOptions['switches']; call(bench: Bench): TestAnswer }>> = {
  1002: { call: (bench) => bench.http('GET', '/account?time=1', undefined, { 'x-api-key': 'nobody' }) },
  1022: { call: (bench) => bench.http('POST', '/orders', bench.orderBody({}, bench.accounts[1]!.signingPrivateKey)) },
  1023: {
    switches: { nonceRule: 'unique' },
    call: (bench) => {
      bench.order({ nonce: 5 });
      return bench.order({ nonce: 5, size: '0.0400' });
    },
  },
  1024: {
    call: (bench) => bench.http('POST', '/register', { ...vectors.registrations[0]!.requestBody, networkType: 1 }),
  },
  1099: {
    switches: { unknownPrimary: 'reject' },
    call: (bench) => bench.http('POST', '/register', vectors.registrations[0]!.requestBody),
  },
  1111: { call: (bench) => bench.order({ size: '0.03' }) },
  1116: { call: (bench) => bench.order({ orderType: 'LIQUIDATION' }) },
  1121: { call: (bench) => bench.order({ symbol: 'DOGE-PERP' }) },
  1125: { call: (bench) => bench.http('PUT', '/account/listenKey') },
  1130: { call: (bench) => bench.order({ size: '0.0000' }) },
  1131: { call: (bench) => bench.http('POST', '/orders', { ...bench.orderBody(), recvWindow: 60_001 }) },
  1132: { call: (bench) => bench.order({ time: START_MS - 5_001 }) },
  1133: { call: (bench) => bench.order({ orderType: 'LIMIT', timeInForce: 'GTX' }) },
  1145: {
    call: (bench) => {
      const body = bench.orderBody({ orderType: 'LIMIT' });
      return bench.http('POST', '/orders', { ...body, order: { ...body.order, slPrice: '50000.00' } });
    },
  },
  1146: {
    call: (bench) => bench.http('GET', '/account?time=1', undefined, { 'x-api-key': bench.accounts[0]!.apiKey }),
  },
  1148: {
    call: (bench) => {
      bench.btc.open = false;
      return bench.order();
    },
  },
  3015: {
    call: (bench) => {
      bench.order({ nonce: 5 });
      return bench.order({ nonce: 5, time: START_MS });
    },
  },
  3017: { call: (bench) => bench.cancel('0x0') },
  3021: {
    call: (bench) => {
      bench.order();
      return bench.http('POST', '/account/leverage', { time: START_MS, symbol: 'BTC-PERP', value: 9 });
    },
  },
};

const orderCases: Partial<
  Record<VestCode, { switches?: BenchOptions['switches']; before?(bench: Bench): void; order: Partial<OrderFields> }>
> = {
  3001: { order: { limitPrice: '60009.99' } },
  3002: {
    before: (bench) => bench.btc.quote([[60_000, 1_000]], [[60_010, 1_000]]),
    // 10 times leverage on a million carries 166 BTC at 60 000.
    order: { size: '170.0000' },
  },
  3003: { switches: { priceStaleMs: 5 }, order: {} },
  3004: { order: { time: START_MS - 4_995 } },
  3011: { order: { limitPrice: '0.00' } },
  3018: { order: { isBuy: false, reduceOnly: true } },
  3019: { before: (bench) => bench.order(), order: { isBuy: false, size: '0.0301', reduceOnly: true } },
  3020: { switches: { leverageMustBeSet: true }, order: {} },
  3024: {
    before: (bench) => {
      bench.host.schedule(bench.host.nowUs() + 1, () => {
        bench.btc.open = false;
      });
    },
    order: {},
  },
};

describe('error codes of the practice Vest', () => {
  it.each(Object.keys(VEST_CODES).map(Number))('has a way to meet %d', (code) => {
    expect(code in httpCases || code in orderCases).toBe(true);
  });

  it.each(Object.entries(httpCases).map(([code, entry]) => ({ code: Number(code), ...entry })))(
    'answers the call with $code',
    ({ code, switches, call }) => {
      const bench = createBench({ switches });
      const answer = call(bench);
      expect(answer.status).toBeGreaterThanOrEqual(400);
      expect(codeOf(answer)).toBe(code);
    },
  );

  it.each(Object.entries(orderCases).map(([code, entry]) => ({ code: Number(code), ...entry })))(
    'takes the call with 200 and rejects the order with $code',
    ({ code, switches, before, order }) => {
      const bench = createBench({ switches });
      before?.(bench);
      const socket = bench.socket();
      expect(bench.order(order).status).toBe(200);
      const [created, rejected] = socket.orders();
      expect(created).toMatchObject({ status: 'NEW' });
      expect(Object.keys(rejected!)).toEqual(['id', 'status', 'code', 'postTime', 'nonce']);
      expect(rejected).toMatchObject({ status: 'REJECTED', code });
      expect(bench.orders()[0]).toMatchObject({ status: 'REJECTED', code });
    },
  );

  it.each([
    { nonce: -1 },
    { time: '1770811200000' },
    { isBuy: 'true' },
    { size: 0.03 },
    { size: '-0.0300' },
    { size: '99999999.0000' },
    { limitPrice: undefined },
    { limitPrice: '6e4' },
    { reduceOnly: undefined },
  ])('answers 1130 to an order with %o', (wrong) => {
    const bench = createBench();
    const body = bench.orderBody();
    const answer = bench.http('POST', '/orders', { ...body, order: { ...body.order, ...wrong } });
    expect(codeOf(answer)).toBe(1130);
  });

  it('wraps errors in detail, or flat when the switch says so', () => {
    const name = { code: 1002, msg: 'UNAUTHORIZED' };
    const unknown = (bench: Bench) => bench.http('GET', '/account?time=1', undefined, {}).body;
    expect(unknown(createBench())).toEqual({ detail: name });
    expect(unknown(createBench({ switches: { errorEnvelope: 'flat' } }))).toEqual(name);
  });

  it('checks in the order of the reference and in another when told', () => {
    const wrongInEveryWay: Partial<OrderFields> = {
      symbol: 'DOGE-PERP',
      orderType: 'LIMIT',
      timeInForce: 'GTX',
      size: '0.03',
      time: START_MS - 9_000,
    };
    expect(codeOf(createBench().order(wrongInEveryWay))).toBe(1121);
    expect(codeOf(createBench().order({ ...wrongInEveryWay, symbol: 'BTC-PERP' }))).toBe(1133);
    expect(codeOf(createBench({ switches: { orderChecks: ['window', 'symbol'] } }).order(wrongInEveryWay))).toBe(1132);
  });
});

describe('receive window', () => {
  it.each([
    [-5_000, 200],
    [-5_001, 1132],
    [1_000, 200],
    [1_001, 1131],
  ])('judges time = now %d ms as %d', (offset, expected) => {
    const bench = createBench();
    const answer = bench.order({ time: START_MS + offset });
    expect(codeOf(answer) ?? answer.status).toBe(expected);
  });

  it('uses 5000 when none is sent', () => {
    const bench = createBench();
    const { recvWindow: _unused, ...body } = bench.orderBody({ time: START_MS - 5_001 });
    expect(codeOf(bench.http('POST', '/orders', body))).toBe(1132);
  });

  it('is not signed: the same signature is late in a small window and in time in a large one', () => {
    const bench = createBench();
    const body = bench.orderBody({ time: START_MS - 20_000 });
    expect(codeOf(bench.http('POST', '/orders', { ...body, recvWindow: 19_999 }))).toBe(1132);
    expect(bench.http('POST', '/orders', { ...body, recvWindow: 60_000 }).status).toBe(200);
  });

  it('never fills after time + recvWindow, also when the order arrived in time', () => {
    const bench = createBench();
    bench.order({ time: START_MS - 4_991 });
    expect(bench.orders()[0]).toMatchObject({ status: 'REJECTED', code: 3004 });
    const inTime = createBench();
    inTime.order({ time: START_MS - 4_990 });
    expect(inTime.orders()[0]).toMatchObject({ status: 'FILLED' });
  });
});

describe('nonces and leverage', () => {
  it('takes a nonce again for a different order, and out of order, by default', () => {
    const bench = createBench();
    expect([5, 5, 4].map((nonce, index) => bench.order({ nonce, size: `0.000${index + 1}` }).status)).toEqual([
      200, 200, 200,
    ]);
    expect(bench.http('GET', '/account/nonce?time=1').body).toEqual({ lastNonce: 5 });
  });

  it('wants growing nonces when the switch says so', () => {
    const bench = createBench({ switches: { nonceRule: 'increasing' } });
    bench.order({ nonce: 5 });
    expect(codeOf(bench.order({ nonce: 4 }))).toBe(1023);
    expect(bench.order({ nonce: 6 }).status).toBe(200);
  });

  it('sets leverage per symbol and uses it for margin', () => {
    const bench = createBench();
    const call = { time: START_MS, symbol: 'BTC-PERP', value: 20 };
    expect(bench.http('POST', '/account/leverage', call).body).toEqual({ symbol: 'BTC-PERP', value: 20 });
    expect(bench.account().leverages).toContainEqual({ symbol: 'BTC-PERP', value: 20 });
    bench.order({ size: '1.0000' });
    expect(bench.account().balances[0]!.locked).toBe('3000.250000');
    expect(codeOf(bench.http('POST', '/account/leverage', { ...call, value: 51 }))).toBe(1130);
  });

  it('wants the leverage call signed when the switch says so', () => {
    const bench = createBench({ switches: { leverageSignature: 'required' } });
    const call = { time: START_MS, nonce: 1, symbol: 'BTC-PERP', value: 20 };
    expect(codeOf(bench.http('POST', '/account/leverage', call))).toBe(1022);
    const signature = sign(leverageArgsHash(call), bench.accounts[0]!.signingPrivateKey);
    expect(bench.http('POST', '/account/leverage', { ...call, signature }).status).toBe(200);
  });
});

function codeOf(answer: TestAnswer): number | undefined {
  return (answer.body as { detail?: { code: number } }).detail?.code;
}

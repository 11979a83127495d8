import { Wallet } from 'ethers';
import { describe, expect, it } from 'vitest';
import vectors from '../../venues/vest/vectors/vest-vectors.json' with { type: 'json' };
import { accountSchema, depthSchema, exchangeInfoSchema, tickersSchema } from '../../venues/vest/wire.ts';
import { addressOfKey, createPracticeVestAccounts } from './accounts.ts';
import { createBench, sign, START_MS, TestHost, TestMarket } from './bench.test-helper.ts';
import { createVestEndpoint } from './endpoint.ts';
import { orderArgsHash } from './signatures.ts';

describe('public REST of the practice Vest', () => {
  it('lists its markets with the decimals of the recording and the fee schedule', () => {
    const bench = createBench();
    const { body } = bench.http('GET', '/exchangeInfo', undefined, {});
    expect(exchangeInfoSchema.safeParse(body).success).toBe(true);
    expect(body).toMatchObject({
      symbols: [
        { symbol: 'BTC-PERP', base: 'BTC', quote: 'USDC', sizeDecimals: 4, priceDecimals: 2, takerFee: '0.0001' },
        { symbol: 'ETH-PERP', sizeDecimals: 3, priceDecimals: 3 },
        { symbol: 'SOL-PERP', sizeDecimals: 2, priceDecimals: 4 },
      ],
      exchange: { collateralDecimals: 6 },
    });
    expect(bench.http('GET', '/exchangeInfo?symbols=ETH-PERP', undefined, {}).body).toMatchObject({
      symbols: [{ symbol: 'ETH-PERP' }],
    });
    expect(bench.http('GET', '/exchangeInfo?symbols=X', undefined, {}).body).toMatchObject({ detail: { code: 1121 } });
  });

  it('answers depth, tickers and the empty lists', () => {
    const bench = createBench();
    const get = (path: string) => bench.http('GET', path, undefined, {});
    const depth = get('/depth?symbol=BTC-PERP&limit=1').body;
    expect(depthSchema.parse(depth)).toEqual({ bids: [['60000.00', '1.0000']], asks: [['60010.00', '1.0000']] });
    expect(get('/depth?symbol=BTC-PERP&limit=101').status).toBe(400);
    expect(tickersSchema.safeParse(get('/ticker/latest').body).success).toBe(true);
    bench.btc.quote([[60_100, 1]], [[60_110, 1]]);
    bench.btc.quote([[60_000, 1]], [[60_010, 1]]);
    bench.btc.trade(60_000, 0.5, START_MS);
    expect(get('/ticker/24hr?symbols=BTC-PERP').body).toMatchObject({
      tickers: [
        {
          highPrice: '60105.00',
          lowPrice: '60005.00',
          closePrice: '60005.00',
          volume: '0.5000',
          quoteVolume: '30000.000000',
        },
      ],
    });
    expect(get('/klines?symbol=BTC-PERP&interval=1m').body).toEqual([]);
    expect(get('/funding/history?symbol=BTC-PERP&interval=1h').body).toEqual([]);
    expect(get('/nothing')).toMatchObject({ status: 404 });
  });

  it('stamps answers with the venue clock', () => {
    const bench = createBench();
    const answer = bench.http('GET', '/exchangeInfo', undefined, {});
    expect(new Date(answer.headers['date']!).getTime()).toBe(START_MS);
  });

  it('says HALT while the recording is closed', () => {
    const bench = createBench();
    bench.btc.open = false;
    expect(bench.http('GET', '/ticker/latest?symbols=BTC-PERP', undefined, {}).body).toMatchObject({
      tickers: [{ status: 'HALT', indexPrice: '60005.00' }],
    });
  });
});

describe('registration and account of the practice Vest', () => {
  it('registers the published vector and trades with its signing key at once', () => {
    const bench = createBench();
    const headers = { xrestservermm: 'restserver0' };
    const { body } = bench.http('POST', '/register', vectors.registrations[0]!.requestBody, headers);
    expect(body).toEqual({ apiKey: expect.any(String), accGroup: 0 });
    const { apiKey } = body as { apiKey: string };
    const order = vectors.orders[0]!.requestBody;
    expect(bench.http('POST', '/orders', order, { ...headers, 'x-api-key': apiKey }).status).toBe(200);
    expect(bench.http('POST', '/register', vectors.registrations[0]!.requestBody, headers).body).toEqual(body);
  });

  it('replaces the API key of a pair registered again when the switch says so', () => {
    const bench = createBench({ switches: { reRegisterRotatesApiKey: true } });
    const registerAgain = () => {
      bench.host.run(1);
      return (bench.http('POST', '/register', vectors.registrations[0]!.requestBody).body as { apiKey: string }).apiKey;
    };
    const first = registerAgain();
    const second = registerAgain();
    const status = (apiKey: string) =>
      bench.http('GET', '/account?time=1', undefined, { 'x-api-key': apiKey, xrestservermm: 'restserver0' }).status;
    expect([status(first), status(second)]).toEqual([401, 200]);
  });

  it('refuses a registration signed by another key, and orders of a delegate that has run out', async () => {
    const bench = createBench();
    const primary = new Wallet(bench.accounts[0]!.primaryPrivateKey);
    const delegate = `0x${'11'.repeat(32)}`;
    const body = await registration(primary, delegate, START_MS + 1_000);
    const stranger = await registration(new Wallet(delegate), delegate, START_MS + 1_000);
    const forged = { ...stranger, primaryAddr: primary.address };
    expect(bench.http('POST', '/register', forged).body).toMatchObject({ detail: { code: 1022 } });
    expect(bench.http('POST', '/register', body).status).toBe(200);
    expect(bench.http('POST', '/orders', bench.orderBody({}, delegate)).status).toBe(200);
    bench.host.run(1_000);
    expect(bench.http('POST', '/orders', bench.orderBody({}, delegate)).body).toMatchObject({ detail: { code: 1022 } });
    expect(bench.http('POST', '/register', body).body).toMatchObject({ detail: { code: 1130 } });
  });

  it('shows one net position a symbol, margin and value', () => {
    const bench = createBench();
    bench.order({ isBuy: false, size: '0.5000' });
    const account = bench.account();
    expect(accountSchema.safeParse(account).success).toBe(true);
    expect(account).toMatchObject({
      address: addressOfKey(bench.accounts[0]!.primaryPrivateKey),
      // fee 3.00 on 30 000; sold at 60 000 against a mark of 60 005.
      balances: [{ asset: 'USDC', total: '999997.000000', locked: '3000.250000' }],
      totalAccountValue: '999994.500000',
      time: START_MS + 10,
      positions: [
        {
          symbol: 'BTC-PERP',
          isLong: false,
          size: '0.5000',
          entryPrice: '60000.00',
          unrealizedPnl: '-2.500000',
          markPrice: '60005.00',
          initMargin: '3000.250000',
          maintMargin: '1500.125000',
        },
      ],
    });
    bench.order({ size: '0.7000' });
    expect(bench.account().positions[0]).toMatchObject({ isLong: true, size: '0.2000', entryPrice: '60010.00' });
  });

  it('needs time on private GETs and readable JSON in bodies', () => {
    const bench = createBench();
    expect(bench.http('GET', '/account').body).toMatchObject({ detail: { code: 1130 } });
    expect(bench.http('POST', '/orders', '{').body).toMatchObject({ detail: { code: 1130 } });
    expect(bench.http('GET', '/orders?time=1&limit=1001').body).toMatchObject({ detail: { code: 1130 } });
  });

  it('makes the same throw-away accounts from the same seed', () => {
    const [one, two] = createPracticeVestAccounts(2, 7);
    expect(createPracticeVestAccounts(1, 7)).toEqual([one]);
    expect(one).not.toEqual(two);
    expect(createPracticeVestAccounts(1, 8)).not.toEqual([one]);
    const body = createBench().orderBody();
    expect(sign(orderArgsHash(body.order), one!.signingPrivateKey)).not.toBe(body.signature);
  });

  it('refuses decimals that would make money inexact', () => {
    const markets = [{ symbol: 'BTC-PERP', market: new TestMarket('BTC', 4, 5) }];
    const fees = { kind: 'published' } as const;
    const options = { host: new TestHost(), markets, accounts: [], fees, orderProcessingUs: 0, ackToFillLagUs: 0 };
    expect(() => createVestEndpoint(options)).toThrow(expect.objectContaining({ code: 'HS_PRACTICE_DECIMALS' }));
  });
});

async function registration(primary: Wallet, signingKey: string, expiryTime: number) {
  const signingAddr = addressOfKey(signingKey);
  const { domain, types } = vectors.registrations[0]!;
  const signature = await primary.signTypedData(domain, types, {
    approvedSigner: signingAddr,
    signerExpiry: expiryTime,
  });
  return { signingAddr, primaryAddr: primary.address, signature, expiryTime, networkType: 0 };
}

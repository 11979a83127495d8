import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { createNodeEnv } from '../node-env.ts';
import type { AccountsRequestOf, AccountsResult, KeyTest, ParadexTradingKey } from '../protocol/accounts.ts';
import { SYSTEM_CONFIG } from '../practice/paradex/system-config.ts';
import type { ParadexPracticeSwitches } from '../practice/paradex/switches.ts';
import { createParadexClient } from '../venues/paradex/client.ts';
import { signSubkeyRegistration, starkPublicKey } from '../venues/paradex/keys.ts';
import { countingIds, recordingListener } from '../venues/paradex/recording-listener.test-helper.ts';
import { createInlineSigner } from '../venues/signer/inline.ts';
import { startTestVenues, type TestVenues } from './practice-venues.test-helper.ts';
import { logIn } from './paradex-login.ts';
import { runAccountsTask, type AccountsEnv } from './run-task.ts';
import { CHALLENGE, startScriptedHost, type Script } from './scripted-host.test-helper.ts';
import { VenueLine } from './venue-line.ts';

const env = createNodeEnv();
let venues: TestVenues;
let mainKey: ParadexTradingKey;

beforeAll(async () => {
  venues = await startTestVenues();
  mainKey = { accountAddress: venues.account.address, privateKey: venues.account.l2PrivateKey };
});
afterAll(async () => {
  await venues.stop();
  await env.close();
});

const stops: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const stop of stops.splice(0)) await stop();
});

/** Venues of this test alone. */
async function venuesWith(paradex: Partial<ParadexPracticeSwitches>): Promise<TestVenues> {
  const own = await startTestVenues({ paradex });
  stops.push(() => own.stop());
  return own;
}

function test(key: ParadexTradingKey, { paradex: endpoint } = venues, use: AccountsEnv = env): Promise<KeyTest> {
  return runAccountsTask(use, { task: 'paradex.test', endpoint, key });
}

type Made = AccountsResult<'paradex.makeSubkey'>;
function make(key = mainKey, { paradex: endpoint } = venues): Promise<Made> {
  return runAccountsTask(env, { task: 'paradex.makeSubkey', endpoint, mainKey: key, name: 'desk' });
}

function revoke(publicKey: string, key = mainKey, { paradex: endpoint } = venues): Promise<unknown> {
  return runAccountsTask(env, { task: 'paradex.revokeSubkey', endpoint, mainKey: key, publicKey });
}

/** Buys at the practice venue with the key as a desk would, and returns the order's states. */
async function trade(key: ParadexTradingKey): Promise<string[]> {
  const listener = recordingListener();
  const symbol = 'BTC-USD-PERP';
  const client = createParadexClient({
    env,
    config: {
      restUrl: venues.paradex.restUrl,
      wsUrl: venues.paradex.wsUrl,
      accountAddress: key.accountAddress,
      orderClass: 'pro',
      symbols: [symbol],
      receiveWindowMs: 2_000,
      switches: { authPublicKey: starkPublicKey(key.privateKey), ladderSteps: 0 },
    },
    signer: createInlineSigner({ paradex: { ...key, starknetChainId: SYSTEM_CONFIG.starknet_chain_id } }, env.clock),
    ids: countingIds(),
    listener,
  });
  await client.start();
  const sizeE8 = 100_000;
  const limitPriceE8 = 6_001_000_000_000;
  const order = await client.prepare({ symbol, side: 'BUY', sizeE8, limitPriceE8, reduceOnly: false });
  client.send(order);
  await expect.poll(() => listener.statesOf(order.orderId).at(-1), { timeout: 10_000 }).toMatch(/FILLED|REJECTED/);
  await client.stop();
  return listener.statesOf(order.orderId);
}

describe('the whole way of a Paradex subkey', () => {
  it('is made with the main key, trades and cannot withdraw, and is no key any more once it is revoked', async () => {
    const made = await make();
    expect(made.key.accountAddress).toBe(mainKey.accountAddress);
    expect(starkPublicKey(made.key.privateKey)).toBe(made.publicKey);
    expect(made.test).toMatchObject({ kind: 'subkey', mayWithdraw: 'no', publicKey: made.publicKey });

    const tested = await test(made.key);
    expect(tested).toEqual({
      accountAddress: mainKey.accountAddress,
      publicKey: made.publicKey,
      kind: 'subkey',
      mayWithdraw: 'no',
      signatureChecked: true,
      accountValueUsd: '1000000',
      roundTripMs: expect.any(Number),
    });
    expect(await trade(made.key)).toContain('FILLED');

    await revoke(made.publicKey);
    await expect(test(made.key)).rejects.toMatchObject({
      code: 'HS_PARADEX_KEY_UNKNOWN',
      message: expect.stringContaining('revoked'),
    });
    await expect(revoke(made.publicKey)).rejects.toMatchObject({ code: 'HS_PARADEX_NO_SUBKEY' });
  });

  it('makes another key each time', async () => {
    const [one, other] = [await make(), await make()];
    expect(one.publicKey).not.toBe(other.publicKey);
  });

  it('is refused to a subkey', async () => {
    const { key, publicKey } = await make();
    await expect(make(key)).rejects.toMatchObject({ code: 'HS_PARADEX_NOT_MAIN_KEY' });
    await expect(revoke(publicKey, key)).rejects.toMatchObject({ code: 'HS_PARADEX_NOT_MAIN_KEY' });
  });
});

describe('a test of a Paradex key', () => {
  it('tells the main key, which may withdraw', async () => {
    expect(await test(mainKey)).toMatchObject({ kind: 'mainKey', mayWithdraw: 'yes', signatureChecked: true });
  });

  it.each([['mainKey' as const], ['anyKey' as const]])('tells a subkey where %s may list subkeys', async (listedTo) => {
    const own = await venuesWith({ subkeysListedTo: listedTo });
    const made = await make({ accountAddress: own.account.address, privateKey: own.account.l2PrivateKey }, own);
    expect(made.test).toMatchObject({ kind: 'subkey', mayWithdraw: 'no' });
  });

  it.each([
    ['INVALID_SUBKEY' as const],
    ['STARKNET_SIGNATURE_VERIFICATION_FAILED' as const],
    ['UNAUTHORIZED_ERROR' as const],
  ])('tells an unknown key when the venue calls it %s', async (unknownKeyError) => {
    const own = await venuesWith({ unknownKeyError });
    const key = { accountAddress: own.account.address, privateKey: own.stranger.l2PrivateKey };
    await expect(test(key, own)).rejects.toMatchObject({ code: 'HS_PARADEX_KEY_UNKNOWN' });
  });

  it('says that a registered subkey is not active', async () => {
    const line = new VenueLine(env, 'Paradex', 10_000);
    const login = await logIn(env, line, venues.paradex, mainKey);
    const { accountAddress } = mainKey;
    const publicKey = starkPublicKey(venues.stranger.l2PrivateKey);
    const timestampS = login.venueNowS();
    const grant = { accountAddress, subkeyPublicKey: publicKey, timestampS, expiryS: timestampS + 60 };
    await login.rest.addSubkey({
      name: 'later',
      public_key: publicKey,
      state: 'pending',
      signature: signSubkeyRegistration(mainKey.privateKey, grant),
      signature_timestamp: timestampS,
      signature_expiry: timestampS + 60,
    });
    const pending = { accountAddress, privateKey: venues.stranger.l2PrivateKey };
    await expect(test(pending)).rejects.toMatchObject({ code: 'HS_PARADEX_SUBKEY_INACTIVE' });
    await revoke(publicKey);
  });

  it('names the account a main key belongs to when another one is given', async () => {
    const mixed = { accountAddress: mainKey.accountAddress, privateKey: venues.other.l2PrivateKey };
    await expect(test(mixed)).rejects.toMatchObject({
      code: 'HS_PARADEX_OTHER_ACCOUNT',
      message: expect.stringContaining(`the Paradex account ${venues.other.address}, not of ${mainKey.accountAddress}`),
    });
  });

  it('tells the main key where the venue does not say whose a key is', async () => {
    const silent: AccountsEnv = {
      ...env,
      network: {
        ...env.network,
        async request(request) {
          const response = await env.network.request(request);
          return request.url.includes('/onboarding') ? { ...response, status: 404, body: '{}' } : response;
        },
      },
    };
    expect(await test(mainKey, venues, silent)).toMatchObject({ kind: 'mainKey', mayWithdraw: 'yes' });
  });

  it('says that an account is unknown on this network', async () => {
    const key = { accountAddress: venues.stranger.address, privateKey: venues.stranger.l2PrivateKey };
    await expect(test(key)).rejects.toMatchObject({
      code: 'HS_PARADEX_NO_ACCOUNT',
      message: expect.stringContaining(venues.stranger.address),
      remedy: expect.stringMatching(/production and testnet/),
    });
  });

  it.each([
    ['zero', { privateKey: `0x${'0'.repeat(64)}` }, /zero/],
    ['an Ethereum wallet’s key', { privateKey: `0x${'f'.repeat(63)}1` }, /Ethereum wallet/],
    ['an Ethereum address', { accountAddress: `0x${'a'.repeat(40)}` }, /Ethereum address/],
  ])('refuses %s', async (_what, change, words) => {
    await expect(test({ ...mainKey, ...change })).rejects.toMatchObject({
      code: 'HS_PARADEX_KEY_FORMAT',
      message: expect.stringMatching(words),
    });
  });

  it('refuses addresses that answer for another network', async () => {
    const endpoint = { ...venues.paradex, network: 'production' as const };
    await expect(test(mainKey, { ...venues, paradex: endpoint })).rejects.toMatchObject({
      code: 'HS_PARADEX_WRONG_CHAIN',
    });
  });

  it('says by how much this machine’s clock is off', async () => {
    const late = { ...env, clock: { ...env.clock, wallMs: () => env.clock.wallMs() - 3_600_000 } };
    await expect(test(mainKey, venues, late)).rejects.toMatchObject({
      code: 'HS_CLOCK_OFF',
      message: expect.stringContaining('60 min behind'),
    });
  });

  it('signs with the venue’s clock while this machine’s is off by less', async () => {
    const early = { ...env, clock: { ...env.clock, wallMs: () => env.clock.wallMs() + 40_000 } };
    expect(await test(mainKey, venues, early)).toMatchObject({ kind: 'mainKey' });
  });
});

describe('a Paradex host that does not answer as one', () => {
  const config = { body: JSON.stringify(SYSTEM_CONFIG) };
  const time = { body: JSON.stringify({ server_time: String(Date.now()) }) };
  const refusal = (status: number, error: string) => ({ status, body: JSON.stringify({ error, message: '' }) });
  const start = { 'GET /v1/system/config': config, 'GET /v1/system/time': time };

  async function against(script: Script): Promise<AccountsRequestOf<'paradex.test'>['endpoint']> {
    const host = await startScriptedHost(script);
    stops.push(() => host.stop());
    return { network: 'custom', restUrl: `http://${host.host}/v1`, wsUrl: `ws://${host.host}/v1` };
  }

  it.each<[string, Script, string]>([
    ['a web page', { '*': CHALLENGE }, 'HS_VENUE_NOT_API'],
    ['a rate limit', { '*': { status: 429, body: '', headers: { 'retry-after': '7' } } }, 'HS_VENUE_RATE_LIMIT'],
    ['a maintenance', { '*': refusal(503, 'SERVICE_UNAVAILABLE') }, 'HS_VENUE_DOWN'],
    ['a country it does not serve', { '*': refusal(403, 'GEO_IP_BLOCK') }, 'HS_PARADEX_GEO_BLOCKED'],
    [
      'a login from an address that is not allowed',
      { ...start, '*': refusal(403, 'IP_NOT_ALLOWED') },
      'HS_PARADEX_IP_NOT_ALLOWED',
    ],
    ['a login it finds too old', { ...start, '*': refusal(400, 'INVALID_TIMESTAMP') }, 'HS_CLOCK_OFF'],
    ['a refusal of its own', { ...start, '*': refusal(400, 'SOMETHING_NEW') }, 'HS_PARADEX_REFUSED'],
  ])('%s has its own code', async (_what, script, code) => {
    const endpoint = await against(script);
    await expect(test(mainKey, { ...venues, paradex: endpoint })).rejects.toMatchObject({
      code,
      remedy: expect.stringMatching(/\S/),
    });
  });

  it('nothing listens', async () => {
    const host = await startScriptedHost({});
    await host.stop();
    const endpoint = { ...venues.paradex, restUrl: `http://${host.host}/v1` };
    await expect(test(mainKey, { ...venues, paradex: endpoint })).rejects.toMatchObject({
      code: 'HS_VENUE_UNREACHABLE',
      message: expect.stringContaining('nothing listens'),
    });
  });
});

describe('making and revoking without an answer', () => {
  /** The practice venue, but answers to `method path` are lost after they took effect. */
  function losing(match: RegExp): AccountsEnv {
    return {
      ...env,
      network: {
        ...env.network,
        async request(request) {
          const response = await env.network.request(request);
          if (match.test(`${request.method} ${request.url}`)) return { ...response, status: 502, body: '<html>' };
          return response;
        },
      },
    };
  }

  it('goes by what the venue says afterwards', async () => {
    const { paradex: endpoint } = venues;
    const lossy = losing(/^(POST|DELETE) .*subkeys/);
    const made = await runAccountsTask(lossy, { task: 'paradex.makeSubkey', endpoint, mainKey, name: 'desk' });
    expect(await test(made.key)).toMatchObject({ kind: 'subkey' });
    const { publicKey } = made;
    await runAccountsTask(lossy, { task: 'paradex.revokeSubkey', endpoint, mainKey, publicKey });
    await expect(test(made.key)).rejects.toMatchObject({ code: 'HS_PARADEX_KEY_UNKNOWN' });
  });

  it('says so when that cannot be read either', async () => {
    const { publicKey } = await make();
    const { paradex: endpoint } = venues;
    const lossy = losing(/^(GET|DELETE) .*subkeys/);
    const request = { task: 'paradex.revokeSubkey' as const, endpoint, mainKey, publicKey };
    await expect(runAccountsTask(lossy, request)).rejects.toMatchObject({ code: 'HS_PARADEX_REVOCATION_UNKNOWN' });
  });
});

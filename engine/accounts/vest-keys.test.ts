import { computeAddress } from 'ethers';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { createNodeEnv } from '../node-env.ts';
import type { VestPracticeSwitches } from '../practice/vest/switches.ts';
import type { AccountsResult, KeyTest, VestTradingKey } from '../protocol/accounts.ts';
import type { VestEndpoint } from '../protocol/endpoints.ts';
import { recordingListener } from '../venues/paradex/recording-listener.test-helper.ts';
import { createInlineSigner } from '../venues/signer/inline.ts';
import { createVestClient } from '../venues/vest/client.ts';
import { VEST_VERIFYING_CONTRACTS, registerBody } from '../venues/vest/register.ts';
import { registerAnswerSchema } from '../venues/vest/wire.ts';
import { startTestVenues, type TestVenues } from './practice-venues.test-helper.ts';
import { runAccountsTask, type AccountsEnv } from './run-task.ts';
import { CHALLENGE, startScriptedHost, type Script } from './scripted-host.test-helper.ts';

const DAY_MS = 86_400_000;
const env = createNodeEnv();
let venues: TestVenues;
let primaryKey: string;
let primaryAddress: string;

beforeAll(async () => {
  venues = await startTestVenues();
  primaryKey = venues.vestAccount.primaryPrivateKey;
  primaryAddress = computeAddress(primaryKey).toLowerCase();
});
afterAll(async () => {
  await venues.stop();
  await env.close();
});

const stops: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const stop of stops.splice(0)) await stop();
});

async function venueWith(vest: Partial<VestPracticeSwitches>): Promise<VestEndpoint> {
  const own = await startTestVenues({ vest });
  stops.push(() => own.stop());
  return own.vest;
}

function register(
  expiresAt = Date.now() + 7 * DAY_MS,
  endpoint: VestEndpoint = venues.vest,
  use: AccountsEnv = env,
): Promise<AccountsResult<'vest.register'>> {
  return runAccountsTask(use, { task: 'vest.register', endpoint, primaryKey, expiresAt });
}

function test(key: VestTradingKey, endpoint: VestEndpoint = venues.vest, use: AccountsEnv = env): Promise<KeyTest> {
  return runAccountsTask(use, { task: 'vest.test', endpoint, key });
}

/** The account the venue knows from its start; its registration never ends there. */
function knownKey(): VestTradingKey {
  const { signingPrivateKey, apiKey } = venues.vestAccount;
  return { primaryAddress, signingPrivateKey, apiKey, accountGroup: 0, expiresAt: Date.now() + DAY_MS };
}

async function trade(key: VestTradingKey): Promise<string[]> {
  const listener = recordingListener();
  const symbol = 'BTC-PERP';
  let nextId = Date.now();
  const client = createVestClient({
    env,
    config: {
      restUrl: venues.vest.restUrl,
      wsUrl: venues.vest.wsUrl,
      apiKey: key.apiKey,
      accountGroup: key.accountGroup,
      symbols: [symbol],
    },
    signer: createInlineSigner({ vest: { signingKey: key.signingPrivateKey } }, env.clock),
    ids: { next: () => nextId++ },
    listener,
  });
  await client.start();
  const limitPriceE8 = 6_001_000_000_000;
  const order = await client.prepare({ symbol, side: 'BUY', sizeE8: 1_000_000, limitPriceE8, reduceOnly: false });
  client.send(order);
  await expect.poll(() => listener.statesOf(order.orderId).at(-1), { timeout: 10_000 }).toMatch(/FILLED|REJECTED/);
  await client.stop();
  return listener.statesOf(order.orderId);
}

describe('the whole way of a Vest signing key', () => {
  it('is registered with the primary key, passes its test, and trades', async () => {
    const expiresAt = Date.now() + 7 * DAY_MS;
    const { key, test: first } = await register(expiresAt);
    const publicKey = computeAddress(key.signingPrivateKey).toLowerCase();
    expect(key).toMatchObject({ primaryAddress, accountGroup: 0, expiresAt });
    expect(first).toMatchObject({ kind: 'signingKey', publicKey });

    expect(await test(key)).toEqual({
      accountAddress: primaryAddress,
      publicKey,
      kind: 'signingKey',
      mayWithdraw: 'yes',
      signatureChecked: false,
      expiresAt,
      accountValueUsd: '1000000.000000',
      roundTripMs: expect.any(Number),
    });
    expect(await trade(key)).toContain('FILLED');
  });

  it('is another key each time', async () => {
    const [one, other] = [await register(), await register()];
    expect(one.key.signingPrivateKey).not.toBe(other.key.signingPrivateKey);
    expect(one.key.apiKey).not.toBe(other.key.apiKey);
  });
});

describe('a registration that cannot be', () => {
  it('says that the end has passed', async () => {
    await expect(register(Date.now() - 1_000)).rejects.toMatchObject({ code: 'HS_VEST_EXPIRY_PAST' });
  });

  it('says that the end is too far for Vest', async () => {
    const endpoint = await venueWith({ maxSignerExpiryMs: DAY_MS });
    await expect(register(Date.now() + 7 * DAY_MS, endpoint)).rejects.toMatchObject({
      code: 'HS_VEST_REGISTRATION_REFUSED',
      message: expect.stringContaining('too far ahead'),
    });
  });

  it('says that the contract belongs to another network', async () => {
    const endpoint = { ...venues.vest, verifyingContract: VEST_VERIFYING_CONTRACTS.development };
    await expect(register(undefined, endpoint)).rejects.toMatchObject({ code: 'HS_VEST_WRONG_CONTRACT' });
  });

  it('says that the wallet has no account', async () => {
    const endpoint = await venueWith({ unknownPrimary: 'reject' });
    const strange = `0x${'12'.repeat(32)}`;
    const request = { task: 'vest.register' as const, endpoint, primaryKey: strange, expiresAt: Date.now() + DAY_MS };
    await expect(runAccountsTask(env, request)).rejects.toMatchObject({ code: 'HS_VEST_NO_ACCOUNT' });
  });

  it('says that its outcome is unknown when the answer is lost', async () => {
    const lossy: AccountsEnv = {
      ...env,
      network: {
        ...env.network,
        async request(request) {
          const response = await env.network.request(request);
          return request.url.endsWith('/register') ? { ...response, status: 530, body: '<html>' } : response;
        },
      },
    };
    await expect(register(undefined, undefined, lossy)).rejects.toMatchObject({
      code: 'HS_VEST_REGISTRATION_UNKNOWN',
      message: expect.stringContaining('nobody can use it'),
    });
  });
});

describe('a test of a Vest key', () => {
  it.each([['detail' as const], ['flat' as const]])('reads refusals in the %s form', async (errorEnvelope) => {
    const endpoint = await venueWith({ errorEnvelope });
    await expect(test({ ...knownKey(), apiKey: 'ab'.repeat(32) }, endpoint)).rejects.toMatchObject({
      code: 'HS_VEST_API_KEY',
    });
  });

  it.each([['accepted' as const], ['refused' as const]])(
    'says that the registration has ended when its API key is still %s',
    async (expiredApiKey) => {
      const endpoint = await venueWith({ expiredApiKey });
      const expiresAt = Date.now() + 400;
      // Registered past the program, which would test it: it is about to end.
      const signingPrivateKey = `0x${'77'.repeat(32)}`;
      const { verifyingContract } = endpoint;
      const body = await registerBody({
        primaryKey,
        signingKey: signingPrivateKey,
        expiryMs: expiresAt,
        verifyingContract,
      });
      const answer = await env.network.request({
        method: 'POST',
        url: `${endpoint.restUrl}/register`,
        headers: { xrestservermm: 'restserver0' },
        body: JSON.stringify(body),
        timeoutMs: 5_000,
      });
      const { apiKey } = registerAnswerSchema.parse(JSON.parse(answer.body));
      await new Promise<void>((resolve) => env.timers.after(Math.max(0, expiresAt - Date.now()) + 1_100, resolve));
      await expect(
        test({ primaryAddress, signingPrivateKey, apiKey, accountGroup: 0, expiresAt }, endpoint),
      ).rejects.toMatchObject({
        code: 'HS_VEST_REGISTRATION_EXPIRED',
        message: expect.stringContaining(new Date(expiresAt).toISOString()),
      });
    },
  );

  it('says that the account lies in another group', async () => {
    await expect(test({ ...knownKey(), accountGroup: 3 })).rejects.toMatchObject({ code: 'HS_VEST_ACCOUNT_GROUP' });
  });

  it('says whose the API key is', async () => {
    const key = { ...knownKey(), primaryAddress: `0x${'ab'.repeat(20)}` };
    await expect(test(key)).rejects.toMatchObject({
      code: 'HS_VEST_OTHER_ACCOUNT',
      message: expect.stringContaining(primaryAddress),
    });
  });

  it('refuses the wallet’s own key in place of a signing key', async () => {
    await expect(test({ ...knownKey(), signingPrivateKey: primaryKey })).rejects.toMatchObject({
      code: 'HS_VEST_PRIMARY_KEY',
    });
  });

  it.each([['0'], ['f']])('refuses a key out of range (%s...)', async (digit) => {
    await expect(test({ ...knownKey(), signingPrivateKey: `0x${digit.repeat(64)}` })).rejects.toMatchObject({
      code: 'HS_VEST_KEY_FORMAT',
    });
  });

  it('says by how much this machine’s clock is off', async () => {
    const early = { ...env, clock: { ...env.clock, wallMs: () => env.clock.wallMs() + 3_600_000 } };
    await expect(test(knownKey(), venues.vest, early)).rejects.toMatchObject({
      code: 'HS_CLOCK_OFF',
      message: expect.stringContaining('60 min ahead of'),
    });
  });
});

describe('a Vest host that does not answer as v2', () => {
  const v3Info = { body: JSON.stringify({ symbols: [{ symbol: 'NDX-USD-PERP', displaySymbol: 'NQ-PERP' }] }) };

  it.each<[string, Script, string]>([
    ['a web page', { '*': CHALLENGE }, 'HS_VENUE_NOT_API'],
    ['a rate limit', { '*': { status: 429, body: '{"code":429,"msg":"Rate limited"}' } }, 'HS_VENUE_RATE_LIMIT'],
    ['an error of the proxy', { '*': { status: 530, body: 'error code: 1033' } }, 'HS_VENUE_NOT_API'],
    ['the v3 gateway', { 'GET /v3/exchangeInfo': v3Info }, 'HS_VEST_V3'],
    ['another service', { '*': { body: '{"hello":"world"}' } }, 'HS_VEST_NOT_V2'],
  ])('%s has its own code', async (_what, script, code) => {
    const host = await startScriptedHost(script);
    stops.push(() => host.stop());
    const endpoint = { ...venues.vest, restUrl: `http://${host.host}/v2` };
    await expect(test(knownKey(), endpoint)).rejects.toMatchObject({ code, remedy: expect.stringMatching(/\S/) });
    await expect(register(undefined, endpoint)).rejects.toMatchObject({ code });
    expect(host.asked.filter((asked) => !asked.startsWith('GET '))).toEqual([]);
  });
});

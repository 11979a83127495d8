import { randomBytes } from 'node:crypto';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { computeAddress } from 'ethers';
import { runAccountsTask } from '../../engine/accounts/run-task.ts';
import { startTestVenues, type TestVenues } from '../../engine/accounts/practice-venues.test-helper.ts';
import { createNodeEnv } from '../../engine/node-env.ts';
import { HalfspreadError } from '../../engine/protocol/errors.ts';
import { PUBLISHED_ENDPOINTS, type VenueEndpoints } from '../../engine/protocol/endpoints.ts';
import type { LogRecord } from '../diagnostics/log.ts';
import type { KeyOperation, KeysState } from '../ipc/key-schema.ts';
import { keysStateSchema } from '../ipc/key-schema.ts';
import type { AlertDraft } from '../notify/alert-draft.ts';
import { launchNodeProcess } from '../shell/browser/node-launcher.ts';
import type { AskSecret } from '../shell/ports.ts';
import { openKeys, type Keys } from './keys.ts';
import type { VenueAccounts } from './venue-accounts.ts';

const DAY_MS = 86_400_000;
const PASSPHRASE = 'four words at random';
const env = createNodeEnv();
let practice: TestVenues;
let endpoints: VenueEndpoints;
let folder: string;
let keys: Keys;
let environment: Record<string, string>;
let held: string[];
let log: LogRecord[];
let alerts: (AlertDraft | string)[];
/** What the person hands over, in the order it is asked for; a function sees the question. */
let answers: (string | undefined)[];
let asked: string[];
/** Replaces one call to the venues. */
let venueFault: { call: keyof VenueAccounts; error: HalfspreadError } | undefined;
/** Happens when the venue has made a subkey, before it is kept. */
let afterMaking: () => Promise<void>;

const run = runAccountsTask;
/** The accounts program's own tasks, in this process; the practice venues check every signature. */
const venues: VenueAccounts = {
  testParadex: (endpoint, key) => unlessFaulty('testParadex', () => run(env, { task: 'paradex.test', endpoint, key })),
  testVest: (endpoint, key) => unlessFaulty('testVest', () => run(env, { task: 'vest.test', endpoint, key })),
  async makeSubkey(endpoint, mainKey, name) {
    const made = await unlessFaulty('makeSubkey', () =>
      run(env, { task: 'paradex.makeSubkey', endpoint, mainKey, name }),
    );
    await afterMaking();
    return made;
  },
  async revokeSubkey(endpoint, mainKey, publicKey) {
    await unlessFaulty('revokeSubkey', () => run(env, { task: 'paradex.revokeSubkey', endpoint, mainKey, publicKey }));
  },
  register: (endpoint, primaryKey, expiresAt) =>
    unlessFaulty('register', () => run(env, { task: 'vest.register', endpoint, primaryKey, expiresAt })),
};

function unlessFaulty<Result>(call: keyof VenueAccounts, ask: () => Promise<Result>): Promise<Result> {
  return venueFault?.call === call ? Promise.reject(venueFault.error) : ask();
}

const askSecret: AskSecret = ({ title, read, signal }) => {
  asked.push(title.en);
  if (answers.length === 0) {
    return new Promise((resolve) => signal?.addEventListener('abort', () => resolve(undefined)));
  }
  const answer = answers.shift();
  if (answer === undefined) return Promise.resolve(undefined);
  const result = read(answer);
  if ('secret' in result) return Promise.resolve(result.secret);
  return Promise.reject(new HalfspreadError('HS_SECRET_TIME', result.refused.code, ''));
};

async function open(): Promise<Keys> {
  const opened = await openKeys({
    folder,
    keychainScript: join(import.meta.dirname, 'storage/keychain-program.ts'),
    launcher: launchNodeProcess,
    venues,
    platform: 'linux',
    environment,
    askSecret,
    onChange: () => void keysStateSchema.parse(keys?.state() ?? opened.state()),
    alerts: { tell: (alert) => void alerts.push(alert), withdraw: (category) => void alerts.push(category) },
    isHeld: ({ id }) => held.includes(id),
    log: (record) => void log.push(record),
  });
  opened.start();
  return opened;
}

async function reopened(): Promise<void> {
  await keys.stop();
  keys = await open();
  await expect.poll(() => keys.state().storage.state, { timeout: 15_000 }).not.toBe('checking');
}

/** Waits for the operation that runs, and for the look at the storage after it. */
async function ended(): Promise<KeyOperation | undefined> {
  await expect.poll(() => keys.state().operation?.state, { timeout: 30_000 }).not.toBe('running');
  const isLooking = () =>
    keys.state().storage.state === 'ready' && keys.state().keys.some(({ presence }) => presence === 'unknown');
  await expect.poll(isLooking, { timeout: 15_000 }).toBe(false);
  return keys.state().operation;
}

const list = (state: KeysState = keys.state()) =>
  state.keys.map(({ record, presence }) => `${record.label} ${record.inUse ? 'used' : 'spare'} ${presence}`);
const find = (label: string) => keys.state().keys.find(({ record }) => record.label === label)!.record;

beforeAll(async () => {
  vi.stubEnv('DBUS_SESSION_BUS_ADDRESS', '');
  vi.stubEnv('XDG_RUNTIME_DIR', '');
  practice = await startTestVenues();
  endpoints = { paradex: practice.paradex, vest: practice.vest };
});
afterAll(async () => {
  await practice.stop();
  await env.close();
  vi.unstubAllEnvs();
});

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'hs-keys-'));
  [environment, held, log, alerts, answers, asked, venueFault] = [{}, [], [], [], [], [], undefined];
  afterMaking = () => Promise.resolve();
  keys = await open();
});
afterEach(async () => {
  await keys.stop();
  await rm(folder, { recursive: true });
});

async function useSession(): Promise<void> {
  await keys.handlers['keys.storage']({ kind: 'session' });
  await ended();
}

const wallet = () => computeAddress(practice.vestAccount.primaryPrivateKey);
const main = () => ({ endpoint: practice.paradex, account: practice.account.address });

async function makeSubkey(label = 'made'): Promise<void> {
  answers = [practice.account.l2PrivateKey];
  await keys.handlers['keys.make']({ ...main(), label });
  expect(await ended()).toMatchObject({ act: 'make', state: 'done' });
}

async function register(label = 'registered', days = 7): Promise<void> {
  answers = [practice.vestAccount.primaryPrivateKey];
  await keys.handlers['keys.register']({
    endpoint: practice.vest,
    label,
    account: wallet(),
    days,
  });
  expect(await ended()).toMatchObject({ act: 'register', state: 'done' });
}

describe('where keys are kept', () => {
  it('is refused plainly where there is no keychain, without falling back, and remembers what the operator chose', async () => {
    await expect.poll(() => keys.state().storage.state, { timeout: 15_000 }).toBe('refused');
    expect(keys.state().storage).toMatchObject({ kind: 'keychain', error: { code: 'HS_KEYCHAIN_NONE' } });
    expect(() => keys.handlers['keys.make']({ ...main(), label: 'x' })).toThrow(
      expect.objectContaining({ code: 'HS_KEYCHAIN_NONE' }),
    );
    await expect(keys.ring.tradingKeys(endpoints)).rejects.toMatchObject({ code: 'HS_KEY_MISSING' });
    await useSession();
    expect(keys.state().storage).toEqual({ kind: 'session', state: 'ready' });
    await reopened();
    expect(keys.state().storage).toEqual({ kind: 'session', state: 'ready' });
  });

  it('can be a file with a passphrase: keys move into it, it is locked at the next start, and opens again', async () => {
    await useSession();
    await makeSubkey();
    await register();
    answers = [PASSPHRASE, PASSPHRASE];
    await keys.handlers['keys.storage']({ kind: 'file' });
    expect(await ended()).toMatchObject({ act: 'storage', state: 'done' });
    expect(keys.state().storage).toMatchObject({ kind: 'file', state: 'ready' });
    expect(list()).toEqual(['registered used there', 'made used there']);
    const before = await keys.ring.tradingKeys(endpoints);
    await reopened();
    expect(keys.state().storage).toMatchObject({ state: 'locked', error: { code: 'HS_KEYCHAIN_FILE_LOCKED' } });
    await expect(keys.ring.tradingKeys(endpoints)).rejects.toMatchObject({ code: 'HS_KEYCHAIN_FILE_LOCKED' });
    answers = ['the wrong passphrase'];
    await keys.handlers['keys.unlock']({});
    expect(await ended()).toMatchObject({ state: 'failed', error: { code: 'HS_KEYCHAIN_PASSPHRASE' } });
    expect(keys.state().storage.state).toBe('locked');
    answers = [PASSPHRASE];
    await keys.handlers['keys.unlock']({});
    expect(await ended()).toMatchObject({ state: 'done' });
    expect(await keys.ring.tradingKeys(endpoints)).toEqual(before);

    // A subkey that cannot be kept is revoked again: nobody would know of it.
    afterMaking = () => rm(join(folder, 'keys.sealed.json'));
    answers = [practice.account.l2PrivateKey];
    await keys.handlers['keys.make']({ ...main(), label: 'lost' });
    expect((await ended())?.error).toMatchObject({
      code: 'HS_KEY_NOT_KEPT',
      message: expect.stringMatching(/not there any more.*It was revoked again/s) as string,
    });
    await expect
      .poll(() => keys.state().storage)
      .toMatchObject({ state: 'refused', error: { code: 'HS_KEYCHAIN_FILE_GONE' } });
    expect(keys.state().keys.map(({ record }) => record.label)).toEqual(['registered', 'made']);
  }, 40_000);

  it('says of keys of a session that ended that they are gone, and takes the same key in its old place', async () => {
    await useSession();
    await makeSubkey();
    const { id } = find('made');
    const { privateKey } = (await readTradingKey()).paradex;
    await reopened();
    await expect.poll(() => list()).toEqual(['made used gone']);
    answers = [privateKey];
    await keys.handlers['keys.add']({
      venue: 'paradex',
      endpoint: practice.paradex,
      label: 'again',
      account: main().account,
    });
    expect(await ended()).toMatchObject({ state: 'done' });
    expect(list()).toEqual(['again used there']);
    expect(find('again').id).toBe(id);
  });

  it('puts keys back on a list that was lost', async () => {
    answers = [PASSPHRASE, PASSPHRASE];
    await keys.handlers['keys.storage']({ kind: 'file' });
    await ended();
    await makeSubkey();
    await keys.stop();
    await writeFile(join(folder, 'keys.json'), '{"version":1,"storage":"file","keys":[{}]}');
    keys = await open();
    expect(keys.state()).toMatchObject({ keys: [], setAside: { code: 'HS_KEYS_SET_ASIDE' } });
    answers = [PASSPHRASE];
    await keys.handlers['keys.storage']({ kind: 'file' });
    await ended();
    await expect.poll(() => keys.state().unlisted).toBe(1);
    await keys.handlers['keys.restore']({});
    expect(await ended()).toMatchObject({ state: 'done' });
    await expect.poll(() => list()).toEqual(['made used there']);
    expect(keys.state().unlisted).toBe(0);
  });
});

/** Of the one key there is. */
async function readTradingKey() {
  await register('for the pair');
  const found = await keys.ring.tradingKeys(endpoints);
  await keys.handlers['keys.delete']({ id: find('for the pair').id, recordOnly: false });
  await ended();
  return found;
}

describe('a key', () => {
  beforeEach(useSession);

  it('made here works at once, says what it may do, and is handed to who starts an engine', async () => {
    await makeSubkey();
    await register();
    expect(find('made')).toMatchObject({
      venue: 'paradex',
      mayWithdraw: 'no',
      origin: 'madeHere',
      inUse: true,
      lastTest: { signatureChecked: true },
    });
    expect(find('registered')).toMatchObject({
      venue: 'vest',
      mayWithdraw: 'yes',
      account: expect.any(String) as string,
    });
    expect(find('registered').expiresAt! - Date.now()).toBeGreaterThan(6.9 * DAY_MS);
    const found = await keys.ring.tradingKeys(endpoints);
    expect(BigInt(found.paradex.privateKey)).not.toBe(BigInt(practice.account.l2PrivateKey));
    expect(found.vest.signingPrivateKey).not.toBe(practice.vestAccount.primaryPrivateKey);
    expect(keys.ring.inUse(endpoints)).toMatchObject({ paradex: { label: 'made' }, vest: { label: 'registered' } });
    expect(keys.ring.inUse(PUBLISHED_ENDPOINTS.production)).toEqual({});
    await expect(keys.ring.tradingKeys(PUBLISHED_ENDPOINTS.production)).rejects.toMatchObject({
      code: 'HS_KEY_MISSING',
    });
    expect(asked).toEqual(['Paradex main key (private key)', 'Vest primary key (private key of the wallet)']);
  });

  it('that exists is tested before it is kept: a main key, a stranger’s, an expired one are refused and nothing is kept', async () => {
    const add = async (label: string, answer: string, account = main().account) => {
      answers = [answer];
      await keys.handlers['keys.add']({ venue: 'paradex', endpoint: practice.paradex, label, account });
      return (await ended())?.error?.code;
    };
    expect(await add('main', practice.account.l2PrivateKey)).toBe('HS_KEY_WIDE');
    expect(await add('stranger', `0x03${randomBytes(31).toString('hex')}`)).toMatch(/^HS_PARADEX_/);
    expect(await add('other account', practice.account.l2PrivateKey, practice.other.address)).toMatch(/^HS_PARADEX_/);
    const { signingPrivateKey, apiKey } = practice.vestAccount;
    const primaryAddress = wallet();
    const vest = { venue: 'vest', endpoint: practice.vest, account: primaryAddress, accountGroup: 0 } as const;
    answers = [signingPrivateKey, apiKey];
    await keys.handlers['keys.add']({ ...vest, label: 'over', expiresAt: Date.now() - 1 });
    expect((await ended())?.error?.code).toBe('HS_KEY_EXPIRED');
    answers = [signingPrivateKey, 'another-api-key'];
    await keys.handlers['keys.add']({ ...vest, label: 'wrong api key', expiresAt: Date.now() + DAY_MS });
    expect((await ended())?.error?.code).toBe('HS_VEST_API_KEY');
    expect(keys.state().keys).toEqual([]);
    answers = [signingPrivateKey, apiKey];
    await keys.handlers['keys.add']({ ...vest, label: 'right', expiresAt: Date.now() + DAY_MS });
    expect(await ended()).toMatchObject({ state: 'done' });
    expect(list()).toEqual(['right used there']);
  });

  it('rotated by its wide key is replaced, revoked at the venue and gone; one works at every moment', async () => {
    await makeSubkey('desk');
    const old = find('desk');
    answers = [practice.account.l2PrivateKey];
    await keys.handlers['keys.rotate']({ id: old.id, how: { from: 'wideKey' } });
    expect(await ended()).toMatchObject({ act: 'rotate', state: 'done' });
    expect(list()).toEqual(['desk used there']);
    expect(find('desk').publicKey).not.toBe(old.publicKey);
    expect(alerts).toContain(`key.${old.id}`);
    await keys.handlers['keys.test']({ id: find('desk').id });
    expect(await ended()).toMatchObject({ act: 'test', state: 'done' });
  });

  it('whose revocation fails stays on the list as still valid, and can be revoked later', async () => {
    await makeSubkey('desk');
    const old = find('desk');
    venueFault = { call: 'revokeSubkey', error: new HalfspreadError('HS_VENUE_UNREACHABLE', 'No line.', 'Wait.') };
    answers = [practice.account.l2PrivateKey];
    await keys.handlers['keys.rotate']({ id: old.id, how: { from: 'wideKey' } });
    expect((await ended())?.error?.code).toBe('HS_KEY_STILL_VALID');
    expect(list()).toEqual(['desk used there', 'desk spare there']);
    const left = keys.state().keys.find(({ record }) => record.id === old.id)!.record;
    expect(left.replacedAt).toBeGreaterThan(0);
    venueFault = undefined;
    answers = [practice.account.l2PrivateKey];
    await keys.handlers['keys.revoke']({ id: old.id });
    expect(await ended()).toMatchObject({ act: 'revoke', state: 'done' });
    expect(list()).toEqual(['desk used there']);
  });

  it('that cannot be rotated is left exactly as it was', async () => {
    await makeSubkey('desk');
    await register('signing');
    const before = keys.state().keys;
    answers = [practice.other.l2PrivateKey];
    await keys.handlers['keys.rotate']({ id: find('desk').id, how: { from: 'wideKey' } });
    expect((await ended())?.error?.code).toMatch(/^HS_PARADEX_/);
    answers = [`0x${'3'.repeat(64)}`];
    await keys.handlers['keys.rotate']({ id: find('signing').id, how: { from: 'wideKey', days: 7 } });
    expect((await ended())?.error?.code).toMatch(/^HS_(KEY|VEST)_/);
    const { privateKey } = (await keys.ring.tradingKeys(endpoints)).paradex;
    answers = [privateKey];
    await keys.handlers['keys.rotate']({ id: find('desk').id, how: { from: 'existing' } });
    expect((await ended())?.error?.code).toBe('HS_KEY_SAME');
    expect(keys.state().keys.map(({ record }) => [record.id, record.inUse])).toEqual(
      before.map(({ record }) => [record.id, record.inUse]),
    );
  });

  it('is kept from deletion while an engine signs with it, and deleted for good otherwise', async () => {
    await makeSubkey();
    const { id } = find('made');
    held = [id];
    for (const call of [
      () => keys.handlers['keys.delete']({ id, recordOnly: false }),
      () => keys.handlers['keys.revoke']({ id }),
      () => keys.handlers['keys.rotate']({ id, how: { from: 'wideKey' } }),
    ]) {
      expect(call).toThrow(expect.objectContaining({ code: 'HS_KEY_HELD' }));
    }
    held = [];
    await keys.handlers['keys.delete']({ id, recordOnly: false });
    expect(await ended()).toMatchObject({ act: 'delete', state: 'done' });
    expect(keys.state()).toMatchObject({ keys: [], unlisted: 0 });
    expect(() => keys.handlers['keys.test']({ id })).toThrow(expect.objectContaining({ code: 'HS_KEY_UNKNOWN' }));
  });

  it('beyond the first waits until it is chosen; both are told apart by name', async () => {
    await makeSubkey('first');
    await makeSubkey('second');
    expect(list()).toEqual(['second spare there', 'first used there']);
    await keys.handlers['keys.use']({ id: find('second').id });
    await keys.handlers['keys.rename']({ id: find('first').id, label: 'old one' });
    expect(list()).toEqual(['second used there', 'old one spare there']);
  });

  it('past its end trades no more, and its end is told once, over restarts', async () => {
    await register('short', 1);
    const book = JSON.parse(await readFile(join(folder, 'keys.json'), 'utf8')) as { keys: { expiresAt: number }[] };
    await keys.stop();
    book.keys[0]!.expiresAt = Date.now() - 1;
    await writeFile(join(folder, 'keys.json'), JSON.stringify(book));
    keys = await open();
    expect(alerts).toMatchObject([{ severity: 'critical', category: `key.${find('short').id}` }]);
    await expect(keys.ring.tradingKeys({ ...endpoints, paradex: endpoints.paradex })).rejects.toThrow(
      /ended|no trading key/,
    );
    await expect.poll(async () => readFile(join(folder, 'keys.json'), 'utf8')).toContain('"expiryTold": 0');
    alerts = [];
    await reopened();
    expect(alerts).toEqual([]);
  });
});

describe('what is under way', () => {
  beforeEach(useSession);

  it('is one thing at a time, can be cancelled while it asks, and ends when Halfspread stops', async () => {
    await keys.handlers['keys.make']({ ...main(), label: 'x' });
    await expect.poll(() => keys.state().operation?.step).toBe('asking');
    expect(() => keys.handlers['keys.make']({ ...main(), label: 'y' })).toThrow(
      expect.objectContaining({ code: 'HS_KEY_BUSY' }),
    );
    await keys.handlers['keys.cancel']({});
    await expect.poll(() => keys.state().operation).toBeUndefined();
    await keys.handlers['keys.make']({ ...main(), label: 'x' });
    await expect.poll(() => keys.state().operation?.step).toBe('asking');
    await keys.stop();
    expect(keys.state().operation).toBeUndefined();
  });

  it('shows how it failed until it is dismissed, and logs code and words without a secret', async () => {
    answers = [practice.account.l2PrivateKey];
    await keys.handlers['keys.add']({
      venue: 'paradex',
      endpoint: practice.paradex,
      label: 'x',
      account: main().account,
    });
    expect(await ended()).toMatchObject({ state: 'failed', error: { code: 'HS_KEY_WIDE' } });
    expect(log.at(-1)).toMatchObject({ level: 'warn', message: 'keys: add failed' });
    expect(JSON.stringify(log)).not.toContain(practice.account.l2PrivateKey.slice(4));
    await keys.handlers['keys.dismiss']({});
    expect(keys.state().operation).toBeUndefined();
  });
});

describe('an import', () => {
  beforeEach(useSession);

  it('takes each venue’s key from a bot’s .env file, says what failed, and leaves wallets’ keys alone', async () => {
    const { signingPrivateKey, apiKey, primaryPrivateKey } = practice.vestAccount;
    const primaryAddress = wallet();
    const path = join(folder, '.env');
    const lines = [
      `PARADEX_ACCOUNT_ADDRESS=${main().account}`,
      `PARADEX_PRIVATE_KEY=${practice.account.l2PrivateKey}`,
      `VEST_PRIMARY_ADDRESS="${primaryAddress}"`,
      `VEST_PRIVATE_KEY=${primaryPrivateKey}`,
      `VEST_SIGNING_KEY='${signingPrivateKey}'`,
      `VEST_API_KEY=${apiKey} # of the bot`,
      `VEST_EXPIRES_AT=${Date.now() + DAY_MS}`,
    ];
    await writeFile(path, lines.join('\n'));
    await keys.handlers['keys.import']({ ...endpoints, path });
    expect(await ended()).toMatchObject({
      state: 'done',
      imported: {
        venues: [{ venue: 'paradex', error: { code: 'HS_KEY_WIDE' } }, { venue: 'vest' }],
        leftAlone: [{ name: 'VEST_PRIVATE_KEY', why: 'wideKey' }],
      },
    });
    expect(list()).toEqual(['Vest (.env) used there']);
    expect(find('Vest (.env)').origin).toBe('imported');
  });

  it.each([
    ['no such file', '/nowhere/.env', 'HS_KEY_IMPORT_FILE'],
    ['a relative path', '.env', 'HS_KEY_IMPORT_FILE'],
    ['an environment without keys', undefined, 'HS_KEY_IMPORT_NOTHING'],
  ])('of %s says so', async (_what, path, code) => {
    await keys.handlers['keys.import']({ ...endpoints, ...(path !== undefined && { path }) });
    expect((await ended())?.error?.code).toBe(code);
  });
});

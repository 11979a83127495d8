import { spawn } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { startAgent } from './agent/agent.ts';
import { newSigningKey } from './agent/keys.ts';
import { connectLocally } from './agent/local-client.ts';
import { createNodeEnv } from './node-env.ts';
import { startPracticeVenues, type PracticeVenues } from './practice/process.ts';
import type { ArmingReport } from './protocol/arming.ts';
import { deskLaunchSchema, startRefusedSchema, type DeskLaunchInput, type LaunchInput } from './protocol/launch.ts';
import { configText, endpointsOf, keysOf, WIDE_LIMITS } from './simulation/virtual-desk.ts';
import { startDesk } from './start-desk.ts';
import { starkPublicKey } from './venues/paradex/public-key.ts';
import { ParadexRest } from './venues/paradex/rest.ts';
import { createInlineSigner } from './venues/signer/inline.ts';

/** Generous: the machine may be busy with other tests. */
const eventually = <Value>(look: () => Value) => expect.poll(look, { timeout: 40_000, interval: 50 });
const WEEK_MS = 7 * 86_400_000;
/** Trades every few seconds. */
const EAGER = { entryBps: 0.6, exitBps: -1.4, sizeE8: 1e6 };

/** A throw-away key that may trade and nothing else. */
const SUBKEY = `0x${'4'.repeat(62)}`;

const env = createNodeEnv();
let venues: PracticeVenues;
let folder: string;

beforeAll(async () => {
  venues = await startPracticeVenues({ tape: 'btc-usdm-coinm', network: 'none', fees: { kind: 'zero' } });
  await registerSubkey();
}, 60_000);
afterAll(async () => {
  await venues.stop();
  await env.close();
});
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'hs-desk-'));
});
afterEach(() => rm(folder, { recursive: true }));

/** As an operator does in the venue's own window: with the account's main key. */
async function registerSubkey(): Promise<void> {
  const { restUrl, starknetChainId, accounts } = venues.description.paradex;
  const { address, l2PrivateKey } = accounts[0]!;
  const main = { privateKey: l2PrivateKey, accountAddress: address, starknetChainId };
  const signer = createInlineSigner({ paradex: main }, env.clock);
  const timestampS = Math.floor(Date.now() / 1000);
  const expirationS = timestampS + 60;
  const { signature } = await signer.sign({ kind: 'paradex.auth', timestampS, expirationS });
  const token = await new ParadexRest(env.network, restUrl).login(
    { accountAddress: address, signature, timestampS, expirationS },
    { interactive: false },
  );
  const answer = await env.network.request({
    method: 'POST',
    url: `${restUrl}/account/keys/subkeys`,
    headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
    body: JSON.stringify({ name: 'desk', public_key: starkPublicKey(SUBKEY) }),
    timeoutMs: 5_000,
  });
  expect(answer.status).toBe(200);
}

function config() {
  const { description } = venues;
  return { text: configText({ tape: { ...description.tape, ...EAGER } }), path: 'desk.yaml' };
}

function live(): Extract<DeskLaunchInput, { mode: 'live' }> {
  const { description } = venues;
  const { paradex, vest } = keysOf(description, Date.now() + WEEK_MS);
  const keys = { paradex: { ...paradex, privateKey: SUBKEY }, vest };
  return { mode: 'live', endpoints: endpointsOf(description), keys, config: config() };
}

describe('a desk on practice venues configured as endpoints, over real sockets', () => {
  it('live: with a subkey, armed through the agent by the device’s signature it trades, disarmed it closes and stays', async () => {
    const { desk, started, stop } = await startDesk(deskLaunchSchema.parse(live()), env, { dataFolder: folder });
    await started;
    const device = newSigningKey();
    const cookie = Buffer.alloc(32, 3).toString('base64');
    const agent = await startAgent({
      desk,
      env,
      cookie,
      pipePath: join(folder, 'run', 'engine.sock'),
      devicePublicKey: device.publicKey,
      agentId: 'test',
      version: 'test',
    });
    const runtime = { ...agent.ready, cookie, devicePrivateKey: device.privateKey };
    const client = await connectLocally(runtime, 'operate', env);
    const trades = () => desk.snapshot().trades;

    const report = (await client.command({ name: 'arming.check' })) as ArmingReport;
    expect(report.checks.filter(({ ok }) => !ok)).toEqual([]);
    expect(report.roundTripFeesBps).toBe(0);
    expect(desk.snapshot().desk.fees.roundTripBps).toBe(0);
    await expect(client.command({ name: 'arm', limits: WIDE_LIMITS })).rejects.toMatchObject({
      code: 'HS_AUTHORIZATION_REQUIRED',
    });
    expect(trades()).toEqual([]);
    await client.command({ name: 'arm', limits: WIDE_LIMITS }, true);
    await eventually(() => trades().some(({ state }) => state === 'OPEN')).toBe(true);
    await client.command({ name: 'disarm', reason: 'operator' });
    const count = trades().length;
    await eventually(() => trades().every(({ state }) => state === 'FLAT')).toBe(true);
    expect(trades().length).toBe(count);
    expect(desk.snapshot()).toMatchObject({ trading: 'paused', arming: { state: 'disarmed' } });
    await desk.closeForReport();
    const ledger = await desk.ledger();
    expect(ledger).toMatchObject({ matched: ledger.fills, lost: 0, invented: 0 });
    client.close();
    await agent.stop();
    await stop('test');
  }, 90_000);

  it('paper: trades without keys on the same books, and takes its account up again', async () => {
    const launch = deskLaunchSchema.parse({
      mode: 'paper',
      endpoints: endpointsOf(venues.description),
      config: config(),
    });
    const first = await startDesk(launch, env, { dataFolder: folder });
    await first.started;
    const trades = () => first.desk.snapshot().trades;
    await eventually(() => trades().filter(({ netE8 }) => netE8 !== undefined).length).toBeGreaterThan(0);
    const [leg] = trades().at(-1)!.entry.legs;
    expect(leg!.simulated).toMatchObject({ venueProcessingMs: 10, takerDelayMs: 0 });
    expect(leg!.cost).toMatchObject({ splitEstimated: true });
    await first.stop('test');
    const kept = trades().length;

    const second = await startDesk(launch, env, { dataFolder: folder });
    await second.started;
    expect(second.desk.snapshot().trades.length).toBeGreaterThanOrEqual(kept);
    await second.desk.closeForReport();
    const ledger = await second.desk.ledger();
    expect(ledger).toMatchObject({ matched: ledger.fills, lost: 0, doubled: 0, invented: 0 });
    await second.stop('test');
    // A journal of paper is no live one's.
    await expect(startDesk(deskLaunchSchema.parse(live()), env, { dataFolder: folder })).rejects.toMatchObject({
      code: 'HS_JOURNAL_FOREIGN',
    });
  }, 90_000);
});

describe('an engine process that cannot run says why in its one line, without its secrets', () => {
  async function refusalOf(desk: unknown): Promise<{ code: string; message: string }> {
    const launch = {
      cookie: Buffer.alloc(32, 7).toString('base64'),
      devicePublicKey: newSigningKey().publicKey,
      desk: desk as LaunchInput['desk'],
      options: { dataFolder: join(folder, 'data'), pipePath: join(folder, 'engine.sock') },
    } satisfies LaunchInput;
    const child = spawn(process.execPath, [fileURLToPath(new URL('./main.ts', import.meta.url))], {
      stdio: ['pipe', 'pipe', 'pipe', 'pipe'],
    });
    let output = '';
    for (const stream of [child.stdout!, child.stderr!])
      stream.on('data', (chunk: Buffer) => (output += String(chunk)));
    const handover = child.stdio[3];
    if (handover && 'end' in handover) handover.end(`${JSON.stringify(launch)}\n`);
    const code = await new Promise((resolve) => child.on('close', resolve));
    expect(code).toBe(2);
    const { keys } = live();
    for (const secret of [keys.paradex.privateKey, keys.vest.signingPrivateKey, keys.vest.apiKey]) {
      expect(output).not.toContain(secret);
    }
    return startRefusedSchema.parse(JSON.parse(output.split('\n').find((line) => line.startsWith('{"ready"'))!)).error;
  }

  it('for a config with a wrong line, an unknown market, and an incomplete launch', async () => {
    const good = live();
    const spoilt = {
      ...good,
      config: { ...good.config, text: good.config.text.replace('leverage: 5', 'leverage: 500') },
    };
    expect(await refusalOf(spoilt)).toMatchObject({
      code: 'HS_CONFIG_INVALID',
      message: expect.stringContaining('desk.yaml:8:15 bots[0].leverage'),
    });
    const doge = { ...good, config: { ...good.config, text: good.config.text.replace('pair: BTC', 'pair: DOGE') } };
    expect(await refusalOf(doge)).toMatchObject({ message: expect.stringContaining('DOGE') });
    const { keys: _keys, ...keyless } = good;
    expect(await refusalOf(keyless)).toMatchObject({
      code: 'HS_LAUNCH',
      message: expect.stringContaining('desk.keys'),
    });
  }, 60_000);

  it('for keys a venue does not take', async () => {
    const good = live();
    const { paradex, vest } = good.keys;
    const wrongApiKey = { ...good, keys: { paradex, vest: { ...vest, apiKey: 'ffff' } } };
    expect(await refusalOf(wrongApiKey)).toMatchObject({ code: 'HS_VEST_REFUSED' });
    const wrongStarkKey = { ...good, keys: { paradex: { ...paradex, privateKey: '0x1234' }, vest } };
    expect(await refusalOf(wrongStarkKey)).toMatchObject({ code: 'HS_PARADEX_REFUSED' });
  }, 60_000);
});

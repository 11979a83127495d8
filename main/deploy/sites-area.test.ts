import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { HalfspreadError } from '../../engine/protocol/errors.ts';
import type { CloudRequest, DeployRequest, Operation } from '../ipc/site-schema.ts';
import { saidWords } from '../text/saying.ts';
import { startFakeHetzner, type FakeHetzner } from './providers/fake-hetzner.test-helper.ts';
import { createHetzner } from './providers/hetzner.ts';
import { startArea, type TestArea } from './sites-area.test-helper.ts';
import { freePort, noSshd, startSshd, type LoopbackSshd } from './ssh/sshd.test-helper.ts';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'hs-area-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

/** Every line of the log and everything that is gone can be said in French. */
function expectFrench({ log = [], gone = [], saidGone = [] }: Operation): void {
  const lines = [...log, ...gone.map((text, index) => ({ text, said: saidGone.slice(index, index + 1) }))];
  expect(lines.length).toBeGreaterThan(0);
  for (const { text, said } of lines) expect(saidWords(said, text, 'fr').lang, text).toBeUndefined();
}

describe('login secrets', () => {
  const view = (area: TestArea) => area.state().secrets[0];

  it('are asked for past the window, kept, and forgotten; no state holds them', async () => {
    const area = await startArea(folder);
    area.typed = 'correct horse';
    await area.handlers['sites.secret']({ site: 'tyo-1', kind: 'password', forget: false });
    await expect.poll(() => view(area)?.state).toBe('kept');
    expect(await area.store.get('site.tyo-1.password')).toBe('correct horse');
    expect(JSON.stringify(area.state())).not.toContain('horse');
    area.typed = undefined;
    await area.handlers['sites.secret']({ site: 'tyo-1', kind: 'password', forget: false });
    await expect.poll(() => view(area)?.state).toBe('kept');
    await area.handlers['sites.secret']({ site: 'tyo-1', kind: 'password', forget: true });
    expect(view(area)?.state).toBe('none');
    expect(await area.store.get('site.tyo-1.password')).toBeUndefined();
  });

  it('are not asked for while there is no place for them', async () => {
    const closed = () => Promise.reject(new HalfspreadError('HS_KEYCHAIN_LOCKED', 'It is locked.', 'Unlock it.'));
    const area = await startArea(folder, { ports: { secrets: { get: closed, set: closed, delete: closed } } });
    await area.handlers['sites.secret']({ site: 'tyo-1', kind: 'password', forget: false });
    await expect.poll(() => view(area)).toMatchObject({ state: 'failed', error: { code: 'HS_KEYCHAIN_LOCKED' } });
  });
});

describe.skipIf(noSshd !== undefined)(`a server over ssh${noSshd === undefined ? '' : `: ${noSshd}`}`, () => {
  let sshd: LoopbackSshd;
  let place: string;
  beforeAll(async () => {
    place = await mkdtemp(join(tmpdir(), 'hs-'));
    sshd = await startSshd({ folder: place });
  });
  afterAll(async () => {
    await sshd.stop();
    await rm(place, { recursive: true, force: true });
  });

  const request = (change: Partial<DeployRequest> = {}): DeployRequest => ({
    name: 'tyo-1',
    host: '127.0.0.1',
    port: sshd.port,
    user: sshd.user,
    identityFile: sshd.identityFile,
    prefix: join(folder, 'site'),
    agentPort: 7411,
    fingerprints: [],
    adopt: false,
    ...change,
  });

  it('asks a person to compare the host key, once; refused, nothing goes on', async () => {
    const area = await startArea(folder);
    const refused = await area.handlers['sites.look'](request());
    await expect.poll(() => area.state().questions).toHaveLength(1);
    const [question] = area.state().questions;
    expect(question).toMatchObject({ site: 'tyo-1', host: '127.0.0.1', fingerprint: sshd.fingerprint });
    await area.handlers['sites.hostKey']({ id: question!.id, accept: false });
    expect(await area.end(refused)).toMatchObject({ state: 'failed', error: { code: 'HS_SSH_HOST_KEY_UNVERIFIED' } });

    const accepted = await area.handlers['sites.look'](request());
    await expect.poll(() => area.state().questions).toHaveLength(1);
    await area.handlers['sites.hostKey']({ id: area.state().questions[0]!.id, accept: true });
    const looked = await area.end(accepted);
    expect(looked).toMatchObject({ state: 'done', look: { facts: { os: 'Linux' } } });
    expect(looked.log?.some(({ step }) => step === 'login')).toBe(true);
    expect(looked.steps.map(({ state }) => state)).toEqual(['done', 'done', 'done', 'done']);

    expect((await area.end(await area.handlers['sites.look'](request()))).state).toBe('done');
  });

  it('does one thing at a time on a site, and stops when asked to', async () => {
    const area = await startArea(folder);
    const looking = await area.handlers['sites.look'](request());
    await expect.poll(() => area.state().questions).toHaveLength(1);
    await expect(async () => area.handlers['sites.look'](request())).rejects.toMatchObject({
      code: 'HS_DEPLOY_RUNNING',
    });
    await area.handlers['sites.stop']({ site: 'tyo-1' });
    expect(await area.end(looking)).toMatchObject({ state: 'stopped', error: { code: 'HS_DEPLOY_STOPPED' } });
    expect(area.state().questions).toEqual([]);
    expect(area.ended).toHaveLength(1);
    await area.handlers['sites.dismiss'](looking);
    expect(area.state().operations).toEqual([]);
  });

  it('tells what cannot be right before anybody is contacted', async () => {
    const area = await startArea(folder);
    const call = (change: Partial<DeployRequest>) => async () => area.handlers['sites.deploy'](request(change));
    await expect(call({ host: '-oProxyCommand=true' })).rejects.toMatchObject({ code: 'HS_DEPLOY_HOST' });
    await expect(call({ prefix: '/tmp' })).rejects.toMatchObject({ code: 'HS_DEPLOY_PREFIX' });
    expect(area.state().operations).toEqual([]);
  });

  it('leaves nothing to resume of a deploy that was refused before anything was changed; it can be begun again', async () => {
    const area = await startArea(folder);
    const wrong = request({ fingerprints: [`SHA256:${'A'.repeat(43)}`] });
    const refused = await area.end(await area.handlers['sites.deploy'](wrong));
    expect(refused).toMatchObject({ state: 'failed', error: { code: 'HS_SSH_HOST_KEY_MISMATCH' }, request: wrong });
    expect(area.state().unfinished).toEqual([]);
  });

  it('leaves a deploy that failed to be resumed or taken back, with the reason', async () => {
    const area = await startArea(folder);
    const failed = await area.end(await area.handlers['sites.deploy'](request({ fingerprints: [sshd.fingerprint] })));
    // This agent program is no program.
    expect(failed).toMatchObject({ state: 'failed' });
    expect(area.state().unfinished).toMatchObject([{ site: 'tyo-1', kind: 'deploy' }]);
    expect(area.state().outlooks).toMatchObject([{ site: 'tyo-1' }]);
    const undone = await area.end(await area.handlers['sites.undo']({ site: 'tyo-1' }));
    expect(undone).toMatchObject({ state: 'done' });
    expect(undone.gone?.join()).toContain('the remembered host key');
    expectFrench(failed);
    expectFrench(undone);
    expect(area.state().unfinished).toEqual([]);
  });
});

describe('a server at a cloud', () => {
  let hetzner: FakeHetzner;
  let area: TestArea;
  beforeEach(async () => {
    hetzner = await startFakeHetzner();
    hetzner.address = '127.0.0.1';
    area = await openArea();
    await area.store.set('cloud.hetzner', hetzner.token);
  });
  afterEach(async () => {
    await area.stop();
    await hetzner.stop();
  });

  const openArea = async (ports: { store?: TestArea['store'] } = {}) =>
    startArea(folder, {
      options: { openProvider: (_id, token) => createHetzner({ token, baseUrl: hetzner.origin }) },
      cloud: { sshPort: await freePort() },
      ports: ports.store ? { secrets: ports.store } : {},
    });
  const request: CloudRequest = {
    name: 'fsn-1',
    provider: 'hetzner',
    region: 'fsn1',
    plan: 'cx23',
    acceptedPrice: { amount: '4.7481', currency: 'EUR' },
    agentPort: 7411,
    sources: ['0.0.0.0/0'],
  };
  const made = () => hetzner.things.servers.length;
  const stepOf = (step: string) => area.state().operations[0]?.steps.find((one) => one.step === step)?.state;

  it('offers regions with what they promise and plans with their price', async () => {
    const { regions } = await area.handlers['cloud.regions']({ provider: 'hetzner' });
    expect(regions.map(({ id }) => id)).toEqual(['sin', 'fsn1']);
    const { plans } = await area.handlers['cloud.plans']({ provider: 'hetzner', region: 'fsn1' });
    expect(plans[0]).toMatchObject({ id: 'cax11', monthlyPrice: { amount: '4.5101', currency: 'EUR' } });
  });

  it('is not made while the desk is not flat, while the secret storage is closed, or at a higher price', async () => {
    area.desk = { flat: false, why: '2 trades are open' };
    const notFlat = await area.end(await area.handlers['cloud.deploy'](request));
    expect(notFlat).toMatchObject({ state: 'failed', error: { code: 'HS_DEPLOY_NOT_FLAT' } });
    expect(stepOf('desk')).toBe('failed');
    area.desk = { flat: true };
    const cheap = { ...request, acceptedPrice: { amount: '3.99', currency: 'EUR' } };
    const dear = await area.end(await area.handlers['cloud.deploy'](cheap));
    expect(dear).toMatchObject({ state: 'failed', error: { code: 'HS_CLOUD_PRICE' } });
    expect(stepOf('cloudPlan')).toBe('failed');
    expect(made()).toBe(0);
    expect(area.state().cloudServers).toEqual([]);
  });

  it('stopped, it is shown with its price; resumed after a restart it is taken up; deleted, it is proven gone', async () => {
    const started = await area.handlers['cloud.deploy'](request);
    await expect.poll(() => stepOf('cloudLogin'), { timeout: 10_000 }).toBe('running');
    await area.handlers['sites.stop']({ site: 'fsn-1' });
    const stopped = await area.end(started);
    expect(stopped).toMatchObject({ state: 'stopped', error: { code: 'HS_DEPLOY_STOPPED' } });
    expect(stopped.error?.message).toContain('4.7481 EUR a month exists and costs');
    expect(area.state().cloudServers).toMatchObject([{ site: 'fsn-1', state: 'exists', price: { amount: '4.7481' } }]);
    await area.stop();

    area = await openArea({ store: area.store });
    expect(area.state().cloudServers).toHaveLength(1);
    const resumed = await area.handlers['sites.resume']({ site: 'fsn-1' });
    await expect.poll(() => stepOf('cloudLogin'), { timeout: 10_000 }).toBe('running');
    expect(stepOf('cloudServer')).toBe('unchanged');
    await area.handlers['sites.stop']({ site: 'fsn-1' });
    await area.end(resumed);
    expect(made()).toBe(1);

    const deleted = await area.end(await area.handlers['sites.deleteServer']({ site: 'fsn-1', override: false }));
    expect(deleted).toMatchObject({ state: 'done' });
    expect(deleted.gone?.join()).toMatch(/server halfspread-.*firewall.*SSH key.*keys on this machine/);
    expect(made()).toBe(0);
    expect(area.state().cloudServers).toEqual([]);
    const kept = await readFile(join(folder, 'deploy', 'servers.json'), 'utf8');
    expect(kept).toContain('"gone"');
    expect(kept).not.toContain(hetzner.token);
  });

  it('that the cloud does not delete stays on the list, with the reason', async () => {
    const started = await area.handlers['cloud.deploy'](request);
    await expect.poll(() => stepOf('cloudLogin'), { timeout: 10_000 }).toBe('running');
    await area.handlers['sites.stop']({ site: 'fsn-1' });
    await area.end(started);
    hetzner.next.set(`DELETE /servers/${hetzner.things.servers[0]?.id}`, {
      status: 403,
      body: { error: { code: 'protected', message: 'is protected' } },
    });
    const failed = await area.end(await area.handlers['sites.deleteServer']({ site: 'fsn-1', override: false }));
    expect(failed).toMatchObject({ state: 'failed', error: { code: 'HS_CLOUD_READ_ONLY' } });
    expect(area.state().cloudServers).toHaveLength(1);
  });
});

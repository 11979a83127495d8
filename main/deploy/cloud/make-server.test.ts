import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { startFakeHetzner, type FakeHetzner } from '../providers/fake-hetzner.test-helper.ts';
import { startFakeLightsail, type FakeLightsail } from '../providers/fake-lightsail.test-helper.ts';
import { createHetzner } from '../providers/hetzner.ts';
import { createLightsail } from '../providers/lightsail.ts';
import type { CloudProvider } from '../providers/provider.ts';
import { newSshKey, type SshKeyPair } from './first-boot.ts';
import {
  destroyServer,
  fingerprintOf,
  makeServer,
  type MakeServerPorts,
  type MakeServerRequest,
} from './make-server.ts';
import { openCloudServers } from './server-record.ts';

const request: MakeServerRequest = {
  site: 'fsn-1',
  region: 'fsn1',
  plan: 'cx23',
  acceptedPrice: { amount: '4.7481', currency: 'EUR' },
  agentPort: 7411,
  sources: ['0.0.0.0/0'],
};

let folder: string;
let hetzner: FakeHetzner;
let lightsail: FakeLightsail;
let keys: { login: SshKeyPair; firstHostKey: SshKeyPair };
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'hs-cloud-'));
  [hetzner, lightsail] = await Promise.all([startFakeHetzner(), startFakeLightsail()]);
  keys = { login: await newSshKey('login'), firstHostKey: await newSshKey('first boot') };
});
afterEach(async () => {
  await Promise.all([hetzner.stop(), lightsail.stop()]);
  await rm(folder, { recursive: true });
});

/** As after a start of the program: only the file is remembered. */
async function ports(provider: CloudProvider): Promise<MakeServerPorts & { steps: string[] }> {
  const steps: string[] = [];
  return {
    provider,
    servers: await openCloudServers(join(folder, 'servers.json'), Date.now),
    keys: () => Promise.resolve(keys),
    newDeployId: () => crypto.randomUUID(),
    nowMs: Date.now,
    onStep: (step, state) => steps.push(`${step} ${state}`),
    pollMs: 5,
    steps,
  };
}

const onHetzner = () => ports(createHetzner({ token: hetzner.token, baseUrl: hetzner.origin }));
const onLightsail = () =>
  ports(
    createLightsail({
      accessKeyId: lightsail.accessKeyId,
      secretAccessKey: lightsail.secretAccessKey,
      endpointOf: () => `${lightsail.origin}/`,
    }),
  );
const never = new AbortController().signal;

describe('making a server', () => {
  it('at Hetzner: verified by the one-time host key of its first boot, which holds no other secret', async () => {
    const made = await makeServer(request, await onHetzner(), never);
    expect(made).toMatchObject({
      host: '203.0.113.7',
      user: 'root',
      fingerprints: [fingerprintOf(keys.firstHostKey.publicKey)],
    });
    const userData = String(hetzner.things.servers[0]?.['user_data']);
    expect(userData.split('\n')[0]).toBe('#cloud-config');
    expect(userData).toContain(keys.login.publicKey);
    expect(userData).not.toContain(keys.login.privateKey.split('\n')[2]);
    expect(userData).not.toContain(hetzner.token);
  });

  it('at Lightsail: with the fixed address and the host keys the provider attests', async () => {
    const plan = {
      ...request,
      region: 'ap-northeast-1',
      plan: 'micro_3_0',
      acceptedPrice: { amount: '7.00', currency: 'USD' },
    };
    const made = await makeServer(plan, await onLightsail(), never);
    expect(made).toMatchObject({
      host: '203.0.113.9',
      user: 'ubuntu',
      fingerprints: ['SHA256:pVlW1x0iFvVvV0v1UuH0bTn7rZ0x8q0m3wJtqvQ1zXE'],
    });
    expect(lightsail.requests.some(({ body }) => body.includes('userData'))).toBe(false);
  });

  it('takes up what a crash left, wherever it happened, and never makes a second server', async () => {
    let crashes = 0;
    for (const path of ['GET /servers', 'GET /pricing', 'POST /ssh_keys', 'POST /firewalls', 'POST /servers']) {
      hetzner.next.set(path, {
        status: 201,
        lost: path.startsWith('POST'),
        ...(path.startsWith('GET') && { status: 401 }),
      });
      await expect(makeServer(request, await onHetzner(), never), path).rejects.toThrow();
      crashes++;
    }
    const { record } = await makeServer(request, await onHetzner(), never);
    expect(crashes).toBe(5);
    expect(record.state).toBe('exists');
    for (const kind of ['servers', 'firewalls', 'ssh_keys'] as const)
      expect(hetzner.things[kind], kind).toHaveLength(1);
  });

  it('a second run makes nothing', async () => {
    await makeServer(request, await onHetzner(), never);
    const second = await onHetzner();
    await makeServer(request, second, never);
    expect(second.steps).toContain('cloudServer unchanged');
    expect(hetzner.things.servers).toHaveLength(1);
  });

  it('stops where it is cancelled, and keeps what exists and its price on record', async () => {
    const cancel = new AbortController();
    const running = await onHetzner();
    running.onStep = (step) => {
      if (step === 'cloudBoot') cancel.abort(new Error('cancelled'));
    };
    await expect(makeServer(request, running, cancel.signal)).rejects.toThrow();
    expect((await onHetzner()).servers.ofSite('fsn-1')).toMatchObject({
      state: 'exists',
      price: request.acceptedPrice,
    });
  });

  it('refuses a price above the one that was accepted, before anything is made', async () => {
    const cheaper = { ...request, acceptedPrice: { amount: '3.99', currency: 'EUR' } };
    await expect(makeServer(cheaper, await onHetzner(), never)).rejects.toMatchObject({ code: 'HS_CLOUD_PRICE' });
    expect(hetzner.things.ssh_keys).toHaveLength(0);
  });

  it('refuses another choice for a site that has a server', async () => {
    await makeServer(request, await onHetzner(), never);
    const other = { ...request, plan: 'cpx12', acceptedPrice: { amount: '8', currency: 'EUR' } };
    await expect(makeServer(other, await onHetzner(), never)).rejects.toMatchObject({ code: 'HS_CLOUD_OTHER_SERVER' });
  });

  it('deletes it with proof, and knows then that nothing costs any more', async () => {
    const running = await onHetzner();
    await makeServer(request, running, never);
    const { deleted, left } = await destroyServer('fsn-1', running);
    expect([deleted.length, left.length]).toEqual([3, 0]);
    expect(hetzner.things.servers).toHaveLength(0);
    await expect(destroyServer('fsn-1', await onHetzner())).rejects.toMatchObject({ code: 'HS_CLOUD_NO_SERVER' });
  });

  it('what could not be deleted stays on record as costing', async () => {
    const running = await onHetzner();
    await makeServer(request, running, never);
    const id = hetzner.things.servers[0]?.id;
    hetzner.next.set(`DELETE /servers/${id}`, {
      status: 403,
      body: { error: { code: 'protected', message: 'is protected' } },
    });
    await expect(destroyServer('fsn-1', running)).rejects.toMatchObject({ code: 'HS_CLOUD_READ_ONLY' });
    expect((await onHetzner()).servers.ofSite('fsn-1')).toMatchObject({ state: 'exists' });
  });
});

import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { startFakeHetzner, type FakeHetzner } from './fake-hetzner.test-helper.ts';
import { createHetzner } from './hetzner.ts';
import type { CloudProvider, ServerSpec } from './provider.ts';

const spec: ServerSpec = {
  deployId: '019a1b2c-3d4e-7f50-8123-456789abcdef',
  region: 'fsn1',
  plan: 'cx23',
  sshPublicKey: 'ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIGeneratedForThisDeployment halfspread',
  ports: [{ port: 22, sources: ['203.0.113.4/32'] }],
  userData: '#cloud-config\n',
};

let cloud: FakeHetzner;
let provider: CloudProvider;
beforeEach(async () => {
  cloud = await startFakeHetzner();
  provider = createHetzner({ token: cloud.token, baseUrl: cloud.origin });
});
afterEach(() => cloud.stop());

describe('Hetzner', () => {
  it('shows regions with coordinates and the plans of one region, cheapest first, gross and with currency', async () => {
    expect((await provider.regions()).map(({ id }) => id)).toEqual(['fsn1', 'sin']);
    expect((await provider.plans('fsn1')).map(({ id, monthlyPrice }) => [id, monthlyPrice])).toEqual([
      ['cax11', { amount: '4.5101', currency: 'EUR' }],
      ['cx23', { amount: '4.7481', currency: 'EUR' }],
      ['cpx12', { amount: '7.7231', currency: 'EUR' }],
    ]);
    expect((await provider.plans('sin')).map(({ id }) => id)).toEqual(['cpx12']);
  });

  it('makes key, firewall and server with the labels of the deployment, and sees it boot', async () => {
    const { id, adopted } = await provider.createServer(spec);
    expect(adopted).toBe(false);
    const states = [];
    for (let look = 0; look < 3; look++) states.push(await provider.server(id, 'fsn1'));
    expect(states.map(({ state, ipv4 }) => [state, ipv4])).toEqual([
      ['starting', undefined],
      ['running', '203.0.113.7'],
      ['running', '203.0.113.7'],
    ]);
    const labels = { app: 'halfspread', deploy: spec.deployId };
    for (const kind of ['servers', 'firewalls', 'ssh_keys'] as const) {
      expect(cloud.things[kind].map((thing) => thing.labels)).toEqual([labels]);
    }
    expect(cloud.things.firewalls[0]).toMatchObject({
      rules: [{ direction: 'in', protocol: 'tcp', port: '22', source_ips: ['203.0.113.4/32'] }],
    });
  });

  it('adopts a server whose answer was lost instead of making a second one', async () => {
    cloud.next.set('POST /servers', { status: 201, lost: true });
    await expect(provider.createServer(spec)).rejects.toMatchObject({ code: 'HS_CLOUD_UNREACHABLE' });
    expect(await provider.createServer(spec)).toMatchObject({ adopted: true });
    expect(cloud.things.servers).toHaveLength(1);
    expect(cloud.things.firewalls).toHaveLength(1);
    expect(cloud.requests.filter(({ method, path }) => method === 'POST' && path === '/servers')).toHaveLength(1);
  });

  it('uses a login key the project has already', async () => {
    cloud.things.ssh_keys.push({ id: 7, name: 'laptop', labels: {}, public_key: spec.sshPublicKey });
    await provider.createServer(spec);
    expect(cloud.things.servers[0]).toMatchObject({ ssh_keys: [7] });
  });

  it('deletes server, firewall and key, and says what is left: nothing', async () => {
    await provider.createServer(spec);
    const { deleted, left } = await provider.destroy(spec.deployId, 'fsn1');
    expect(deleted.map(({ kind }) => kind).sort()).toEqual(['firewall', 'server', 'sshKey']);
    expect(left).toEqual([]);
    expect(await provider.destroy(spec.deployId, 'fsn1')).toEqual({ deleted: [], left: [] });
  });

  it.each([
    [{ status: 401, body: { error: { code: 'unauthorized', message: 'no' } } }, 'HS_CLOUD_TOKEN'],
    [{ status: 403, body: { error: { code: 'token_readonly', message: 'read only' } } }, 'HS_CLOUD_READ_ONLY'],
    [{ status: 412, body: { error: { code: 'resource_unavailable', message: 'sold out' } } }, 'HS_CLOUD_REGION_FULL'],
    [{ status: 422, body: { error: { code: 'placement_error', message: 'full' } } }, 'HS_CLOUD_REGION_FULL'],
    [{ status: 403, body: { error: { code: 'resource_limit_exceeded', message: '10' } } }, 'HS_CLOUD_LIMIT'],
    [{ status: 500, body: '<html>oops</html>' }, 'HS_CLOUD_ANSWER'],
  ])('says what a refusal means: %j', async (answer, code) => {
    cloud.next.set('POST /servers', answer);
    await expect(provider.createServer(spec)).rejects.toMatchObject({ code });
  });

  it('says how long to wait when there were too many requests', async () => {
    const soon = Math.round(Date.now() / 1000) + 30;
    cloud.next.set('POST /servers', {
      status: 429,
      body: { error: { code: 'rate_limit_exceeded', message: 'slow down' } },
      headers: { 'ratelimit-reset': String(soon) },
    });
    await expect(provider.createServer(spec)).rejects.toMatchObject({
      code: 'HS_CLOUD_RATE',
      message: expect.stringMatching(/asks to wait (29|30|31) s/) as unknown,
    });
  });

  it('puts no secret into a request but the token in its header', async () => {
    await provider.createServer(spec);
    await provider.destroy(spec.deployId, 'fsn1');
    for (const { path, body } of cloud.requests) {
      expect(path).not.toContain(cloud.token);
      expect(body).not.toContain(cloud.token);
    }
  });
});

import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { startFakeLightsail, type FakeLightsail } from './fake-lightsail.test-helper.ts';
import { createLightsail } from './lightsail.ts';
import { resourceName, type CloudProvider, type ServerSpec } from './provider.ts';

const TOKYO = 'ap-northeast-1';
const spec: ServerSpec = {
  deployId: '019a1b2c-3d4e-7f50-8123-456789abcdef',
  region: TOKYO,
  plan: 'micro_3_0',
  sshPublicKey: 'ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIGeneratedForThisDeployment halfspread',
  ports: [
    { port: 22, sources: ['203.0.113.4/32'] },
    { port: 8443, sources: ['203.0.113.4/32', '2001:db8::/64'] },
  ],
};
const name = resourceName(spec.deployId);

let cloud: FakeLightsail;
let provider: CloudProvider;
beforeEach(async () => {
  cloud = await startFakeLightsail();
  const { accessKeyId, secretAccessKey } = cloud;
  provider = createLightsail({ accessKeyId, secretAccessKey, endpointOf: () => `${cloud.origin}/` });
});
afterEach(() => cloud.stop());

describe('Lightsail', () => {
  it('offers Tokyo with its coordinates, and Linux plans with an IPv4 address, cheapest first', async () => {
    const tokyo = (await provider.regions()).find(({ id }) => id === TOKYO);
    expect(tokyo).toMatchObject({ city: 'Tokyo', latitude: 35.68, longitude: 139.77 });
    expect((await provider.plans(TOKYO)).map(({ id, monthlyPrice }) => [id, monthlyPrice])).toEqual([
      ['micro_3_0', { amount: '7.00', currency: 'USD' }],
      ['small_3_0', { amount: '12.00', currency: 'USD' }],
    ]);
  });

  it('makes key and server in an open zone, then address and ports, and reads the attested host keys', async () => {
    const { id, adopted } = await provider.createServer(spec);
    expect({ id, adopted }).toEqual({ id: name, adopted: false });
    expect(cloud.instances[0]).toMatchObject({ zone: `${TOKYO}c`, bundle: 'micro_3_0' });
    expect(await provider.hostKeys(id, TOKYO)).toEqual([]);
    const states = [];
    for (let look = 0; look < 3; look++) states.push((await provider.server(id, TOKYO)).state);
    expect(states.at(-1)).toBe('running');
    await provider.setPorts(id, spec);
    expect((await provider.server(id, TOKYO)).ipv4).toBe('203.0.113.9');
    expect(cloud.ports.get(name)).toEqual([
      { fromPort: 22, toPort: 22, protocol: 'tcp', cidrs: ['203.0.113.4/32'] },
      { fromPort: 8443, toPort: 8443, protocol: 'tcp', cidrs: ['203.0.113.4/32'] },
    ]);
    expect(await provider.hostKeys(id, TOKYO)).toEqual([
      { algorithm: 'ssh-ed25519', fingerprint: 'SHA256:pVlW1x0iFvVvV0v1UuH0bTn7rZ0x8q0m3wJtqvQ1zXE' },
    ]);
  });

  it('adopts a server whose answer was lost instead of making a second one', async () => {
    cloud.next.set('CreateInstances', { status: 200, lost: true });
    await expect(provider.createServer(spec)).rejects.toMatchObject({ code: 'HS_CLOUD_UNREACHABLE' });
    expect(await provider.createServer(spec)).toEqual({ id: name, adopted: true });
    expect(cloud.instances).toHaveLength(1);
  });

  it('asks again for what it only reads when the answer is lost', async () => {
    cloud.next.set('GetBundles', { status: 200, lost: true });
    expect(await provider.plans(TOKYO)).toHaveLength(2);
  });

  it('deletes server, address and key, and says what is left: nothing', async () => {
    const { id } = await provider.createServer(spec);
    await provider.setPorts(id, spec);
    const { deleted, left } = await provider.destroy(spec.deployId, TOKYO);
    expect(deleted.map(({ kind, costs }) => [kind, costs])).toEqual([
      ['server', true],
      ['staticIp', true],
      ['sshKey', false],
    ]);
    expect(left).toEqual([]);
  });

  it.each([
    ['ExpiredTokenException', 'The security token is expired', 'HS_CLOUD_TOKEN'],
    ['AccessDeniedException', 'not authorized to perform: lightsail:CreateInstances', 'HS_CLOUD_READ_ONLY'],
    ['ServiceException', 'We are currently out of capacity in this zone', 'HS_CLOUD_REGION_FULL'],
    ['InvalidInputException', 'You have reached the maximum number of instances', 'HS_CLOUD_LIMIT'],
    ['ThrottlingException', 'Rate exceeded', 'HS_CLOUD_RATE'],
    ['InvalidInputException', 'bundle is unknown', 'HS_CLOUD_REFUSED'],
  ])('says what %s (%s) means', async (type, message, code) => {
    cloud.next.set('CreateInstances', { status: 400, body: { __type: type, message } });
    await expect(provider.createServer(spec)).rejects.toMatchObject({ code });
  });

  it('says that a wrong secret is a wrong secret', async () => {
    const wrong = createLightsail({
      accessKeyId: cloud.accessKeyId,
      secretAccessKey: 'another',
      endpointOf: () => `${cloud.origin}/`,
    });
    await expect(wrong.verifyToken()).rejects.toMatchObject({ code: 'HS_CLOUD_TOKEN' });
    await expect(provider.verifyToken()).resolves.toMatchObject({ label: 'access key AKIA…LE01' });
  });

  it('sends the secret nowhere', async () => {
    await provider.createServer(spec);
    await provider.destroy(spec.deployId, TOKYO);
    expect(JSON.stringify(cloud.requests)).not.toContain(cloud.secretAccessKey);
  });
});

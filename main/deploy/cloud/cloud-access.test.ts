import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { AskSecret } from '../../shell/ports.ts';
import { startFakeHetzner, type FakeHetzner } from '../providers/fake-hetzner.test-helper.ts';
import { createHetzner } from '../providers/hetzner.ts';
import { memoryStore } from '../memory-store.test-helper.ts';
import { createCloudAccess, type CloudAccessKeeper } from './cloud-access.ts';
import { awsKeyOf, readAccess } from './credentials.ts';

describe('access as people paste it', () => {
  const secret = 'wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY';
  it.each([
    `AKIAIOSFODNN7EXAMPLE ${secret}`,
    `"operator","AKIAIOSFODNN7EXAMPLE","${secret}"`,
    `${secret}\nAKIAIOSFODNN7EXAMPLE\n`,
  ])('takes an AWS key in any form: %s', (typed) => {
    const read = readAccess('lightsail', typed);
    expect('secret' in read && awsKeyOf(read.secret)).toEqual({
      accessKeyId: 'AKIAIOSFODNN7EXAMPLE',
      secretAccessKey: secret,
    });
  });

  it.each([
    ['lightsail', 'AKIAIOSFODNN7EXAMPLE', 'Two words'],
    ['lightsail', `ASIAIOSFODNN7EXAMPLE ${secret}`, 'temporary'],
    ['hetzner', 'my token', 'letters and digits'],
    ['hetzner', '', 'letters and digits'],
  ] as const)('refuses what cannot be one (%s) without quoting it', (provider, typed, why) => {
    const read = readAccess(provider, typed);
    if (!('refused' in read)) throw new Error('it was taken');
    expect(read.refused.message).toContain(why);
    if (typed !== '') expect(JSON.stringify(read)).not.toContain(typed);
  });

  it('says of what somebody changed in the store that it cannot be used', () => {
    expect(() => awsKeyOf('{"accessKeyId":1}')).toThrow(expect.objectContaining({ code: 'HS_CLOUD_TOKEN_DAMAGED' }));
  });
});

describe('access that is asked for', () => {
  let hetzner: FakeHetzner;
  let typed: string | undefined;
  let access: CloudAccessKeeper;
  const store = memoryStore();
  const askSecret: AskSecret = ({ read }) => {
    if (typed === undefined) return Promise.resolve(undefined);
    const result = read(typed);
    return Promise.resolve('secret' in result ? result.secret : undefined);
  };
  beforeAll(async () => {
    hetzner = await startFakeHetzner();
  });
  afterAll(() => hetzner.stop());
  beforeEach(() => {
    access = createCloudAccess({
      store,
      askSecret,
      openProvider: (_id, secret) => createHetzner({ token: secret, baseUrl: hetzner.origin }),
      onChange: () => undefined,
    });
  });
  const view = () => access.views().find(({ provider }) => provider === 'hetzner');
  const settled = () => expect.poll(() => view()?.state).not.toMatch(/asking|checking/);

  it('is not there at first', async () => {
    await expect(access.provider('hetzner')).rejects.toMatchObject({ code: 'HS_CLOUD_NO_TOKEN' });
  });

  it('keeps nothing the provider does not accept', async () => {
    typed = 'x'.repeat(64);
    access.ask('hetzner');
    await settled();
    expect(view()).toMatchObject({ state: 'refused', error: { code: 'HS_CLOUD_TOKEN' } });
    expect(await store.get('cloud.hetzner')).toBeUndefined();
  });

  it('keeps one that works, shows nothing of it, and forgets it', async () => {
    typed = hetzner.token;
    access.ask('hetzner');
    await settled();
    expect(view()).toMatchObject({ state: 'ready' });
    expect(JSON.stringify(access.views())).not.toContain(hetzner.token);
    expect(await store.get('cloud.hetzner')).toBe(hetzner.token);
    typed = undefined;
    access.ask('hetzner');
    await settled();
    expect(view()).toMatchObject({ state: 'ready' });
    await access.forget('hetzner');
    expect(view()).toMatchObject({ state: 'none' });
    expect(await store.get('cloud.hetzner')).toBeUndefined();
  });
});

import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { sampleSite } from '../ipc/sample-site.test-helper.ts';
import { lockSite } from './site-lock.ts';
import { openSites } from './sites.ts';

const site = sampleSite('tyo-1');

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'hs-'));
});
afterEach(() => rm(folder, { recursive: true }));

it('are kept over restarts, by name, and told to who listens', async () => {
  const path = join(folder, 'sites.json');
  const sites = await openSites(path, () => 1);
  let told = 0;
  sites.onChange(() => (told += 1));
  await sites.put({ ...site, name: 'fra-2' });
  await sites.put(site);
  await sites.put({ ...site, version: '0.2.0' });
  expect(told).toBe(3);
  const again = await openSites(path, () => 1);
  expect(again.list().map(({ name, version }) => [name, version])).toEqual([
    ['fra-2', '0.1.0'],
    ['tyo-1', '0.2.0'],
  ]);
  expect(() => again.need('sgp-1')).toThrow(expect.objectContaining({ code: 'HS_SITE_UNKNOWN' }) as Error);
  await again.remove('fra-2');
  expect(JSON.parse(await readFile(path, 'utf8'))).toMatchObject({ sites: [{ name: 'tyo-1' }] });
});

it('a damaged list is kept aside, not overwritten', async () => {
  const path = join(folder, 'sites.json');
  await writeFile(path, '{"version":1,"sites":[{}]}');
  const sites = await openSites(path, () => 1);
  expect(sites.list()).toEqual([]);
  expect(sites.setAside?.code).toBe('HS_SITES_SET_ASIDE');
});

it('a site is worked on by one process at a time; one that is gone holds nothing', async () => {
  const unlock = await lockSite(folder, 'tyo-1');
  await expect(lockSite(folder, 'tyo-1')).rejects.toMatchObject({ code: 'HS_DEPLOY_RUNNING' });
  await (
    await lockSite(folder, 'fra-2')
  )();
  await unlock();
  await writeFile(join(folder, 'tyo-1.lock'), '999999999\n');
  await (
    await lockSite(folder, 'tyo-1')
  )();
});

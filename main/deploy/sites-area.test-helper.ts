/** A sites area for tests: real files, real ssh, the clouds' fakes, secrets in memory. */
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect } from 'vitest';
import { PUBLISHED_ENDPOINTS } from '../../engine/protocol/endpoints.ts';
import type { Operation } from '../ipc/site-schema.ts';
import { openCloudKeys } from './cloud/cloud-keys.ts';
import { openProvider } from './cloud/credentials.ts';
import { openCloudServers } from './cloud/server-record.ts';
import { openDeployJournal } from './journal.ts';
import { memoryStore } from './memory-store.test-helper.ts';
import type { DeployPorts, DeskState, SecretStore } from './ports.ts';
import { createSitesArea, type SitesArea, type SitesAreaOptions } from './sites-area.ts';
import { openSites } from './sites.ts';
import { openKnownHosts } from './ssh/known-hosts.ts';
import { openOutlooks } from './where/outlook-store.ts';
import { openDeviceIdentity } from '../keys/device-identity.ts';
import { enrolRequestOf } from './enrol-request.ts';

/** Nobody answers there, at once. */
const nowhere = 'http://127.0.0.1:9';
const UNREACHABLE: DeployPorts['endpoints'] = {
  paradex: { ...PUBLISHED_ENDPOINTS.production.paradex, restUrl: `${nowhere}/v1` },
  vest: { ...PUBLISHED_ENDPOINTS.production.vest, restUrl: `${nowhere}/v2` },
};

export interface TestArea extends SitesArea {
  store: SecretStore;
  /** What a person types when asked; undefined: cancels. */
  typed: string | undefined;
  desk: DeskState;
  ended: Operation[];
  /** The operation once it has ended. */
  end(started: { operationId: string }): Promise<Operation>;
}

/** An agent program that is none, files below `folder`, secrets in memory, venues nobody answers at. */
export async function testDeployPorts(folder: string, change: Partial<DeployPorts> = {}): Promise<DeployPorts> {
  const agentFolder = join(folder, 'agent');
  await mkdir(agentFolder, { recursive: true });
  await writeFile(join(agentFolder, 'agent.mjs'), 'process.exit(1);\n');
  const data = join(folder, 'deploy');
  const secrets = change.secrets ?? memoryStore();
  return {
    folder: data,
    agentFolder,
    version: '0.1.0',
    sites: await openSites(join(folder, 'sites.json'), Date.now),
    secrets,
    knownHosts: openKnownHosts(join(data, 'known_hosts')),
    confirmHostKey: undefined,
    deskState: () => Promise.resolve({ flat: true }),
    device: async () => enrolRequestOf(await openDeviceIdentity(secrets), 'test'),
    nodeBinary: () => Promise.resolve(undefined),
    runtimeMirror: nowhere,
    endpoints: UNREACHABLE,
    measureSamples: 1,
    healthTimeoutMs: 20_000,
    openJournal: openDeployJournal,
    nowMs: Date.now,
    ...change,
  };
}

export async function startArea(
  folder: string,
  change: {
    options?: Partial<SitesAreaOptions>;
    cloud?: Partial<SitesAreaOptions['cloud']>;
    ports?: Partial<DeployPorts>;
  } = {},
): Promise<TestArea> {
  const data = join(folder, 'deploy');
  const store = change.ports?.secrets ?? memoryStore();
  const own: Pick<TestArea, 'store' | 'typed' | 'desk' | 'ended'> = {
    store,
    typed: undefined,
    desk: { flat: true },
    ended: [],
  };
  const area = createSitesArea({
    ports: await testDeployPorts(folder, {
      secrets: store,
      deskState: () => Promise.resolve(own.desk),
      ...change.ports,
    }),
    cloud: {
      servers: await openCloudServers(join(data, 'servers.json'), Date.now),
      keys: openCloudKeys(join(data, 'keys')),
      pollMs: 20,
      ...change.cloud,
    },
    openProvider,
    outlooks: await openOutlooks(join(data, 'outlooks.json'), Date.now),
    askSecret({ read }) {
      const result = own.typed === undefined ? undefined : read(own.typed);
      return Promise.resolve(result && 'secret' in result ? result.secret : undefined);
    },
    places: () => ({ snapshotHere: undefined, links: [], figures: [] }),
    setAside: [],
    onChange: () => undefined,
    onEnded: (operation) => own.ended.push(operation),
    ...change.options,
  });
  await area.load();
  return Object.assign(own, {
    ...area,
    async end({ operationId }: { operationId: string }) {
      const find = () => area.state().operations.find(({ id }) => id === operationId);
      await expect.poll(() => find()?.state, { timeout: 60_000, interval: 25 }).not.toBe('running');
      await expect.poll(() => own.ended.some(({ id }) => id === operationId), { timeout: 5_000 }).toBe(true);
      return find()!;
    },
  });
}

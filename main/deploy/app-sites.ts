import { hostname } from 'node:os';
import { join } from 'node:path';
import { PUBLISHED_ENDPOINTS } from '../../engine/protocol/endpoints.ts';
import type { UserFolders } from '../../engine/protocol/folders.ts';
import { toWireError } from '../../engine/protocol/errors.ts';
import type { LogRecord } from '../diagnostics/log.ts';
import type { Operation } from '../ipc/site-schema.ts';
import { packagedNode } from './cli/ports.ts';
import { enrolRequestOf, openDeviceIdentity } from './device-identity.ts';
import { openDeployJournal } from './journal.ts';
import { HEALTH_TIMEOUT_MS, type DeployPorts, type SecretStore } from './ports.ts';
import { RUNTIME_MIRROR } from './runtime-pins.ts';
import { createSitesService, type SitesService } from './sites-service.ts';
import { openSites } from './sites.ts';
import { openKnownHosts } from './ssh/known-hosts.ts';

const MEASURE_SAMPLES = 20;

export interface AppSitesOptions {
  /** Of the program: where dist/ and node_modules/ are. */
  root: string;
  version: string;
  folders: UserFolders;
  secrets: SecretStore;
  deskState: DeployPorts['deskState'];
  onChange(): void;
  onEnded(operation: Operation): void;
  log(record: LogRecord): void;
}

/** Deploying and operating, as the desktop program has it. */
export async function openAppSites(options: AppSitesOptions): Promise<SitesService> {
  const { root, version, folders, secrets, deskState, log } = options;
  const sites = await openSites(join(folders.config, 'sites.json'), Date.now);
  if (sites.setAside) log({ level: 'warn', message: sites.setAside.message, detail: sites.setAside });
  const folder = join(folders.data, 'deploy');
  const service = createSitesService({
    ports: {
      folder,
      agentFolder: join(root, 'dist/agent'),
      version,
      sites,
      secrets,
      knownHosts: openKnownHosts(join(folder, 'known_hosts')),
      deskState,
      device: async () => enrolRequestOf(await openDeviceIdentity(secrets), `${hostname()} (${process.platform})`),
      nodeBinary: (arch) => Promise.resolve(packagedNode(root, arch)),
      runtimeMirror: RUNTIME_MIRROR,
      endpoints: PUBLISHED_ENDPOINTS.production,
      measureSamples: MEASURE_SAMPLES,
      healthTimeoutMs: HEALTH_TIMEOUT_MS,
      openJournal: openDeployJournal,
      nowMs: Date.now,
    },
    onChange: options.onChange,
    onEnded: options.onEnded,
  });
  service.load().catch((error: unknown) => {
    log({ level: 'warn', message: 'unfinished deploys could not be listed', detail: toWireError(error) });
  });
  return service;
}

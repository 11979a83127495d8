import { hostname } from 'node:os';
import { join } from 'node:path';
import { PUBLISHED_ENDPOINTS } from '../../engine/protocol/endpoints.ts';
import type { UserFolders } from '../../engine/protocol/folders.ts';
import { toWireError } from '../../engine/protocol/errors.ts';
import type { Snapshot } from '../../engine/protocol/model.ts';
import type { LogRecord } from '../diagnostics/log.ts';
import type { Operation } from '../ipc/site-schema.ts';
import type { AskSecret } from '../shell/ports.ts';
import { packagedNode } from './cli/ports.ts';
import { openCloudKeys } from './cloud/cloud-keys.ts';
import { openProvider } from './cloud/credentials.ts';
import { openCloudServers } from './cloud/server-record.ts';
import { deskStateOf } from './desk-state.ts';
import { openDeviceIdentity } from '../keys/device-identity.ts';
import { enrolRequestOf } from './enrol-request.ts';
import { openDeployJournal } from './journal.ts';
import { HEALTH_TIMEOUT_MS, type DeployPorts, type SecretStore } from './ports.ts';
import { RUNTIME_MIRROR } from './runtime-pins.ts';
import { createSitesArea, type SitesArea, type SitesAreaOptions } from './sites-area.ts';
import { openSites, type SitesRegistry } from './sites.ts';
import { openKnownHosts } from './ssh/known-hosts.ts';
import { openOutlooks } from './where/outlook-store.ts';

const MEASURE_SAMPLES = 20;

export interface AppSitesOptions {
  /** Of the program: where dist/ and node_modules/ are. */
  root: string;
  version: string;
  folders: UserFolders;
  secrets: SecretStore;
  askSecret: AskSecret;
  /** Of the desk, wherever it runs, as it is known now. */
  snapshot(): Snapshot | undefined;
  places: SitesAreaOptions['places'];
  onChange(): void;
  onEnded(operation: Operation): void;
  log(record: LogRecord): void;
}

export interface AppSites extends SitesArea {
  /** The list of sites itself. */
  registry: SitesRegistry;
  /** What ssh to a site needs. */
  access: Pick<DeployPorts, 'knownHosts' | 'secrets'>;
  /** Reads in the background what is unfinished. */
  start(): void;
}

/** Deploying and operating, as the desktop program has it. */
export async function openAppSites(options: AppSitesOptions): Promise<AppSites> {
  const { root, version, folders, secrets, snapshot, log } = options;
  const folder = join(folders.data, 'deploy');
  const [sites, servers, outlooks] = await Promise.all([
    openSites(join(folders.config, 'sites.json'), Date.now),
    openCloudServers(join(folder, 'servers.json'), Date.now),
    openOutlooks(join(folder, 'outlooks.json'), Date.now),
  ]);
  const setAside = [sites, servers, outlooks].flatMap((list) => list.setAside ?? []);
  for (const each of setAside) log({ level: 'warn', message: each.message, detail: each });
  const access = { knownHosts: openKnownHosts(join(folder, 'known_hosts')), secrets };
  const area = createSitesArea({
    ports: {
      folder,
      agentFolder: join(root, 'dist/agent'),
      version,
      sites,
      ...access,
      deskState: () => Promise.resolve(deskStateOf(snapshot())),
      device: async () => enrolRequestOf(await openDeviceIdentity(secrets), `${hostname()} (${process.platform})`),
      nodeBinary: (arch) => Promise.resolve(packagedNode(root, arch)),
      runtimeMirror: RUNTIME_MIRROR,
      endpoints: PUBLISHED_ENDPOINTS.production,
      measureSamples: MEASURE_SAMPLES,
      healthTimeoutMs: HEALTH_TIMEOUT_MS,
      openJournal: openDeployJournal,
      nowMs: Date.now,
    },
    cloud: { servers, keys: openCloudKeys(join(folder, 'keys')) },
    openProvider,
    outlooks,
    askSecret: options.askSecret,
    places: options.places,
    setAside,
    onChange: options.onChange,
    onEnded: options.onEnded,
  });
  return {
    ...area,
    registry: sites,
    access,
    start() {
      area.load().catch((error: unknown) => {
        log({ level: 'warn', message: 'unfinished deploys could not be listed', detail: toWireError(error) });
      });
    },
  };
}

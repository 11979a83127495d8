import { homedir, hostname } from 'node:os';
import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { PUBLISHED_ENDPOINTS } from '../../../engine/protocol/endpoints.ts';
import { HalfspreadError } from '../../../engine/protocol/errors.ts';
import { userFolders } from '../../../engine/protocol/folders.ts';
import { findPrograms } from '../../engines/programs.ts';
import { findRoot } from '../../root.ts';
import { askLocalDesk } from '../desk-state.ts';
import { openDeviceIdentity } from '../../keys/device-identity.ts';
import { enrolRequestOf } from '../enrol-request.ts';
import { openDeployJournal } from '../journal.ts';
import { HEALTH_TIMEOUT_MS, type DeployPorts, type SecretStore } from '../ports.ts';
import { RUNTIME_MIRROR, type RuntimeArch } from '../runtime-pins.ts';
import { openSites } from '../sites.ts';
import { openKnownHosts } from '../ssh/known-hosts.ts';
import { fileStore, keychainStore, withGiven } from './secrets.ts';
import { askLine, isTerminal, say } from './terminal.ts';

export interface CliPortsOptions {
  secretsFile: string | undefined;
  mirror: string | undefined;
  samples: number | undefined;
  /** Login secrets typed for this run. */
  given: ReadonlyMap<string, string>;
}

/** What deploying needs, from a command line. */
export async function cliPorts({ secretsFile, mirror, samples, given }: CliPortsOptions): Promise<DeployPorts> {
  const root = findRoot(import.meta.dirname);
  const { version } = z
    .object({ version: z.string() })
    .parse(JSON.parse(await readFile(join(root, 'package.json'), 'utf8')));
  const folders = userFolders(process.platform, process.env, homedir());
  const folder = join(folders.data, 'deploy');
  const kept: SecretStore =
    secretsFile === undefined
      ? keychainStore(findPrograms(root), folders.config)
      : await fileStore(secretsFile, Date.now);
  const sites = await openSites(join(folders.config, 'sites.json'), Date.now);
  if (sites.setAside) say(sites.setAside.message);
  return {
    folder,
    agentFolder: join(root, 'dist/agent'),
    version,
    sites,
    secrets: withGiven(kept, given),
    knownHosts: openKnownHosts(join(folder, 'known_hosts')),
    confirmHostKey: isTerminal() ? askAboutHostKey : undefined,
    deskState: () => askLocalDesk(join(root, 'dist/engine/cli.mjs'), folders.data),
    device: async () => enrolRequestOf(await openDeviceIdentity(kept), `${hostname()} (${process.platform})`),
    nodeBinary: (arch) => Promise.resolve(packagedNode(root, arch)),
    runtimeMirror: mirror === undefined ? RUNTIME_MIRROR : checkMirror(mirror),
    endpoints: PUBLISHED_ENDPOINTS.production,
    measureSamples: samples ?? 20,
    healthTimeoutMs: HEALTH_TIMEOUT_MS,
    openJournal: openDeployJournal,
    nowMs: Date.now,
  };
}

/** The pinned Node of our own packages, where this machine has the one for the server’s processor. */
export function packagedNode(root: string, arch: RuntimeArch): string | undefined {
  const path = join(root, 'node_modules', `node-linux-${arch}`, 'bin', 'node');
  return existsSync(path) ? path : undefined;
}

/** What comes from there is checked by its hash; the address itself stands in a command on the server. */
function checkMirror(mirror: string): string {
  const { protocol, href } = URL.canParse(mirror) ? new URL(mirror) : { protocol: '', href: '' };
  if (protocol === 'https:' || protocol === 'http:') return href.replace(/\/$/, '');
  throw new HalfspreadError(
    'HS_DEPLOY_REQUEST',
    `--mirror ${JSON.stringify(mirror)} is not a web address; nothing was contacted.`,
    'Give the address below which v24.x.y/ stands, such as https://nodejs.org/dist.',
  );
}

async function askAboutHostKey(question: {
  host: string;
  port: number;
  type: string;
  fingerprint: string;
}): Promise<boolean> {
  say(`\nNobody has verified the host key of ${question.host}:${question.port} yet:`);
  say(`  ${question.type} ${question.fingerprint}`);
  say('Compare it with what the server’s console prints: ssh-keygen -lf /etc/ssh/ssh_host_ed25519_key.pub');
  const answer = await askLine('Is it the same? Type yes, or paste the fingerprint you read there: ');
  return answer === 'yes' || answer === question.fingerprint;
}

/** A server and a desktop for deploys: a real sshd on loopback with a prefix of its own, and ports with nothing faked but the desk. */
import { createHash } from 'node:crypto';
import { chmodSync, existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { cp, mkdtemp, readdir, readFile, readlink, rm, writeFile } from 'node:fs/promises';
import { hostname, tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { PUBLISHED_ENDPOINTS } from '../../engine/protocol/endpoints.ts';
import { packagedNode } from '../../main/deploy/cli/ports.ts';
import { fileStore } from '../../main/deploy/cli/secrets.ts';
import { deploy, type DeployResult } from '../../main/deploy/deploy.ts';
import { enrolRequestOf } from '../../main/deploy/enrol-request.ts';
import { openDeviceIdentity } from '../../main/keys/device-identity.ts';
import { openDeployJournal } from '../../main/deploy/journal.ts';
import type { OperateOptions } from '../../main/deploy/operate.ts';
import type { DeployPorts } from '../../main/deploy/ports.ts';
import { openSites } from '../../main/deploy/sites.ts';
import { openKnownHosts } from '../../main/deploy/ssh/known-hosts.ts';
import { freePort, noSshd, startSshd, type LoopbackSshd } from '../../main/deploy/ssh/sshd.test-helper.ts';
import type { DeployRequest, StepProgress } from '../../main/ipc/site-schema.ts';

export { freePort, noSshd };
export const ROOT = fileURLToPath(new URL('../..', import.meta.url));
export const AGENT = join(ROOT, 'dist/agent');
/** Node 24 of our packages: with its folder in the sessions' PATH, the server has a Node that is new enough. */
export const NODE_FOLDER = dirname(process.execPath);
export const DEPLOY_CLI = join(ROOT, 'dist/main/deploy-cli.mjs');

export interface Lab {
  folder: string;
  sshd: LoopbackSshd;
  prefix: string;
  request: DeployRequest;
  /** Of the desktop, as a HALFSPREAD_HOME. */
  home: string;
  ports: DeployPorts;
  /** Reads again what another program did to the desktop's files. */
  reopen(): Promise<void>;
  /** Runs a deploy in this process. */
  deploy(change?: Partial<DeployRequest>, options?: LabDeployOptions): Promise<DeployResult>;
  operate(change?: Partial<OperateOptions>): OperateOptions;
  /** A program of this name, first in the PATH of the server's sessions. */
  fake(name: string, script: string): void;
  unfake(name: string): Promise<void>;
  /** The agent program with something changed: another release. */
  variant(name: string, change: (agent: string) => string): Promise<string>;
  stop(): Promise<void>;
}

export interface LabDeployOptions {
  emit?: (progress: StepProgress) => void;
  ports?: Partial<DeployPorts>;
  operation?: 'deploy' | 'upgrade';
  override?: boolean;
}

export interface LabOptions {
  /** The server finds Node 24 itself; else it must get one. */
  withNode?: boolean;
  folder?: string;
}

export async function createLab({ withNode = true, folder: given }: LabOptions = {}): Promise<Lab> {
  const folder = given ?? (await mkdtemp(join(tmpdir(), 'hslab-')));
  const fakes = join(folder, 'fakes');
  mkdirSync(fakes);
  chmodSync(folder, 0o711);
  const sshd = await startSshd({ folder: join(folder, 's'), pathFirst: [fakes, ...(withNode ? [NODE_FOLDER] : [])] });
  const prefix = join(folder, 'p');
  const request: DeployRequest = {
    name: 'lab',
    host: '127.0.0.1',
    port: sshd.port,
    user: sshd.user,
    identityFile: sshd.identityFile,
    prefix,
    agentPort: await freePort(),
    fingerprints: [sshd.fingerprint],
    adopt: false,
  };
  const home = join(folder, 'home');
  let ports = await labPorts(home);
  const { signal } = new AbortController();
  return {
    folder,
    sshd,
    prefix,
    request,
    home,
    get ports() {
      return ports;
    },
    async reopen() {
      ports = await labPorts(home);
    },
    deploy: (change = {}, options = {}) =>
      deploy({ ...request, ...change }, options.operation ?? 'deploy', {
        ports: { ...ports, ...options.ports },
        signal,
        override: options.override ?? false,
        emit: options.emit ?? (() => undefined),
      }),
    operate: (change = {}) => ({ ports, signal, ...change }),
    fake(name, script) {
      writeFileSync(join(fakes, name), `#!/bin/sh\n${script}\n`);
      chmodSync(join(fakes, name), 0o755);
    },
    unfake: (name) => rm(join(fakes, name), { force: true }),
    async variant(name, change) {
      const copy = join(folder, name);
      await cp(AGENT, copy, { recursive: true });
      await writeFile(join(copy, 'agent.mjs'), change(await readFile(join(copy, 'agent.mjs'), 'utf8')));
      return copy;
    },
    async stop() {
      await endProcessesOf(prefix);
      await sshd.stop();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

/** The desktop with this home. */
export async function labPorts(home: string): Promise<DeployPorts> {
  const store = await fileStore(join(home, 'secrets.json'), Date.now);
  const { version } = JSON.parse(await readFile(join(ROOT, 'package.json'), 'utf8')) as { version: string };
  return {
    folder: join(home, 'data', 'deploy'),
    agentFolder: AGENT,
    version,
    sites: await openSites(join(home, 'config', 'sites.json'), Date.now),
    secrets: store,
    knownHosts: openKnownHosts(join(home, 'data', 'deploy', 'known_hosts')),
    confirmHostKey: undefined,
    deskState: () => Promise.resolve({ flat: true }),
    device: async () => enrolRequestOf(await openDeviceIdentity(store), `${hostname()} (${process.platform})`),
    nodeBinary: (arch) => Promise.resolve(packagedNode(ROOT, arch)),
    // Nobody listens there: the server has no way out, as in a guest without one.
    runtimeMirror: 'http://127.0.0.1:9',
    endpoints: PUBLISHED_ENDPOINTS.production,
    measureSamples: 1,
    healthTimeoutMs: 20_000,
    openJournal: openDeployJournal,
    nowMs: Date.now,
  };
}

/** Process numbers of everything that runs from a prefix, as the server's own proof counts them. */
export async function processesOf(prefix: string): Promise<{ pid: number; command: string }[]> {
  const found: { pid: number; command: string }[] = [];
  for (const name of await readdir('/proc')) {
    if (!/^\d+$/.test(name)) continue;
    const command = await readFile(`/proc/${name}/cmdline`, 'utf8').catch(() => '');
    const words = command.split('\0');
    if (words.some((word) => word.startsWith(`${prefix}/current/`) || word.startsWith(`${prefix}/bin/`))) {
      found.push({ pid: Number(name), command: words.join(' ').trim() });
    }
  }
  return found;
}

async function endProcessesOf(prefix: string): Promise<void> {
  // The supervisor first: it would start its agent again.
  const found = await processesOf(prefix);
  for (const { pid } of found.sort(
    (a, b) => Number(b.command.includes('supervise')) - Number(a.command.includes('supervise')),
  )) {
    try {
      process.kill(pid, 'SIGKILL');
    } catch (error) {
      if (!(error instanceof Error && 'code' in error && error.code === 'ESRCH')) throw error;
    }
  }
}

/**
 * Everything a deploy leaves on the server, comparable between two deploys: paths with hash or link, what runs, what is
 * listened on. Contents of the agent's own state and of logs and process numbers differ by nature: their names count.
 */
export async function serverState(prefix: string): Promise<string[]> {
  const lines: string[] = [];
  const walk = async (folder: string) => {
    for (const entry of await readdir(folder, { withFileTypes: true })) {
      const path = join(folder, entry.name);
      const name = path.slice(prefix.length + 1);
      if (entry.isSymbolicLink()) lines.push(`${name} -> ${await readlink(path)}`);
      else if (entry.isDirectory()) await walk(path);
      else if (/^(state|log|run)\//.test(name) || entry.isSocket()) lines.push(name);
      else lines.push(`${name} ${hash(await comparable(path))}`);
    }
  };
  if (existsSync(prefix)) await walk(prefix);
  const processes = (await processesOf(prefix)).map(({ command }) => `runs: ${command.replaceAll(prefix, '')}`);
  return [...lines, ...processes].sort();
}

/** The marker names the deployment: a new one each time. */
async function comparable(path: string): Promise<string> {
  const text = await readFile(path, 'latin1');
  return path.endsWith('/.halfspread') ? text.replace(/siteId=.*/, '').replace(/agentPort=.*/, '') : text;
}

function hash(text: string): string {
  return createHash('sha256').update(text, 'latin1').digest('hex').slice(0, 12);
}

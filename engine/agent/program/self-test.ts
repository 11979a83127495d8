import { randomBytes } from 'node:crypto';
import { access, rm, statfs, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { createServer as createTlsServer, connect as connectTls } from 'node:tls';
import { errorMessage } from '../../core/errors.ts';
import type { SelfTestResult } from '../../protocol/agent-program.ts';
import { ecdsa } from '../../venues/vest/ecdsa.ts';
import { createWorkerSigner } from '../../venues/signer/worker-signer.ts';
import { ENGINE_VERSION } from '../../version.ts';
import { serverTlsOptions } from '../remote/tls-options.ts';
import { newTlsIdentity } from '../trust/certificate.ts';
import { readDevices } from '../trust/devices.ts';
import { readIdentity } from '../trust/identity.ts';
import { readSettings } from './settings.ts';
import { lockStateFolder, stateFolder } from './state-folder.ts';
import { openTradesOfJournals } from './locked-desk.ts';

const NODE_MAJOR = 24;
const MIN_FREE_BYTES = 200 * 1024 * 1024;
/** Published test keys of both venues' documentation: the signer must start and sign, nobody trades with these. */
const PROBE_KEYS = {
  paradex: { privateKey: `0x${'1'.repeat(62)}`, accountAddress: `0x${'2'.repeat(62)}`, starknetChainId: '0x1' },
  vest: { signingKey: `0x${'1'.repeat(64)}` },
};

interface Check {
  name: string;
  /** What was found, in words; throws what is wrong. */
  run(): Promise<string>;
}

/** Everything the agent needs of this machine, tried out. Nothing is changed; a running agent is not disturbed. */
export async function selfTest(root: string): Promise<SelfTestResult> {
  const checks: Check[] = [
    { name: 'node', run: checkNode },
    { name: 'state folder', run: () => checkFolder(root) },
    { name: 'identity', run: async () => `agent ${(await readIdentity(root)).agentId}` },
    { name: 'devices', run: async () => `${(await readDevices(root)).length} enrolled` },
    { name: 'port', run: () => checkPort(root) },
    { name: 'TLS 1.3', run: checkTls },
    { name: 'signer', run: checkSigner },
    { name: 'journals', run: async () => `${(await openTradesOfJournals(stateFolder(root))).length} open trades` },
    { name: 'disk space', run: () => checkSpace(root) },
  ];
  const results: SelfTestResult['checks'] = [];
  for (const { name, run } of checks) {
    try {
      results.push({ name, ok: true, detail: await run() });
    } catch (error) {
      results.push({ name, ok: false, detail: errorMessage(error) });
    }
  }
  return {
    ok: results.every(({ ok }) => ok),
    version: ENGINE_VERSION,
    node: process.versions.node,
    secp256k1: ecdsa.name,
    checks: results,
  };
}

async function checkNode(): Promise<string> {
  const major = Number(process.versions.node.split('.')[0]);
  if (major < NODE_MAJOR) throw new Error(`Node ${process.versions.node}; ${NODE_MAJOR} or newer is needed`);
  return `${process.versions.node} on ${process.platform}-${process.arch}, OpenSSL ${process.versions.openssl}`;
}

async function checkFolder(root: string): Promise<string> {
  const probe = join(root, `self-test-${randomBytes(6).toString('hex')}`);
  await writeFile(probe, 'x', { mode: 0o600 });
  await access(probe);
  await rm(probe);
  return `${root} can be written`;
}

async function checkSpace(root: string): Promise<string> {
  const { bavail, bsize } = await statfs(root);
  const freeBytes = bavail * bsize;
  const free = `${Math.floor(freeBytes / 1024 / 1024)} MiB free`;
  if (freeBytes < MIN_FREE_BYTES) throw new Error(`${free}; ${MIN_FREE_BYTES / 1024 / 1024} MiB are needed`);
  return free;
}

async function checkPort(root: string): Promise<string> {
  const { listen, port } = await readSettings(root);
  let release: () => Promise<void>;
  try {
    release = await lockStateFolder(root);
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'HS_AGENT_RUNNING') {
      return `${listen} port ${port}, held by the running agent`;
    }
    throw error;
  }
  try {
    const server = createServer();
    await new Promise<void>((resolve, reject) => {
      server.once('error', reject);
      server.listen(port, listen, () => resolve());
    });
    await new Promise<void>((resolve) => server.close(() => resolve()));
  } finally {
    await release();
  }
  return `${listen} port ${port} is free`;
}

/** A handshake of the kind the carrier makes, within this process. */
async function checkTls(): Promise<string> {
  const [server, client] = [newTlsIdentity('self-test server'), newTlsIdentity('self-test client')];
  const listener = createTlsServer(serverTlsOptions(server, [client.certificatePem]), (socket) => {
    socket.on('error', () => socket.destroy());
    socket.end();
  });
  await new Promise<void>((resolve) => listener.listen(0, '127.0.0.1', resolve));
  const address = listener.address();
  try {
    return await new Promise<string>((resolve, reject) => {
      const socket = connectTls({
        host: '127.0.0.1',
        port: typeof address === 'object' && address ? address.port : 0,
        ca: server.certificatePem,
        key: client.keyPem,
        cert: client.certificatePem,
        minVersion: 'TLSv1.3',
        checkServerIdentity: () => undefined,
      });
      socket.once('error', reject);
      socket.once('secureConnect', () => {
        resolve(`mutual handshake with P-256 certificates, ${socket.getCipher().name}`);
        socket.destroy();
      });
    });
  } finally {
    listener.close();
  }
}

async function checkSigner(): Promise<string> {
  const startedAtMs = performance.now();
  const signer = await createWorkerSigner(PROBE_KEYS);
  await signer.close();
  return `ready in ${Math.round(performance.now() - startedAtMs)} ms, secp256k1 ${ecdsa.name}`;
}

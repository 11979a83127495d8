/** A real agent on a loopback port for tests: state folder, trust store, door, TLS, sessions, over a fake desk. */
import { mkdtemp, rm } from 'node:fs/promises';
import type { Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { connect, type ConnectionOptions, type TLSSocket } from 'node:tls';
import { createNodeEnv } from '../../node-env.ts';
import { REMOTE_HOST, TLS_EXPORTER_BYTES, TLS_EXPORTER_LABEL, tlsBinding } from '../../protocol/handshake.ts';
import type { Role } from '../../protocol/messages.ts';
import { openCommandLog } from '../command-log.ts';
import { createAgentCore, type AgentCore } from '../core.ts';
import { createFakeDesk, type FakeDesk } from '../fake-desk.test-helper.ts';
import { deviceIdOf, newSigningKey, type SigningKey } from '../keys.ts';
import type { OutboxLimits } from '../outbox.ts';
import type { AuditRecord, Heartbeat } from '../session.ts';
import { newTlsIdentity, type TlsIdentity } from '../trust/certificate.ts';
import { readDevices, withDevice, writeDevices } from '../trust/devices.ts';
import { ensureIdentity, type AgentIdentity } from '../trust/identity.ts';
import { openTrustStore, type TrustStore } from '../trust/trust-store.ts';
import { serveRemotely, type RemoteCarrier } from './carrier.ts';
import type { DoorLimits } from './door.ts';
import { trustedDevice } from './trusted-device.ts';

export interface TestDevice {
  key: SigningKey;
  deviceId: string;
  tls: TlsIdentity;
}

export function newTestDevice(): TestDevice {
  const key = newSigningKey();
  return { key, deviceId: deviceIdOf(key.publicKey), tls: newTlsIdentity('Halfspread device') };
}

export async function enrolTestDevice(stateFolder: string, device: TestDevice, role: Role = 'admin'): Promise<void> {
  const { deviceId, key, tls } = device;
  const request = { deviceId, publicKey: key.publicKey, certificatePem: tls.certificatePem, role, label: 'test' };
  await writeDevices(stateFolder, withDevice(await readDevices(stateFolder), request, Date.now()));
}

export interface RemoteAgentOptions {
  outboxLimits?: OutboxLimits;
  heartbeat?: Heartbeat;
  limits?: DoorLimits;
  desk?: FakeDesk;
  audited?: AuditRecord[];
  /** An agent's own folder from before; a new one otherwise, removed at the end. */
  stateFolder?: string;
  port?: number;
}

export interface RemoteAgent {
  stateFolder: string;
  identity: AgentIdentity;
  /** Enrolled with the role admin. */
  device: TestDevice;
  desk: FakeDesk;
  trust: TrustStore;
  core: AgentCore;
  carrier: RemoteCarrier;
  audited: AuditRecord[];
  stop(): Promise<void>;
  remove(): Promise<void>;
}

export async function startRemoteAgent(
  options: RemoteAgentOptions = {},
  device = newTestDevice(),
): Promise<RemoteAgent> {
  const stateFolder = options.stateFolder ?? (await mkdtemp(join(tmpdir(), 'hs-remote-')));
  const { identity } = await ensureIdentity(stateFolder);
  await enrolTestDevice(stateFolder, device);
  const env = createNodeEnv();
  const audited = options.audited ?? [];
  const audit = (record: AuditRecord) => void audited.push(record);
  const desk = options.desk ?? createFakeDesk();
  const trust = await openTrustStore(stateFolder, env, (message) => audit({ event: 'changed', detail: message }));
  const commandLog = await openCommandLog(join(stateFolder, 'commands.jsonl'), env);
  const core = createAgentCore({
    desk,
    env,
    agentId: identity.agentId,
    signingKey: identity.signingKey,
    deviceOf: (deviceId) => trustedDevice(trust, deviceId),
    standing: () => ({ term: 0 }),
    durableIds: commandLog,
    audit,
    outboxLimits: options.outboxLimits,
    heartbeat: options.heartbeat,
  });
  const carrier = await serveRemotely({
    core,
    env,
    trust,
    listen: '127.0.0.1',
    port: options.port ?? 0,
    audit,
    limits: options.limits,
  });
  let stopped = false;
  async function stop(): Promise<void> {
    if (stopped) return;
    stopped = true;
    await core.stop();
    await carrier.stop();
    await trust.close();
    await commandLog.close();
    await env.close();
  }
  return {
    stateFolder,
    identity,
    device,
    desk,
    trust,
    core,
    carrier,
    audited,
    stop,
    async remove() {
      await stop();
      await rm(stateFolder, { recursive: true });
    },
  };
}

/** TLS as a client of ours does it, with whatever `wrong` changes. Resolves once TLS says it is done. */
export function connectTls(
  agent: Pick<RemoteAgent, 'identity' | 'carrier'>,
  tls: TlsIdentity | undefined,
  wrong: ConnectionOptions & { localAddress?: string } = {},
): Promise<TLSSocket> {
  return new Promise((resolve, reject) => {
    const socket = connect({
      host: '127.0.0.1',
      port: agent.carrier.port,
      servername: REMOTE_HOST,
      ca: agent.identity.tls.certificatePem,
      key: tls?.keyPem,
      cert: tls?.certificatePem,
      minVersion: 'TLSv1.3',
      // The pin is what counts (main/engines/tls-socket.ts); the name is nobody's.
      checkServerIdentity: () => undefined,
      ...wrong,
    });
    socket.once('secureConnect', () => resolve(socket));
    socket.once('error', reject);
    socket.on('error', () => undefined);
  });
}

/** For raw-client.test-helper.ts. */
export function wayTo(agent: RemoteAgent, device: TestDevice = agent.device) {
  return {
    host: REMOTE_HOST,
    async open(): Promise<{ stream: Socket; binding: Uint8Array }> {
      const stream = await connectTls(agent, device.tls);
      const exporter = stream.exportKeyingMaterial(TLS_EXPORTER_BYTES, TLS_EXPORTER_LABEL, Buffer.alloc(0));
      const pins = { client: device.tls.spkiPin, agent: agent.identity.tls.spkiPin };
      return { stream, binding: tlsBinding(pins, exporter) };
    },
  };
}

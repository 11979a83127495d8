/** The same agent behind either carrier, for the attacks every carrier must stand. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createNodeEnv } from '../node-env.ts';
import type { Role } from '../protocol/messages.ts';
import { startAgent } from './agent.ts';
import { createFakeDesk, type FakeDesk } from './fake-desk.test-helper.ts';
import { newSigningKey, type SigningKey } from './keys.ts';
import type { OutboxLimits } from './outbox.ts';
import type { Credentials, Whereabouts } from './raw-client.test-helper.ts';
import { startRemoteAgent, wayTo } from './remote/remote-agent.test-helper.ts';
import type { AuditRecord, Heartbeat } from './session.ts';

export interface AttackedAgent {
  where: Whereabouts;
  /** The enrolled device's key. */
  key: SigningKey;
  desk: FakeDesk;
  audited: AuditRecord[];
  credentials(role: Role): Credentials;
  /** Starts anew with other limits, the same identity and desk. */
  restart(options: { outboxLimits?: OutboxLimits; heartbeat?: Heartbeat }): Promise<void>;
  remove(): Promise<void>;
}

export const env = createNodeEnv();

async function localAgent(): Promise<AttackedAgent> {
  const folder = await mkdtemp(join(tmpdir(), 'hs-attack-'));
  const pipePath = join(folder, 'run', 'engine.sock');
  const cookie = Buffer.alloc(32, 5).toString('base64');
  const key = newSigningKey();
  const desk = createFakeDesk();
  const audited: AuditRecord[] = [];
  const start = (limits: { outboxLimits?: OutboxLimits; heartbeat?: Heartbeat } = {}) =>
    startAgent({
      desk,
      env,
      pipePath,
      cookie,
      devicePublicKey: key.publicKey,
      agentId: 'test',
      version: '0.0.0',
      audit: (record) => audited.push(record),
      ...limits,
    });
  let agent = await start();
  return {
    where: pipePath,
    key,
    desk,
    audited,
    credentials: (role) => ({ key, cookie, role }),
    async restart(options) {
      await agent.stop();
      agent = await start(options);
    },
    async remove() {
      await agent.stop();
      await rm(folder, { recursive: true });
    },
  };
}

async function remoteAgent(): Promise<AttackedAgent> {
  let agent = await startRemoteAgent();
  const { device, desk, stateFolder } = agent;
  const audited: AuditRecord[] = agent.audited;
  return {
    where: { host: wayTo(agent).host, open: () => wayTo(agent).open() },
    key: device.key,
    desk,
    audited,
    credentials: (role) => ({ key: device.key, role }),
    async restart(options) {
      await agent.stop();
      agent = await startRemoteAgent({ ...options, stateFolder, desk, audited }, device);
    },
    remove: () => agent.remove(),
  };
}

export const CARRIERS: [name: string, start: () => Promise<AttackedAgent>][] = [
  ['local', localAgent],
  ['remote', remoteAgent],
];

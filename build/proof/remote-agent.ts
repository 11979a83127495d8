/** The agent program as it ships, in a process of its own, and a desktop's link to it. */
import { createServer } from 'node:net';
import { deviceIdOf, newSigningKey, signBytes, type SigningKey } from '../../engine/agent/keys.ts';
import { newTlsIdentity, type TlsIdentity } from '../../engine/agent/trust/certificate.ts';
import {
  AGENT_ENVIRONMENT,
  AGENT_NODE_FLAGS,
  agentReadySchema,
  initResultSchema,
  type AgentReady,
  type InitResult,
} from '../../engine/protocol/agent-program.ts';
import type { DeskEvent, Snapshot } from '../../engine/protocol/model.ts';
import type { DeviceIdentity, RemoteTarget } from '../../main/engines/remote-carrier.ts';
import { connectRemoteEngine, type RemoteEngineLink } from '../../main/engines/remote-link.ts';
import type { Site } from '../../main/ipc/site-schema.ts';
import { AGENT, lastJson, startProgram, type Ended, type Home, type Program } from './program.ts';

export interface EnrolledAgent {
  state: string;
  init: InitResult;
  key: SigningKey;
  deviceId: string;
  tls: TlsIdentity;
}

/** Runs a verb to its end. @param input of its standard input */
export function runVerb(home: Home, verb: string[], input?: unknown): Promise<Ended> {
  const program = startProgram(AGENT, verb, home);
  program.child.stdin!.end(input === undefined ? '' : JSON.stringify(input));
  return program.ended;
}

/** An agent's identity with one device enrolled, as a deploy leaves it. */
export async function enrolAgent(home: Home): Promise<EnrolledAgent> {
  const state = home.path('agent');
  const port = String(await freePort());
  const init = initResultSchema.parse(
    lastJson(await runVerb(home, ['init', '--state', state, '--port', port, '--listen', '127.0.0.1'])),
  );
  const key = newSigningKey();
  const deviceId = deviceIdOf(key.publicKey);
  const tls = newTlsIdentity('Halfspread device');
  const request = {
    deviceId,
    publicKey: key.publicKey,
    certificatePem: tls.certificatePem,
    role: 'admin',
    label: 'test',
  };
  const enrolled = await runVerb(home, ['enrol', '--state', state], request);
  if (enrolled.code !== 0) throw new Error(`enrol failed: ${enrolled.stdout}`);
  return { state, init, key, deviceId, tls };
}

/** Starts the service as its unit does, and waits for its ready line. */
export async function runAgentProgram(home: Home, { state }: EnrolledAgent): Promise<Program & { ready: AgentReady }> {
  const environment = { ...home.environment, ...AGENT_ENVIRONMENT };
  const program = startProgram(AGENT, ['run', '--state', state], { ...home, environment }, undefined, AGENT_NODE_FLAGS);
  const ready = agentReadySchema.parse(JSON.parse(await program.nextLine()));
  return Object.assign(program, { ready });
}

export interface DesktopView {
  link: RemoteEngineLink;
  snapshot(): Snapshot | undefined;
  snapshots: Snapshot[];
  events: DeskEvent[];
  /** From the start of the connection to the first snapshot, ms. */
  connectedInMs(): number | undefined;
}

/** A desktop's link. @param port of a proxy in front of the agent, if there is one */
export function linkTo(agent: EnrolledAgent, port = agent.init.port): DesktopView {
  const { init, key, deviceId, tls } = agent;
  return viewOf({
    host: '127.0.0.1',
    port,
    serverPins: [{ spkiPin: init.spkiPin, certificatePem: init.certificatePem }],
    serverPublicKey: init.publicKey,
    role: 'operate',
    identity: {
      deviceId,
      publicKey: key.publicKey,
      sign: (bytes) => signBytes(key.privateKey, bytes),
      tlsKeyPem: tls.keyPem,
      tlsCertificatePem: tls.certificatePem,
    },
  });
}

/** The link to a deployed site, with what its deploy wrote down. */
export function linkToSite({ host, agent }: Site, identity: DeviceIdentity): DesktopView {
  const { port, spkiPin, certificatePem, publicKey } = agent;
  const serverPins = [{ spkiPin, certificatePem }];
  return viewOf({ host, port, serverPins, serverPublicKey: publicKey, role: 'operate', identity });
}

function viewOf(target: RemoteTarget): DesktopView {
  const snapshots: Snapshot[] = [];
  const events: DeskEvent[] = [];
  const startedAtMs = performance.now();
  let connectedInMs: number | undefined;
  const link = connectRemoteEngine(target, {
    onState: () => undefined,
    onSnapshot(snapshot) {
      connectedInMs ??= performance.now() - startedAtMs;
      snapshots.push(snapshot);
    },
    onEvent: (_sequence, event) => events.push(event),
  });
  return { link, snapshots, events, snapshot: () => snapshots.at(-1), connectedInMs: () => connectedInMs };
}

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  await new Promise<void>((resolve) => server.close(() => resolve()));
  if (typeof address !== 'object' || !address) throw new Error('no port');
  return address.port;
}

import { X509Certificate } from 'node:crypto';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { noticeEvent } from '../../engine/agent/fake-desk.test-helper.ts';
import { signBytes } from '../../engine/agent/keys.ts';
import { startRemoteAgent, type RemoteAgent } from '../../engine/agent/remote/remote-agent.test-helper.ts';
import { newTlsIdentity } from '../../engine/agent/trust/certificate.ts';
import { writeDevices } from '../../engine/agent/trust/devices.ts';
import { newSigningKey } from '../../engine/agent/keys.ts';
import type { DeskEvent, Snapshot } from '../../engine/protocol/model.ts';
import type { LinkState } from '../ipc/schema.ts';
import { startProxy, type Proxy } from './proxy.test-helper.ts';
import type { RemoteTarget } from './remote-carrier.ts';
import { connectRemoteEngine, type RemoteEngineLink, type RemoteLinkHandlers } from './remote-link.ts';

/** Generous: the machine may be busy with other tests. */
const eventually = <Value>(look: () => Value) => expect.poll(look, { timeout: 15_000 });

let agent: RemoteAgent;
let proxy: Proxy;
let link: RemoteEngineLink;
let states: LinkState[];
let snapshots: Snapshot[];
let events: { sequence: number; event: DeskEvent }[];

const notices = () => events.flatMap(({ event }) => (event.type === 'notice' ? [event.notice.message] : []));

function targetOf(of: RemoteAgent): RemoteTarget {
  const { key, deviceId, tls } = of.device;
  const { spkiPin, certificatePem } = of.identity.tls;
  return {
    host: '127.0.0.1',
    port: proxy.port,
    serverPins: [{ spkiPin, certificatePem }],
    serverPublicKey: of.identity.signingKey.publicKey,
    role: 'operate',
    identity: {
      deviceId,
      publicKey: key.publicKey,
      sign: (bytes) => signBytes(key.privateKey, bytes),
      tlsKeyPem: tls.keyPem,
      tlsCertificatePem: tls.certificatePem,
    },
  };
}

function open(change: Partial<RemoteTarget> = {}, handlers: Partial<RemoteLinkHandlers> = {}): void {
  link = connectRemoteEngine(
    { ...targetOf(agent), ...change },
    {
      onState: (state) => states.push(state),
      onSnapshot: (snapshot) => snapshots.push(snapshot),
      onEvent: (sequence, event) => events.push({ sequence, event }),
      ...handlers,
    },
  );
}

const errorCode = () => eventually(() => link.state().error?.code);
/** Nobody got in, nothing was told to anybody. */
function expectNoSession(): void {
  expect(states.some(({ state }) => state === 'ready')).toBe(false);
  expect(snapshots).toEqual([]);
  expect(agent.audited.some(({ event }) => event === 'opened')).toBe(false);
}

beforeEach(async () => {
  [states, snapshots, events] = [[], [], []];
  agent = await startRemoteAgent();
  proxy = await startProxy(agent.carrier.port);
});
afterEach(async () => {
  link.stop();
  await proxy.stop();
  await agent.remove();
});

describe('a link to an agent on a server', () => {
  it('gets a snapshot, events, answers, the round trip, the clock and the throughput', async () => {
    open();
    await eventually(() => snapshots.length).toBe(1);
    agent.desk.emit(noticeEvent('a'));
    await eventually(notices).toEqual(['a']);
    await expect(link.command({ name: 'ledger' })).resolves.toMatchObject({ done: 'ledger' });
    await expect(link.command({ name: 'closeAll' })).rejects.toMatchObject({ code: 'HS_DESK_FLAT' });
    expect(link.agent()).toMatchObject({ agentId: agent.identity.agentId });
    await eventually(() => link.state().clock).toBeDefined();
    const { skewMs, errorMs } = link.state().clock!;
    // One machine, one clock: the bound must hold as it is stated.
    expect(Math.abs(skewMs)).toBeLessThanOrEqual(errorMs);
  });

  it('comes back through a flapping line with every event once and in order', async () => {
    open();
    await eventually(() => snapshots.length).toBe(1);
    let told = 0;
    for (let flap = 0; flap < 4; flap += 1) {
      for (let index = 0; index < 10; index += 1) agent.desk.emit(noticeEvent(`n${(told += 1)}`));
      proxy.cut();
      for (let index = 0; index < 5; index += 1) agent.desk.emit(noticeEvent(`n${(told += 1)}`));
      await eventually(() => link.state().state).toBe('lost');
      link.retryNow();
      await eventually(() => link.state().state).toBe('ready');
    }
    await eventually(() => notices().length).toBe(told);
    expect(notices()).toEqual(Array.from({ length: told }, (_none, index) => `n${index + 1}`));
    // The numbers handed on never skip, so that the window never asks for a snapshot.
    expect(events.map(({ sequence }) => sequence)).toEqual(events.map((_event, index) => 2 + index));
    expect(snapshots.length).toBe(1);
  });

  it('states a clock difference whose bound holds when HELLO was held up on the way', async () => {
    proxy.holdAnswersMs = 300;
    open();
    await eventually(() => link.state().clock).toBeDefined();
    const { skewMs, errorMs } = link.state().clock!;
    expect(errorMs).toBeGreaterThanOrEqual(150);
    expect(Math.abs(skewMs)).toBeLessThanOrEqual(errorMs);
  });

  it('says that the server cannot be reached, and goes on trying', async () => {
    await proxy.stop();
    open();
    await errorCode().toBe('HS_LINK_UNREACHABLE');
    expect(link.state().nextTryAt).toBeGreaterThan(0);
    proxy = await startProxy(agent.carrier.port);
  });
});

describe('who answers or asks is not who it should be', () => {
  it('another server key on the second and third connection', async () => {
    const other = await startRemoteAgent();
    open();
    await eventually(() => snapshots.length).toBe(1);
    proxy.target = other.carrier.port;
    proxy.cut();
    await errorCode().toBe('HS_LINK_WRONG_PIN');
    link.retryNow();
    await eventually(() => proxy.accepted()).toBe(3);
    await errorCode().toBe('HS_LINK_WRONG_PIN');
    expect(other.audited.some(({ event }) => event === 'opened')).toBe(false);
    // Back at the right one, nothing is lost.
    agent.desk.emit(noticeEvent('meanwhile'));
    proxy.target = agent.carrier.port;
    link.retryNow();
    await eventually(notices).toEqual(['meanwhile']);
    expect(link.state().error).toBeUndefined();
    await other.remove();
  });

  it('the right name with another key', async () => {
    const { subject } = nameOf(agent.identity.tls.certificatePem);
    const mimic = newTlsIdentity(subject);
    open({ serverPins: [{ spkiPin: mimic.spkiPin, certificatePem: mimic.certificatePem }] });
    await errorCode().toBe('HS_LINK_WRONG_PIN');
    expectNoSession();
  });

  it('a pin that does not belong to the certificate kept with it', async () => {
    open({ serverPins: [{ ...targetOf(agent).serverPins[0]!, spkiPin: newTlsIdentity('x').spkiPin }] });
    await errorCode().toBe('HS_LINK_WRONG_PIN');
    expectNoSession();
  });

  it('the right certificate, but another signing key', async () => {
    open({ serverPublicKey: newSigningKey().publicKey });
    await errorCode().toBe('HS_LINK_WRONG_ENGINE');
    expect(snapshots).toEqual([]);
  });

  it('an agent that offers a lower protocol than before', async () => {
    open({ lowestProtocol: 2 });
    await errorCode().toBe('HS_LINK_VERSION');
    expectNoSession();
  });

  it('a computer that is not enrolled, and one whose certificate is another’s', async () => {
    const stranger = newTlsIdentity('Halfspread device');
    const { identity } = targetOf(agent);
    open({ identity: { ...identity, tlsKeyPem: stranger.keyPem, tlsCertificatePem: stranger.certificatePem } });
    await errorCode().toBe('HS_LINK_NOT_ENROLLED');
    expectNoSession();
    link.stop();
    const otherKey = newSigningKey();
    open({ identity: { ...identity, sign: (bytes) => signBytes(otherKey.privateKey, bytes) } });
    await errorCode().toBe('HS_LINK_NOT_ENROLLED');
    expectNoSession();
  });

  it('a computer that is revoked while connected', async () => {
    open();
    await eventually(() => link.state().state).toBe('ready');
    await writeDevices(agent.stateFolder, []);
    await errorCode().toBe('HS_LINK_REVOKED');
    link.retryNow();
    await eventually(() => link.state().attempt).toBeGreaterThan(1);
    await errorCode().toBe('HS_LINK_REVOKED');
  });
});

function nameOf(pem: string): { subject: string } {
  return { subject: /CN=(.*)/.exec(new X509Certificate(pem).subject)![1]! };
}

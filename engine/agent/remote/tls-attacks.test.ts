import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { connect as connectTcp, type Socket } from 'node:net';
import { connect, createServer, type TLSSocket } from 'node:tls';
import { setTimeout as wait } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { WebSocket, WebSocketServer } from 'ws';
import {
  AGENT_PATH,
  CLOSE,
  REMOTE_HOST,
  TLS_EXPORTER_BYTES,
  TLS_EXPORTER_LABEL,
  tlsBinding,
} from '../../protocol/handshake.ts';
import { uuidV7 } from '../../protocol/uuid-v7.ts';
import { authFor, connectRaw, enterRaw } from '../raw-client.test-helper.ts';
import { newTlsIdentity, type TlsIdentity } from '../trust/certificate.ts';
import { readDevices, writeDevices } from '../trust/devices.ts';
import { writeSightings } from '../trust/sightings.ts';
import { DOOR_LIMITS } from './door.ts';
import {
  connectTls,
  enrolTestDevice,
  newTestDevice,
  startRemoteAgent,
  wayTo,
  type RemoteAgent,
} from './remote-agent.test-helper.ts';
import { serverTlsOptions } from './tls-options.ts';

let agent: RemoteAgent;
/** Connections that reached the HTTP parser. */
let parsed: number;

async function start(options: Parameters<typeof startRemoteAgent>[0] = {}): Promise<void> {
  agent = await startRemoteAgent(options);
  watch();
}
function watch(): void {
  parsed = 0;
  agent.core.server.on('connection', () => (parsed += 1));
}

const refusals = () => agent.audited.filter(({ event }) => event === 'refused').map(({ detail }) => detail);
const operator = () => ({ key: agent.device.key, role: 'operate' }) as const;

/** Resolves when it is closed, be it by a reset (which `once` of node:events would throw). */
function closing(socket: Socket): Promise<void> {
  return new Promise((resolve) => socket.once('close', () => resolve()));
}

/** Refused and noted, the agent alive for the next client, nothing done. */
async function expectUnharmed(count: number): Promise<void> {
  await expect.poll(() => refusals().length, { timeout: 15_000 }).toBe(count);
  expect(agent.desk.executed).toEqual([]);
  const client = await enterRaw(wayTo(agent), operator());
  client.send({ type: 'SUBSCRIBE' });
  expect((await client.next()).type).toBe('SNAPSHOT');
  client.socket.close();
}

/** Ends without the server having said anything but TLS; the error where TLS gave one. */
async function refusedByTls(
  tls: TlsIdentity | undefined,
  options: Parameters<typeof connectTls>[2] = {},
): Promise<string> {
  let socket: TLSSocket;
  try {
    socket = await connectTls(agent, tls, options);
  } catch (error) {
    return error instanceof Error && 'code' in error ? String(error.code) : String(error);
  }
  let said = '';
  socket.on('data', (bytes: Buffer) => (said += bytes.toString('latin1')));
  const error = new Promise<string>((resolve) =>
    socket.once('error', (cause: NodeJS.ErrnoException) => resolve(cause.code ?? '')),
  );
  socket.write(`GET ${AGENT_PATH} HTTP/1.1\r\nHost: ${REMOTE_HOST}\r\n\r\n`);
  const closed = new Promise<string>((resolve) => socket.once('close', () => resolve('closed')));
  const how = await Promise.race([error, closed]);
  await closed;
  expect(said).toBe('');
  return how;
}

beforeEach(() => start());
afterEach(() => agent.remove());

describe('TLS', () => {
  it('refuses a client without a certificate before any HTTP', async () => {
    expect(await refusedByTls(undefined)).toBe('ERR_SSL_TLSV13_ALERT_CERTIFICATE_REQUIRED');
    expect(parsed).toBe(0);
    await expectUnharmed(1);
  });

  it('refuses an unknown certificate before any HTTP, also one with the name of a known one', async () => {
    await refusedByTls(newTlsIdentity('somebody'));
    await refusedByTls(newTlsIdentity('Halfspread device'));
    expect(parsed).toBe(0);
    await expectUnharmed(2);
  });

  it('refuses a certificate a known device has signed', async () => {
    // The pinned certificate is the only authority: whoever holds its key can sign others, and is refused by the pin.
    const issued = await issuedBy(agent.device.tls);
    await refusedByTls(issued);
    expect(parsed).toBe(0);
    await expectUnharmed(1);
  });

  it('refuses everybody while nobody is enrolled', async () => {
    await writeDevices(agent.stateFolder, []);
    await agent.trust.reload();
    await refusedByTls(agent.device.tls);
    expect(parsed).toBe(0);
    await enrolTestDevice(agent.stateFolder, agent.device);
    await agent.trust.reload();
    await expectUnharmed(1);
  });

  it('closes a revoked device’s sessions within a second of another process’ change, and takes it no more', async () => {
    const other = newTestDevice();
    await enrolTestDevice(agent.stateFolder, other, 'operate');
    await agent.trust.reload();
    const revoked = await enterRaw(wayTo(agent, other), { key: other.key, role: 'operate' });
    const staying = await enterRaw(wayTo(agent), operator());
    const revokedAtMs = performance.now();
    await writeDevices(
      agent.stateFolder,
      (await readDevices(agent.stateFolder)).filter(({ deviceId }) => deviceId !== other.deviceId),
    );
    expect(await revoked.closed).toBe(CLOSE.revoked);
    expect(performance.now() - revokedAtMs).toBeLessThan(1_000);
    await refusedByTls(other.tls);
    expect(parsed).toBe(2);
    staying.send({ type: 'PING', id: 1 });
    expect(await staying.next()).toEqual({ type: 'PONG', id: 1 });
    staying.socket.close();
    await expectUnharmed(1);
  });

  it('closes the sessions of a device whose role was lowered below theirs', async () => {
    const client = await enterRaw(wayTo(agent), operator());
    await enrolTestDevice(agent.stateFolder, agent.device, 'view');
    expect(await client.closed).toBe(CLOSE.revoked);
    const again = await connectRaw(wayTo(agent));
    again.send(authFor(again.hello, operator(), again.binding));
    expect(await again.closed).toBe(CLOSE.authenticationFailed);
  });

  it('speaks no TLS 1.2', async () => {
    expect(await refusedByTls(agent.device.tls, { minVersion: 'TLSv1.2', maxVersion: 'TLSv1.2' })).toBe(
      'ERR_SSL_TLSV1_ALERT_PROTOCOL_VERSION',
    );
    await expectUnharmed(1);
  });

  it('refuses a client that asks for another server, or names none and has another certificate', async () => {
    await refusedByTls(agent.device.tls, { servername: 'example.com' });
    await refusedByTls(newTlsIdentity('somebody'), { servername: '' });
    expect(parsed).toBe(0);
    await expectUnharmed(2);
  });

  it('gives no session that could be resumed', async () => {
    const first = await connectTls(agent, agent.device.tls);
    const sessions: Buffer[] = [];
    first.on('session', (session: Buffer) => sessions.push(session));
    const client = await connectRaw({ host: REMOTE_HOST, open: () => Promise.resolve({ stream: first }) });
    client.socket.close();
    await client.closed;
    for (const session of sessions) {
      const second = await connectTls(agent, undefined, { session }).catch(() => undefined);
      expect(second?.isSessionReused() ?? false).toBe(false);
      second?.destroy();
    }
  });

  it('never shows its state to a client that pins another agent', async () => {
    const other = newTlsIdentity('Halfspread agent');
    await expect(connectTls(agent, agent.device.tls, { ca: other.certificatePem })).rejects.toMatchObject({
      code: expect.stringMatching(/CERT|SIGNATURE|VERIFY/) as string,
    });
    expect(parsed).toBe(0);
    await expectUnharmed(1);
  });
});

describe('the handshake', () => {
  it('is worth nothing through a relay that holds both sides’ TLS keys', async () => {
    const relay = await startRelay(agent);
    const stream = connect({
      host: '127.0.0.1',
      port: relay.port,
      servername: REMOTE_HOST,
      ca: agent.identity.tls.certificatePem,
      key: agent.device.tls.keyPem,
      cert: agent.device.tls.certificatePem,
      checkServerIdentity: () => undefined,
    });
    await once(stream, 'secureConnect');
    const exporter = stream.exportKeyingMaterial(TLS_EXPORTER_BYTES, TLS_EXPORTER_LABEL, Buffer.alloc(0));
    const binding = tlsBinding({ client: agent.device.tls.spkiPin, agent: agent.identity.tls.spkiPin }, exporter);
    const client = await connectRaw({ host: REMOTE_HOST, open: () => Promise.resolve({ stream, binding }) });
    client.send(authFor(client.hello, operator(), binding));
    expect(await client.closed).toBe(CLOSE.authenticationFailed);
    await relay.stop();
    await expectUnharmed(1);
  });

  it('refuses a device’s key over another device’s certificate', async () => {
    const other = newTestDevice();
    await enrolTestDevice(agent.stateFolder, other);
    await agent.trust.reload();
    const client = await connectRaw(wayTo(agent, other));
    client.send(authFor(client.hello, operator(), client.binding));
    expect(await client.closed).toBe(CLOSE.authenticationFailed);
    expect(refusals()).toEqual(['AUTH refused: anotherDevice']);
    await expectUnharmed(1);
  });

  it('never agrees on a protocol lower than one agreed before', async () => {
    await agent.stop();
    await writeSightings(agent.stateFolder, { [agent.device.deviceId]: { lastSeenAt: 1, protocol: 2 } });
    const again = await startRemoteAgent({ stateFolder: agent.stateFolder }, agent.device);
    const client = await connectRaw(wayTo(again));
    client.send(authFor(client.hello, operator(), client.binding));
    expect(await client.closed).toBe(CLOSE.authenticationFailed);
    expect(again.audited.map(({ detail }) => detail)).toEqual(['AUTH refused: protocol']);
    await again.stop();
  });
});

it('a command sent again after the agent was started anew is not carried out again', async () => {
  const id = uuidV7(Date.now(), randomBytes(10));
  const command = { type: 'COMMAND', id, command: { name: 'start' } };
  const first = await enterRaw(wayTo(agent), operator());
  first.send(command);
  expect(await first.next()).toMatchObject({ type: 'ANSWER', ok: true });
  await agent.stop();
  const again = await startRemoteAgent({ stateFolder: agent.stateFolder }, agent.device);
  const second = await enterRaw(wayTo(again), operator());
  second.send(command);
  expect(await second.next()).toMatchObject({ ok: false, error: { code: 'HS_COMMAND_ID_REFUSED' } });
  expect(again.desk.executed).toEqual([]);
  second.socket.close();
  await again.stop();
});

describe('a slow client', () => {
  const limits = { ...DOOR_LIMITS, handshakeTimeoutMs: 300, upgradeTimeoutMs: 300 };

  beforeEach(async () => {
    await agent.remove();
    await start({ limits });
  });

  it('is closed when it sends nothing, or half a ClientHello bit by bit', async () => {
    const silent = connectTcp(agent.carrier.port, '127.0.0.1');
    const dripping = connectTcp(agent.carrier.port, '127.0.0.1');
    const hello = Buffer.from('160301020001', 'hex');
    for (const socket of [silent, dripping]) socket.on('error', () => undefined).resume();
    let ended = false;
    const closed = Promise.all([closing(silent), closing(dripping)]).then(() => (ended = true));
    for (const byte of hello) {
      if (!ended) dripping.write(Buffer.from([byte]));
      await wait(100);
    }
    await closed;
    await expectUnharmed(2);
  });

  it('is closed when its request comes bit by bit', async () => {
    const stream = await connectTls(agent, agent.device.tls);
    const closed = closing(stream.resume());
    const drip = setInterval(() => stream.write('G'), 50);
    await closed;
    clearInterval(drip);
    await expectUnharmed(1);
  });
});

describe('a crowd', () => {
  it('of one source is held to eight; who is inside and who comes from elsewhere is not touched', async () => {
    const inside = await enterRaw(wayTo(agent), operator());
    const crowd = Array.from({ length: 30 }, () => connectTcp(agent.carrier.port, '127.0.0.1'));
    const closed: Socket[] = [];
    for (const socket of crowd) socket.on('error', () => undefined).once('close', () => closed.push(socket));
    await expect.poll(() => closed.length).toBe(22);
    expect(agent.carrier.strangers()).toBe(8);
    inside.send({ type: 'PING', id: 1 });
    expect(await inside.next()).toEqual({ type: 'PONG', id: 1 });
    const elsewhere = await connectTls(agent, agent.device.tls, { localAddress: '127.0.0.2' });
    elsewhere.destroy();
    for (const socket of crowd) socket.destroy();
    inside.socket.close();
    expect(agent.desk.executed).toEqual([]);
  });

  it('that fails again and again does not lock out a listed certificate of the same source', async () => {
    for (let failure = 0; failure < 12; failure += 1) await refusedByTls(undefined);
    const client = await enterRaw(wayTo(agent), operator());
    client.socket.close();
    expect(agent.desk.executed).toEqual([]);
  });
});

/** A certificate for a new key, signed by `issuer`'s key. */
async function issuedBy(issuer: TlsIdentity): Promise<TlsIdentity> {
  const { execFileSync } = await import('node:child_process');
  const { mkdtemp, rm, writeFile, readFile } = await import('node:fs/promises');
  const { tmpdir } = await import('node:os');
  const { join } = await import('node:path');
  const folder = await mkdtemp(join(tmpdir(), 'hs-issued-'));
  const at = (name: string) => join(folder, name);
  await writeFile(at('ca.key'), issuer.keyPem);
  await writeFile(at('ca.pem'), issuer.certificatePem);
  execFileSync(
    'openssl',
    [
      'req',
      '-new',
      '-newkey',
      'ec',
      '-pkeyopt',
      'ec_paramgen_curve:P-256',
      '-nodes',
      '-keyout',
      at('key'),
      '-subj',
      '/CN=issued',
      '-out',
      at('csr'),
    ],
    { stdio: 'ignore' },
  );
  execFileSync(
    'openssl',
    [
      'x509',
      '-req',
      '-in',
      at('csr'),
      '-CA',
      at('ca.pem'),
      '-CAkey',
      at('ca.key'),
      '-CAcreateserial',
      '-days',
      '1',
      '-out',
      at('pem'),
    ],
    { stdio: 'ignore' },
  );
  const issued = {
    keyPem: await readFile(at('key'), 'utf8'),
    certificatePem: `${await readFile(at('pem'), 'utf8')}${issuer.certificatePem}`,
    spkiPin: '',
  };
  await rm(folder, { recursive: true });
  return issued;
}

/** Ends TLS on both sides with the stolen keys of both, and passes every message on. */
async function startRelay(target: RemoteAgent): Promise<{ port: number; stop(): Promise<void> }> {
  const { createServer: createHttpServer } = await import('node:http');
  const http = createHttpServer();
  const webSockets = new WebSocketServer({ noServer: true });
  const server = createServer(serverTlsOptions(target.identity.tls, [target.device.tls.certificatePem]), (socket) => {
    socket.on('error', () => undefined);
    http.emit('connection', socket);
  });
  http.on('upgrade', (request, socket, head) => {
    webSockets.handleUpgrade(request, socket, head, (inner) => {
      void connectTls(target, target.device.tls).then((stream) => {
        const outer = new WebSocket(`ws://${REMOTE_HOST}${AGENT_PATH}`, 'halfspread.v1', {
          createConnection: () => stream,
        });
        outer.on('message', (data) => inner.send(data.toString()));
        inner.on('message', (data) => outer.send(data.toString()));
        outer.on('close', (code) => inner.close(code));
      });
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  return {
    port: typeof address === 'object' && address ? address.port : 0,
    stop: () => new Promise((resolve) => server.close(() => resolve())),
  };
}

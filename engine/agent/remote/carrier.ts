import { createServer as createTcpServer, type Socket } from 'node:net';
import { createServer as createTlsServer, type TLSSocket } from 'node:tls';
import { errorMessage, HalfspreadError } from '../../core/errors.ts';
import type { Env } from '../../env.ts';
import { CLOSE, REMOTE_HOST, TLS_EXPORTER_BYTES, TLS_EXPORTER_LABEL, tlsBinding } from '../../protocol/handshake.ts';
import type { Role } from '../../protocol/messages.ts';
import { roleAllows } from '../authenticate.ts';
import type { AgentCore } from '../core.ts';
import type { AuditRecord, SessionCarrier } from '../session.ts';
import { spkiPinOf } from '../trust/certificate.ts';
import type { TrustStore } from '../trust/trust-store.ts';
import { createDoor, type DoorLimits, type Pass } from './door.ts';
import { sourceOf } from './source.ts';
import { serverTlsContext, serverTlsOptions } from './tls-options.ts';

export interface RemoteCarrierOptions {
  core: AgentCore;
  env: Pick<Env, 'clock' | 'timers'>;
  trust: TrustStore;
  listen: string;
  /** 0 takes a free one. */
  port: number;
  audit(record: AuditRecord): void;
  /** A test makes them small. */
  limits?: DoorLimits;
}

export interface RemoteCarrier {
  port: number;
  /** Connections not authenticated yet. */
  strangers(): number;
  stop(): Promise<void>;
}

/**
 * Serves the agent's core over TLS 1.3 to enrolled devices: TCP -> door (limits) -> TLS -> pins compared -> HTTP upgrade ->
 * handshake bound to this very TLS connection. Nobody without a listed certificate reaches the HTTP parser.
 * @throws HalfspreadError HS_PORT_BUSY, HS_LISTEN
 */
export async function serveRemotely(options: RemoteCarrierOptions): Promise<RemoteCarrier> {
  const { core, env, trust, audit } = options;
  /** By the peer's address and port, which are one connection's alone. */
  const passes = new Map<string, Pass>();
  const carriers = new WeakMap<object, SessionCarrier>();
  const streams = new Set<Socket>();

  let context = serverTlsContext(trust.tls(), trust.certificates());
  const tls = createTlsServer({
    ...serverTlsOptions(trust.tls(), trust.certificates()),
    SNICallback: (name, done) =>
      name === REMOTE_HOST ? done(null, context) : done(new Error('asked for another server name')),
  });

  const door = createDoor(
    env,
    audit,
    (stream, pass) => {
      const socket = stream as Socket;
      const key = peerOf(socket);
      if (key === undefined) return pass.refuse('left before TLS');
      passes.set(key, pass);
      socket.once('close', () => passes.delete(key));
      tls.emit('connection', socket);
    },
    options.limits,
  );

  const tcp = createTcpServer({ noDelay: true, keepAlive: true }, (stream) => {
    streams.add(stream);
    stream.once('close', () => streams.delete(stream));
    // The close event follows and is what counts.
    stream.on('error', () => undefined);
    const source = sourceOf(stream.remoteAddress);
    if (source === undefined) stream.destroy();
    else door.connected(stream, source);
  });

  tls.on('tlsClientError', (error, socket) => {
    const pass = passes.get(peerOf(socket) ?? '');
    const reason = socket.authorizationError ? `certificate ${String(socket.authorizationError)}` : errorMessage(error);
    pass?.refuse(`TLS: ${reason}`);
    socket.destroy();
  });
  tls.on('secureConnection', (socket) => {
    const pass = passes.get(peerOf(socket) ?? '');
    // What TLS itself still reports of this connection is its end.
    socket.on('error', () => socket.destroy());
    if (!pass) return void socket.destroy();
    const outcome = carrierFor(socket, pass);
    if (typeof outcome === 'string') return pass.refuse(`TLS: ${outcome}`);
    carriers.set(socket, outcome);
    core.server.emit('connection', socket);
  });

  function carrierFor(socket: TLSSocket, pass: Pass): SessionCarrier | string {
    if (!socket.authorized || socket.getProtocol() !== 'TLSv1.3') return 'not authorized';
    if (socket.isSessionReused()) return 'a resumed session';
    const [shown, received] = [socket.getX509Certificate(), socket.getPeerX509Certificate()];
    if (!shown || !received) return 'a certificate is missing';
    const clientPin = spkiPinOf(received);
    const device = trust.deviceByPin(clientPin);
    if (!device) return 'a certificate that is not listed';
    const exporter = socket.exportKeyingMaterial(TLS_EXPORTER_BYTES, TLS_EXPORTER_LABEL, Buffer.alloc(0));
    pass.certificateListed(device.deviceId);
    return {
      binding: tlsBinding({ client: clientPin, agent: spkiPinOf(shown) }, exporter),
      deviceId: device.deviceId,
      clientPin,
      source: pass.source,
      isPaced: true,
      onUpgraded: () => pass.upgraded(),
      onAuthenticated(deviceId, protocol) {
        pass.authenticated();
        trust.noteSeen(deviceId, protocol);
      },
      onStrangerRefused: () => pass.authenticationFailed(),
    };
  }

  core.onUpgrade((request) => {
    const carrier = carriers.get(request.socket);
    return carrier && { host: REMOTE_HOST, carrier };
  });
  trust.onChange(() => {
    context = serverTlsContext(trust.tls(), trust.certificates());
    tls.setSecureContext(serverTlsOptions(trust.tls(), trust.certificates()));
    core.closeSessions(({ carrier, role }) => !mayStay(carrier, role), CLOSE.revoked, 'revoked');
  });

  /** Its certificate is still the device's, and the device may still have this role. */
  function mayStay({ clientPin, deviceId }: SessionCarrier, role: Role): boolean {
    if (clientPin === undefined) return true;
    const device = trust.deviceByPin(clientPin);
    return device !== undefined && device.deviceId === deviceId && roleAllows(device.role, role);
  }

  await new Promise<void>((resolve, reject) => {
    tcp.once('error', (error) => reject(listenError(error, options)));
    tcp.listen({ host: options.listen, port: options.port }, () => resolve());
  });
  const address = tcp.address();
  return {
    port: typeof address === 'object' && address ? address.port : options.port,
    strangers: () => door.strangers(),
    async stop() {
      const closed = new Promise<void>((resolve) => tcp.close(() => resolve()));
      for (const stream of streams) stream.destroy();
      await closed;
    },
  };
}

function peerOf(socket: Socket): string | undefined {
  const { remoteAddress, remotePort } = socket;
  return remoteAddress === undefined ? undefined : `${remoteAddress} ${remotePort}`;
}

function listenError(cause: Error, { listen, port }: RemoteCarrierOptions): HalfspreadError {
  const code = 'code' in cause ? cause.code : undefined;
  if (code === 'EADDRINUSE') {
    return new HalfspreadError(
      'HS_PORT_BUSY',
      `Port ${port} at ${listen} is in use by another program: the agent cannot be reached there.`,
      'Stop that program, or deploy the agent with another port.',
      { cause },
    );
  }
  return new HalfspreadError(
    'HS_LISTEN',
    `The agent cannot listen at ${listen}, port ${port}: ${cause.message}.`,
    'Choose an address of this machine and a port it may use (above 1023 without rights).',
    { cause },
  );
}

import { createServer, type IncomingMessage, type Server } from 'node:http';
import type { Duplex } from 'node:stream';
import { WebSocketServer, type ServerOptions } from 'ws';
import type { Env } from '../env.ts';
import { CLOSE, MAX_FRAGMENTS, MAX_PAYLOAD_TO_AGENT_BYTES } from '../protocol/handshake.ts';
import { SUBPROTOCOL, type DeskPort, type Role } from '../protocol/messages.ts';
import type { Seal } from '../protocol/sealed.ts';
import { createAuthenticator, type TrustedDevice } from './authenticate.ts';
import { createCommandMemory, type DurableIds } from './command-memory.ts';
import { createEventRing } from './event-ring.ts';
import type { SigningKey } from './keys.ts';
import { CLOSE_ABOVE_BYTES, COALESCE_ABOVE_BYTES, type OutboxLimits } from './outbox.ts';
import {
  AgentSession,
  HEARTBEAT,
  type AuditRecord,
  type Heartbeat,
  type SessionCarrier,
  type SessionContext,
} from './session.ts';
import { upgradeRefusal } from './upgrade.ts';

/** Limits of security.md, the same on every carrier. */
export const MAX_SESSIONS = 8;
export const MAX_UNAUTHENTICATED = 64;
export const UPGRADE_TIMEOUT_MS = 3_000;
const MAX_HEADER_BYTES = 8 * 1024;
/** What a client may have missed and still resume: minutes of events, a bound on memory. */
const RING_EVENTS = 4_096;
const RING_CHARS = 2 * 1024 * 1024;
const CLOSE_GRACE_MS = 500;
/** For a peer that does not answer a close frame. */
const CLOSE_TIMEOUT_MS = 2_000;

export interface AgentCoreOptions {
  desk: DeskPort;
  env: Pick<Env, 'clock' | 'timers'>;
  agentId: string;
  signingKey: SigningKey;
  /** The device of this id; undefined when it is not known (any more). */
  deviceOf(deviceId: string): TrustedDevice | undefined;
  /** What HELLO says of this engine beside its desk. */
  standing(): { term: number; seal?: Seal };
  /** Carries a command out; by default the desk does. */
  execute?: (command: Parameters<DeskPort['execute']>[0], deviceId: string) => Promise<unknown>;
  durableIds?: DurableIds;
  audit(record: AuditRecord): void;
  /** Bytes queued for a slow reader; a test makes them small. */
  outboxLimits?: OutboxLimits;
  /** A test makes it fast. */
  heartbeat?: Heartbeat;
}

export interface SessionView {
  authenticated: boolean;
  deviceId: string;
  role: Role;
  roundTripMs: number | undefined;
  carrier: SessionCarrier;
}

/** The engine protocol's server without a carrier: HTTP upgrade, sessions, events. */
export interface AgentCore {
  /** Serves upgrades alone. The carrier makes it listen, or hands it connections by its 'connection' event. */
  server: Server;
  /** Takes an upgrade over; `carrier` says what the connection is, undefined when it is none of ours. */
  onUpgrade(carrierOf: (request: IncomingMessage) => { host: string; carrier: SessionCarrier } | undefined): void;
  sessions(): SessionView[];
  /** Another desk is served from now on. */
  deskReplaced(): void;
  closeSessions(which: (session: SessionView) => boolean, code: number, reason: string): void;
  /** Says goodbye to the clients; resolves when all connections are gone. */
  stop(): Promise<void>;
}

export function createAgentCore(options: AgentCoreOptions): AgentCore {
  const { desk, env, audit } = options;
  const sessions = new Set<AgentSession>();
  const count = (authenticated: boolean) => [...sessions].filter((one) => one.authenticated === authenticated).length;
  const ring = createEventRing(desk.snapshot().sequence, RING_EVENTS, RING_CHARS);
  const execute = options.execute ?? ((command) => desk.execute(command));
  const context: SessionContext = {
    desk,
    env,
    ring,
    audit,
    authenticator: createAuthenticator(options.agentId, options.signingKey, (id) => options.deviceOf(id)),
    outboxLimits: options.outboxLimits ?? {
      coalesceAboveBytes: COALESCE_ABOVE_BYTES,
      closeAboveBytes: CLOSE_ABOVE_BYTES,
    },
    heartbeat: options.heartbeat ?? HEARTBEAT,
    standing: () => options.standing(),
    runCommand: createCommandMemory(env.clock, execute, options.durableIds),
    admit: () => count(true) < MAX_SESSIONS,
  };

  const server = createServer({
    headersTimeout: UPGRADE_TIMEOUT_MS,
    requestTimeout: UPGRADE_TIMEOUT_MS,
    connectionsCheckingInterval: 1_000,
    maxHeaderSize: MAX_HEADER_BYTES,
  });
  server.maxConnections = MAX_SESSIONS + MAX_UNAUTHENTICATED;
  // Only an upgrade is served here.
  server.on('request', (_request, response) => response.writeHead(404, { connection: 'close' }).end());
  // @types/ws does not know closeTimeout (ws 8.19).
  const webSocketOptions: ServerOptions & { closeTimeout: number } = {
    noServer: true,
    clientTracking: true,
    perMessageDeflate: false,
    maxPayload: MAX_PAYLOAD_TO_AGENT_BYTES,
    maxFragments: MAX_FRAGMENTS,
    closeTimeout: CLOSE_TIMEOUT_MS,
    handleProtocols: (offered) => (offered.has(SUBPROTOCOL) ? SUBPROTOCOL : false),
  };
  const webSockets = new WebSocketServer(webSocketOptions);

  const stopEvents = desk.onEvent((sequence, event) => {
    const entry = { sequence, event, text: JSON.stringify(event) };
    ring.push(entry);
    for (const session of sessions) session.deliver(entry);
  });
  const viewOf = ({ authenticated, deviceId, role, roundTripMs, carrier }: AgentSession): SessionView => ({
    authenticated,
    deviceId,
    role,
    roundTripMs,
    carrier,
  });

  return {
    server,
    onUpgrade(carrierOf) {
      server.on('upgrade', (request: IncomingMessage, stream: Duplex, head: Buffer) => {
        const found = carrierOf(request);
        const refusal =
          upgradeRefusal(request, found?.host) ??
          (count(false) >= MAX_UNAUTHENTICATED ? 'too many strangers' : undefined);
        if (refusal !== undefined || !found) {
          audit({ event: 'refused', detail: `upgrade: ${refusal ?? 'connection'}`, source: found?.carrier.source });
          found?.carrier.onStrangerRefused?.();
          stream.on('error', () => stream.destroy());
          stream.end('HTTP/1.1 403 Forbidden\r\nConnection: close\r\nContent-Length: 0\r\n\r\n');
          return;
        }
        webSockets.handleUpgrade(request, stream, head, (socket) => {
          found.carrier.onUpgraded?.();
          const session = new AgentSession(socket, context, found.carrier);
          sessions.add(session);
          socket.on('close', () => sessions.delete(session));
        });
      });
    },
    sessions: () => [...sessions].map(viewOf),
    deskReplaced() {
      ring.restart(desk.snapshot().sequence);
      for (const session of sessions) session.deskReplaced();
    },
    closeSessions(which, code, reason) {
      for (const session of sessions) if (which(viewOf(session))) session.close(code, reason);
    },
    async stop() {
      stopEvents();
      const closed = server.listening ? new Promise<void>((resolve) => server.close(() => resolve())) : undefined;
      for (const session of sessions) session.close(CLOSE.stopping, 'the engine stops');
      const cancel = env.timers.after(CLOSE_GRACE_MS, () => {
        for (const socket of webSockets.clients) socket.terminate();
        server.closeAllConnections();
      });
      await closed;
      await Promise.all(
        [...webSockets.clients].map((socket) => new Promise((resolve) => socket.once('close', resolve))),
      );
      cancel();
    },
  };
}

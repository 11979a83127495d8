import { createServer, type IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import { WebSocketServer } from 'ws';
import { HalfspreadError } from '../core/errors.ts';
import type { Env } from '../env.ts';
import {
  AGENT_PATH,
  CLOSE,
  COOKIE_BYTES,
  LOCAL_HOST,
  MAX_FRAGMENTS,
  MAX_PAYLOAD_TO_AGENT_BYTES,
} from '../protocol/handshake.ts';
import type { EngineReady } from '../protocol/launch.ts';
import { SUBPROTOCOL, type DeskPort } from '../protocol/messages.ts';
import { createAuthenticator, type TrustedDevice } from './authenticate.ts';
import { createCommandMemory } from './command-memory.ts';
import { createEventRing } from './event-ring.ts';
import { newSigningKey } from './keys.ts';
import { CLOSE_ABOVE_BYTES, COALESCE_ABOVE_BYTES, type OutboxLimits } from './outbox.ts';
import { listenOnPipe, preparePipe } from './pipe.ts';
import { removeEngineRuntime, writeEngineRuntime } from './runtime-file.ts';
import { AgentSession, type AuditRecord, type SessionContext } from './session.ts';

/** Limits of security.md that a private pipe needs too; there are no source addresses to tell apart on it. */
const MAX_SESSIONS = 8;
const MAX_UNAUTHENTICATED = 64;
const UPGRADE_TIMEOUT_MS = 3_000;
/** What a client may have missed and still resume: minutes of events, a bound on memory. */
const RING_EVENTS = 4_096;
const RING_CHARS = 8 * 1024 * 1024;
const CLOSE_GRACE_MS = 500;

export interface AgentOptions {
  desk: DeskPort;
  env: Env;
  /** Absolute path of the Unix socket, at most 107 bytes; or the name of a pipe on Windows. */
  pipePath: string;
  /** 32 random bytes of this start, base64; only the clients of this start know it. */
  cookie: string;
  /** Ed25519 key of the client that started the engine: SPKI DER, base64. It may ask for every role. */
  devicePublicKey: string;
  agentId: string;
  version: string;
  /** Where `engine.json` (0600) tells the CLI of this engine; without it the CLI cannot connect. */
  dataFolder?: string;
  audit?: (record: AuditRecord) => void;
  /** Bytes queued for a slow reader; a test makes them small. */
  outboxLimits?: OutboxLimits;
}

export interface Agent {
  /** The line the engine prints on standard output. */
  ready: EngineReady;
  sessions(): { authenticated: boolean; roundTripMs: number | undefined }[];
  /** Says goodbye to the clients, removes pipe and runtime file. */
  stop(): Promise<void>;
}

/**
 * Serves a desk to its clients over a private pipe, with the protocol of engine/protocol/messages.ts.
 * @throws HalfspreadError HS_PIPE_* when the pipe cannot be had, HS_KEY_FORMAT for a cookie that is not 32 bytes.
 */
export async function startAgent(options: AgentOptions): Promise<Agent> {
  const { desk, env } = options;
  const audit = options.audit ?? (() => undefined);
  const cookie = Buffer.from(options.cookie, 'base64');
  if (cookie.length !== COOKIE_BYTES) {
    throw new HalfspreadError('HS_KEY_FORMAT', 'The cookie is not 32 bytes.', 'Start the engine through Halfspread.');
  }
  const agentKey = newSigningKey();
  const cliKey = newSigningKey();
  const devices: TrustedDevice[] = [
    { publicKey: options.devicePublicKey, maxRole: 'admin', mayAuthorize: true },
    { publicKey: cliKey.publicKey, maxRole: 'operate', mayAuthorize: false },
  ];

  const sessions = new Set<AgentSession>();
  const count = (authenticated: boolean) => [...sessions].filter((one) => one.authenticated === authenticated).length;
  const ring = createEventRing(desk.snapshot().sequence, RING_EVENTS, RING_CHARS);
  const context: SessionContext = {
    desk,
    env,
    ring,
    audit,
    authenticator: createAuthenticator(options.agentId, agentKey, cookie, devices),
    outboxLimits: options.outboxLimits ?? {
      coalesceAboveBytes: COALESCE_ABOVE_BYTES,
      closeAboveBytes: CLOSE_ABOVE_BYTES,
    },
    runCommand: createCommandMemory(env.clock, (command) => desk.execute(command)),
    admit: () => count(true) < MAX_SESSIONS,
  };

  const server = createServer({
    headersTimeout: UPGRADE_TIMEOUT_MS,
    requestTimeout: UPGRADE_TIMEOUT_MS,
    connectionsCheckingInterval: 1_000,
    maxHeaderSize: 8 * 1024,
  });
  server.maxConnections = MAX_SESSIONS + MAX_UNAUTHENTICATED;
  // Only an upgrade is served here.
  server.on('request', (_request, response) => response.writeHead(404, { connection: 'close' }).end());
  const webSockets = new WebSocketServer({
    noServer: true,
    clientTracking: true,
    perMessageDeflate: false,
    maxPayload: MAX_PAYLOAD_TO_AGENT_BYTES,
    maxFragments: MAX_FRAGMENTS,
    handleProtocols: (offered) => (offered.has(SUBPROTOCOL) ? SUBPROTOCOL : false),
  });
  server.on('upgrade', (request: IncomingMessage, stream: Duplex, head: Buffer) => {
    const refusal = upgradeRefusal(request) ?? (count(false) >= MAX_UNAUTHENTICATED ? 'too many strangers' : undefined);
    if (refusal !== undefined) {
      audit({ event: 'refused', detail: `upgrade: ${refusal}` });
      stream.on('error', () => stream.destroy());
      stream.end('HTTP/1.1 403 Forbidden\r\nConnection: close\r\nContent-Length: 0\r\n\r\n');
      return;
    }
    webSockets.handleUpgrade(request, stream, head, (socket) => {
      const session = new AgentSession(socket, context);
      sessions.add(session);
      socket.on('close', () => sessions.delete(session));
    });
  });

  await preparePipe(options.pipePath);
  await listenOnPipe(server, options.pipePath);
  const stopEvents = desk.onEvent((sequence, event) => {
    const entry = { sequence, text: JSON.stringify({ type: 'EVENT', sequence, event }) };
    ring.push(entry);
    for (const session of sessions) session.deliver(entry);
  });
  if (options.dataFolder !== undefined) {
    await writeEngineRuntime(options.dataFolder, {
      kind: 'engine',
      pid: process.pid,
      startedAt: Math.round(env.clock.wallMs()),
      version: options.version,
      pipe: options.pipePath,
      cookie: options.cookie,
      agentPublicKey: agentKey.publicKey,
      devicePrivateKey: cliKey.privateKey,
    });
  }

  return {
    ready: { ready: true, pipe: options.pipePath, agentPublicKey: agentKey.publicKey },
    sessions: () => [...sessions].map(({ authenticated, roundTripMs }) => ({ authenticated, roundTripMs })),
    async stop() {
      stopEvents();
      if (options.dataFolder !== undefined) await removeEngineRuntime(options.dataFolder);
      const closed = new Promise<void>((resolve) => server.close(() => resolve()));
      for (const session of sessions) session.close(CLOSE.stopping, 'the engine stops');
      const cancel = env.timers.after(CLOSE_GRACE_MS, () => {
        for (const socket of webSockets.clients) socket.terminate();
        server.closeAllConnections();
      });
      await closed;
      cancel();
    },
  };
}

/** Why an upgrade request is not served; undefined when it is. Browsers send Origin and cookies, our clients never. */
function upgradeRefusal(request: IncomingMessage): string | undefined {
  if (request.url !== AGENT_PATH) return 'path';
  if (request.headers.host !== LOCAL_HOST) return 'host';
  if (request.headers.origin !== undefined) return 'origin';
  if (request.headers.cookie !== undefined) return 'cookie';
  if (request.headers['sec-websocket-protocol'] !== SUBPROTOCOL) return 'subprotocol';
  return undefined;
}

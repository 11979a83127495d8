import { HalfspreadError } from '../core/errors.ts';
import type { Env } from '../env.ts';
import { COOKIE_BYTES, LOCAL_HOST } from '../protocol/handshake.ts';
import type { EngineReady } from '../protocol/launch.ts';
import type { DeskPort } from '../protocol/messages.ts';
import type { TrustedDevice } from './authenticate.ts';
import { createAgentCore } from './core.ts';
import { deviceIdOf, newSigningKey } from './keys.ts';
import type { OutboxLimits } from './outbox.ts';
import { listenOnPipe, preparePipe } from './pipe.ts';
import { removeEngineRuntime, writeEngineRuntime } from './runtime-file.ts';
import type { AuditRecord, Heartbeat, SessionCarrier } from './session.ts';

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
  /** Highest term this machine knows (term.ts); 1 where there is one engine alone. */
  term?: () => number;
  /** Bytes queued for a slow reader; a test makes them small. */
  outboxLimits?: OutboxLimits;
  /** A test makes it fast. */
  heartbeat?: Heartbeat;
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
  const { env } = options;
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
  const byId = new Map(devices.map((device) => [deviceIdOf(device.publicKey), device]));
  const core = createAgentCore({
    desk: options.desk,
    env,
    agentId: options.agentId,
    signingKey: agentKey,
    deviceOf: (deviceId) => byId.get(deviceId),
    standing: () => ({ term: options.term?.() ?? 1 }),
    audit: options.audit ?? (() => undefined),
    outboxLimits: options.outboxLimits,
    heartbeat: options.heartbeat,
  });
  const carrier: SessionCarrier = { binding: cookie, isPaced: false };
  core.onUpgrade(() => ({ host: LOCAL_HOST, carrier }));

  await preparePipe(options.pipePath);
  await listenOnPipe(core.server, options.pipePath);
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
    sessions: () => core.sessions().map(({ authenticated, roundTripMs }) => ({ authenticated, roundTripMs })),
    async stop() {
      if (options.dataFolder !== undefined) await removeEngineRuntime(options.dataFolder);
      await core.stop();
    },
  };
}

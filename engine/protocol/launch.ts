/**
 * What a supervisor and the processes it starts say to each other outside the engine protocol: the hand-over line, the
 * ready lines, and the files by which the CLI finds what runs. Pure schemas; who writes them says so in its docstring.
 */
import { z } from 'zod';
import { errorSchema, spikeSensitivitySchema } from './messages.ts';
import { modeSchema } from './model.ts';

const secret = z.string().min(1).max(512);

/** The one line of JSON an engine child reads from descriptor 3 (Electron: its first `parentPort` message). */
export const launchSchema = z.strictObject({
  /** 32 random bytes, base64; bound into the handshake of this start. */
  cookie: secret,
  /** Ed25519 public key of the client that starts it: SPKI DER, base64. */
  devicePublicKey: secret,
  /** The practice venues' own description of themselves, handed through unread. */
  venues: z.unknown(),
  options: z.strictObject({
    mode: modeSchema,
    network: z.string(),
    tape: z.string(),
    fees: z.string(),
    dataFolder: z.string(),
    pipePath: z.string(),
    /** Absent: `usual`. */
    spikes: spikeSensitivitySchema.optional(),
  }),
});
export type Launch = z.infer<typeof launchSchema>;

/** The engine's one line on standard output once its agent accepts connections. */
export const engineReadySchema = z.object({
  ready: z.literal(true),
  pipe: z.string(),
  /** Ed25519 key of this start, SPKI DER, base64: the client checks AUTH_OK against it. */
  agentPublicKey: secret,
});
export type EngineReady = z.infer<typeof engineReadySchema>;

/** A child that cannot run prints this line instead, then exits: the supervisor shows it and does not try again. */
export const startRefusedSchema = z.object({ ready: z.literal(false), error: errorSchema });

/** `engine.json` (0600), written by a running engine's agent: what the CLI needs to find and enter it. */
export const engineRuntimeSchema = z.strictObject({
  kind: z.literal('engine'),
  pid: z.number().int().positive(),
  startedAt: z.number(),
  version: z.string(),
  pipe: z.string(),
  cookie: secret,
  agentPublicKey: secret,
  /** Ed25519 key of the CLI for this start: PKCS8 DER, base64. Its role is `operate`. */
  devicePrivateKey: secret,
});
export type EngineRuntime = z.infer<typeof engineRuntimeSchema>;
export const ENGINE_RUNTIME_FILE = 'engine.json';

/** `window.json` (0600), written by the browser shell: how `halfspread open` asks it for a new one-time link. */
export const windowRuntimeSchema = z.strictObject({
  kind: z.literal('window'),
  pid: z.number().int().positive(),
  startedAt: z.number(),
  version: z.string(),
  /** "http://127.0.0.1:43210" */
  origin: z.string(),
  /** Goes into `Authorization: Bearer ...` of `POST {origin}/link`; the answer is `{"link": "..."}`. */
  secret,
});
export type WindowRuntime = z.infer<typeof windowRuntimeSchema>;
export const WINDOW_RUNTIME_FILE = 'window.json';

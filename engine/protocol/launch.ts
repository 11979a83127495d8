/**
 * What a supervisor and the processes it starts say to each other outside the engine protocol: the hand-over line, the
 * ready lines, and the files by which the CLI finds what runs. Pure schemas; who writes them says so in its docstring.
 */
import { z } from 'zod';
import { tradingKeysSchema } from './accounts.ts';
import { venueEndpointsSchema } from './endpoints.ts';
import { errorSchema, spikeSensitivitySchema } from './messages.ts';

const secret = z.string().min(1).max(512);

/** A desk's config as the operator wrote it: checked by the engine, so that an error names file, line and field. */
export const deskConfigTextSchema = z.strictObject({
  /** YAML. */
  text: z.string().max(256 * 1024),
  /** Where it was read: for messages, nothing is opened. */
  path: z.string().max(4096),
  /** Which entry of its `bots` to run; the first without it. */
  bot: z.string().max(64).optional(),
});
export type DeskConfigText = z.infer<typeof deskConfigTextSchema>;

/** What paper must assume of a venue because nobody can measure it without sending orders; shown as assumptions. */
export const paperAssumptionsSchema = z.strictObject({
  /** From receiving an order to matching it, without the order class's own delay. */
  venueProcessingMs: z.number().min(0).max(10_000).default(10),
});
export type PaperAssumptions = z.infer<typeof paperAssumptionsSchema>;

/**
 * What one desk runs on. It says everything about the mode and carries its secrets, and nothing about carriers and
 * folders: the parent's launch line holds it here, the unlock message of a remote agent holds the same.
 */
export const deskLaunchSchema = z.discriminatedUnion('mode', [
  z.strictObject({
    mode: z.literal('practice'),
    /** The practice venues' own description of themselves, handed through unread. */
    venues: z.unknown(),
    /** Without it: the tape's own thresholds and size. */
    config: deskConfigTextSchema.optional(),
  }),
  /** Real market data, orders filled locally against it: neither account nor keys. */
  z.strictObject({
    mode: z.literal('paper'),
    endpoints: venueEndpointsSchema,
    config: deskConfigTextSchema,
    assumptions: paperAssumptionsSchema.prefault({}),
  }),
  /** Real orders. The desk starts disarmed whatever came before. */
  z.strictObject({
    mode: z.literal('live'),
    endpoints: venueEndpointsSchema,
    keys: tradingKeysSchema,
    config: deskConfigTextSchema,
  }),
]);
/** Assumptions may be left out by who writes it. */
export type DeskLaunchInput = z.input<typeof deskLaunchSchema>;
export type DeskLaunch = z.infer<typeof deskLaunchSchema>;

/** The one line of JSON an engine child reads from descriptor 3 (Electron: its first `parentPort` message). */
export const launchSchema = z.strictObject({
  /** 32 random bytes, base64; bound into the handshake of this start. */
  cookie: secret,
  /** Ed25519 public key of the client that starts it: SPKI DER, base64. */
  devicePublicKey: secret,
  desk: deskLaunchSchema,
  options: z.strictObject({
    /** Of this mode alone (and live: of this account): a journal of another one is refused. */
    dataFolder: z.string(),
    pipePath: z.string(),
    /** Absent: `usual`. */
    spikes: spikeSensitivitySchema.optional(),
  }),
});
export type Launch = z.infer<typeof launchSchema>;
/** What the parent writes. */
export type LaunchInput = z.input<typeof launchSchema>;

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

/**
 * The engine protocol "halfspread.v1": text frames of JSON over a WebSocket, the same on every carrier (security.md).
 *   agent  -> HELLO            client -> AUTH            agent -> AUTH_OK
 *   client -> SUBSCRIBE {resumeFrom?}     agent -> SNAPSHOT (or RESUMED), then EVENT ...
 *   client -> COMMAND {id, command, authorization?}   agent -> ANSWER {id, ok, result | error}
 *   both   -> PING / PONG (round trip of the link, both sides)
 */
import { z } from 'zod';
import { armingLimitsSchema, disarmReasonSchema } from './arming.ts';
import { deskEventSchema, snapshotSchema } from './model.ts';
import { keptListsSchema } from './statistics-parts.ts';
import { certificatePemSchema } from './pins.ts';
import { sealedSchema, sealSchema } from './sealed.ts';
import { termSchema } from './term.ts';

export const PROTOCOL_VERSION = 1;
export const SUBPROTOCOL = 'halfspread.v1';

export const roleSchema = z.enum(['view', 'operate', 'admin']);
export type Role = z.infer<typeof roleSchema>;

const base64 = z
  .string()
  .max(512)
  .regex(/^[A-Za-z0-9+/]*=*$/);

export const helloSchema = z.strictObject({
  type: z.literal('HELLO'),
  protocols: z.array(z.number().int()).min(1).max(8),
  agentId: z.string().max(64),
  bootId: z.string().max(64),
  nonceA: base64,
  nowMs: z.number(),
  /** Highest term the engine knows (term.ts). */
  term: z.number().int(),
  state: z.string().max(32),
  /** An agent on a server: what to seal its keys to. */
  seal: sealSchema.optional(),
});
export const authSchema = z.strictObject({
  type: z.literal('AUTH'),
  protocol: z.number().int(),
  deviceId: z.string().max(64),
  nonceD: base64,
  role: roleSchema,
  sig: base64,
});
export const authOkSchema = z.strictObject({
  type: z.literal('AUTH_OK'),
  sessionId: z.string().max(64),
  role: roleSchema,
  sig: base64,
});

/** How easily a measurement is called a spike (engine/measure/spikes-sensitivity.ts has the numbers). */
export const spikeSensitivitySchema = z.enum(['low', 'usual', 'high']);
export type SpikeSensitivity = z.infer<typeof spikeSensitivitySchema>;

/** What `diagnose` answers: the engine's process itself, not its trading. */
export const engineFactsSchema = z.strictObject({
  pid: z.number().int(),
  version: z.string(),
  node: z.string(),
  v8: z.string(),
  sqlite: z.string(),
  platform: z.string(),
  arch: z.string(),
  uptimeMs: z.number(),
  memoryBytes: z.number(),
  /** ECDSA of the Vest signer: libsecp256k1, or JavaScript where its native build does not load (about 12x slower). */
  secp256k1: z.enum(['native', 'noble']),
});
export type EngineFacts = z.infer<typeof engineFactsSchema>;

/** Commands a client may give. `view` may only read; `operate` may also start, pause and close. */
export const commandSchema = z.discriminatedUnion('name', [
  z.strictObject({ name: z.literal('start') }),
  z.strictObject({ name: z.literal('pause') }),
  z.strictObject({ name: z.literal('stop') }),
  z.strictObject({ name: z.literal('closeAll') }),
  z.strictObject({
    name: z.literal('trades.list'),
    beforeId: z.number().int().optional(),
    limit: z.number().int().min(1).max(1000),
  }),
  z.strictObject({ name: z.literal('ledger') }),
  /** Live only: entries may be opened within these limits. Refused unless every check of `arming.check` holds. */
  z.strictObject({ name: z.literal('arm'), limits: armingLimitsSchema }),
  /** Live only: no entry any more; what is open is still closed, hedged and recovered. Nothing to do when disarmed. */
  z.strictObject({ name: z.literal('disarm'), reason: disarmReasonSchema }),
  /** Live only: asks the venues, changes nothing. Answered with an ArmingReport (arming.ts). */
  z.strictObject({ name: z.literal('arming.check') }),
  /** Agent on a server only, as all that follow. Starts the desk of the sealed content (unlock.ts). */
  z.strictObject({ name: z.literal('unlock'), sealed: sealedSchema }),
  /** Closes what is open, stops the desk and forgets its keys. */
  z.strictObject({ name: z.literal('lock') }),
  /** Tells of a term granted to another engine, or to this one. */
  z.strictObject({ name: z.literal('term.set'), granted: termSchema }),
  /** The agent's pins: what it shows now, and after a rotation what it will show and from when. */
  z.strictObject({ name: z.literal('agent.pins') }),
  /** Makes the agent's next TLS key, shown a week later. */
  z.strictObject({ name: z.literal('agent.rotate') }),
  /** This device's next certificate; the older ones end a week later. */
  z.strictObject({ name: z.literal('device.rotate'), certificatePem: certificatePemSchema }),
  z.strictObject({ name: z.literal('diagnose') }),
  z.strictObject({ name: z.literal('spikes.sensitivity'), sensitivity: spikeSensitivitySchema }),
]);
export type Command = z.infer<typeof commandSchema>;

export const COMMAND_ROLES: Record<Command['name'], Role> = {
  start: 'operate',
  pause: 'operate',
  stop: 'operate',
  closeAll: 'operate',
  'trades.list': 'view',
  ledger: 'view',
  arm: 'operate',
  disarm: 'operate',
  'arming.check': 'view',
  unlock: 'operate',
  lock: 'operate',
  'term.set': 'operate',
  'agent.pins': 'view',
  'agent.rotate': 'admin',
  'device.rotate': 'view',
  diagnose: 'view',
  'spikes.sensitivity': 'operate',
};

/**
 * Commands that risk money and so need a signature of the session's device over this very command, made for this very
 * session (handshake.ts, `commandTranscript`): who can only make main send commands cannot give these.
 */
export const AUTHORIZED_COMMANDS: ReadonlySet<Command['name']> = new Set<Command['name']>([
  'arm',
  'unlock',
  'term.set',
  'agent.rotate',
  'device.rotate',
]);

export const errorSchema = z.strictObject({ code: z.string(), message: z.string(), remedy: z.string() });

/** Client to agent. */
export const clientMessageSchema = z.discriminatedUnion('type', [
  authSchema,
  z.strictObject({
    type: z.literal('SUBSCRIBE'),
    bootId: z.string().max(64).optional(),
    resumeFrom: z.number().int().optional(),
    /** Older trades are left out of a snapshot above this; a slow link asks for little. */
    maxSnapshotBytes: z
      .number()
      .int()
      .min(16 * 1024)
      .max(1024 * 1024)
      .optional(),
  }),
  z.strictObject({
    type: z.literal('COMMAND'),
    id: z.uuid(),
    command: commandSchema,
    /** Ed25519 signature by the session's device, for the commands that need one. */
    authorization: base64.optional(),
  }),
  z.strictObject({ type: z.literal('PING'), id: z.number().int() }),
  z.strictObject({ type: z.literal('PONG'), id: z.number().int() }),
]);
export type ClientMessage = z.infer<typeof clientMessageSchema>;

/** Agent to client. */
export const agentMessageSchema = z.discriminatedUnion('type', [
  helloSchema,
  authOkSchema,
  z.strictObject({ type: z.literal('SNAPSHOT'), snapshot: snapshotSchema }),
  z.strictObject({ type: z.literal('RESUMED'), from: z.number().int() }),
  z.strictObject({
    type: z.literal('EVENT'),
    sequence: z.number().int(),
    /**
     * Sequence number of the message before, where that is not `sequence - 1`: to a slow link the agent sends only the latest
     * state of a venue, the spread, the exposure, the statistics and of each trade. What it left out was replaced by what it
     * sends; one that waited while others went ahead carries their number again.
     */
    after: z.number().int().optional(),
    event: deskEventSchema,
    /** With statistics: their lists go on from what the client has (statistics-parts.ts). Sessions hand on whole ones. */
    kept: keptListsSchema.optional(),
  }),
  z.strictObject({
    type: z.literal('ANSWER'),
    id: z.uuid(),
    ok: z.boolean(),
    result: z.unknown().optional(),
    error: errorSchema.optional(),
  }),
  z.strictObject({ type: z.literal('PING'), id: z.number().int() }),
  z.strictObject({ type: z.literal('PONG'), id: z.number().int() }),
]);
export type AgentMessage = z.infer<typeof agentMessageSchema>;
export type Hello = z.infer<typeof helloSchema>;
export type Auth = z.infer<typeof authSchema>;
export type AuthOk = z.infer<typeof authOkSchema>;

/** What an agent needs from the desk it serves. Implemented by engine/desk.ts. */
export interface DeskPort {
  snapshot(): import('./model.ts').Snapshot;
  /** Called with each event and its sequence number (contiguous, starting after the snapshot's). Returns unsubscribe. */
  onEvent(listener: (sequence: number, event: import('./model.ts').DeskEvent) => void): () => void;
  /** Resolves with the command's result (JSON); rejects with HalfspreadError. */
  execute(command: Command): Promise<unknown>;
}

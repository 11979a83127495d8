/**
 * The agent program (`agent.mjs VERB --state DIR`): the engine as a service on a server. Every verb prints one line of JSON
 * on standard output: what is described here, or `{"error": {code, message, remedy}}` with an exit code other than 0
 * (1 failed, 2 bad input or state, 3 no agent is running). What a verb reads comes as one JSON text on standard input,
 * never in argv. Pure schemas, shared by the program and by what deploys it.
 */
import { z } from 'zod';
import { venueEndpointsSchema, venueNameSchema } from './endpoints.ts';
import { errorSchema, roleSchema } from './messages.ts';
import { modeSchema, tradingStateSchema } from './model.ts';
import {
  certificatePemSchema,
  ed25519KeySchema,
  keyNameSchema,
  pinnedCertificateSchema,
  spkiPinSchema,
} from './pins.ts';

export * from './pins.ts';

const unixMs = z.number();
const port = z.number().int().min(1).max(65_535);

/**
 * How Node runs `run`, wherever that is written down. No signal opens a debugger. A young generation of 2 MiB and two malloc
 * arenas keep 20 MiB of a small server's memory free: short-lived garbage is collected more often and as quickly.
 */
export const AGENT_NODE_FLAGS: readonly string[] = ['--disable-sigusr1', '--max-semi-space-size=2'];
export const AGENT_ENVIRONMENT = { MALLOC_ARENA_MAX: '2' } as const;

/** A verb that could not do it. */
export const agentErrorLineSchema = z.strictObject({ error: errorSchema });

/** `init --state DIR --port P [--listen ADDRESS]`. A second run keeps the identity and takes over port and address. */
export const initResultSchema = z.strictObject({
  agentId: keyNameSchema,
  spkiPin: spkiPinSchema,
  publicKey: ed25519KeySchema,
  certificatePem: certificatePemSchema,
  /** After `rotate`: the certificate shown from `activeAt` on; a client keeps both pins. */
  next: pinnedCertificateSchema.extend({ activeAt: unixMs }).optional(),
  port,
  /** Address it listens on: "0.0.0.0", "::", or one of the machine's. */
  listen: z.string(),
  /** False when the identity was there already. */
  created: z.boolean(),
  version: z.string(),
});
export type InitResult = z.infer<typeof initResultSchema>;

/** Standard input of `enrol --state DIR`. The same device again replaces role and label; a new certificate is added. */
export const enrolRequestSchema = z.strictObject({
  deviceId: keyNameSchema,
  publicKey: ed25519KeySchema,
  certificatePem: certificatePemSchema,
  /** The most this device may ask for. */
  role: roleSchema,
  label: z.string().min(1).max(64),
});
export type EnrolRequest = z.infer<typeof enrolRequestSchema>;

export const enrolledDeviceSchema = z.strictObject({
  deviceId: keyNameSchema,
  label: z.string(),
  role: roleSchema,
  /** Oldest first; `until` is when an older one ends after a rotation. */
  pins: z.array(z.strictObject({ spkiPin: spkiPinSchema, until: unixMs.optional() })),
  addedAt: unixMs,
  lastSeenAt: unixMs.optional(),
});
export type EnrolledDevice = z.infer<typeof enrolledDeviceSchema>;

/** `enrol`; `changed` is false when all of it was there already. */
export const enrolResultSchema = z.strictObject({ device: enrolledDeviceSchema, changed: z.boolean() });
export type EnrolResult = z.infer<typeof enrolResultSchema>;

/** `devices --state DIR` */
export const devicesResultSchema = z.strictObject({ devices: z.array(enrolledDeviceSchema) });
export type DevicesResult = z.infer<typeof devicesResultSchema>;

/** `revoke --state DIR --device ID`; `revoked` is false when there was no such device. A running agent follows within a second. */
export const revokeResultSchema = z.strictObject({ deviceId: keyNameSchema, revoked: z.boolean() });
export type RevokeResult = z.infer<typeof revokeResultSchema>;

/**
 * `rotate --state DIR [--now]`: makes the agent's next TLS key. Without `--now` clients learn it over their sessions and it
 * is shown 7 days later; with `--now` at once: every client must be told the new pin over SSH.
 */
export const rotateResultSchema = pinnedCertificateSchema.extend({ activeAt: unixMs });
export type RotateResult = z.infer<typeof rotateResultSchema>;

/** The one ready line of `run --state DIR`; it goes on until SIGTERM. A run that cannot start prints the error line. */
export const agentReadySchema = z.strictObject({
  ready: z.literal(true),
  agentId: keyNameSchema,
  spkiPin: spkiPinSchema,
  listen: z.string(),
  port,
  pid: z.number().int(),
  version: z.string(),
  /** Always true: keys are in memory only, so every start needs an unlock. */
  locked: z.literal(true),
});
export type AgentReady = z.infer<typeof agentReadySchema>;

/** `self-test --state DIR`: everything the agent needs of this machine, without starting it. Exit code 1 when not ok. */
export const selfTestResultSchema = z.strictObject({
  ok: z.boolean(),
  version: z.string(),
  /** "24.21.0" */
  node: z.string(),
  /** Which secp256k1 signs for Vest here: the native module, or @noble/curves where there is none. */
  secp256k1: z.enum(['native', 'noble']),
  checks: z.array(z.strictObject({ name: z.string(), ok: z.boolean(), detail: z.string() })),
});
export type SelfTestResult = z.infer<typeof selfTestResultSchema>;

/** `status --state DIR`: asks the running agent over its private pipe. HS_NOT_RUNNING (exit code 3) when there is none. */
export const agentStatusSchema = z.strictObject({
  agentId: keyNameSchema,
  version: z.string(),
  pid: z.number().int(),
  uptimeMs: z.number(),
  locked: z.boolean(),
  trading: tradingStateSchema,
  /** Absent while locked. */
  mode: modeSchema.optional(),
  /** No open trade in the journal and no position at the venues as far as this agent knows. */
  flat: z.boolean(),
  /** Clients that are connected and authenticated. */
  sessions: z.number().int(),
  /** Highest term this agent knows, and whether it is its own. */
  term: z.number().int(),
  holdsTerm: z.boolean(),
  rssBytes: z.number().int(),
});
export type AgentStatus = z.infer<typeof agentStatusSchema>;

/** Standard input of `measure`: where the venues are. Needs no state folder and no keys. */
export const measureRequestSchema = z.strictObject({
  endpoints: venueEndpointsSchema,
  /** Probes per venue and kind, one every 250 ms. */
  samples: z.number().int().min(1).max(200).default(20),
});
export type MeasureRequest = z.input<typeof measureRequestSchema>;

/** Milliseconds; absent values mean n = 0. */
export const probeDistributionSchema = z.strictObject({
  n: z.number().int(),
  min: z.number().optional(),
  p50: z.number().optional(),
  p95: z.number().optional(),
  max: z.number().optional(),
});
export type ProbeDistribution = z.infer<typeof probeDistributionSchema>;

/** `measure`: probes go out on a fixed schedule and count from their intended time, so a late probe is not left out. */
export const measureResultSchema = z.strictObject({
  startedAt: unixMs,
  venues: z.array(
    z.strictObject({
      venue: venueNameSchema,
      host: z.string(),
      /** The address the name resolved to. */
      address: z.string().optional(),
      /** One round trip of the line, as far as the venue's own edge. */
      tcpConnect: probeDistributionSchema,
      /** TLS handshake on top of the connection; n = 0 for a venue without TLS. */
      tls: probeDistributionSchema,
      /** One request and its answer over a connection that was open already: line and venue. */
      restWarm: probeDistributionSchema,
      failed: z.number().int(),
      /** The latest failure, where there was one. */
      error: errorSchema.optional(),
    }),
  ),
});
export type MeasureResult = z.infer<typeof measureResultSchema>;

/**
 * `purge --state DIR`: removes everything in the state folder. Refused while an agent runs on it (HS_AGENT_RUNNING) and while
 * its journal holds an open trade (HS_PURGE_NOT_FLAT).
 */
export const purgeResultSchema = z.strictObject({ purged: z.literal(true), removed: z.array(z.string()) });
export type PurgeResult = z.infer<typeof purgeResultSchema>;

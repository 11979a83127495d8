/** Practice, paper and live: the calls and events of this part, merged into main/ipc/schema.ts. */
import { z } from 'zod';
import { venueProbeSchema } from '../../engine/protocol/accounts.ts';
import { armingLimitsSchema, armingReportSchema } from '../../engine/protocol/arming.ts';
import { configProblemSchema, configSummarySchema } from '../../engine/protocol/config-check.ts';
import { venueNameSchema, venueNetworkSchema } from '../../engine/protocol/endpoints.ts';
import { errorSchema } from '../../engine/protocol/messages.ts';
import { modeSchema } from '../../engine/protocol/model.ts';
import { endpointsChoiceSchema } from './endpoint-schema.ts';

const unixMs = z.number();

/** A question that waits for the code the terminal shows (browser shell; main/shell/ports.ts, CodeEntry). */
export const pendingCodeSchema = z.strictObject({
  id: z.uuid(),
  /** What is asked. */
  title: z.string(),
  triesLeft: z.number().int().min(1),
  expiresAt: unixMs,
});
export type PendingCode = z.infer<typeof pendingCodeSchema>;

/** Why a mode cannot be entered now; with the venue where it is about one. */
export const modeObstacleSchema = z.strictObject({
  code: z.enum([
    'notFlat',
    'exposureUnknown',
    'armed',
    'addressInvalid',
    'moneyMixed',
    'probeMissing',
    'probeNotUsable',
    'configMissing',
    'keyMissing',
  ]),
  venue: venueNameSchema.optional(),
});
export type ModeObstacle = z.infer<typeof modeObstacleSchema>;

/** Where a venue is, in short. */
const placeSchema = z.strictObject({ network: venueNetworkSchema, host: z.string() });
const placesSchema = z.strictObject({ paradex: placeSchema, vest: placeSchema });
export type Places = z.infer<typeof placesSchema>;

/** The read-only probe of the chosen addresses. */
const probeStateSchema = z.strictObject({
  /** Since when one runs. */
  runningSince: unixMs.optional(),
  /** The latest result for these addresses, of this run of the program or an earlier one. */
  result: z.strictObject({ at: unixMs, venues: z.array(venueProbeSchema) }).optional(),
  /** Why the latest probe has no result. */
  error: errorSchema.optional(),
});
export type ProbeState = z.infer<typeof probeStateSchema>;

/** The desk's config file of paper and live. */
const configStateSchema = z.strictObject({
  path: z.string(),
  /** The latest valid content: what the next start uses. Absent until there was one. */
  valid: z.strictObject({ at: unixMs, summary: configSummarySchema }).optional(),
  /** What is wrong with the file as it is now; the valid content stays in use. */
  problems: z.array(configProblemSchema),
  /** The file could not be read or checked. */
  error: errorSchema.optional(),
});
export type ConfigState = z.infer<typeof configStateSchema>;

/** What a key in use may do, without its secret. */
const keyInUseSchema = z.strictObject({
  mayWithdraw: z.enum(['yes', 'no', 'unknown']),
  expiresAt: unixMs.optional(),
});

/** From the button held down to armed: main asks the person, then the engine. */
export const armAttemptSchema = z.discriminatedUnion('phase', [
  z.strictObject({ phase: z.literal('idle') }),
  /** Waits for the person, who is asked outside of this window. */
  z.strictObject({ phase: z.literal('confirming'), sinceAt: unixMs }),
  z.strictObject({ phase: z.literal('arming'), sinceAt: unixMs }),
  z.strictObject({ phase: z.literal('declined'), at: unixMs }),
  z.strictObject({ phase: z.literal('failed'), at: unixMs, error: errorSchema }),
]);
export type ArmAttempt = z.infer<typeof armAttemptSchema>;

export const modesStateSchema = z.strictObject({
  /** The desk's: what runs, or is to run. */
  mode: modeSchema,
  switching: z.boolean(),
  /** Why the desk of this mode has not been started. */
  waitsFor: z.array(modeObstacleSchema),
  /** Paper and live: where the desk finds its venues. */
  running: placesSchema.optional(),
  /** Other addresses or another config are chosen than the desk was started with, or its engine was given up: start anew. */
  isOutdated: z.boolean(),
  /** For the next start. */
  endpoints: endpointsChoiceSchema,
  /** Absent while an address cannot be used. */
  places: placesSchema.optional(),
  probe: probeStateSchema,
  config: configStateSchema,
  /** Of the chosen addresses; absent where there is none. */
  keys: z.strictObject({ paradex: keyInUseSchema.optional(), vest: keyInUseSchema.optional() }),
  /** What stands before each mode, beside being in it already; empty: it can be entered. */
  obstacles: z.strictObject({
    practice: z.array(modeObstacleSchema),
    paper: z.array(modeObstacleSchema),
    live: z.array(modeObstacleSchema),
  }),
  attempt: armAttemptSchema,
  /** A live engine ended while it was armed or held positions, and none has looked at the venues since. */
  exposureUnknownSince: unixMs.optional(),
});
export type ModesState = z.infer<typeof modesStateSchema>;

const nothing = z.strictObject({});

export const modeCalls = {
  /** State of modes, and a question that waits for a code. */
  'modes.open': {
    input: nothing,
    output: z.strictObject({ modes: modesStateSchema, pending: pendingCodeSchema.optional() }),
  },
  /** Makes the config file if there is none, and checks it as it is now. */
  'modes.prepare': { input: nothing, output: nothing },
  /** Another mode, or the same with other addresses or another config. `acceptUnknown`: what is open cannot be known. */
  'modes.choose': { input: z.strictObject({ mode: modeSchema, acceptUnknown: z.boolean() }), output: nothing },
  /** Kept for the next start of paper or live; what runs is not touched. */
  'modes.setEndpoints': { input: endpointsChoiceSchema, output: nothing },
  /** Returns at once; the result comes with the state. */
  'modes.probe': { input: nothing, output: nothing },
  'modes.cancelProbe': { input: nothing, output: nothing },
  /** `opened`: the desktop was asked to show it. */
  'modes.openConfig': { input: nothing, output: z.strictObject({ opened: z.boolean() }) },
  /** Asks the engine; changes nothing. */
  'arm.check': { input: nothing, output: armingReportSchema },
  /**
   * Checks and then asks the person outside of the window; returns before they answered, the rest comes with the state.
   * `typedNotionalUsd`: what the person typed, which must be the notional of `limits`.
   */
  'arm.begin': {
    input: z.strictObject({ limits: armingLimitsSchema, typedNotionalUsd: z.number() }),
    output: nothing,
  },
  'arm.disarm': { input: nothing, output: nothing },
  /** The code as it was typed, digits only. */
  'confirm.code': {
    input: z.strictObject({ id: z.uuid(), code: z.string().regex(/^\d{1,12}$/) }),
    output: z.strictObject({ right: z.boolean() }),
  },
  'confirm.cancel': { input: z.strictObject({ id: z.uuid() }), output: nothing },
} as const;

export const modeEvents = {
  'modes.state': modesStateSchema,
  /** Another desk takes this one's place: its figures are not those of the next. */
  'modes.deskReplaced': nothing,
  /** Without `pending`: no question waits any more. */
  'confirm.asked': z.strictObject({ pending: pendingCodeSchema.optional() }),
} as const;

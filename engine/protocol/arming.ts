/**
 * Arming of a live desk: what a client may ask, and what it is shown before it asks. A live desk starts disarmed; it opens
 * no entry until it is armed, and closes, hedges and recovers what is open whether it is armed or not. Pure schemas.
 */
import { z } from 'zod';

const e8 = z.number().int();
const unixMs = z.number();
const venueId = z.string().min(1).max(32);
const durationMs = z.number().min(0);

/** Bounds of an armed desk. Arming may tighten those of the config, never widen them. */
export const armingLimitsSchema = z.strictObject({
  /** Value of the position at one venue, 1e-8 USD. */
  maxNotionalE8: e8.positive(),
  /** One leg without its other side for longer disarms the desk. */
  maxUnhedgedMs: z.number().int().positive(),
  /** Loss of one UTC day that disarms the desk, 1e-8 USD. */
  maxDayLossE8: e8.positive(),
});
export type ArmingLimits = z.infer<typeof armingLimitsSchema>;

/** Why a client disarms; the engine has reasons of its own beside these. */
export const disarmReasonSchema = z.enum(['operator', 'screenLocked', 'sleep', 'quit']);
export type DisarmReason = z.infer<typeof disarmReasonSchema>;

/** In the snapshot of a live desk; absent in practice and paper, where no order is real. */
export const armingSchema = z.strictObject({
  state: z.enum(['disarmed', 'armed']),
  sinceAt: unixMs,
  /** Why it is disarmed: stable code HS_DISARMED_* and English text. */
  reason: z.strictObject({ code: z.string(), message: z.string() }).optional(),
  /** Those it was armed with; present while armed. */
  limits: armingLimitsSchema.optional(),
});
export type Arming = z.infer<typeof armingSchema>;

/** All that must hold before a desk is armed; one entry a venue where it concerns a venue. */
export const armingCheckIdSchema = z.enum([
  /** Accepted by the venue just now, and not near the end of its life. */
  'key',
  /** What answers at the address is the API generation this order path was written for. */
  'generation',
  /** A valid book, not stale, crossed or gapped. */
  'book',
  /** Its market takes orders, and the order path is connected. */
  'venueOpen',
  /** Its clock against ours, within a quarter of the receive window. */
  'clock',
  /** No order whose outcome is unknown. */
  'orderInDoubt',
  /** Positions at both venues are equal and are what the journal explains. */
  'positions',
  /** Written to disk and checked just now. */
  'journal',
  /** This engine alone holds the data folder. */
  'folderLock',
  /** The desk runs: recovered, not halted. */
  'desk',
]);
export type ArmingCheckId = z.infer<typeof armingCheckIdSchema>;

export const armingCheckSchema = z.strictObject({
  id: armingCheckIdSchema,
  venue: venueId.optional(),
  ok: z.boolean(),
  /** English, one sentence: what was found, and what to do when it is not ok. */
  detail: z.string(),
  /** What clients may put into their own words: `expiresAt`, `ageMs`, `offsetMs`, `errorMs`, `generation` ... */
  figures: z.record(z.string(), z.union([z.string(), z.number()])),
});
export type ArmingCheck = z.infer<typeof armingCheckSchema>;

/** One leg filled, the other's fate unknown (formulas: core/naked-leg.ts). */
export const nakedLegSchema = z.strictObject({
  /** Value of one leg at its configured size, 1e-8 USD. */
  notionalE8: e8,
  /** Until the other leg's fate is known, when the venue answers the first query. */
  untilKnownMs: durationMs,
  /** Until the leg is closed again, when its first reduce-only order fills. */
  untilClosedMs: durationMs,
  /** When the venue gives no answer at all: then trading halts with the leg still open, and a person must act. */
  untilHaltMs: durationMs,
  /** Loss when it is closed at `untilClosedMs`, 1e-8 USD: the sum of the three parts. */
  costE8: e8,
  /** Both orders at the far end of their price bands. */
  bandsE8: e8,
  feesE8: e8,
  /** The market moving against the leg meanwhile: an assumption, `moveBps` says how far. */
  moveE8: e8,
  moveBps: z.number(),
});
export type NakedLeg = z.infer<typeof nakedLegSchema>;

/** Answer to `arming.check`: the checks, and what the dialog shows beside them. */
export const armingReportSchema = z.strictObject({
  at: unixMs,
  /** Every check is ok: `arm` would be accepted now. */
  ok: z.boolean(),
  checks: z.array(armingCheckSchema),
  /** The config's: the widest that `arm` accepts. */
  limits: armingLimitsSchema,
  /** Size of one leg in coin, and the spread an entry needs. */
  sizeE8: e8,
  spreadEntryBps: z.number(),
  orderClass: z.enum(['pro', 'retail']),
  venues: z.array(
    z.strictObject({
      venue: venueId,
      takerFeeBps: z.number(),
      /** Added by the venue on purpose to orders of this class. */
      takerDelayMs: durationMs,
      /** End of the key's life; absent where it does not end. */
      keyExpiresAt: unixMs.optional(),
    }),
  ),
  /** Taker fees of entry and exit on both venues. */
  roundTripFeesBps: z.number(),
  /** Absent until both books have a price. */
  nakedLeg: nakedLegSchema.optional(),
});
export type ArmingReport = z.infer<typeof armingReportSchema>;

/** Alerts as they cross to the window: the inbox, and how they are delivered. */
import { z } from 'zod';

/** `critical`: shown through mute and quiet hours. */
export const severitySchema = z.enum(['info', 'warn', 'critical']);
export type Severity = z.infer<typeof severitySchema>;

const wordsSchema = z.strictObject({ title: z.string(), body: z.string() });

export const alertSchema = z.strictObject({
  /** Counts up over restarts. */
  id: z.number().int().min(1),
  at: z.number(),
  severity: severitySchema,
  /** What it is about: on the desktop a new one replaces the old of its category. */
  category: z.string().max(64),
  /** In every language, so that the inbox follows the window's. */
  words: z.strictObject({ en: wordsSchema, fr: wordsSchema }),
  /** The trade it is about; a click opens it. */
  tradeId: z.number().int().min(1).optional(),
  /** The page it is about, where it is about no trade. */
  page: z.enum(['risk', 'sites']).optional(),
  read: z.boolean(),
});
export type Alert = z.infer<typeof alertSchema>;

const minuteOfDay = z.number().int().min(0).max(1439);

/** Minutes since midnight in this machine's time zone; from after to = over midnight. */
export const quietHoursSchema = z
  .strictObject({ fromMinute: minuteOfDay, toMinute: minuteOfDay })
  .refine(({ fromMinute, toMinute }) => fromMinute !== toMinute, 'quiet hours need an end other than their start');
export type QuietHours = z.infer<typeof quietHoursSchema>;

/** Unix ms, or until somebody unmutes. */
export const mutedUntilSchema = z.union([z.number(), z.literal('unmuted')]);
export type MutedUntil = z.infer<typeof mutedUntilSchema>;

export const alertsStateSchema = z.strictObject({
  /** Newest first, at most 200. */
  inbox: z.array(alertSchema),
  unread: z.number().int(),
  /** Absent: not muted. A moment that is over counts as absent. */
  mutedUntil: mutedUntilSchema.optional(),
  quietHours: quietHoursSchema.optional(),
  /** Whether this machine shows notifications; `untried` until the first one. */
  desktop: z.strictObject({ state: z.enum(['untried', 'shown', 'unavailable']), reason: z.string().optional() }),
});
export type AlertsState = z.infer<typeof alertsStateSchema>;

/**
 * The config check (engine/config/check-main.ts): whether a desk's config can be used, asked of the code that will use it.
 * One request from the parent like a launch, one answer line on standard output. Pure schemas.
 */
import { z } from 'zod';
import { venueNameSchema } from './endpoints.ts';

export const configCheckRequestSchema = z.strictObject({
  /** YAML. */
  text: z.string(),
  /** Where it was read; for messages, nothing is opened. */
  path: z.string().max(4096),
});
export type ConfigCheckRequest = z.infer<typeof configCheckRequestSchema>;

/** One thing wrong with a config: line and column count from 1, `message` is English. */
export const configProblemSchema = z.strictObject({
  line: z.number().int().min(1),
  column: z.number().int().min(1),
  /** "bots[0].spread_exit" */
  field: z.string(),
  message: z.string(),
});
export type ConfigProblem = z.infer<typeof configProblemSchema>;

/** What a person recognises a config by: the desk it runs (its first bot) and the limits. */
export const configSummarySchema = z.strictObject({
  desk: z.string(),
  coin: z.string(),
  venueA: venueNameSchema,
  venueB: venueNameSchema,
  /** Percent, as the config has them. */
  spreadEntryPercent: z.number(),
  spreadExitPercent: z.number(),
  /** In coin. */
  size: z.number(),
  leverage: z.number(),
  orderClass: z.enum(['pro', 'retail']),
  maxNotionalUsd: z.number(),
  maxUnhedgedMs: z.number(),
  maxDayLossUsd: z.number(),
});
export type ConfigSummary = z.infer<typeof configSummarySchema>;

export const configCheckAnswerSchema = z.discriminatedUnion('ok', [
  z.strictObject({ ok: z.literal(true), summary: configSummarySchema }),
  z.strictObject({ ok: z.literal(false), problems: z.array(configProblemSchema).min(1) }),
]);
export type ConfigCheckAnswer = z.infer<typeof configCheckAnswerSchema>;

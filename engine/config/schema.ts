import { z } from 'zod';

const percent = z.number().refine(Number.isFinite, 'must be a finite number (percent)');

/** One desk as the operator writes it. Spreads are in percent (0.18 = 0.18 %), sizes in coins, limits in USD. */
export const botSchema = z
  .strictObject({
    id: z.string().min(1).max(64),
    pair: z.string().min(1).max(32),
    dex_a: z.enum(['paradex', 'vest']),
    dex_b: z.enum(['paradex', 'vest']),
    spread_entry: percent,
    spread_exit: percent,
    spread_entry_max: percent.optional(),
    entry_confirm_ticks: z.number().int().min(1).max(1000).default(1),
    exit_confirm_ticks: z.number().int().min(1).max(1000).default(1),
    slippage_buffer_pct: percent.min(0).max(5).default(0.1),
    cooldown_ms: z.number().int().min(0).max(86_400_000).default(1000),
    leverage: z.number().min(1, 'must be 1 to 100').max(100, 'must be 1 to 100'),
    position_size: z.number().positive('must be above 0'),
    order_class: z.enum(['pro', 'retail']).default('pro'),
  })
  .superRefine((bot, context) => {
    if (bot.dex_a === bot.dex_b) {
      context.addIssue({
        code: 'custom',
        path: ['dex_b'],
        message: `must differ from dex_a (both are "${bot.dex_a}")`,
      });
    }
    if (bot.spread_exit >= bot.spread_entry) {
      context.addIssue({
        code: 'custom',
        path: ['spread_exit'],
        message: `${bot.spread_exit} % is not below spread_entry ${bot.spread_entry} %; a trade would close at a worse spread than it opened for`,
      });
    }
    if (bot.spread_entry_max !== undefined && bot.spread_entry_max <= bot.spread_entry) {
      context.addIssue({
        code: 'custom',
        path: ['spread_entry_max'],
        message: `${bot.spread_entry_max} % is not above spread_entry ${bot.spread_entry} %`,
      });
    }
  });
export type BotConfig = z.infer<typeof botSchema>;

export const riskSchema = z.strictObject({
  adl_warning: z.number().optional(),
  adl_critical: z.number().optional(),
  max_duration_hours: z.number().positive().optional(),
  max_notional_usd: z.number().positive().default(25_000),
  max_net_delta: z.number().positive().optional(),
  max_unhedged_ms: z.number().int().positive().default(3000),
  max_day_loss_usd: z.number().positive().default(400),
});

/** `api.*` of the operator's old file: read, kept, used by later live mode only. Secrets belong into the keychain. */
export const apiSchema = z.record(z.string(), z.unknown());

export const configSchema = z
  .strictObject({
    bots: z.array(botSchema).min(1, 'needs at least one entry'),
    risk: riskSchema.prefault({}),
    api: apiSchema.optional(),
  })
  .superRefine((config, context) => {
    const seen = new Map<string, number>();
    config.bots.forEach((bot, index) => {
      const first = seen.get(bot.id);
      if (first !== undefined) {
        context.addIssue({
          code: 'custom',
          path: ['bots', index, 'id'],
          message: `"${bot.id}" is already the id of bots[${first}]`,
        });
      }
      seen.set(bot.id, index);
    });
  });
export type Config = z.infer<typeof configSchema>;

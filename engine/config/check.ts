import type { ConfigCheckAnswer } from '../protocol/config-check.ts';
import { ConfigError, parseConfig } from './load.ts';
import type { Config } from './schema.ts';

/** A text beyond this is no config; the hand-over of a desk is bounded as well. */
const MAX_CHARS = 256 * 1024;
/** So many problems are shown; a file in another format has one in every line. */
const MAX_PROBLEMS = 50;

/** Checks a desk's config as the engine will read it. `path` is only for messages. */
export function checkConfig(text: string, path: string): ConfigCheckAnswer {
  if (text.length > MAX_CHARS) {
    const message = `is longer than ${MAX_CHARS} characters`;
    return { ok: false, problems: [{ line: 1, column: 1, field: '(file)', message }] };
  }
  try {
    return { ok: true, summary: summaryOf(parseConfig(text, path)) };
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    return { ok: false, problems: error.problems.slice(0, MAX_PROBLEMS) };
  }
}

function summaryOf({ bots, risk }: Config): Extract<ConfigCheckAnswer, { ok: true }>['summary'] {
  // The schema has at least one.
  const bot = bots[0]!;
  return {
    desk: bot.id,
    coin: bot.pair,
    venueA: bot.dex_a,
    venueB: bot.dex_b,
    spreadEntryPercent: bot.spread_entry,
    spreadExitPercent: bot.spread_exit,
    size: bot.position_size,
    leverage: bot.leverage,
    orderClass: bot.order_class,
    maxNotionalUsd: risk.max_notional_usd,
    maxUnhedgedMs: risk.max_unhedged_ms,
    maxDayLossUsd: risk.max_day_loss_usd,
  };
}

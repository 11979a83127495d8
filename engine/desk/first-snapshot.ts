import type { BotConfig } from '../config/schema.ts';
import type { Env } from '../env.ts';
import type { History } from '../journal/history.ts';
import { SNAPSHOT_LIMITS, type DeskInfo, type Exposure, type Snapshot, type Statistics } from '../protocol/model.ts';
import { percentToBps } from './plan.ts';

/** What a desk is started as; the rest of DeskInfo follows from the bot's config. */
export type DeskSetting = Pick<
  DeskInfo,
  'engineVersion' | 'bootId' | 'mode' | 'network' | 'tape' | 'fees' | 'configPath' | 'dataFolder'
>;

/** The state before anything is connected: what the journal knows. */
export function firstSnapshot(
  env: Env,
  setting: DeskSetting,
  bot: BotConfig,
  sizeE8: number,
  history: History,
  exposure: Exposure,
  statistics: Statistics,
): Snapshot {
  const trades = [...history.trades.values()].sort((a, b) => b.id - a.id).slice(0, SNAPSHOT_LIMITS.trades);
  const now = env.clock.wallMs();
  return {
    sequence: 0,
    at: now,
    desk: {
      ...setting,
      deskId: bot.id,
      coin: bot.pair,
      venueA: bot.dex_a,
      venueB: bot.dex_b,
      spreadEntryBps: percentToBps(bot.spread_entry),
      spreadExitBps: percentToBps(bot.spread_exit),
      sizeE8,
      leverage: bot.leverage,
      orderClass: bot.order_class,
      startedAt: now,
    },
    trading: 'starting',
    venues: [],
    spread: [],
    exposure,
    trades,
    missed: history.missed.slice(-SNAPSHOT_LIMITS.missed).reverse(),
    statistics,
    notices: [],
  };
}

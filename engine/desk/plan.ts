import type { TradeConfig } from '../core/trade-types.ts';
import { ONE_E8, parseE8 } from '../core/units.ts';
import type { BotConfig, Config } from '../config/schema.ts';
import type { RiskLimits } from '../core/risk.ts';
import type { SignalConfig } from '../core/signal.ts';
import type { LadderWant } from '../venues/venue.ts';
import type { DeskVenue } from './desk-order.ts';

/** Percent of the config to bps inside; rounded to 1e-6 bps so that 0.0157 % is 1.57 bps and not a hair more. */
export function percentToBps(percent: number): number {
  return Math.round(percent * 1e8) / 1e6;
}

export function signalConfigOf(bot: BotConfig): SignalConfig {
  return {
    spreadEntryBps: percentToBps(bot.spread_entry),
    spreadEntryMaxBps:
      bot.spread_entry_max === undefined ? Number.POSITIVE_INFINITY : percentToBps(bot.spread_entry_max),
    entryConfirmTicks: bot.entry_confirm_ticks,
    spreadExitBps: percentToBps(bot.spread_exit),
    exitConfirmTicks: bot.exit_confirm_ticks,
    cooldownMs: bot.cooldown_ms,
  };
}

/** Signed-ahead orders for every order the desk may need next: entries on both sides, reduce-only exits. */
export function ladderWantsOf({ symbol }: DeskVenue, sizeE8: number, bot: BotConfig): LadderWant[] {
  const bandBps = percentToBps(bot.slippage_buffer_pct);
  return (['BUY', 'SELL'] as const).flatMap((side) =>
    [false, true].map((reduceOnly) => ({ symbol, side, sizeE8, reduceOnly, bandBps })),
  );
}

/** How long an order stays valid at the venue after it was sent (W of product.md 3: 1.5-3 s). */
export const RECEIVE_WINDOW_MS = 2_000;

/** Bounds of every wait of the trade machine. `bandBps` is the operator's slippage buffer. */
export function tradeConfigOf(bot: BotConfig, takerDelayMs: number): TradeConfig {
  const bandBps = percentToBps(bot.slippage_buffer_pct);
  return {
    confirmTimeoutMs: RECEIVE_WINDOW_MS + takerDelayMs + 1_000,
    receiveWindowMs: RECEIVE_WINDOW_MS + takerDelayMs,
    windowMarginMs: 1_000,
    queryRetryMs: 500,
    queryRetryMaxMs: 5_000,
    maxDoubtMs: 60_000,
    bandBps,
    bandStepBps: Math.max(bandBps, 5),
    maxBandBps: 100,
    maxAttempts: 8,
    retryDelayMs: 250,
    retryDelayMaxMs: 5_000,
  };
}

/** Limits of the config in the engine's units; the net delta may reach one leg's size, which is what a naked leg is. */
export function riskLimitsOf(risk: Config['risk'], sizeE8: number): RiskLimits {
  return {
    maxNotionalE8: Math.round(risk.max_notional_usd * ONE_E8),
    maxNetDeltaE8: risk.max_net_delta === undefined ? sizeE8 : parseE8(String(risk.max_net_delta)),
    maxUnhedgedMs: risk.max_unhedged_ms,
    maxDayLossE8: Math.round(risk.max_day_loss_usd * ONE_E8),
  };
}

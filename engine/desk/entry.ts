import type { BotConfig } from '../config/schema.ts';
import { commonSizeE8, minReduceSizeE8 } from '../core/sizing.ts';
import { createTrade } from '../core/trade-create.ts';
import { longLeg } from '../core/trade-position.ts';
import type { LegName, LegRules, Trade as CoreTrade } from '../core/trade-types.ts';
import type { Direction } from '../core/types.ts';
import type { Env } from '../env.ts';
import type { DeskInfo } from '../protocol/model.ts';
import type { DeskVenue } from './desk-order.ts';
import { tradeConfigOf } from './plan.ts';
import type { TradeContext } from './trade-record.ts';

export interface EntryPlan {
  trade: CoreTrade;
  context: TradeContext;
}

export interface EntrySignal {
  tradeId: number;
  direction: Direction;
  wantedSizeE8: number;
  /** t2, monotonic. */
  signalMs: number;
  detectedMs: number;
  spreadBps: number;
}

/** Sizes an entry by both venues' rules and sets up its record; or says which rule refuses it. */
export function planEntry(
  env: Env,
  venues: Record<LegName, DeskVenue>,
  bot: BotConfig,
  info: DeskInfo,
  signal: EntrySignal,
): EntryPlan | { refusal: string; detail: string } {
  const { A, B } = venues;
  const priceE8 = Math.min(A.book.bids.priceE8[0]!, B.book.bids.priceE8[0]!);
  const size = commonSizeE8(signal.wantedSizeE8, priceE8, A.client.market(A.symbol), B.client.market(B.symbol));
  if ('refusal' in size) return size;
  const { direction, signalMs, detectedMs, spreadBps } = signal;
  const takerDelayMs = Math.max(A.client.capabilities.takerDelayMs, B.client.capabilities.takerDelayMs);
  const trade = createTrade({
    id: signal.tradeId,
    direction,
    sizeE8: size.sizeE8,
    legs: { A: legRules(A, priceE8), B: legRules(B, priceE8) },
    config: tradeConfigOf(bot, takerDelayMs),
  });
  const long = venues[longLeg(direction)];
  const short = long === A ? B : A;
  const signalAt = env.clock.wallMs();
  const { coin, mode, network, tape, fees, orderClass } = info;
  return {
    trade,
    context: {
      coin,
      mode,
      network,
      tape,
      fees: fees.kind,
      orderClass,
      longVenue: long.client.id,
      shortVenue: short.client.id,
      openedAt: signalAt,
      entry: { signalAt, signalMs, detectedMs, detectionSpreadBps: spreadBps },
      journal: [],
    },
  };
}

/** @param priceE8 about what the coin costs, to turn the venue's minimum notional into a size */
export function legRules(venue: DeskVenue, priceE8: number): LegRules {
  const market = venue.client.market(venue.symbol);
  return {
    venue: venue.client.id,
    sizeStepE8: market.sizeStepE8,
    minReduceE8: minReduceSizeE8(market, priceE8),
  };
}

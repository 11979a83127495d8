import type { BotConfig } from '../config/schema.ts';
import { applyFill, applyOrderNews, createOrder, stateForTrade, type OrderRecord } from '../core/orders.ts';
import { restoreTrade } from '../core/trade-create.ts';
import type { LegKey, LegName, OrderPlan, OrderPurpose, Trade as CoreTrade } from '../core/trade-types.ts';
import { ONE_E8 } from '../core/units.ts';
import type { Env } from '../env.ts';
import type { History } from '../journal/history.ts';
import type { Trade } from '../protocol/model.ts';
import type { DeskOrder, DeskVenue } from './desk-order.ts';
import { legRules } from './entry.ts';
import { tradeConfigOf } from './plan.ts';
import type { TradeContext } from './trade-record.ts';

export interface RestoredTrade {
  core: CoreTrade;
  orders: DeskOrder[];
  context: TradeContext;
}

/** Trades the journal does not know to be over, oldest first. */
export function unfinishedTrades(history: History): Trade[] {
  return [...history.trades.values()].filter((trade) => trade.state !== 'FLAT').sort((a, b) => a.id - b.id);
}

/** The trade as the journal remembers it, ready to be resumed: orders without a known end are in doubt (core/trade-create). */
export function restoreTradeFromJournal(
  env: Env,
  trade: Trade,
  history: History,
  venues: Record<LegName, DeskVenue>,
  bot: BotConfig,
): RestoredTrade {
  const nowMs = env.clock.monotonicMs();
  const toMonotonicMs = (wallMs: number): number => nowMs - (env.clock.wallMs() - wallMs);
  const orders = [...history.intents.values()]
    .filter((intent) => intent.tradeId === trade.id)
    .sort((a, b) => a.orderId - b.orderId)
    .map((intent) => restoreOrder(intent.orderId, trade, history, venues, toMonotonicMs));
  const priceE8 = trade.notionalE8 > 0 ? (trade.notionalE8 / trade.sizeE8) * ONE_E8 : ONE_E8;
  const delayMs = Math.max(venues.A.client.capabilities.takerDelayMs, venues.B.client.capabilities.takerDelayMs);
  const core = restoreTrade(
    {
      id: trade.id,
      direction: trade.direction,
      sizeE8: trade.sizeE8,
      legs: { A: legRules(venues.A, priceE8), B: legRules(venues.B, priceE8) },
      config: tradeConfigOf(bot, delayMs),
      closing: false,
      orders: orders.map(({ plan, record, request }) => ({
        key: plan.key,
        purpose: plan.purpose,
        leg: plan.leg,
        side: request.side,
        sizeE8: request.sizeE8,
        reduceOnly: request.reduceOnly,
        state: stateForTrade(record),
        filledE8: record.filledE8,
      })),
    },
    nowMs,
  );
  const episode = (part: Trade['entry']): TradeContext['entry'] => ({
    signalAt: part.signalAt,
    signalMs: toMonotonicMs(part.signalAt),
    detectedMs: toMonotonicMs(part.signalAt - part.detectionToSignalMs),
    detectionSpreadBps: part.detectionSpreadBps,
  });
  const { coin, mode, network, tape, fees, orderClass, longVenue, shortVenue, openedAt, journal } = trade;
  return {
    core,
    orders,
    context: {
      coin,
      mode,
      network,
      tape,
      fees,
      orderClass,
      longVenue,
      shortVenue,
      openedAt,
      entry: episode(trade.entry),
      exit: trade.exit && episode(trade.exit),
      journal: [...journal],
    },
  };
}

function restoreOrder(
  orderId: number,
  trade: Trade,
  history: History,
  venues: Record<LegName, DeskVenue>,
  toMonotonicMs: (wallMs: number) => number,
): DeskOrder {
  const intent = history.intents.get(orderId)!;
  const [purpose, leg] = intent.leg.split(':') as [OrderPurpose, LegName];
  const { side, sizeE8, limitPriceE8, reduceOnly, symbol, venue } = intent;
  const kept = [...trade.entry.legs, ...(trade.exit?.legs ?? [])].find((one) => one.orderId === orderId);
  const episode = trade.exit?.legs.some((one) => one.orderId === orderId) || purpose === 'exit' ? 'exit' : 'entry';
  const signalAt = (episode === 'exit' ? trade.exit : undefined)?.signalAt ?? trade.entry.signalAt;
  const decidedAtMs = toMonotonicMs(signalAt);
  let record: OrderRecord = createOrder({ venue, orderId, side, sizeE8 });
  for (const fill of history.fills) {
    if (fill.orderId !== orderId || fill.venue !== venue) continue;
    record = applyFill(record, { ...fill, receivedAtMs: toMonotonicMs(fill.receivedAtMs) });
  }
  const news = history.orders.get(orderId);
  if (news) {
    const { state, filledSizeE8, venueOrderId, reason } = news;
    record = applyOrderNews(record, { venue, orderId, state, filledSizeE8, venueOrderId, reason, stamps: {} });
  }
  const plan: OrderPlan = { key: intent.leg as LegKey, purpose, leg, venue, side, sizeE8, reduceOnly, bandBps: 0 };
  return {
    plan,
    tradeId: trade.id,
    episode,
    venue: venues[leg],
    request: { symbol, side, sizeE8, limitPriceE8, reduceOnly },
    view: {
      touchE8: kept?.touchAtDetectionE8 ?? limitPriceE8,
      levels: kept?.bookAtDetection ?? [],
      receivedAtMs: decidedAtMs,
      venueTimeMs: Number.NaN,
    },
    decidedAtMs,
    orderId,
    record,
    dropped: false,
  };
}

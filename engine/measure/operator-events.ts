import type { Direction } from '../core/types.ts';
import type { Episode, LegRecord, Trade } from '../protocol/model.ts';

/** The operator's SLIPPAGE_ANALYSIS line with our fields beside theirs. Null = could not be measured, never 0. */
export interface SlippageAnalysisEvent {
  event: 'SLIPPAGE_ANALYSIS';
  /** Unix ms. */
  detection_timestamp_ms: number;
  signal_timestamp_ms: number;
  order_sent_timestamp_ms: number | null;
  order_confirmed_timestamp_ms: number | null;
  detection_to_signal_ms: number;
  signal_to_order_ms: number | null;
  /** To the fill's confirmation. Their old logs hold the acknowledgement here: compare those with `order_to_ack_ms`. */
  order_to_confirm_ms: number | null;
  total_latency_ms: number | null;
  /** The coin. */
  pair: string;
  /** Percent, as in the operator's config (0.18 = 0.18 %). */
  detection_spread: number;
  execution_spread: number | null;
  slippage_bps: number | null;
  long_exchange: string;
  short_exchange: string;
  /** AOverB = long A. On an exit too: the direction of the position that is closed. */
  direction: Direction;
  // Ours:
  trade_id: number;
  episode: 'entry' | 'exit';
  order_to_ack_ms: number | null;
  leg_skew_ms: number | null;
  fees_bps: number | null;
  shortfall_bps: number | null;
  legs: SlippageAnalysisLeg[];
}

export interface SlippageAnalysisLeg {
  exchange: string;
  side: 'BUY' | 'SELL';
  order_id: number;
  size: number;
  filled: number;
  average_price: number | null;
  signal_to_order_ms: number | null;
  order_to_ack_ms: number | null;
  order_to_confirm_ms: number | null;
  slippage_bps: number | null;
  delay_bps: number | null;
  walk_bps: number | null;
  split_estimated: boolean | null;
  signature: 'ahead' | 'onDemand';
}

/** The event of one episode of `trade` (product.md 3, events). Durations are the slower leg's, as the operator's are. */
export function slippageAnalysisEvent(trade: Trade, episode: Episode): SlippageAnalysisEvent {
  const { signalAt, detectionToSignalMs, signalToOrderMs, totalMs } = episode;
  return {
    event: 'SLIPPAGE_ANALYSIS',
    detection_timestamp_ms: signalAt - detectionToSignalMs,
    signal_timestamp_ms: signalAt,
    order_sent_timestamp_ms: signalToOrderMs === undefined ? null : signalAt + signalToOrderMs,
    order_confirmed_timestamp_ms: totalMs === undefined ? null : signalAt - detectionToSignalMs + totalMs,
    detection_to_signal_ms: detectionToSignalMs,
    signal_to_order_ms: signalToOrderMs ?? null,
    order_to_confirm_ms: episode.orderToConfirmMs ?? null,
    total_latency_ms: totalMs ?? null,
    pair: trade.coin,
    detection_spread: episode.detectionSpreadBps / 100,
    execution_spread: episode.executionSpreadBps === undefined ? null : episode.executionSpreadBps / 100,
    slippage_bps: episode.slippageBps ?? null,
    long_exchange: trade.longVenue,
    short_exchange: trade.shortVenue,
    direction: trade.direction,
    trade_id: trade.id,
    episode: episode.kind,
    order_to_ack_ms: episode.orderToAckMs ?? null,
    leg_skew_ms: episode.legSkewMs ?? null,
    fees_bps: episode.feesBps ?? null,
    shortfall_bps: episode.shortfallBps ?? null,
    legs: episode.legs.map(legOf),
  };
}

function legOf(leg: LegRecord): SlippageAnalysisLeg {
  return {
    exchange: leg.venue,
    side: leg.side,
    order_id: leg.orderId,
    size: leg.sizeE8 / 1e8,
    filled: leg.filledE8 / 1e8,
    average_price: leg.averagePriceE8 === undefined ? null : leg.averagePriceE8 / 1e8,
    signal_to_order_ms: leg.stamps.t4 ?? null,
    order_to_ack_ms: leg.orderToAckMs ?? null,
    order_to_confirm_ms: leg.orderToConfirmMs ?? null,
    slippage_bps: leg.cost?.slippageBps ?? null,
    delay_bps: leg.cost?.delayBps ?? null,
    walk_bps: leg.cost?.walkBps ?? null,
    split_estimated: leg.cost?.splitEstimated ?? null,
    signature: leg.signature,
  };
}

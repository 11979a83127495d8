import { describe, expect, it } from 'vitest';
import type { Episode, LegRecord, Trade } from '../protocol/model.ts';
import { slippageAnalysisEvent } from './operator-events.ts';

const leg: LegRecord = {
  venue: 'paradex',
  symbol: 'BTC-USD-PERP',
  side: 'BUY',
  purpose: 'entry',
  orderId: 7,
  state: 'FILLED',
  sizeE8: 3_000_000,
  filledE8: 3_000_000,
  limitPriceE8: 60_030e8,
  reduceOnly: false,
  averagePriceE8: 60_001e8,
  touchAtDetectionE8: 60_000e8,
  fills: [],
  stamps: { t2: 0, t4: 0.4, ack: 386, t8: 387 },
  signature: 'ahead',
  signMs: 0.3,
  slotAgeMs: 900,
  orderToAckMs: 385.6,
  orderToConfirmMs: 386.6,
  feedAgeEstimated: false,
  bookAtDetection: [],
};
const episode: Episode = {
  kind: 'entry',
  state: 'complete',
  signalAt: 1_723_000_000_000,
  detectionSpreadBps: 18,
  executionSpreadBps: 16.5,
  slippageBps: 1.5,
  detectionToSignalMs: 25,
  signalToOrderMs: 0.5,
  orderToAckMs: 386,
  orderToConfirmMs: 388,
  totalMs: 414,
  submission: 'parallel',
  legs: [leg],
};
const trade: Trade = {
  id: 3,
  coin: 'BTC',
  state: 'OPEN',
  mode: 'practice',
  direction: 'AOverB',
  longVenue: 'paradex',
  shortVenue: 'vest',
  openedAt: episode.signalAt,
  sizeE8: 3_000_000,
  notionalE8: 1800e8,
  network: 'adsl-rural',
  tape: 'usdm-coinm',
  entry: episode,
  journal: [],
};

describe('slippageAnalysisEvent', () => {
  it("carries the operator's fields: Unix ms, percent spreads, the slower leg's durations", () => {
    expect(slippageAnalysisEvent(trade, episode)).toMatchObject({
      event: 'SLIPPAGE_ANALYSIS',
      detection_timestamp_ms: 1_722_999_999_975,
      signal_timestamp_ms: 1_723_000_000_000,
      order_sent_timestamp_ms: 1_723_000_000_000.5,
      order_confirmed_timestamp_ms: 1_723_000_000_389,
      detection_to_signal_ms: 25,
      signal_to_order_ms: 0.5,
      order_to_confirm_ms: 388,
      total_latency_ms: 414,
      pair: 'BTC',
      detection_spread: 0.18,
      execution_spread: 0.165,
      slippage_bps: 1.5,
      long_exchange: 'paradex',
      short_exchange: 'vest',
      direction: 'AOverB',
    });
  });

  it('adds both legs, and null where nothing could be measured', () => {
    const event = slippageAnalysisEvent(trade, { ...episode, slippageBps: undefined, totalMs: undefined });
    expect(event.slippage_bps).toBeNull();
    expect(event.order_confirmed_timestamp_ms).toBeNull();
    expect(event.legs[0]).toMatchObject({ exchange: 'paradex', size: 0.03, average_price: 60_001, slippage_bps: null });
  });

  it('keeps the direction of the position on its exit', () => {
    expect(slippageAnalysisEvent(trade, { ...episode, kind: 'exit' })).toMatchObject({
      episode: 'exit',
      direction: 'AOverB',
      long_exchange: 'paradex',
    });
  });
});

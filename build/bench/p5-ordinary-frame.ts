import { OrderBook } from '../../engine/core/book.ts';
import { createSignal } from '../../engine/core/signal.ts';
import { createSpreadPair, updateSpreads } from '../../engine/core/spread.ts';
import { LatencyHistogram } from '../../engine/measure/histogram.ts';
import { TouchHistory } from '../../engine/measure/touch-history.ts';
import { meets, side, significant, type Bench } from './bar.ts';
import { bboFrame, memoryMarketData, renumber, SYMBOL } from './market-feed.ts';
import { recordedQuotes } from './recorded-quotes.ts';
import { quantile } from './rounds.ts';

const BAR_US = 5;
const TAPE_MS = 20_000;
const WARM_UP_ROUNDS = 10;

/** P5: what an ordinary frame costs from the socket's callback until everything about it is done. No peer. */
export const benchOrdinaryFrame: Bench = async ({ rounds }) => {
  const quotes = await recordedQuotes(TAPE_MS);
  const own = quotes.filter(({ venue }) => venue === 'B');
  const other = quotes.find(({ venue }) => venue === 'A')!;
  const frames = own.map((quote, index) => bboFrame(quote, SYMBOL, Math.round(quote.atMs * 1000), index + 2));
  const otherBook = new OrderBook('vest', 'BTC-PERP');
  otherBook.bids.setTouch(other.bidPriceE8, other.bidSizeE8);
  otherBook.asks.setTouch(other.askPriceE8, other.askSizeE8);
  const spreads = createSpreadPair();
  const signal = createSignal({
    spreadEntryBps: 1_000,
    spreadEntryMaxBps: Number.POSITIVE_INFINITY,
    entryConfirmTicks: 1,
    spreadExitBps: 0,
    exitConfirmTicks: 1,
    cooldownMs: 0,
  });
  const touches = new TouchHistory();
  const feedAge = new LatencyHistogram();
  const feed = memoryMarketData(own[0]!, (book) => {
    updateSpreads(spreads, otherBook, book);
    signal.onTick(book.receivedAtMs, spreads.aOverBBps, spreads.bOverABps, 'FLAT');
    touches.record(book.bids.priceE8[0]!, book.asks.priceE8[0]!, book.receivedAtMs, book.venueTimeMs);
    feedAge.record(1);
  });
  const perFrameUs: number[] = [];
  let sequence = 2;
  for (let round = 0; round < WARM_UP_ROUNDS + rounds; round++) {
    renumber(frames, sequence);
    sequence += frames.length;
    for (const { bytes } of frames) {
      const startedMs = performance.now();
      feed.receive(bytes, startedMs);
      const tookUs = (performance.now() - startedMs) * 1000;
      if (round >= WARM_UP_ROUNDS) perFrameUs.push(tookUs);
    }
  }
  await feed.close();
  const ours = side('Paradex market data, spread, signal, touch history, feed-age histogram', perFrameUs);
  const value = ours.p50;
  return {
    title: 'ordinary frame, p50',
    ok: meets('atMost', value, BAR_US),
    value,
    bar: BAR_US,
    need: 'atMost',
    unit: 'us',
    timeUnit: 'us',
    ours,
    rounds,
    warmUpRounds: WARM_UP_ROUNDS,
    measured: `each of ${frames.length} recorded BBO frames a round timed alone, from the entry of the socket's callback to its end; depth deltas are not among them`,
    more: { p99: significant(quantile(perFrameUs, 0.99)) },
  };
};

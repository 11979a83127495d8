import { Worker } from 'node:worker_threads';
import type { OrderBook } from '../../engine/core/book.ts';
import { createSignal, type Signal } from '../../engine/core/signal.ts';
import { createSpreadPair, updateSpreads } from '../../engine/core/spread.ts';
import { createNodeEnv } from '../../engine/node-env.ts';
import { MarketData } from '../../engine/venues/paradex/market-data.ts';
import { meets, side, significant, type Bench } from './bar.ts';
import { bookListener, SYMBOL } from './market-feed.ts';
import { monotonicUs } from './monotonic.ts';
import { segmentWith } from './opportunities.ts';
import { recordedQuotes, type Quote } from './recorded-quotes.ts';
import { median } from './rounds.ts';

const BAR = 1 / 25;
const POLL_MS = 25;
const WARM_UP_ROUNDS = 5;
const MAX_TAPE_MS = 120_000;

interface Detections {
  eventsMs: number[];
  pollMs: number[];
  /** Opportunities that came and went between two polls. */
  missedByPoll: number;
}

/** One entry threshold, watched in both ways. */
interface Watch {
  byEvents: Signal;
  byPolling: Signal;
  /** When the quote that opened the present opportunity was written. */
  openedAtUs: number | undefined;
  seenByPoll: boolean;
}

/** P9: from the moment a crossing quote is written until a signal is seen, event-driven against a polling loop. */
export const benchDetection: Bench = async ({ rounds }) => {
  const wanted = rounds + WARM_UP_ROUNDS;
  const { quotes, thresholdsBps } = segmentWith(await recordedQuotes(MAX_TAPE_MS), wanted, 2 * POLL_MS);
  const { eventsMs, pollMs, missedByPoll } = await replay(quotes, thresholdsBps);
  const ours = eventsMs.slice(WARM_UP_ROUNDS);
  const peer = pollMs.slice(WARM_UP_ROUNDS);
  const value = significant(median(ours) / median(peer));
  return {
    title: 'detection',
    ok: meets('atMost', value, BAR),
    value,
    bar: BAR,
    need: 'atMost',
    unit: 'of a 25 ms poll',
    timeUnit: 'ms',
    ours: side('socket callback -> MarketData -> OrderBook -> spread -> signal', ours),
    peer: side('the same books looked at every 25 ms, same spread and signal code', peer),
    rounds: Math.min(ours.length, peer.length),
    warmUpRounds: WARM_UP_ROUNDS,
    measured: `${quotes.length} recorded quotes of ${(quotes.at(-1)!.atMs / 1000).toFixed(0)} s in real time over local WebSockets, from the write at the sender (another thread) to the signal; a round is a quote that opens an opportunity at any of ${thresholdsBps.length} thresholds`,
    more: { thresholdsBps: thresholdsBps.map(significant), opportunities: eventsMs.length, missedByPoll },
  };
};

async function replay(quotes: Quote[], thresholdsBps: number[]): Promise<Detections> {
  const result: Detections = { eventsMs: [], pollMs: [], missedByPoll: 0 };
  const env = createNodeEnv();
  const worker = new Worker(new URL('quote-server.ts', import.meta.url), { workerData: { quotes } });
  const { port } = await nextMessage<{ port: number }>(worker);
  const [a, b] = ['A', 'B'].map(
    (venue) =>
      new MarketData({
        env,
        wsUrl: `ws://127.0.0.1:${port}/${venue}`,
        symbols: [SYMBOL],
        staleAfterMs: Number.MAX_SAFE_INTEGER,
        listener: bookListener((book) => onBook(book)),
        onServerTimes: () => undefined,
        onAllValid: () => undefined,
      }),
  );
  const books = { a: a!.book(SYMBOL)!, b: b!.book(SYMBOL)! };
  const watches = thresholdsBps.map((threshold): Watch => ({
    byEvents: signalAt(threshold),
    byPolling: signalAt(threshold),
    openedAtUs: undefined,
    seenByPoll: false,
  }));
  const eventSpreads = createSpreadPair();
  const pollSpreads = createSpreadPair();
  /** Write time of the last quote counted, for either way: a quote that passes several thresholds counts once. */
  const counted = { events: Number.NaN, poll: new Set<number>() };

  function onBook({ receivedAtMs, venueTimeMs }: OrderBook): void {
    if (!books.a.valid || !books.b.valid) return;
    updateSpreads(eventSpreads, books.a, books.b);
    const { aOverBBps, bOverABps } = eventSpreads;
    for (const watch of watches) {
      const signalled = watch.byEvents.onTick(receivedAtMs, aOverBBps, bOverABps, 'FLAT') !== 'NONE';
      if (signalled && watch.openedAtUs === undefined) open(watch, venueTimeMs * 1000);
      else if (!signalled && watch.openedAtUs !== undefined) {
        if (!watch.seenByPoll) result.missedByPoll++;
        watch.openedAtUs = undefined;
      }
    }
  }
  function open(watch: Watch, openedAtUs: number): void {
    watch.openedAtUs = openedAtUs;
    watch.seenByPoll = false;
    // Quotes of 0 are the snapshots before the segment.
    if (openedAtUs === 0 || openedAtUs === counted.events) return;
    counted.events = openedAtUs;
    result.eventsMs.push((monotonicUs() - openedAtUs) / 1000);
  }
  function poll(): void {
    if (!books.a.valid || !books.b.valid) return;
    updateSpreads(pollSpreads, books.a, books.b);
    const { aOverBBps, bOverABps } = pollSpreads;
    for (const watch of watches) {
      const signalled = watch.byPolling.onTick(env.clock.monotonicMs(), aOverBBps, bOverABps, 'FLAT') !== 'NONE';
      const { openedAtUs } = watch;
      if (!signalled || openedAtUs === undefined || watch.seenByPoll) continue;
      watch.seenByPoll = true;
      if (openedAtUs === 0 || counted.poll.has(openedAtUs)) continue;
      counted.poll.add(openedAtUs);
      result.pollMs.push((monotonicUs() - openedAtUs) / 1000);
    }
  }

  a!.start();
  b!.start();
  const stopPolling = env.timers.every(POLL_MS, poll);
  await nextMessage(worker);
  stopPolling();
  await Promise.all([a!.stop(), b!.stop()]);
  await env.close();
  await worker.terminate();
  return result;
}

function signalAt(spreadEntryBps: number): Signal {
  return createSignal({
    spreadEntryBps,
    spreadEntryMaxBps: Number.POSITIVE_INFINITY,
    entryConfirmTicks: 1,
    spreadExitBps: 0,
    exitConfirmTicks: 1,
    cooldownMs: 0,
  });
}

function nextMessage<Message>(worker: Worker): Promise<Message> {
  return new Promise((resolve, reject) => {
    worker.once('message', resolve);
    worker.once('error', reject);
  });
}

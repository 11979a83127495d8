import type {
  Distribution,
  LatencyBucket,
  LegLatency,
  LegRecord,
  Percentiles,
  Statistics,
  Trade,
} from '../../engine/protocol/model.ts';

/** Statistics of the sample's own trades, so that every page of the sample agrees with the others. */

function quantile(sorted: readonly number[], share: number): number {
  return sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))] ?? 0;
}

export function percentilesOf(values: readonly number[]): Percentiles {
  if (values.length === 0) return { n: 0 };
  const sorted = values.toSorted((a, b) => a - b);
  return {
    n: sorted.length,
    p10: quantile(sorted, 0.1),
    p50: quantile(sorted, 0.5),
    p90: quantile(sorted, 0.9),
    p95: quantile(sorted, 0.95),
    p99: quantile(sorted, 0.99),
    max: sorted.at(-1),
  };
}

export function distributionOf(values: readonly number[]): Distribution {
  const n = values.length;
  if (n === 0) return { n };
  const mean = values.reduce((sum, value) => sum + value, 0) / n;
  const sd = Math.sqrt(values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / Math.max(1, n - 1));
  const half = (1.96 * sd) / Math.sqrt(n);
  const sorted = values.toSorted((a, b) => a - b);
  return {
    n,
    mean,
    sd,
    median: quantile(sorted, 0.5),
    p95: quantile(sorted, 0.95),
    ...(n >= 8 ? { ci95: [mean - half, mean + half] as [number, number] } : {}),
  };
}

const BUCKET_MS = 60_000;

export function statisticsOf(trades: readonly Trade[], missed: number, venues: readonly string[]): Statistics {
  const episodes = trades
    .flatMap((trade) => (trade.exit ? [trade.entry, trade.exit] : [trade.entry]))
    .filter((episode) => episode.state === 'complete')
    .sort((a, b) => a.signalAt - b.signalAt);
  const slippageOf = (kind?: 'entry' | 'exit') =>
    episodes.filter((each) => !kind || each.kind === kind).flatMap((each) => each.slippageBps ?? []);
  const legsOf = (venue: string) => episodes.flatMap((each) => each.legs).filter((leg) => leg.venue === venue);
  const closed = trades.filter((trade) => trade.netE8 !== undefined);
  const sum = (pick: (trade: Trade) => number | undefined) =>
    closed.reduce((total, trade) => total + (pick(trade) ?? 0), 0);
  return {
    entries: trades.length,
    exits: closed.length,
    missed,
    unwound: trades.filter((trade) => trade.entry.state === 'failed').length,
    grossE8: sum((trade) => trade.grossE8),
    feesE8: sum((trade) => trade.feesE8),
    netE8: sum((trade) => trade.netE8),
    slippage: distributionOf(slippageOf()),
    slippageByLeg: venues.map((venue) => ({
      venue,
      delay: distributionOf(legsOf(venue).flatMap((leg) => leg.cost?.delayBps ?? [])),
      walk: distributionOf(legsOf(venue).flatMap((leg) => leg.cost?.walkBps ?? [])),
    })),
    slippageEntry: distributionOf(slippageOf('entry')),
    slippageExit: distributionOf(slippageOf('exit')),
    slippageValues: slippageOf(),
    latency: venues.map((venue) => legLatency(venue, legsOf(venue))),
    latencyBuckets: venues.flatMap((venue) => buckets(venue, episodes)),
    detectionToSignal: percentilesOf(episodes.map((each) => each.detectionToSignalMs)),
    loopDelay: { n: 4200, p10: 0.1, p50: 0.3, p90: 0.8, p95: 1.1, p99: 2.4, max: 6.2 },
  };
}

function between(leg: LegRecord, from: keyof LegRecord['stamps'], to: keyof LegRecord['stamps']): number[] {
  const [start, end] = [leg.stamps[from], leg.stamps[to]];
  return start === undefined || end === undefined ? [] : [end - start];
}

function legLatency(venue: string, legs: readonly LegRecord[]): LegLatency {
  return {
    venue,
    orderToAck: percentilesOf(legs.flatMap((leg) => leg.orderToAckMs ?? [])),
    orderToConfirm: percentilesOf(legs.flatMap((leg) => leg.orderToConfirmMs ?? [])),
    signalToOrder: percentilesOf(legs.flatMap((leg) => between(leg, 't2', 't4'))),
    sign: percentilesOf(legs.map((leg) => leg.signMs)),
    lineOut: percentilesOf(legs.flatMap((leg) => between(leg, 't4', 't5'))),
    venueTime: percentilesOf(legs.flatMap((leg) => between(leg, 't5', 't7'))),
    lineBack: percentilesOf(legs.flatMap((leg) => between(leg, 't7', 't8'))),
  };
}

function buckets(venue: string, episodes: readonly Trade['entry'][]): LatencyBucket[] {
  const byStart = new Map<number, LegRecord[]>();
  for (const episode of episodes) {
    const start = Math.floor(episode.signalAt / BUCKET_MS) * BUCKET_MS;
    const legs = byStart.get(start) ?? [];
    byStart.set(start, legs.concat(episode.legs.filter((leg) => leg.venue === venue)));
  }
  return [...byStart].map(([startAt, legs]) => ({
    startAt,
    lengthMs: BUCKET_MS,
    venue,
    orderToConfirm: percentilesOf(legs.flatMap((leg) => leg.orderToConfirmMs ?? [])),
    orderToAck: percentilesOf(legs.flatMap((leg) => leg.orderToAckMs ?? [])),
  }));
}

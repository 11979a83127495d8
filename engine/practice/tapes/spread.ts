import type { Direction } from '../../core/types.ts';
import { DenseSide } from './dense-book.ts';
import type { Tape, TapeMarket } from './load-tape.ts';

/** Executable touch spread of a tape both ways in bps, one entry per update of either touch. A = Paradex, B = Vest. */
export interface SpreadSeries {
  count: number;
  timeUs: Float64Array;
  /** Buy A, sell B: (bid_B - ask_A) / ask_A. */
  aOverBBps: Float64Array;
  /** Buy B, sell A: (bid_A - ask_B) / ask_B. */
  bOverABps: Float64Array;
}

/** The spread somebody without any latency would have seen, over the whole tape. */
export function measureSpread(tape: Tape): SpreadSeries {
  const a = new Touch(tape.markets.paradex);
  const b = new Touch(tape.markets.vest);
  const timeUs: number[] = [];
  const aOverB: number[] = [];
  const bOverA: number[] = [];
  while (a.hasNext() || b.hasNext()) {
    const next = a.nextTimeUs() <= b.nextTimeUs() ? a : b;
    const atUs = next.nextTimeUs();
    if (!next.advance() || !a.isComplete() || !b.isComplete()) continue;
    timeUs.push(atUs);
    aOverB.push(((b.bidE8() - a.askE8()) / a.askE8()) * 1e4);
    bOverA.push(((a.bidE8() - b.askE8()) / b.askE8()) * 1e4);
  }
  return {
    count: timeUs.length,
    timeUs: Float64Array.from(timeUs),
    aOverBBps: Float64Array.from(aOverB),
    bOverABps: Float64Array.from(bOverA),
  };
}

/** The better of both directions at each point, in bps. */
export function bestSpreadBps(series: SpreadSeries): Float64Array {
  return series.aOverBBps.map((value, index) => Math.max(value, series.bOverABps[index]!));
}

/** Value below which `percentile` percent of the values lie (nearest rank). */
export function percentileOf(values: Float64Array, percentile: number): number {
  const sorted = values.toSorted();
  return sorted[Math.min(sorted.length - 1, Math.floor((percentile / 100) * sorted.length))] ?? Number.NaN;
}

/** Percentiles of the better direction's spread over all quotes of a tape, in bps. */
export interface SpreadSummary {
  p50: number;
  p95: number;
  p99: number;
  max: number;
}

export function summarizeSpread(tape: Tape): SpreadSummary {
  const spread = bestSpreadBps(measureSpread(tape));
  return {
    p50: percentileOf(spread, 50),
    p95: percentileOf(spread, 95),
    p99: percentileOf(spread, 99),
    max: percentileOf(spread, 100),
  };
}

export interface RoundTripRule {
  /** Enter when the spread of the direction reaches it. */
  entryBps: number;
  /** Leave when the reverse spread is above it. */
  exitBps: number;
  /** `either` takes the better one. */
  direction: Direction | 'either';
  /** No entries in the last part of the tape. */
  noEntryLastUs: number;
}

/** Entries of somebody without latency who holds one trade at a time: the tape's supply of opportunities. */
export function countEntries(series: SpreadSeries, tapeDurationUs: number, rule: RoundTripRule): number {
  let held: Direction | undefined;
  let entries = 0;
  for (let i = 0; i < series.count; i++) {
    const aOverB = series.aOverBBps[i]!;
    const bOverA = series.bOverABps[i]!;
    if (held) {
      if ((held === 'AOverB' ? bOverA : aOverB) > rule.exitBps) held = undefined;
      continue;
    }
    if (series.timeUs[i]! > tapeDurationUs - rule.noEntryLastUs) continue;
    const better: Direction = aOverB >= bOverA ? 'AOverB' : 'BOverA';
    const direction = rule.direction === 'either' ? better : rule.direction;
    if ((direction === 'AOverB' ? aOverB : bOverA) >= rule.entryBps) {
      held = direction;
      entries++;
    }
  }
  return entries;
}

/** Walks one market's updates and keeps its touch. */
class Touch {
  private readonly market: TapeMarket;
  private readonly bids: DenseSide;
  private readonly asks: DenseSide;
  private next = 0;

  constructor(market: TapeMarket) {
    this.market = market;
    this.bids = new DenseSide('bids', market.band.lowestTick, market.band.highestTick);
    this.asks = new DenseSide('asks', market.band.lowestTick, market.band.highestTick);
  }

  hasNext(): boolean {
    return this.next < this.market.updates.count;
  }

  nextTimeUs(): number {
    return this.hasNext() ? this.market.updates.timeUs[this.next]! : Number.POSITIVE_INFINITY;
  }

  /** Applies the next update; true when it changed the touch. */
  advance(): boolean {
    const { updates } = this.market;
    const index = this.next++;
    const askStart = updates.askStart[index]!;
    for (let level = updates.levelStart[index]!; level < updates.levelStart[index + 1]!; level++) {
      const side = level < askStart ? this.bids : this.asks;
      side.set(updates.levelTick[level]!, updates.levelSteps[level]!);
    }
    return updates.touchChanged[index] === 1;
  }

  isComplete(): boolean {
    return !Number.isNaN(this.bids.bestTick) && !Number.isNaN(this.asks.bestTick);
  }

  bidE8(): number {
    return this.bids.bestTick * this.market.tickE8;
  }

  askE8(): number {
    return this.asks.bestTick * this.market.tickE8;
  }
}

import { median, quantile } from './rounds.ts';

/** One side of a comparison: per-call durations of its rounds. */
export interface Side {
  what: string;
  p50: number;
  p95: number;
  n: number;
}

/** One bar of docs/performance.md, measured. `value` is the ratio (or duration) the bar speaks of. */
export interface BarResult {
  title: string;
  ok: boolean;
  value: number;
  bar: number;
  /** Which side of `bar` the value has to be on. */
  need: 'atLeast' | 'atMost';
  unit: string;
  /** Of `ours` and `peer`. */
  timeUnit?: 'ms' | 'us';
  ours?: Side;
  peer?: Side;
  rounds: number;
  warmUpRounds: number;
  /** What exactly was timed, in words. */
  measured: string;
  /** Figures beside the bar. */
  more?: Record<string, unknown>;
}

export type Bench = (options: BenchOptions) => Promise<BarResult>;

export interface BenchOptions {
  rounds: number;
}

export function side(what: string, durations: readonly number[]): Side {
  return {
    what,
    p50: significant(median(durations)),
    p95: significant(quantile(durations, 0.95)),
    n: durations.length,
  };
}

/** Four significant digits: more would be noise. */
export function significant(value: number): number {
  return Number(value.toPrecision(4));
}

export function meets(need: BarResult['need'], value: number, bar: number): boolean {
  return need === 'atLeast' ? value >= bar : value <= bar;
}

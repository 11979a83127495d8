import { build, type Histogram } from 'hdr-histogram-js';
import type { Percentiles } from '../protocol/model.ts';

/** 10 minutes: longer durations are counted there, so that memory stays bounded. */
const HIGHEST_MICROSECONDS = 600_000_000;

/**
 * Durations in an HDR histogram (microseconds inside). Percentiles of several histograms come from merging them, never
 * from averaging. At most some 85 kB with 3 digits, 13 kB with 2, however many values are recorded.
 */
export class LatencyHistogram {
  private readonly counts: Histogram;
  private readonly digits: 2 | 3;

  /** @param digits significant digits kept: 3 for 0.1 % steps, 2 for 1 % */
  constructor(digits: 2 | 3 = 3) {
    this.digits = digits;
    this.counts = build({
      bitBucketSize: 32,
      autoResize: true,
      lowestDiscernibleValue: 1,
      highestTrackableValue: 2,
      numberOfSignificantValueDigits: digits,
    });
  }

  get n(): number {
    return this.counts.totalCount;
  }

  /** Adds one duration. Undefined and NaN (not measured) are left out; below 0 (clock error) counts as 0. */
  record(durationMs: number | undefined): void {
    if (durationMs === undefined || Number.isNaN(durationMs)) return;
    this.counts.recordValue(Math.min(Math.max(0, Math.round(durationMs * 1000)), HIGHEST_MICROSECONDS));
  }

  merge(other: LatencyHistogram): void {
    if (other.n > 0) this.counts.add(other.counts);
  }

  copy(): LatencyHistogram {
    const made = new LatencyHistogram(this.digits);
    made.merge(this);
    return made;
  }

  /** Percentiles in ms; only n = 0 without values. */
  percentiles(): Percentiles {
    const { n } = this;
    if (n === 0) return { n };
    const max = this.counts.maxValue / 1000;
    // The histogram answers with the upper end of its step, which may lie above the largest value.
    const at = (percentile: number): number => Math.min(max, this.counts.getValueAtPercentile(percentile) / 1000);
    return { n, p10: at(10), p50: at(50), p90: at(90), p95: at(95), p99: at(99), max };
  }
}

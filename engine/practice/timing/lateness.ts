import { build, type Histogram } from 'hdr-histogram-js';

/** How late things happened against the time they were due; n is always told with it. */
export interface LatenessReport {
  n: number;
  p50Ms: number;
  p99Ms: number;
  maxMs: number;
}

const HIGHEST_US = 60_000_000;

/** HDR histogram of lateness in microseconds, two significant digits. What came early counts as on time. */
export class Lateness {
  private readonly histogram: Histogram = build({
    lowestDiscernibleValue: 1,
    highestTrackableValue: HIGHEST_US,
    numberOfSignificantValueDigits: 2,
    useWebAssembly: false,
  });

  record(lateUs: number): void {
    this.histogram.recordValue(Math.min(HIGHEST_US, Math.max(0, Math.round(lateUs))));
  }

  report(): LatenessReport {
    return {
      n: this.histogram.totalCount,
      p50Ms: this.histogram.getValueAtPercentile(50) / 1000,
      p99Ms: this.histogram.getValueAtPercentile(99) / 1000,
      maxMs: this.histogram.maxValue / 1000,
    };
  }
}

import { build, type Histogram } from 'hdr-histogram-js';
import type { Percentiles } from '../../engine/protocol/model.ts';

/** Round trips of one link in an HDR histogram of microseconds: bounded memory for any length of run. */
export interface RoundTrips {
  record(roundTripMs: number): void;
  percentiles(): Percentiles;
}

const HIGHEST_US = 60_000_000;

export function createRoundTrips(): RoundTrips {
  const histogram: Histogram = build({
    lowestDiscernibleValue: 1,
    highestTrackableValue: HIGHEST_US,
    numberOfSignificantValueDigits: 3,
  });
  const at = (percentile: number) => histogram.getValueAtPercentile(percentile) / 1000;
  return {
    record: (roundTripMs) => {
      histogram.recordValue(Math.min(HIGHEST_US, Math.max(1, Math.round(roundTripMs * 1000))));
    },
    percentiles: () =>
      histogram.totalCount === 0
        ? { n: 0 }
        : {
            n: histogram.totalCount,
            p10: at(10),
            p50: at(50),
            p90: at(90),
            p95: at(95),
            p99: at(99),
            max: histogram.maxValue / 1000,
          },
  };
}

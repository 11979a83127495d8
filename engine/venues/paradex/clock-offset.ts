import type { ClockOffset } from '../venue.ts';

const MAX_SAMPLES = 32;
/** Stamps are whole microseconds at best; an exchange that seems faster than nothing by more than this is nonsense. */
const ROUNDING_MS = 0.05;

interface Sample {
  offsetMs: number;
  errorMs: number;
}

/**
 * The venue's clock against ours from request/answer stamps, as NTP does it: the answer that travelled fastest bounds the offset
 * best. Only the newest samples count, so that drift between the clocks cannot pile up.
 */
export class ClockOffsetEstimator {
  private readonly samples: Sample[] = [];
  private total = 0;
  private best: Sample | undefined;

  /** Send and receive in monotonic ms; the venue's receive and send in microseconds since the epoch. */
  add(sentAtMs: number, receivedAtMs: number, usIn: number, usOut: number): void {
    const travelMs = receivedAtMs - sentAtMs - (usOut - usIn) / 1000;
    if (!(travelMs > -ROUNDING_MS)) return;
    const offsetMs = (usIn / 1000 - sentAtMs + (usOut / 1000 - receivedAtMs)) / 2;
    this.samples.push({ offsetMs, errorMs: Math.max(0, travelMs) / 2 });
    if (this.samples.length > MAX_SAMPLES) this.samples.shift();
    this.total++;
    this.best = this.samples.reduce((best, sample) => (sample.errorMs < best.errorMs ? sample : best));
  }

  estimate(): ClockOffset | undefined {
    return this.best && { offsetMs: this.best.offsetMs, errorMs: this.best.errorMs, samples: this.total };
  }

  /** Venue time (ms since the epoch) in our monotonic ms; undefined before the first sample. */
  toMonotonicMs(venueMs: number): number | undefined {
    return this.best && venueMs - this.best.offsetMs;
  }
}

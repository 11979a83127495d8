import type { ClockOffset } from './venue.ts';

export interface ClockSample {
  /** venue wall ms = our monotonic ms + offsetMs */
  offsetMs: number;
  /** Half of what the exchange's travel leaves open. */
  errorMs: number;
}

/**
 * The venue's clock against ours, from samples each with an error bound: the one with the smallest bound counts. Only the
 * newest samples are held, so that drift between the clocks cannot pile up.
 */
export class ClockSamples {
  private readonly capacity: number;
  private readonly samples: ClockSample[] = [];
  private total = 0;
  private best: ClockSample | undefined;

  constructor(capacity: number) {
    this.capacity = capacity;
  }

  add(sample: ClockSample): void {
    this.samples[this.total++ % this.capacity] = sample;
    this.best = this.samples.reduce((best, each) => (each.errorMs < best.errorMs ? each : best));
  }

  /** `samples` counts all that were ever taken; undefined before the first. */
  offset(): ClockOffset | undefined {
    return this.best && { ...this.best, samples: this.total };
  }

  /** Venue time (ms since the epoch) in our monotonic ms; undefined before the first sample. */
  toMonotonicMs(venueMs: number): number | undefined {
    return this.best && venueMs - this.best.offsetMs;
  }
}

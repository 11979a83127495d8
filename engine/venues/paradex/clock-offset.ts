import { ClockSamples } from '../clock-samples.ts';
import type { ClockOffset } from '../venue.ts';

const MAX_SAMPLES = 32;
/** Stamps are whole microseconds at best; an exchange that seems faster than nothing by more than this is nonsense. */
const ROUNDING_MS = 0.05;

/** Paradex's clock from request/answer stamps, as NTP does it: the answer that travelled fastest bounds the offset best. */
export class ClockOffsetEstimator {
  private readonly samples = new ClockSamples(MAX_SAMPLES);

  /** Send and receive in monotonic ms; the venue's receive and send in microseconds since the epoch. */
  add(sentAtMs: number, receivedAtMs: number, usIn: number, usOut: number): void {
    const travelMs = receivedAtMs - sentAtMs - (usOut - usIn) / 1000;
    if (!(travelMs > -ROUNDING_MS)) return;
    const offsetMs = (usIn / 1000 - sentAtMs + (usOut / 1000 - receivedAtMs)) / 2;
    this.samples.add({ offsetMs, errorMs: Math.max(0, travelMs) / 2 });
  }

  estimate(): ClockOffset | undefined {
    return this.samples.offset();
  }

  /** Venue time (ms since the epoch) in our monotonic ms; undefined before the first sample. */
  toMonotonicMs(venueMs: number): number | undefined {
    return this.samples.toMonotonicMs(venueMs);
  }
}

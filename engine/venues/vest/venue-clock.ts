import type { Clock } from '../../env.ts';
import type { ClockOffset } from '../venue.ts';

const CAPACITY = 16;
/** The HTTP Date header is cut to whole seconds. */
const DATE_GRAIN_MS = 1000;
/** GET /account's `time` is believed only when it agrees with the HTTP Date header within its grain and this. */
const DATE_AGREEMENT_MS = 1500;

interface Sample {
  offsetMs: number;
  errorMs: number;
}

/**
 * Estimates Vest's clock. v2 has no server-time endpoint: samples are the HTTP Date header (1 s grain) and `time` of
 * GET /account, each placed in the middle of its round trip, with half the round trip (and half the grain) as error bound.
 */
export class VestClock {
  private readonly clock: Clock;
  private readonly samples: Sample[] = [];
  private count = 0;
  private best: Sample | undefined;

  constructor(clock: Clock) {
    this.clock = clock;
  }

  /** `accountTimeMs`: the body's `time`, when it was GET /account. Returns false when that disagreed with the Date header. */
  addAnswer(sentAtMs: number, receivedAtMs: number, dateHeader: string | undefined, accountTimeMs?: number): boolean {
    const middleMs = (sentAtMs + receivedAtMs) / 2;
    const halfTripMs = (receivedAtMs - sentAtMs) / 2;
    const dateMs = dateHeader === undefined ? Number.NaN : Date.parse(dateHeader);
    if (accountTimeMs !== undefined && !(Math.abs(accountTimeMs - dateMs) > DATE_AGREEMENT_MS)) {
      this.add({ offsetMs: accountTimeMs - middleMs, errorMs: halfTripMs + 1 });
      return true;
    }
    if (!Number.isNaN(dateMs)) {
      const grainMiddleMs = dateMs + DATE_GRAIN_MS / 2;
      this.add({ offsetMs: grainMiddleMs - middleMs, errorMs: halfTripMs + DATE_GRAIN_MS / 2 });
    }
    return accountTimeMs === undefined;
  }

  /** The sample with the smallest error of the last 16; undefined before the first. */
  offset(): ClockOffset | undefined {
    return this.best && { ...this.best, samples: Math.min(this.count, CAPACITY) };
  }

  /** Venue time now that is surely not in the venue's future (a post-dated order's fate is unconfirmed), whole ms. */
  safeNowMs(): number {
    if (!this.best) return Math.floor(this.clock.wallMs());
    return Math.floor(this.clock.monotonicMs() + this.best.offsetMs - this.best.errorMs);
  }

  /** A venue stamp as monotonic ms of our clock; undefined before the first sample. */
  toMonotonicMs(venueTimeMs: number): number | undefined {
    return this.best && venueTimeMs - this.best.offsetMs;
  }

  private add(sample: Sample): void {
    this.samples[this.count++ % CAPACITY] = sample;
    this.best = this.samples.reduce((best, each) => (each.errorMs < best.errorMs ? each : best));
  }
}

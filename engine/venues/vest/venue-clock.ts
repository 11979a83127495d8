import type { Clock } from '../../env.ts';
import { ClockSamples } from '../clock-samples.ts';
import type { ClockOffset } from '../venue.ts';

const CAPACITY = 16;
/** The HTTP Date header is cut to whole seconds. */
const DATE_GRAIN_MS = 1000;
/** GET /account's `time` is believed only when it agrees with the HTTP Date header within its grain and this. */
const DATE_AGREEMENT_MS = 1500;

/**
 * Estimates Vest's clock. v2 has no server-time endpoint: samples are the HTTP Date header (1 s grain) and `time` of
 * GET /account, each placed in the middle of its round trip, with half the round trip (and half the grain) as error bound.
 */
export class VestClock {
  private readonly clock: Clock;
  private readonly samples = new ClockSamples(CAPACITY);

  constructor(clock: Clock) {
    this.clock = clock;
  }

  /** `accountTimeMs`: the body's `time`, when it was GET /account. Returns false when that disagreed with the Date header. */
  addAnswer(sentAtMs: number, receivedAtMs: number, dateHeader: string | undefined, accountTimeMs?: number): boolean {
    const middleMs = (sentAtMs + receivedAtMs) / 2;
    const halfTripMs = (receivedAtMs - sentAtMs) / 2;
    const dateMs = dateHeader === undefined ? Number.NaN : Date.parse(dateHeader);
    if (accountTimeMs !== undefined && !(Math.abs(accountTimeMs - dateMs) > DATE_AGREEMENT_MS)) {
      this.samples.add({ offsetMs: accountTimeMs - middleMs, errorMs: halfTripMs + 1 });
      return true;
    }
    if (!Number.isNaN(dateMs)) {
      const grainMiddleMs = dateMs + DATE_GRAIN_MS / 2;
      this.samples.add({ offsetMs: grainMiddleMs - middleMs, errorMs: halfTripMs + DATE_GRAIN_MS / 2 });
    }
    return accountTimeMs === undefined;
  }

  /** The sample with the smallest error of the last 16; undefined before the first. */
  offset(): ClockOffset | undefined {
    return this.samples.offset();
  }

  /** Venue time now that is surely not in the venue's future (a post-dated order's fate is unconfirmed), whole ms. */
  safeNowMs(): number {
    const best = this.samples.offset();
    if (!best) return Math.floor(this.clock.wallMs());
    return Math.floor(this.clock.monotonicMs() + best.offsetMs - best.errorMs);
  }

  /** A venue stamp as monotonic ms of our clock; undefined before the first sample. */
  toMonotonicMs(venueTimeMs: number): number | undefined {
    return this.samples.toMonotonicMs(venueTimeMs);
  }
}

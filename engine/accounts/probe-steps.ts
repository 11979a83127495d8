import type { Clock } from '../env.ts';
import type { VenueProbe } from '../protocol/accounts.ts';
import { errorMessage } from '../core/errors.ts';

/** Steps of one venue's probe, as they end. */
export class ProbeSteps {
  readonly list: VenueProbe['steps'] = [];
  /** Of a step that failed and did not end the probe. */
  firstFailure: unknown;
  private readonly clock: Clock;

  constructor(clock: Clock) {
    this.clock = clock;
  }

  /** Runs one step; `tell` says what it found. A failure is written down and thrown on. */
  async run<Found>(what: string, step: () => Promise<Found>, tell: (found: Found) => string): Promise<Found> {
    const startedAtMs = this.clock.monotonicMs();
    const ms = (): number => Math.round((this.clock.monotonicMs() - startedAtMs) * 10) / 10;
    try {
      const found = await step();
      this.list.push({ what, ok: true, detail: tell(found), ms: ms() });
      return found;
    } catch (error) {
      this.list.push({ what, ok: false, detail: errorMessage(error), ms: ms() });
      throw error;
    }
  }

  /** A step whose failure does not hide the steps after it; the first such failure is kept. */
  async attempt<Found>(what: string, step: () => Promise<Found>, tell: (found: Found) => string): Promise<void> {
    try {
      await this.run(what, step, tell);
    } catch (error) {
      this.firstFailure ??= error;
    }
  }
}

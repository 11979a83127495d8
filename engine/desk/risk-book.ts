import { DayLoss, UnhedgedClock, type RiskLimits } from '../core/risk.ts';
import type { Env } from '../env.ts';
import type { Exposure } from '../protocol/model.ts';
import type { DeskOrder } from './desk-order.ts';
import { exposureRecord } from './exposure.ts';
import type { VenueWatch } from './telemetry.ts';

/** What the desk risks and has lost, against its limits. */
export class RiskBook {
  limits: RiskLimits;
  private readonly env: Env;
  private readonly dayLoss = new DayLoss();
  private readonly unhedged = new UnhedgedClock();
  private nakedTold = false;

  constructor(env: Env, limits: RiskLimits) {
    this.env = env;
    this.limits = limits;
  }

  /** Books a finished trade's net result at the time it closed. */
  addResult(netE8: number, closedAt: number): void {
    this.dayLoss.add(netE8, closedAt);
  }

  dayLossE8(): number {
    return this.dayLoss.lossE8(this.env.clock.wallMs());
  }

  /** Net delta of the running trade, after each change. */
  onNetDelta(netDeltaE8: number): void {
    this.unhedged.update(netDeltaE8, 0, this.env.clock.monotonicMs());
  }

  /** How long a leg has been without its other side; 0 while hedged. */
  nakedMs(): number {
    return this.unhedged.durationMs(this.env.clock.monotonicMs());
  }

  /** The warning about a leg naked for longer than its limit, once per naked period. */
  nakedTooLong(): string | undefined {
    const nakedMs = this.nakedMs();
    const tooLong = nakedMs > this.limits.maxUnhedgedMs;
    const told = this.nakedTold;
    this.nakedTold = tooLong;
    if (!tooLong || told) return undefined;
    return `A leg has been without its other side for ${(nakedMs / 1000).toFixed(1)} s (limit max_unhedged_ms).`;
  }

  exposure(watches: Iterable<VenueWatch>, openOrders: readonly DeskOrder[]): Exposure {
    return exposureRecord(this.env, this.limits, watches, openOrders, this.unhedged, this.dayLoss);
  }
}

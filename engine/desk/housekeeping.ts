import { spreadPoint, type VenueWatch } from './telemetry.ts';
import type { SpreadPair } from '../core/spread.ts';
import type { Signal } from '../core/signal.ts';
import type { Env } from '../env.ts';
import type { DeskEvent, Exposure } from '../protocol/model.ts';
import type { EntryGate } from './entry-gate.ts';
import type { PositionMonitor } from './position-monitor.ts';
import type { RiskBook } from './risk-book.ts';
import type { LiveControl } from './live-control.ts';
import type { RunningTrades } from './running-trades.ts';

export interface KeptDesk {
  env: Env;
  spreads: SpreadPair;
  signal: Signal;
  gate: EntryGate;
  monitor: PositionMonitor;
  risk: RiskBook;
  watches: ReadonlyMap<string, VenueWatch>;
  trades: RunningTrades;
  live: LiveControl | undefined;
  exposure(): Exposure;
  publish(event: DeskEvent): void;
  notice(level: 'info' | 'warn' | 'error', code: `HS_${string}`, message: string): void;
}

/** What a desk does on a timer, off the hot path: tells the clients, and notices what no event would tell. */
export class Housekeeping {
  private readonly desk: KeptDesk;
  private tapeClosing = false;

  constructor(desk: KeptDesk) {
    this.desk = desk;
  }

  /** Four times a second. */
  publishSpread(): void {
    const { env, spreads, signal, gate, trades } = this.desk;
    const point = spreadPoint(env, spreads);
    const largest = signal.largestSpreadBps;
    if (point) {
      const largestSpreadBps = Number.isFinite(largest) ? largest : undefined;
      this.desk.publish({ type: 'spread', points: [point], largestSpreadBps });
    }
    const ending = gate.tapeIsEnding();
    if (ending && trades.session && !this.tapeClosing) {
      this.closeNow('info', 'HS_TAPE_ENDING', 'The recorded market is about to end: closing the position.');
    }
    this.tapeClosing = ending;
  }

  /** Once a second. */
  publishState(): void {
    const { desk } = this;
    desk.live?.everySecond();
    for (const watch of desk.watches.values()) {
      watch.refreshClock();
      desk.gate.seeClock(watch.venue, watch.clockSkew()?.certainMs);
      desk.publish({ type: 'venue', venue: watch.state() });
    }
    desk.publish({ type: 'exposure', exposure: desk.exposure() });
    // The trade machine works on it, but a person must know.
    const naked = desk.risk.nakedTooLong();
    if (naked) desk.notice('error', 'HS_UNHEDGED', naked);
    const overdue = desk.monitor.check(desk.trades.session, desk.spreads);
    if (overdue) this.closeNow('warn', 'HS_MAX_DURATION', overdue);
  }

  /** Closes the running trade whatever the spread is, and says why. */
  private closeNow(level: 'info' | 'warn', code: `HS_${string}`, why: string): void {
    const { trades } = this.desk;
    if (!trades.session) return;
    this.desk.notice(level, code, why);
    trades.beginClosing();
  }
}

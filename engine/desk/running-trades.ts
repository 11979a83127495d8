import type { Signal, SignalPosition } from '../core/signal.ts';
import { exitSpreadBps, type SpreadPair } from '../core/spread.ts';
import { tradePositions } from '../core/trade-position.ts';
import { isTerminal } from '../core/types.ts';
import type { Env } from '../env.ts';
import type { DeskOrder } from './desk-order.ts';
import type { EntryGate } from './entry-gate.ts';
import type { RiskBook } from './risk-book.ts';
import type { TradeSession } from './trade-session.ts';
import { waitUntil } from './wait-until.ts';

/** Sessions whose last fills may still be told after their trade went flat. */
const SETTLING_SESSIONS = 32;

export interface TradesDesk {
  env: Env;
  signal: Signal;
  spreads: SpreadPair;
  gate: EntryGate;
  risk: RiskBook;
  publishExposure(): void;
}

/** The trade running now and those whose last fills are awaited: at most one trade runs at a time. */
export class RunningTrades {
  session: TradeSession | undefined;
  /** What the signal must know: look for an entry, for this position's exit, or for neither. */
  position: SignalPosition = 'FLAT';
  private settling: TradeSession[] = [];
  private readonly desk: TradesDesk;

  constructor(desk: TradesDesk) {
    this.desk = desk;
  }

  /** The running one first. */
  all(): readonly TradeSession[] {
    return this.session ? [this.session, ...this.settling] : this.settling;
  }

  openOrders(): DeskOrder[] {
    return (this.session?.runner.orders ?? []).filter((order) => !isTerminal(order.record.state));
  }

  /** After each change of the running trade's state or orders. */
  changed(): void {
    const { signal, gate, risk, env } = this.desk;
    const { session } = this;
    if (session) {
      const { state, direction } = session.trade;
      this.position = state === 'FLAT' ? 'FLAT' : state === 'OPEN' ? direction : 'BUSY';
      gate.facts.positionOpen = state !== 'FLAT';
      if (state === 'FLAT') {
        this.session = undefined;
        signal.startCooldown(env.clock.monotonicMs());
        this.settling = [session, ...this.settling].slice(0, SETTLING_SESSIONS);
      }
    }
    risk.onNetDelta(session ? tradePositions(session.trade).netE8 : 0);
    this.desk.publishExposure();
  }

  /** Closes the running trade at any price of its bands. */
  beginClosing(): void {
    const { session } = this;
    if (!session) return;
    const nowMs = this.desk.env.clock.monotonicMs();
    session.beginExit(nowMs, nowMs, exitSpreadBps(session.trade.direction, this.desk.spreads));
    session.runner.dispatch({ type: 'closeAll' });
  }

  /** Resolves with whether everything is closed and every fill of it booked by then. */
  async closeAll(timeoutMs: number): Promise<boolean> {
    this.beginClosing();
    const quiet = (): boolean => !this.session && this.settling.every((one) => one.isBooked());
    return waitUntil(this.desk.env, quiet, timeoutMs);
  }

  stop(): void {
    for (const session of this.all()) session.runner.stop();
  }
}

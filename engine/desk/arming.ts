import { HalfspreadError } from '../core/errors.ts';
import type { RiskLimits } from '../core/risk.ts';
import { trimE8 } from '../core/units.ts';
import type { Env } from '../env.ts';
import type { Journal } from '../journal/journal.ts';
import type { Arming, ArmingLimits, ArmingReport, DisarmReason } from '../protocol/arming.ts';
import type { DeskEvent, TradingState } from '../protocol/model.ts';

/** A report this young is given again: asking costs the venues a request each. */
const REPORT_REUSED_FOR_MS = 2_000;

/** What a person is told beside every reason: what a disarmed desk still does. */
const STILL_DONE = 'No entry is opened; what is open is still closed, hedged and recovered (reduce-only).';

const CLIENT_REASONS: Record<DisarmReason, { code: `HS_DISARMED_${string}`; message: string }> = {
  operator: { code: 'HS_DISARMED_OPERATOR', message: 'Disarmed by the operator.' },
  screenLocked: { code: 'HS_DISARMED_SCREEN_LOCKED', message: 'Disarmed because the screen was locked.' },
  sleep: { code: 'HS_DISARMED_SLEEP', message: 'Disarmed because this machine goes to sleep.' },
  quit: { code: 'HS_DISARMED_QUIT', message: 'Disarmed because Halfspread quits.' },
};

export interface ArmedDesk {
  env: Env;
  journal: Journal;
  /** The config's limits: the widest there are. */
  configLimits: RiskLimits;
  /** The latest run of the journal ended while armed. */
  endedArmed: boolean;
  /** All checks afresh, and what is shown beside them. */
  report(): Promise<ArmingReport>;
  trading(): TradingState;
  setTrading(trading: 'trading' | 'paused', code?: string, message?: string): void;
  /** The entry checks and the exposure follow, from now on. */
  apply(armed: boolean, limits: RiskLimits): void;
  publish(event: DeskEvent): void;
  notice(level: 'info' | 'warn', code: `HS_${string}`, message: string): void;
}

/**
 * Whether a live desk may open positions. It starts disarmed, whatever the last run was, and every way back to that is
 * one call of `disarm`: there is no path on which it arms itself.
 */
export class DeskArming {
  private readonly desk: ArmedDesk;
  private now: Arming;
  /** Counts disarmings: an arming that was under way when one happened must fail. */
  private disarmings = 0;
  private arming = false;
  private asked: { atMs: number; report: Promise<ArmingReport> } | undefined;

  constructor(desk: ArmedDesk) {
    this.desk = desk;
    const reason = desk.endedArmed
      ? { code: 'HS_DISARMED_RESTART', message: 'The engine was started anew; the run before it was armed.' }
      : { code: 'HS_DISARMED_START', message: 'It was not armed since the engine started.' };
    this.now = { state: 'disarmed', sinceAt: desk.env.clock.wallMs(), reason };
    if (desk.endedArmed) desk.journal.append({ kind: 'disarmed', ...reason });
  }

  get state(): Arming {
    return this.now;
  }

  get isArmed(): boolean {
    return this.now.state === 'armed';
  }

  /** After recovery: the desk rests disarmed. */
  rest(): void {
    this.desk.setTrading('paused', 'HS_DISARMED', this.words());
  }

  /** The checks, asked of the venues; those of the last two seconds are given again. */
  report(): Promise<ArmingReport> {
    const nowMs = this.desk.env.clock.monotonicMs();
    if (!this.asked || nowMs - this.asked.atMs > REPORT_REUSED_FOR_MS) {
      this.asked = { atMs: nowMs, report: this.desk.report() };
    }
    return this.asked.report;
  }

  /**
   * Arms within `limits`, or changes the limits of an armed desk. Everything is checked afresh; the journal knows of it
   * before the first entry can.
   * @throws HalfspreadError HS_ARM_LIMITS (wider than the config's), HS_ARM_BUSY, HS_ARM_REFUSED naming every failed check
   */
  async arm(limits: ArmingLimits): Promise<void> {
    const { desk } = this;
    this.refuseWider(limits);
    if (this.arming) {
      throw new HalfspreadError('HS_ARM_BUSY', 'The desk is being armed already.', 'Wait for its answer.');
    }
    this.arming = true;
    const { disarmings } = this;
    try {
      const failed = (await desk.report()).checks.filter(({ ok }) => !ok);
      if (failed.length > 0) {
        throw refused(failed.map(({ id, venue, detail }) => `${id}${venue ? ` ${venue}` : ''}: ${detail}`).join(' '));
      }
      desk.journal.append({ kind: 'armed', limits });
      await desk.journal.durable();
      const state = desk.trading();
      if (disarmings !== this.disarmings || (state !== 'paused' && state !== 'trading')) {
        const message = 'It was disarmed while it was being armed.';
        desk.journal.append({ kind: 'disarmed', code: 'HS_DISARMED_MEANWHILE', message });
        throw refused(message);
      }
    } finally {
      this.arming = false;
    }
    desk.apply(true, { ...desk.configLimits, ...limits });
    this.become({ state: 'armed', sinceAt: desk.env.clock.wallMs(), limits });
    desk.notice('warn', 'HS_ARMED', `Armed: real orders may be opened, ${limitWords(limits)}.`);
    desk.setTrading('trading');
  }

  /** Entries may be opened again after a pause. @throws HalfspreadError HS_DISARMED */
  requireArmed(): void {
    if (this.isArmed) return;
    throw new HalfspreadError(
      'HS_DISARMED',
      `The desk is not armed: ${this.words()}`,
      'Arm it in the window; it asks for the limits and checks everything first.',
    );
  }

  disarmFor(reason: DisarmReason): void {
    const { code, message } = CLIENT_REASONS[reason];
    this.disarm(code, message);
  }

  /** No entry any more, and no order signed ahead. Nothing happens to a desk that is disarmed already. */
  disarm(code: `HS_DISARMED_${string}`, message: string): void {
    const { desk } = this;
    this.disarmings++;
    if (!this.isArmed) return;
    desk.journal.append({ kind: 'disarmed', code, message });
    desk.apply(false, desk.configLimits);
    this.become({ state: 'disarmed', sinceAt: desk.env.clock.wallMs(), reason: { code, message } });
    const state = desk.trading();
    if (state === 'trading' || state === 'paused') desk.setTrading('paused', 'HS_DISARMED', this.words());
    desk.notice('warn', code, this.words());
  }

  private become(arming: Arming): void {
    this.now = arming;
    this.desk.publish({ type: 'arming', arming });
  }

  private words(): string {
    return `${this.now.reason?.message ?? ''} ${STILL_DONE}`.trim();
  }

  private refuseWider(limits: ArmingLimits): void {
    const { configLimits } = this.desk;
    const wider = (['maxNotionalE8', 'maxUnhedgedMs', 'maxDayLossE8'] as const).filter(
      (name) => limits[name] > configLimits[name],
    );
    if (wider.length === 0) return;
    throw new HalfspreadError(
      'HS_ARM_LIMITS',
      `Arming may only tighten the config's limits, and these are wider: ${wider.join(', ')}. The config has ${limitWords(configLimits)}.`,
      'Give smaller ones, or change the risk section of the config and start the desk again.',
    );
  }
}

function limitWords({ maxNotionalE8, maxUnhedgedMs, maxDayLossE8 }: ArmingLimits): string {
  return (
    `at most ${trimE8(maxNotionalE8)} USD a venue, ${maxUnhedgedMs} ms unhedged, ` +
    `${trimE8(maxDayLossE8)} USD of loss a day`
  );
}

function refused(why: string): HalfspreadError {
  return new HalfspreadError('HS_ARM_REFUSED', `The desk was not armed. ${why}`, 'Mend what is named, then arm again.');
}

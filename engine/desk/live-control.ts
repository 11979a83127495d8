import type { RiskLimits } from '../core/risk.ts';
import type { History } from '../journal/history.ts';
import type { DeskEvent } from '../protocol/model.ts';
import { armingReport } from './arming-report.ts';
import type { CheckedDesk } from './arming-checks.ts';
import { DeskArming } from './arming.ts';
import { DisarmWatch } from './disarm-watch.ts';
import type { EntryGate } from './entry-gate.ts';
import type { LiveDuties } from './live-duties.ts';
import type { RiskBook } from './risk-book.ts';
import type { VenueProbe } from './venue-findings.ts';

/** Told as warnings, because a desk without real orders goes on; an armed one must not. */
const DISARMING_CODES: ReadonlySet<string> = new Set([
  'HS_SIGN_WORKER_DIED',
  'HS_SIGN_CLOSED',
  'HS_ORDER_IDS_EXHAUSTED',
  'HS_ORDER_ANOMALY',
  'HS_FILL_UNKNOWN',
]);

/** A desk's parts, as far as arming touches them. */
export interface LiveDesk extends Omit<CheckedDesk, 'duties' | 'probe'> {
  sizeE8: number;
  risk: RiskBook;
  gate: EntryGate;
  history: History;
  publish(event: DeskEvent): void;
  publishExposure(): void;
  notice(level: 'info' | 'warn', code: string, message: string): void;
}

/** What a live desk has and others have not: its arming, and what ends it. */
export class LiveControl {
  readonly arming: DeskArming;
  private readonly watch: DisarmWatch;
  private readonly configLimits: RiskLimits;

  constructor(desk: LiveDesk, duties: LiveDuties, probe: VenueProbe) {
    const { env, bot, journal, venues, watches, trades, risk } = desk;
    this.configLimits = risk.limits;
    const checked: CheckedDesk = { env, bot, journal, venues, watches, trades, switch: desk.switch, duties, probe };
    this.watch = new DisarmWatch({ env, journal, venues, watches, risk, duties });
    this.arming = new DeskArming({
      env,
      journal,
      configLimits: this.configLimits,
      endedArmed: desk.history.endedArmed,
      report: () => armingReport(checked, desk.sizeE8, this.configLimits),
      trading: () => desk.switch.state,
      setTrading: (trading, code, message) => desk.switch.set(trading, code, message),
      apply(armed, limits) {
        desk.gate.facts.disarmed = !armed;
        desk.gate.limitTo(limits);
        risk.limits = limits;
        desk.publishExposure();
      },
      publish: (event) => desk.publish(event),
      notice: (level, code, message) => desk.notice(level, code, message),
    });
    desk.gate.facts.disarmed = true;
  }

  everySecond(): void {
    const { arming } = this;
    const reason = this.watch.reason(arming.state.limits ?? this.configLimits);
    if (reason && arming.isArmed) arming.disarm(reason.code, reason.message);
  }

  /** Every notice of the desk passes here: an error calls for a person, and a person must arm again. */
  onNotice(level: 'info' | 'warn' | 'error', code: string, message: string): void {
    if (level === 'error' || DISARMING_CODES.has(code)) {
      this.arming.disarm('HS_DISARMED_FAULT', `Disarmed by a fault (${code}): ${message}`);
    }
  }
}

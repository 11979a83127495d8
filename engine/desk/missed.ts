import type { SignalEvidence } from '../core/signal.ts';
import type { Missed } from '../protocol/model.ts';

/**
 * Opportunities seen and not taken. An opportunity refused at first and taken a tick later is not missed: it is reported
 * when it has ended without an entry.
 */
export class MissedOpportunities {
  count: number;
  private pending: { opportunity: number; missed: Missed } | undefined;
  private readonly report: (missed: Missed) => void;

  constructor(countSoFar: number, report: (missed: Missed) => void) {
    this.count = countSoFar;
    this.report = report;
  }

  /** The first refusal of an opportunity is kept as its reason: `A+B` for several. */
  refused(evidence: SignalEvidence, at: number, codes: readonly string[], detail: string): void {
    const { opportunity, direction, spreadBps } = evidence;
    if (this.pending?.opportunity === opportunity) return;
    this.opportunityEnded();
    this.pending = { opportunity, missed: { at, direction, spreadBps, reason: codes.join('+'), detail } };
  }

  taken(): void {
    this.pending = undefined;
  }

  opportunityEnded(): void {
    if (!this.pending) return;
    const { missed } = this.pending;
    this.pending = undefined;
    this.count++;
    this.report(missed);
  }
}

import type { History } from '../journal/history.ts';
import { compareLedger, type LedgerComparison } from '../measure/ledger.ts';
import type { FillReport } from '../venues/venue.ts';
import type { DeskVenue } from './desk-order.ts';

/** Between the venues' clocks and ours: the first fill may seem older than the start. */
const MARGIN_MS = 1_000;

/** Fills in the journal, to be held against what the venues say. */
export class FillLedger {
  private readonly booked: FillReport[] = [];
  private readonly history: History;
  private readonly venuesInstance: string;

  constructor(history: History, venuesInstance: string) {
    this.history = history;
    this.venuesInstance = venuesInstance;
  }

  /** A fill of this run went into the journal. */
  book(fill: FillReport): void {
    this.booked.push(fill);
  }

  /** The venues' own fills since the first run on this start of theirs against the journal of all those runs, fill by fill. */
  async compare(venues: readonly DeskVenue[], startedAt: number): Promise<LedgerComparison> {
    const { history, venuesInstance } = this;
    const sinceAt = (history.venuesInstance === venuesInstance ? history.venuesSinceAt : startedAt) - MARGIN_MS;
    const venueFills = await Promise.all(venues.map(({ client }) => client.fillsSince(sinceAt)));
    const earlier = history.fills.filter((fill) => fill.receivedAtMs >= sinceAt);
    return compareLedger(venueFills.flat(), [...earlier, ...this.booked]);
  }
}

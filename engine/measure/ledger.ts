import type { Side, VenueId } from '../core/types.ts';
import { trimE8 } from '../core/units.ts';

export interface LedgerFill {
  venue: VenueId;
  fillId: string;
  orderId: number;
  side: Side;
  priceE8: number;
  sizeE8: number;
  feeE8: number;
}

/** The venues' own records against the journal, fill by fill (proof.md I12). All but `fills` = `matched` is a fault. */
export interface LedgerComparison {
  /** Fills in the venues' records. */
  fills: number;
  /** Journalled once, equal in order, side, price, size and fee. */
  matched: number;
  /** At the venue, not in the journal. */
  lost: number;
  /** Journalled more than once. */
  doubled: number;
  /** Journalled once, but with another order, side, price, size or fee. */
  differing: number;
  /** In the journal, unknown to the venue. */
  invented: number;
  /** One line per fault, at most 100. */
  faults: string[];
}

const MAX_FAULT_LINES = 100;

/** Compares by (venue, fill id). Venue records themselves are taken as the truth; one listed twice counts once. */
export function compareLedger(venueFills: readonly LedgerFill[], journalled: readonly LedgerFill[]): LedgerComparison {
  const truth = new Map(venueFills.map((fill) => [keyOf(fill), fill]));
  const booked = new Map<string, LedgerFill[]>();
  for (const fill of journalled) {
    const entries = booked.get(keyOf(fill));
    if (entries) entries.push(fill);
    else booked.set(keyOf(fill), [fill]);
  }
  const result: LedgerComparison = {
    fills: truth.size,
    matched: 0,
    lost: 0,
    doubled: 0,
    differing: 0,
    invented: 0,
    faults: [],
  };
  const fault = (kind: 'lost' | 'doubled' | 'differing' | 'invented', line: string): void => {
    result[kind]++;
    if (result.faults.length < MAX_FAULT_LINES) result.faults.push(line);
  };
  for (const [key, fill] of truth) {
    const entries = booked.get(key) ?? [];
    const difference = entries.length === 1 ? differenceOf(fill, entries[0]!) : undefined;
    if (entries.length === 0) fault('lost', `${key}: not in the journal (${summary(fill)})`);
    else if (entries.length > 1) fault('doubled', `${key}: ${entries.length} times in the journal`);
    else if (difference) fault('differing', `${key}: ${difference}`);
    else result.matched++;
  }
  for (const [key, entries] of booked) {
    if (!truth.has(key)) fault('invented', `${key}: unknown to the venue (${summary(entries[0]!)})`);
  }
  return result;
}

function keyOf(fill: LedgerFill): string {
  return `${fill.venue} ${fill.fillId}`;
}

function differenceOf(venue: LedgerFill, journal: LedgerFill): string | undefined {
  for (const field of ['orderId', 'side', 'priceE8', 'sizeE8', 'feeE8'] as const) {
    if (venue[field] !== journal[field])
      return `${field} is ${venue[field]} at the venue, ${journal[field]} in the journal`;
  }
  return undefined;
}

function summary(fill: LedgerFill): string {
  return `order ${fill.orderId}, ${fill.side} ${trimE8(fill.sizeE8)} at ${trimE8(fill.priceE8)}`;
}

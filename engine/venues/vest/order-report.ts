import { parseE8, trimE8 } from '../../core/units.ts';
import type { FillReport } from '../venue.ts';
import type { OrderState, Side } from '../../core/types.ts';
import { describeVestCode } from './error-codes.ts';
import type { VestOrderEvent, VestOrderStatus } from './wire.ts';

const STATES: Record<VestOrderStatus, OrderState> = {
  NEW: 'ACKED',
  PARTIALLY_FILLED: 'PARTIAL',
  FILLED: 'FILLED',
  CANCELLED: 'CANCELLED',
  REJECTED: 'REJECTED',
};

export function stateOf(report: VestOrderEvent): OrderState {
  return STATES[report.status];
}

export function reasonOf(report: VestOrderEvent): string | undefined {
  return report.code === undefined || report.code === null ? undefined : describeVestCode(report.code);
}

/** A fill as one order report tells it. `fees` is what the order paid so far, not this fill alone. */
export interface ReportedFill {
  fillId: string;
  priceE8: number;
  sizeE8: number;
  cumulativeFeesE8: number;
  venueTimeMs: number;
}

/**
 * The last fill of an order, when the report carries one. Vest gives fills no id: they are told apart by order, status, time
 * and size. A CANCELLED record repeats the fill its PARTIALLY_FILLED event told, so it gets that event's id.
 */
export function lastFillOf(report: VestOrderEvent): ReportedFill | undefined {
  const { lastFilledSize, lastFilledPrice, lastFilledTime } = report;
  if (typeof lastFilledSize !== 'string' || typeof lastFilledPrice !== 'string' || typeof lastFilledTime !== 'number') {
    return undefined;
  }
  const sizeE8 = parseE8(lastFilledSize);
  if (sizeE8 <= 0) return undefined;
  const status = report.status === 'FILLED' ? 'FILLED' : 'PARTIALLY_FILLED';
  return {
    fillId: `${report.id}:${status}:${lastFilledTime}:${lastFilledSize}`,
    priceE8: parseCutE8(lastFilledPrice),
    sizeE8,
    cumulativeFeesE8: typeof report.fees === 'string' ? parseCutE8(report.fees) : 0,
    venueTimeMs: lastFilledTime,
  };
}

/**
 * The part of a FILLED order that no reported fill explains, as one fill at the price that makes the order's average true.
 * Undefined when nothing is missing or the average is not told.
 */
export function missingFillOf(report: VestOrderEvent, known: Iterable<FillReport>): ReportedFill | undefined {
  if (report.status !== 'FILLED' || typeof report.size !== 'string' || typeof report.avgFilledPrice !== 'string')
    return undefined;
  const wholeE8 = parseE8(report.size);
  let missingE8 = wholeE8;
  let costE8 = wholeE8 * (parseCutE8(report.avgFilledPrice) / 1e8);
  for (const fill of known) {
    missingE8 -= fill.sizeE8;
    costE8 -= fill.sizeE8 * (fill.priceE8 / 1e8);
  }
  if (missingE8 <= 0) return undefined;
  return {
    fillId: `${report.id}:EARLIER:${trimE8(missingE8)}`,
    priceE8: Math.round((costE8 / missingE8) * 1e8),
    sizeE8: missingE8,
    cumulativeFeesE8: typeof report.fees === 'string' ? parseCutE8(report.fees) : 0,
    venueTimeMs: report.lastFilledTime ?? report.postTime,
  };
}

export function sideOf(isBuy: boolean): Side {
  return isBuy ? 'BUY' : 'SELL';
}

/** Averages and fees may carry more than 8 decimals: the rest is cut. */
function parseCutE8(text: string): number {
  const point = text.indexOf('.');
  return parseE8(point < 0 ? text : text.slice(0, point + 9));
}

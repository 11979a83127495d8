import type { Side, VenueId } from './types.ts';
import { notionalUsd, ONE_E8 } from './units.ts';

export interface RiskLimits {
  /** Value of the position at one venue, 1e-8 USD. */
  maxNotionalE8: number;
  /** In coin; orders in doubt count at full size. */
  maxNetDeltaE8: number;
  maxUnhedgedMs: number;
  /** Loss of one UTC day at which entries stop, 1e-8 USD. */
  maxDayLossE8: number;
}

export interface VenueExposure {
  venue: VenueId;
  /** Signed, long positive. */
  positionE8: number;
  /** Price the position is valued at. */
  priceE8: number;
}

/** An order whose outcome is open: what it could still fill. */
export interface OpenRisk {
  side: Side;
  unfilledE8: number;
  inDoubt: boolean;
}

export interface ExposureFigures {
  /** Signed sum of the positions, in coin. */
  netDeltaE8: number;
  /** Largest |net delta| once every open order has done its worst. */
  worstNetDeltaE8: number;
  /** Value of both positions together, 1e-8 USD. */
  notionalUsdE8: number;
  ordersInDoubt: number;
}

/** Exposure of the desk from its positions and the orders whose outcome is open (proof.md I1). */
export function exposureOf(venues: readonly VenueExposure[], open: readonly OpenRisk[]): ExposureFigures {
  let netDeltaE8 = 0;
  let notionalUsdE8 = 0;
  for (const { positionE8, priceE8 } of venues) {
    netDeltaE8 += positionE8;
    notionalUsdE8 += positionNotionalE8(positionE8, priceE8);
  }
  let buyingE8 = 0;
  let sellingE8 = 0;
  let ordersInDoubt = 0;
  for (const order of open) {
    if (order.side === 'BUY') buyingE8 += order.unfilledE8;
    else sellingE8 += order.unfilledE8;
    if (order.inDoubt) ordersInDoubt++;
  }
  const worstNetDeltaE8 = Math.max(Math.abs(netDeltaE8 + buyingE8), Math.abs(netDeltaE8 - sellingE8));
  return { netDeltaE8, worstNetDeltaE8, notionalUsdE8, ordersInDoubt };
}

/** |position| x price, rounded to 1e-8 USD; for limits, not for the books. */
export function positionNotionalE8(positionE8: number, priceE8: number): number {
  return Math.round(notionalUsd(priceE8, Math.abs(positionE8)) * ONE_E8);
}

/** Since when the net delta has been more than dust; the desk alerts past `maxUnhedgedMs`. */
export class UnhedgedClock {
  /** Monotonic ms; undefined while hedged. */
  sinceMs: number | undefined;

  update(netDeltaE8: number, dustE8: number, nowMs: number): void {
    if (Math.abs(netDeltaE8) <= dustE8) this.sinceMs = undefined;
    else this.sinceMs ??= nowMs;
  }

  durationMs(nowMs: number): number {
    return this.sinceMs === undefined ? 0 : nowMs - this.sinceMs;
  }
}

const DAY_MS = 86_400_000;

/** Net result of the current UTC day. Times are Unix ms of the results themselves, so that a replay gives the same. */
export class DayLoss {
  private day = Number.NEGATIVE_INFINITY;
  private netE8 = 0;

  /** Adds a finished trade's net result. One of an earlier day than the latest is not counted. */
  add(netE8: number, wallMs: number): void {
    const day = Math.floor(wallMs / DAY_MS);
    if (day < this.day) return;
    if (day > this.day) this.netE8 = 0;
    this.day = day;
    this.netE8 += netE8;
  }

  /** Loss of the day of `wallMs` in 1e-8 USD, 0 when the day is in profit. */
  lossE8(wallMs: number): number {
    return Math.floor(wallMs / DAY_MS) === this.day ? Math.max(0, -this.netE8) : 0;
  }
}

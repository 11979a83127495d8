/** What every client reads out of a snapshot: window, tray, notifications. Pure. */
import type { DeskInfo, LegLatency, Snapshot, Statistics, Trade } from './model.ts';

/** "paradex" -> "Paradex": venue ids are lower case in config and protocol. */
export function venueName(id: string): string {
  return id.charAt(0).toUpperCase() + id.slice(1);
}

export function isOpen(trade: Trade): boolean {
  return trade.state !== 'IDLE' && trade.state !== 'FLAT';
}

export function openTrades(snapshot: Snapshot): Trade[] {
  return snapshot.trades.filter(isOpen);
}

/** What figures must have in common to be added up. */
export type FigureSetting = Pick<DeskInfo, 'mode' | 'network' | 'tape' | 'fees' | 'orderClass'>;

/** Whether a trade was made in this setting: figures of another mode, line, market, fees or order class never mix with it. */
export function isOfSetting(trade: Trade, { mode, network, tape, fees, orderClass }: FigureSetting): boolean {
  return (
    trade.mode === mode &&
    trade.network === network &&
    trade.tape === tape &&
    trade.fees === fees.kind &&
    (trade.orderClass ?? 'pro') === orderClass
  );
}

/** The trades the statistics count. */
export function countedTrades(snapshot: Snapshot): Trade[] {
  return snapshot.trades.filter((trade) => isOfSetting(trade, snapshot.desk));
}

/** Whether anything is held or on its way: an open trade, or a position at a venue. */
export function holdsPositions(snapshot: Snapshot): boolean {
  return openTrades(snapshot).length > 0 || snapshot.venues.some((venue) => venue.positionE8 !== 0);
}

/** The venue whose order_to_confirm has the higher median; undefined without any confirmed order. */
export function slowerLeg(statistics: Statistics): LegLatency | undefined {
  return statistics.latency
    .filter((leg) => leg.orderToConfirm.n > 0 && leg.orderToConfirm.p50 !== undefined)
    .toSorted((a, b) => (b.orderToConfirm.p50 ?? 0) - (a.orderToConfirm.p50 ?? 0))[0];
}

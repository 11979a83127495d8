import type { Snapshot, SpreadPoint, Trade } from '../../engine/protocol/model.ts';

/** What the spread chart draws, cut to the time shown. Pure. */

/** Columns for uPlot: Unix seconds, better direction, reverse direction (what closing would take); null breaks the line. */
export type SpreadColumns = [number[], (number | null)[], (number | null)[]];

/** A pause in the series longer than this is drawn as a gap, not as a line. */
const GAP_MS = 5000;

export function spreadColumns(points: readonly SpreadPoint[], fromAt: number): SpreadColumns {
  const columns: SpreadColumns = [[], [], []];
  let previousAt = -Infinity;
  for (const point of points) {
    if (point.at < fromAt) continue;
    if (columns[0].length > 0 && point.at - previousAt > GAP_MS) {
      columns[0].push((previousAt + 1) / 1000);
      columns[1].push(null);
      columns[2].push(null);
    }
    columns[0].push(point.at / 1000);
    columns[1].push(Math.max(point.aOverBBps, point.bOverABps));
    columns[2].push(Math.min(point.aOverBBps, point.bOverABps));
    previousAt = point.at;
  }
  return columns;
}

export interface SpreadMark {
  kind: 'entry' | 'exit' | 'missed';
  at: number;
  bps: number;
  /** Trade number, or the reason of a missed one. */
  label: string;
  tradeId?: number;
}

/** Entries, exits and missed signals since `fromAt`, oldest first. */
export function spreadMarks(snapshot: Pick<Snapshot, 'trades' | 'missed'>, fromAt: number): SpreadMark[] {
  const marks: SpreadMark[] = snapshot.trades.flatMap((trade) => marksOf(trade));
  for (const missed of snapshot.missed) {
    marks.push({ kind: 'missed', at: missed.at, bps: missed.spreadBps, label: missed.reason });
  }
  return marks.filter((mark) => mark.at >= fromAt).sort((a, b) => a.at - b.at);
}

function marksOf(trade: Trade): SpreadMark[] {
  const label = `#${trade.id}`;
  const { entry, exit } = trade;
  const marks: SpreadMark[] = [
    { kind: 'entry', at: entry.signalAt, bps: entry.detectionSpreadBps, label, tradeId: trade.id },
  ];
  if (exit) marks.push({ kind: 'exit', at: exit.signalAt, bps: exit.detectionSpreadBps, label, tradeId: trade.id });
  return marks;
}

/** Range of the axis: the data, its marks, zero and both thresholds, with a little room. */
export function spreadRange(
  columns: SpreadColumns,
  marks: readonly Pick<SpreadMark, 'bps'>[],
  thresholds: readonly number[],
): [number, number] {
  const fixed = [0, ...thresholds, ...marks.map((mark) => mark.bps)];
  let low = Math.min(...fixed);
  let high = Math.max(...fixed);
  for (const column of [columns[1], columns[2]]) {
    for (const value of column) {
      if (value === null) continue;
      low = Math.min(low, value);
      high = Math.max(high, value);
    }
  }
  const room = Math.max(0.1, (high - low) * 0.08);
  return [low - room, high + room];
}

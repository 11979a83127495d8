import type { Missed, Trade } from '../../engine/protocol/model.ts';
import { isTroubled, venueName } from './selectors.ts';

/** The trades page's rows: trades and missed opportunities together, newest first. Pure. */
export type TradeRow = { kind: 'trade'; at: number; trade: Trade } | { kind: 'missed'; at: number; missed: Missed };

export type TradeFilter = 'all' | 'traded' | 'missed' | 'doubt';
export const TRADE_FILTERS: readonly TradeFilter[] = ['all', 'traded', 'missed', 'doubt'];

export function tradeRows(trades: readonly Trade[], missed: readonly Missed[]): TradeRow[] {
  const rows: TradeRow[] = [
    ...trades.map((trade): TradeRow => ({ kind: 'trade', at: trade.openedAt, trade })),
    ...missed.map((each): TradeRow => ({ kind: 'missed', at: each.at, missed: each })),
  ];
  return rows.sort((a, b) => b.at - a.at);
}

export function passes(row: TradeRow, filter: TradeFilter): boolean {
  switch (filter) {
    case 'all':
      return true;
    case 'traded':
      return row.kind === 'trade';
    case 'missed':
      return row.kind === 'missed';
    case 'doubt':
      return row.kind === 'trade' && isTroubled(row.trade);
  }
}

/** Every word of `search` occurs in the row's own words; `describe` adds the translated ones. */
export function matches(row: TradeRow, search: string, describe: (row: TradeRow) => string): boolean {
  const words = search.toLowerCase().split(/\s+/).filter(Boolean);
  if (words.length === 0) return true;
  const own =
    row.kind === 'trade'
      ? [
          `#${row.trade.id}`,
          row.trade.coin,
          row.trade.state,
          row.trade.network,
          row.trade.tape,
          venueName(row.trade.longVenue),
        ]
      : ['missed', row.missed.reason, row.missed.detail];
  const haystack = [...own, describe(row)].join(' ').toLowerCase();
  return words.every((word) => haystack.includes(word));
}

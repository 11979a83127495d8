import { tradePositions } from './trade-position.ts';
import type { LegName, Trade } from './trade-types.ts';
import { isTerminal, type VenueId } from './types.ts';
import { trimE8 } from './units.ts';

/** What to do at start with what the journal and the venues say. */
export type RecoveryPlan =
  /** Nothing is open anywhere. */
  | { kind: 'NOTHING' }
  /** Orders whose end the journal does not know: `resume` each trade (it queries them), then plan again. */
  | { kind: 'RESOLVE'; tradeIds: number[] }
  /** The journal explains every position: `resume` these trades (hedged ones rest as OPEN, others are reduced). */
  | { kind: 'RESUME'; trades: { tradeId: number; hedged: boolean }[] }
  /** Positions that the journal does not explain: never trade blind to "fix" them (product.md 9). */
  | { kind: 'HALT'; reason: 'POSITION_UNEXPLAINED' | 'SEVERAL_TRADES_OPEN'; detail: string };

/**
 * Decides how to start after a restart. Trades come from `restoreTrade`; positions are the venues' own for the traded
 * market, signed. The venue is trusted: any difference from the journal's fills is a reason to halt.
 * @param trades every trade not FLAT in the journal
 * @param dustE8 signed rests that finished trades left on each leg
 * @param maxOpenTrades how many trades the desk can run at once
 */
export function planRecovery(
  trades: readonly Trade[],
  venues: Readonly<Record<LegName, { venue: VenueId; positionE8: number }>>,
  dustE8: Readonly<Record<LegName, number>> = { A: 0, B: 0 },
  maxOpenTrades = 1,
): RecoveryPlan {
  const unresolved = trades.filter((trade) => trade.orders.some((order) => !isTerminal(order.state)));
  if (unresolved.length > 0) return { kind: 'RESOLVE', tradeIds: unresolved.map((trade) => trade.id) };
  const journalled = { A: dustE8.A, B: dustE8.B };
  const open: { tradeId: number; hedged: boolean }[] = [];
  for (const trade of trades) {
    const held = tradePositions(trade);
    journalled.A += held.A;
    journalled.B += held.B;
    if (held.A !== 0 || held.B !== 0) open.push({ tradeId: trade.id, hedged: held.netE8 === 0 });
  }
  for (const leg of ['A', 'B'] as const) {
    const { venue, positionE8 } = venues[leg];
    if (positionE8 === journalled[leg]) continue;
    const detail =
      `${venue} holds ${trimE8(positionE8)}, the journal's fills add up to ${trimE8(journalled[leg])}: ` +
      'close the difference at the venue or find the missing fills';
    return { kind: 'HALT', reason: 'POSITION_UNEXPLAINED', detail };
  }
  if (open.length === 0) return { kind: 'NOTHING' };
  if (open.length > maxOpenTrades) {
    const ids = open.map((trade) => trade.tradeId).join(', ');
    return { kind: 'HALT', reason: 'SEVERAL_TRADES_OPEN', detail: `trades ${ids} are open at once` };
  }
  return { kind: 'RESUME', trades: open };
}

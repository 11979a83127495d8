import type { BotConfig } from '../config/schema.ts';
import { planRecovery } from '../core/recover.ts';
import { tradePositions } from '../core/trade-position.ts';
import type { LegName, Trade as CoreTrade } from '../core/trade-types.ts';
import { isTerminal } from '../core/types.ts';
import type { Env } from '../env.ts';
import type { History } from '../journal/history.ts';
import type { Journal } from '../journal/journal.ts';
import type { Trade } from '../protocol/model.ts';
import type { DeskVenue } from './desk-order.ts';
import { restoreTradeFromJournal, unfinishedTrades, type RestoredTrade } from './restore.ts';
import type { TradeSession } from './trade-session.ts';
import type { VenueWatch } from './telemetry.ts';
import { waitUntil } from './wait-until.ts';

const RECOVERY_TIMEOUT_MS = 20_000;

/** What recovery uses of the desk, and tells it. */
export interface RecoveryDesk {
  env: Env;
  bot: BotConfig;
  history: History;
  journal: Journal;
  /** Which start of the venues this is. */
  venuesInstance: string;
  venues: Record<LegName, DeskVenue>;
  watches: ReadonlyMap<string, VenueWatch>;
  /** Makes the restored trade the running one. */
  takeUp(restored: RestoredTrade, entryCounted: boolean): TradeSession;
  running(): TradeSession | undefined;
  publishTrade(trade: Trade): void;
  halt(code: `HS_${string}`, detail: string): void;
  notice(level: 'info' | 'warn', code: `HS_${string}`, message: string): void;
}

/**
 * Takes up the trade a stopped or killed engine left, then holds the venues' positions against the journal. Entries stay
 * closed until both agree; resolves with false (and the desk halted, with the reason) when they do not.
 */
export async function recover(desk: RecoveryDesk): Promise<boolean> {
  const { env, history, venues } = desk;
  const unfinished = unfinishedTrades(history);
  if (unfinished.length > 0 && history.venuesInstance !== desk.venuesInstance) {
    for (const trade of unfinished) abandon(desk, trade);
    return true;
  }
  const restored = unfinished.map((trade) => restoreTradeFromJournal(env, trade, history, venues, desk.bot));
  for (const order of restored.flatMap((one) => one.orders)) {
    const signedE8 = order.request.side === 'BUY' ? order.record.filledE8 : -order.record.filledE8;
    desk.watches.get(order.venue.client.id)!.positionE8 += signedE8;
  }
  const open = restored.filter(({ core }) => !isOver(core));
  if (open.length > 1) {
    desk.halt('HS_SEVERAL_TRADES_OPEN', `${open.length} trades of the journal are not over.`);
    return false;
  }
  // A trade whose end was not written any more may have been followed by the next one: those that are over come first.
  for (const trade of [...restored.filter(({ core }) => isOver(core)), ...open]) {
    await resume(desk, trade, unfinished.find(({ id }) => id === trade.core.id)!.entry.state !== 'running');
  }
  return positionsAgree(desk);
}

/** Every order has its end and nothing is left of them: what is missing is the line that says so. */
function isOver(trade: CoreTrade): boolean {
  const { A, B } = tradePositions(trade);
  return A === 0 && B === 0 && trade.orders.every((order) => isTerminal(order.state));
}

async function resume(desk: RecoveryDesk, restored: RestoredTrade, entryCounted: boolean): Promise<void> {
  const { env, venues } = desk;
  const number = restored.core.id;
  desk.notice(
    'info',
    'HS_RECOVERING',
    `Taking up trade #${number} again: its orders are asked for at the venues first.`,
  );
  const session = desk.takeUp(restored, entryCounted);
  await waitUntil(env, () => venues.A.book.valid && venues.B.book.valid, RECOVERY_TIMEOUT_MS);
  session.runner.dispatch({ type: 'resume' });
  const resting = (): boolean => ['OPEN', 'FLAT', 'HALTED'].includes(session.trade.state);
  await waitUntil(env, resting, RECOVERY_TIMEOUT_MS);
}

/** Practice venues that were started anew know nothing of the position: the trade ends without a result. */
function abandon(desk: RecoveryDesk, trade: Trade): void {
  const ended: Trade = { ...trade, state: 'FLAT', closedAt: desk.env.clock.wallMs() };
  desk.journal.append({ kind: 'trade', trade: ended });
  desk.publishTrade(ended);
  desk.notice(
    'warn',
    'HS_TRADE_ABANDONED',
    `Trade #${trade.id} was open when its practice venues ended; its position ended with them and has no result.`,
  );
}

async function positionsAgree(desk: RecoveryDesk): Promise<boolean> {
  const { A, B } = desk.venues;
  const reports = (await Promise.all([A.client.positions(), B.client.positions()])).flat();
  const held = (venue: DeskVenue): number =>
    reports.find((one) => one.venue === venue.client.id && one.symbol === venue.symbol)?.sizeE8 ?? 0;
  const running = desk.running();
  const plan = planRecovery(running ? [running.trade] : [], {
    A: { venue: A.client.id, positionE8: held(A) },
    B: { venue: B.client.id, positionE8: held(B) },
  });
  switch (plan.kind) {
    case 'HALT':
      desk.halt(`HS_${plan.reason}`, plan.detail);
      return false;
    case 'RESOLVE':
      desk.halt('HS_RECOVERY_TIMEOUT', 'An order of the last run is still in doubt.');
      return false;
    case 'NOTHING':
      return true;
    case 'RESUME':
      return running?.trade.state !== 'HALTED';
  }
}

import type { Disk } from '../env.ts';
import type { Missed, Trade } from '../protocol/model.ts';
import type { FillReport } from '../venues/venue.ts';
import { readRecords } from './journal.ts';
import type { JournalEntry, JournalRecord } from './record.ts';

type IntentEntry = Extract<JournalEntry, { kind: 'intent' }>;
type OrderEntry = Extract<JournalEntry, { kind: 'order' }>;

/** What the journal's lines add up to. A projection: it can always be built again. */
export interface History {
  /** Latest state of each trade, by id. */
  trades: Map<number, Trade>;
  missed: Missed[];
  fills: FillReport[];
  intents: Map<number, IntentEntry>;
  /** Latest order news by order id. */
  orders: Map<number, OrderEntry>;
  /** Mode of the latest run. */
  mode?: string;
  /** Instance of the venues the latest run traded on. */
  venuesInstance?: string;
  /** When the first of the latest runs on `venuesInstance` began, Unix ms; 0 without a run. */
  venuesSinceAt: number;
  lastTradeId: number;
  /** The latest run ended (or broke off) while armed. */
  endedArmed: boolean;
}

export function buildHistory(records: JournalRecord[]): History {
  const history: History = {
    trades: new Map(),
    missed: [],
    fills: [],
    intents: new Map(),
    orders: new Map(),
    venuesSinceAt: 0,
    lastTradeId: 0,
    endedArmed: false,
  };
  const seenFills = new Set<string>();
  for (const { at, entry } of records) {
    switch (entry.kind) {
      case 'started':
        if (entry.venuesInstance !== history.venuesInstance) history.venuesSinceAt = at;
        history.venuesInstance = entry.venuesInstance;
        history.mode = entry.mode;
        break;
      case 'intent':
        history.intents.set(entry.orderId, entry);
        history.lastTradeId = Math.max(history.lastTradeId, entry.tradeId);
        break;
      case 'order':
        history.orders.set(entry.orderId, entry);
        break;
      case 'fill': {
        const key = `${entry.venue} ${entry.fillId}`;
        if (seenFills.has(key)) break;
        seenFills.add(key);
        const { kind: _kind, ...fill } = entry;
        history.fills.push({ ...fill, receivedAtMs: at, source: 'stream' });
        break;
      }
      case 'trade':
        history.trades.set(entry.trade.id, entry.trade);
        history.lastTradeId = Math.max(history.lastTradeId, entry.trade.id);
        break;
      case 'missed':
        history.missed.push(entry.missed);
        break;
      case 'armed':
      case 'disarmed':
        history.endedArmed = entry.kind === 'armed';
        break;
      case 'note':
      case 'stopped':
      case 'idBlock':
        break;
    }
  }
  return history;
}

/** Reads a journal without opening it for writing: a torn last line is left where it is. */
export async function readHistory(disk: Disk, folder: string): Promise<History> {
  return buildHistory(await readRecords(disk, folder));
}

/** Trades older than the snapshot's 500, asked of the engine page by page. */
import { z } from 'zod';
import { tradeSchema, type Trade } from '../../engine/protocol/model.ts';
import { failureOf, type Failure } from './failure.ts';
import { session } from './session.svelte.ts';

const PAGE = 200;
const answerSchema = z.array(tradeSchema);

async function listTrades(beforeId: number, limit: number): Promise<Trade[]> {
  return answerSchema.parse(await session.command({ name: 'trades.list', beforeId, limit }));
}

class OlderTrades {
  trades = $state.raw<Trade[]>([]);
  busy = $state(false);
  failure = $state.raw<Failure>();
  /** The engine has none before the oldest one shown. */
  exhausted = $state(false);

  /** Loads the page before the oldest trade known. */
  async load(oldestId: number): Promise<void> {
    if (this.busy) return;
    this.busy = true;
    this.failure = undefined;
    try {
      const page = await listTrades(oldestId, PAGE);
      this.exhausted = page.length === 0;
      this.trades = [...this.trades, ...page];
    } catch (error) {
      this.failure = failureOf(error);
    } finally {
      this.busy = false;
    }
  }

  /** One trade by number; undefined when the engine has none. */
  async find(tradeId: number): Promise<Trade | undefined> {
    const page = await listTrades(tradeId + 1, 1);
    return page.find((trade) => trade.id === tradeId);
  }
}

export const olderTrades = new OlderTrades();

/** Newest first, each once: the snapshot's version wins, because it is live. Pages of older ones never overlap. */
export function mergeTrades(live: readonly Trade[], older: readonly Trade[]): Trade[] {
  const oldestLive = live.at(-1)?.id ?? Infinity;
  return [...live, ...older.filter((trade) => trade.id < oldestLive)];
}

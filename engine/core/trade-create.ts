import type { LegKey, LegName, LegRules, OrderPurpose, Trade, TradeConfig, TradeOrder } from './trade-types.ts';
import type { Direction, OrderState, Side } from './types.ts';

export interface NewTrade {
  id: number;
  direction: Direction;
  sizeE8: number;
  legs: Record<LegName, LegRules>;
  config: TradeConfig;
}

/** A trade in IDLE; its first event is `enter`. */
export function createTrade(options: NewTrade): Trade {
  return {
    ...options,
    state: 'IDLE',
    orders: [],
    goal: 'OPEN',
    closing: false,
    attempts: 0,
    refusedExits: 0,
    notBeforeMs: Number.NEGATIVE_INFINITY,
  };
}

/** One order as the journal remembers it. */
export interface JournalledOrder {
  key: LegKey;
  purpose: OrderPurpose;
  leg: LegName;
  side: Side;
  sizeE8: number;
  reduceOnly: boolean;
  state: OrderState;
  filledE8: number;
}

/**
 * A trade as it stood in the journal when the engine died. Orders without a terminal state are in doubt, and are queried
 * once a whole receive window after `nowMs` has passed. An interrupted exit is not continued: what is left is made hedged
 * (or closed, when `closing`), and the next exit signal decides. Its first event is `resume`, given once books are valid.
 */
export function restoreTrade(
  options: NewTrade & { closing: boolean; orders: readonly JournalledOrder[] },
  nowMs: number,
): Trade {
  const { closing, orders, ...base } = options;
  const windowEndAtMs = nowMs + base.config.receiveWindowMs + base.config.windowMarginMs;
  return {
    ...createTrade(base),
    state: 'LEGS_IN_FLIGHT',
    closing,
    orders: orders.map((order): TradeOrder => {
      const waits = { submittedAtMs: nowMs, sent: true, deadlineAtMs: nowMs, windowEndAtMs };
      // A doubt of the former process begins anew: its next query was that process's.
      const state = order.state === 'DOUBT' ? 'SENT' : order.state;
      return { ...order, ...waits, state, queries: 0, cancelRequested: true };
    }),
  };
}

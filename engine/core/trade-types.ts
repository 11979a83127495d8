import type { TradeState } from '../protocol/model.ts';
import type { Direction, OrderState, Side, VenueId } from './types.ts';

/** The config's `dex_a` and `dex_b`. */
export type LegName = 'A' | 'B';

/** entry and exit: the two orders of an episode; hedge: cuts a partial entry down to its smaller leg; unwind: closes a naked leg. */
export type OrderPurpose = 'entry' | 'exit' | 'hedge' | 'unwind';

/** Purpose, leg and 1-based attempt: unique inside a trade. The desk maps it to the order id it drew. */
export type LegKey = `${OrderPurpose}:${LegName}:${number}`;

/** What the machine must know of one leg's venue to size a reduce-only order. */
export interface LegRules {
  venue: VenueId;
  sizeStepE8: number;
  /**
   * Smallest reduce-only size that does not close the whole position (Paradex applies its minimum notional to those);
   * 0 where there is no such rule.
   */
  minReduceE8: number;
}

/** Bounds of every wait and retry. All durations in ms. */
export interface TradeConfig {
  /** An order without its terminal message this long after hand-over is in DOUBT. */
  confirmTimeoutMs: number;
  /** Window the venue is told at send: after it an unknown order is dead. */
  receiveWindowMs: number;
  /** Added to the window before the authoritative query: clock error plus the way there. */
  windowMarginMs: number;
  /** First wait between two queries of an order in doubt; doubles up to `queryRetryMaxMs`. */
  queryRetryMs: number;
  queryRetryMaxMs: number;
  /** A doubt older than this halts the trade (queries go on). */
  maxDoubtMs: number;
  /** Price band around the touch of entries and first exits. */
  bandBps: number;
  /** Widening per further attempt of a reduce-only order. */
  bandStepBps: number;
  maxBandBps: number;
  /** Attempts in a row to reduce or exit before the trade is halted. */
  maxAttempts: number;
  /** Wait between attempts, times the number of attempts made; also after an exit that found no fill (doubling while refused). */
  retryDelayMs: number;
  retryDelayMaxMs: number;
}

/** One order as the machine sees it: the quantity filled is cumulative and only grows. */
export interface TradeOrder {
  readonly key: LegKey;
  readonly purpose: OrderPurpose;
  readonly leg: LegName;
  readonly side: Side;
  readonly sizeE8: number;
  readonly reduceOnly: boolean;
  readonly state: OrderState;
  readonly filledE8: number;
  readonly submittedAtMs: number;
  readonly sent: boolean;
  /** Without terminal news by then the order is in doubt. */
  readonly deadlineAtMs: number;
  /** The receive window is certainly over. */
  readonly windowEndAtMs: number;
  readonly doubtSinceMs?: number;
  readonly nextQueryAtMs?: number;
  readonly queries: number;
  readonly cancelRequested: boolean;
}

export type HaltReason = 'DOUBT_UNRESOLVED' | 'REDUCE_FAILED' | 'POSITION_FLIPPED';

export interface Trade {
  readonly id: number;
  readonly direction: Direction;
  readonly sizeE8: number;
  readonly legs: Readonly<Record<LegName, LegRules>>;
  readonly config: TradeConfig;
  readonly state: TradeState;
  readonly orders: readonly TradeOrder[];
  /** OPEN: become and stay hedged. FLAT: close both legs. */
  readonly goal: 'OPEN' | 'FLAT';
  /** Close-all was asked for: never stop at OPEN. */
  readonly closing: boolean;
  /** Reduce-only or exit attempts since the trade last rested. */
  readonly attempts: number;
  /** Exits in a row that the venue refused: they are tried ever more rarely. */
  readonly refusedExits: number;
  /** No further attempt and no exit signal is taken before this. */
  readonly notBeforeMs: number;
  /** When the one timer of the trade must fire; absent in a state of rest. */
  readonly wakeAtMs?: number;
  readonly halt?: { readonly reason: HaltReason; readonly detail: string };
}

export type TradeEvent =
  /** Entry signal: submits both legs at the trade's size. */
  | { type: 'enter' }
  /** News of one order, in any order, any number of times. `state` must be terminal only when the quantity is final. */
  | { type: 'order'; key: LegKey; state: OrderState; filledE8: number }
  /** A query was answered (its result came as `order` before this) or failed. */
  | { type: 'queryDone'; key: LegKey }
  | { type: 'timer' }
  /** Exit signal; ignored unless the trade is OPEN and not waiting after a missed exit (`notBeforeMs`). */
  | { type: 'exit' }
  /** Operator: close now, from any state; also takes a trade out of HALTED. */
  | { type: 'closeAll' }
  /** First event after `restoreTrade`. */
  | { type: 'resume' };

/** An order the desk must build: immediate-or-cancel, bounded by the touch at sending plus `bandBps`. */
export interface OrderPlan {
  key: LegKey;
  purpose: OrderPurpose;
  leg: LegName;
  venue: VenueId;
  side: Side;
  sizeE8: number;
  reduceOnly: boolean;
  bandBps: number;
}

/** Stable codes of what the journal should say about a trade. */
export type TradeNote =
  | 'ENTRY_SUBMITTED'
  | 'ENTRY_HEDGED'
  | 'ENTRY_NOT_FILLED'
  | 'IMBALANCE'
  | 'DOUBT'
  | 'DOUBT_ENDED'
  | 'EXIT_SUBMITTED'
  | 'EXIT_MISSED'
  | 'CLOSE_ALL'
  | 'DUST_LEFT';

export type TradeAction =
  /** One or two orders, handed over back to back (the desk puts the REST venue first). */
  | { type: 'submit'; orders: OrderPlan[] }
  | { type: 'cancel'; key: LegKey }
  /** Mark the desk's order record DOUBT. One that was never handed to its client must be dropped and reported REJECTED. */
  | { type: 'doubt'; key: LegKey }
  /** The authoritative query. Never asked before the end of the receive window. */
  | { type: 'query'; key: LegKey }
  /** (Re)places the trade's only timer; firing early or twice is harmless. */
  | { type: 'timer'; atMs: number }
  | { type: 'cancelTimer' }
  | { type: 'record'; note: TradeNote; detail: string }
  /**
   * Nothing is open. `dustE8`: signed rest per leg too small for the venue. A fill reported later takes the trade out
   * of FLAT again and `finished` comes once more: keep feeding it news until its orders are reconciled.
   */
  | { type: 'finished'; outcome: 'NOT_ENTERED' | 'UNWOUND' | 'CLOSED'; dustE8: Record<LegName, number> }
  | { type: 'halt'; reason: HaltReason; detail: string };

export interface TradeStep {
  /** The very same object when nothing changed. */
  trade: Trade;
  actions: TradeAction[];
}

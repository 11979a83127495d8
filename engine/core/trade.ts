import { isTerminal, type OrderState } from './types.ts';
import { floorToStepE8, trimE8 } from './units.ts';
import type {
  HaltReason,
  LegKey,
  LegName,
  OrderPlan,
  OrderPurpose,
  Trade,
  TradeAction,
  TradeEvent,
  TradeNote,
  TradeOrder,
  TradeStep,
} from './trade-types.ts';
import { legSide, longLeg, shortLeg, tradePositions, unfilledE8 } from './trade-position.ts';

/**
 * The two-leg trade machine (product.md 3 and 9): what to do after one event. Pure.
 * Every event first updates what is known of the orders; then `Stepper.advance` looks at all of it afresh, so the order
 * in which news arrive cannot matter. While an order is alive no new one leaves; when none is, the filled quantities
 * alone decide: hedged, to be reduced, closed. Each state that is not one of rest has `wakeAtMs`.
 * @param nowMs monotonic
 */
export function step(trade: Trade, event: TradeEvent, nowMs: number): TradeStep {
  const stepper = new Stepper(trade, nowMs);
  stepper.apply(event);
  return stepper.result();
}

type Draft = { -readonly [K in keyof Trade]: Trade[K] };

class Stepper {
  private readonly before: Trade;
  private readonly trade: Draft;
  private readonly nowMs: number;
  private readonly actions: TradeAction[] = [];

  constructor(trade: Trade, nowMs: number) {
    this.before = trade;
    this.trade = { ...trade };
    this.nowMs = nowMs;
  }

  result(): TradeStep {
    const { before, trade, actions } = this;
    if (trade.wakeAtMs !== before.wakeAtMs) {
      actions.push(trade.wakeAtMs === undefined ? { type: 'cancelTimer' } : { type: 'timer', atMs: trade.wakeAtMs });
    }
    const changed = (Object.keys(trade) as (keyof Trade)[]).some((key) => trade[key] !== before[key]);
    return changed || actions.length > 0 ? { trade, actions } : { trade: before, actions };
  }

  apply(event: TradeEvent): void {
    const { trade } = this;
    switch (event.type) {
      case 'enter':
        if (trade.state !== 'IDLE') return;
        this.submit('entry', { A: trade.sizeE8, B: trade.sizeE8 }, false);
        this.note('ENTRY_SUBMITTED', `${trade.direction}, ${trimE8(trade.sizeE8)} on each leg`);
        break;
      case 'exit':
        if (trade.state !== 'OPEN' || this.nowMs < trade.notBeforeMs) return;
        trade.goal = 'FLAT';
        break;
      case 'closeAll':
        if (trade.state === 'IDLE' || trade.state === 'FLAT') return;
        if (trade.closing && trade.state !== 'HALTED') return;
        this.beginClosing();
        break;
      case 'order':
        if (!this.updateOrder(event.key, event.state, event.filledE8)) return;
        break;
      case 'queryDone':
        this.scheduleNextQuery(event.key);
        break;
      case 'timer':
      case 'resume':
        break;
    }
    this.advance();
  }

  private beginClosing(): void {
    const { trade, nowMs } = this;
    trade.closing = true;
    trade.halt = undefined;
    if (trade.state === 'HALTED') trade.state = 'REDUCING';
    trade.attempts = 0;
    trade.notBeforeMs = nowMs;
    trade.orders = trade.orders.map((order) =>
      order.doubtSinceMs === undefined ? order : { ...order, doubtSinceMs: nowMs },
    );
    this.note('CLOSE_ALL', 'asked by the operator');
  }

  /** Returns whether the news told anything. Filled quantity only grows; a terminal order never comes alive again. */
  private updateOrder(key: LegKey, state: OrderState, filledE8: number): boolean {
    const order = this.trade.orders.find((candidate) => candidate.key === key);
    if (!order) return false;
    const { config } = this.trade;
    const next = { ...order, filledE8: Math.max(order.filledE8, filledE8) };
    if (!isTerminal(order.state)) {
      if (isTerminal(state)) {
        next.state = state;
        if (order.state === 'DOUBT') this.note('DOUBT_ENDED', `${key} is ${state}, filled ${trimE8(next.filledE8)}`);
      } else if (state === 'DOUBT') {
        if (order.state !== 'DOUBT') this.enterDoubt(next);
      } else if (order.state !== 'DOUBT' && LIVE_RANK[state] > LIVE_RANK[order.state]) {
        next.state = state;
      }
      if (!order.sent && state !== 'INTENT' && state !== 'DOUBT') {
        next.sent = true;
        next.deadlineAtMs = this.nowMs + config.confirmTimeoutMs;
        next.windowEndAtMs = this.nowMs + config.receiveWindowMs + config.windowMarginMs;
        if (next.nextQueryAtMs !== undefined) {
          next.nextQueryAtMs = Math.max(next.nextQueryAtMs, next.windowEndAtMs);
        }
      }
    }
    const same = next.state === order.state && next.filledE8 === order.filledE8 && next.sent === order.sent;
    if (!same) this.replace(next);
    return !same;
  }

  private enterDoubt(order: { -readonly [K in keyof TradeOrder]: TradeOrder[K] }): void {
    order.state = 'DOUBT';
    order.doubtSinceMs = this.nowMs;
    order.nextQueryAtMs = Math.max(this.nowMs, order.windowEndAtMs);
    this.actions.push({ type: 'doubt', key: order.key });
    this.note('DOUBT', `${order.key}: no definite answer; reserved at full size until the venue is asked`);
  }

  private scheduleNextQuery(key: LegKey): void {
    const order = this.trade.orders.find((candidate) => candidate.key === key);
    if (order?.state !== 'DOUBT') return;
    const { queryRetryMs, queryRetryMaxMs } = this.trade.config;
    const waitMs = Math.min(queryRetryMs * 2 ** Math.max(0, order.queries - 1), queryRetryMaxMs);
    this.replace({ ...order, nextQueryAtMs: Math.max(this.nowMs + waitMs, order.windowEndAtMs) });
  }

  private replace(order: TradeOrder): void {
    this.trade.orders = this.trade.orders.map((old) => (old.key === order.key ? order : old));
  }

  /** Decides from everything known now. */
  private advance(): void {
    const { trade } = this;
    if (trade.state === 'IDLE') return;
    this.watchLiveOrders();
    const live = trade.orders.filter((order) => !isTerminal(order.state));
    if (live.length > 0) {
      if (trade.state !== 'HALTED') trade.state = liveState(trade.orders, live);
      trade.wakeAtMs = Math.min(...live.map((order) => this.orderWakeMs(order)));
      return;
    }
    trade.wakeAtMs = undefined;
    if (trade.state === 'HALTED') return;
    if (trade.closing) trade.goal = 'FLAT';
    const held = tradePositions(trade);
    const longE8 = held[longLeg(trade.direction)];
    const shortE8 = -held[shortLeg(trade.direction)];
    if (longE8 < 0 || shortE8 < 0) {
      this.halt('POSITION_FLIPPED', `long leg holds ${trimE8(longE8)}, short leg ${trimE8(shortE8)}`);
    } else if (trade.goal === 'OPEN') {
      this.keepHedged(longE8, shortE8);
    } else {
      this.closeBoth(longE8, shortE8);
    }
  }

  /** Deadlines, doubts, queries and cancels of the orders that are alive. */
  private watchLiveOrders(): void {
    const { trade, nowMs } = this;
    const { config } = trade;
    const legFailed = trade.orders.some((o) => o.purpose === 'entry' && isTerminal(o.state) && o.filledE8 === 0);
    for (const order of trade.orders) {
      if (isTerminal(order.state)) continue;
      const next = { ...order };
      if (next.state !== 'DOUBT' && nowMs >= next.deadlineAtMs) this.enterDoubt(next);
      if (next.purpose === 'entry' && next.sent && !next.cancelRequested && (legFailed || trade.closing)) {
        next.cancelRequested = true;
        this.actions.push({ type: 'cancel', key: next.key });
      }
      if (next.state === 'DOUBT' && nowMs >= next.nextQueryAtMs!) {
        next.queries++;
        // Should the answer never be reported, the venue is asked again then.
        next.nextQueryAtMs = nowMs + config.queryRetryMaxMs;
        this.actions.push({ type: 'query', key: next.key });
      }
      const touched = next.state !== order.state || next.queries !== order.queries;
      if (touched || next.cancelRequested !== order.cancelRequested) this.replace(next);
      if (next.state === 'DOUBT' && trade.state !== 'HALTED' && nowMs >= next.doubtSinceMs! + config.maxDoubtMs) {
        this.halt('DOUBT_UNRESOLVED', `${next.key}: the venue could not say for ${config.maxDoubtMs} ms`);
      }
    }
  }

  private orderWakeMs(order: TradeOrder): number {
    if (order.state !== 'DOUBT') return order.deadlineAtMs;
    if (this.trade.state === 'HALTED') return order.nextQueryAtMs!;
    return Math.min(order.nextQueryAtMs!, order.doubtSinceMs! + this.trade.config.maxDoubtMs);
  }

  /** Goal OPEN, nothing alive: cut the larger leg down to the smaller one, else rest. */
  private keepHedged(longE8: number, shortE8: number): void {
    const { trade } = this;
    const leg = longE8 > shortE8 ? longLeg(trade.direction) : shortLeg(trade.direction);
    const excessE8 = this.reducibleE8(leg, Math.abs(longE8 - shortE8), Math.max(longE8, shortE8));
    if (excessE8 > 0) {
      const purpose = longE8 === 0 || shortE8 === 0 ? 'unwind' : 'hedge';
      this.reduce(purpose, { A: leg === 'A' ? excessE8 : 0, B: leg === 'B' ? excessE8 : 0 });
    } else if (longE8 === 0 || shortE8 === 0) {
      this.finish();
    } else if (trade.state !== 'OPEN') {
      trade.state = 'OPEN';
      trade.attempts = 0;
      trade.notBeforeMs = this.nowMs;
      this.note('ENTRY_HEDGED', `long ${trimE8(longE8)}, short ${trimE8(shortE8)}`);
      if (longE8 !== shortE8) this.note('DUST_LEFT', `${trimE8(longE8 - shortE8)} stay unhedged: under the lot rules`);
    }
  }

  /** Goal FLAT, nothing alive: close what is left; a hedged rest may wait for the next exit signal unless closing. */
  private closeBoth(longE8: number, shortE8: number): void {
    const { trade, nowMs } = this;
    const long = longLeg(trade.direction);
    const short = shortLeg(trade.direction);
    const longRestE8 = floorToStepE8(longE8, trade.legs[long].sizeStepE8);
    const shortRestE8 = floorToStepE8(shortE8, trade.legs[short].sizeStepE8);
    if (longRestE8 === 0 && shortRestE8 === 0) {
      this.finish();
      return;
    }
    const larger = longE8 > shortE8 ? long : short;
    const excessE8 = this.reducibleE8(larger, Math.abs(longE8 - shortE8), Math.max(longE8, shortE8));
    if (excessE8 === 0 && trade.attempts > 0 && !trade.closing) {
      const { retryDelayMs, retryDelayMaxMs } = trade.config;
      // A missed price is simply tried again; an order the venue refuses would be refused at every tick.
      const refused = trade.orders.at(-1)!.state === 'REJECTED';
      trade.refusedExits = refused ? trade.refusedExits + 1 : 0;
      trade.goal = 'OPEN';
      trade.state = 'OPEN';
      trade.attempts = 0;
      trade.notBeforeMs = nowMs + Math.min(retryDelayMs * 2 ** trade.refusedExits, retryDelayMaxMs);
      this.note('EXIT_MISSED', `still hedged with ${trimE8(longE8)} long, ${trimE8(shortE8)} short`);
      return;
    }
    this.reduce('exit', long === 'A' ? { A: longRestE8, B: shortRestE8 } : { A: shortRestE8, B: longRestE8 });
  }

  /** What of `wantedE8` the leg's venue lets us close: whole lots, and its minimum unless all of the position goes. */
  private reducibleE8(leg: LegName, wantedE8: number, positionE8: number): number {
    const { sizeStepE8, minReduceE8 } = this.trade.legs[leg];
    const lotsE8 = floorToStepE8(wantedE8, sizeStepE8);
    return lotsE8 < minReduceE8 && lotsE8 < positionE8 ? 0 : lotsE8;
  }

  /** One reduce-only attempt, with a wider band each time, bounded; waits for `notBeforeMs` by the timer. */
  private reduce(purpose: OrderPurpose, sizesE8: Record<LegName, number>): void {
    const { trade, nowMs } = this;
    const { maxAttempts, retryDelayMs, retryDelayMaxMs } = trade.config;
    if (trade.attempts >= maxAttempts) {
      this.halt('REDUCE_FAILED', `${purpose} left ${trimE8(sizesE8.A)} on A, ${trimE8(sizesE8.B)} on B`);
      return;
    }
    trade.state = PURPOSE_STATE[purpose];
    if (trade.attempts > 0 && nowMs < trade.notBeforeMs) {
      trade.wakeAtMs = trade.notBeforeMs;
      return;
    }
    trade.attempts++;
    trade.notBeforeMs = nowMs + Math.min(retryDelayMs * trade.attempts, retryDelayMaxMs);
    const what = `${purpose} attempt ${trade.attempts}: A ${trimE8(sizesE8.A)}, B ${trimE8(sizesE8.B)}`;
    this.note(purpose === 'exit' ? 'EXIT_SUBMITTED' : 'IMBALANCE', what);
    this.submit(purpose, sizesE8, true);
    trade.wakeAtMs = nowMs + trade.config.confirmTimeoutMs;
  }

  private submit(purpose: OrderPurpose, sizesE8: Record<LegName, number>, reduceOnly: boolean): void {
    const { trade, nowMs } = this;
    const { config } = trade;
    const plans: OrderPlan[] = [];
    for (const leg of ['A', 'B'] as const) {
      const sizeE8 = sizesE8[leg];
      if (sizeE8 <= 0) continue;
      const attempt = 1 + trade.orders.filter((order) => order.purpose === purpose && order.leg === leg).length;
      const key: LegKey = `${purpose}:${leg}:${attempt}`;
      const side = legSide(trade.direction, leg, reduceOnly);
      const widenings = Math.max(0, trade.attempts - 1);
      const bandBps = Math.min(config.bandBps + widenings * config.bandStepBps, config.maxBandBps);
      plans.push({ key, purpose, leg, venue: trade.legs[leg].venue, side, sizeE8, reduceOnly, bandBps });
    }
    trade.orders = [
      ...trade.orders,
      ...plans.map(({ key, leg, side, sizeE8 }): TradeOrder => ({
        key,
        purpose,
        leg,
        side,
        sizeE8,
        reduceOnly,
        state: 'INTENT',
        filledE8: 0,
        submittedAtMs: nowMs,
        sent: false,
        deadlineAtMs: nowMs + config.confirmTimeoutMs,
        windowEndAtMs: nowMs + config.receiveWindowMs + config.windowMarginMs,
        queries: 0,
        cancelRequested: false,
      })),
    ];
    trade.state = purpose === 'entry' ? 'SIGNALLED' : PURPOSE_STATE[purpose];
    this.actions.push({ type: 'submit', orders: plans });
  }

  private finish(): void {
    const { trade } = this;
    if (trade.state === 'FLAT') return;
    trade.state = 'FLAT';
    trade.attempts = 0;
    const dustE8 = tradePositions(trade);
    const filled = (purpose: OrderPurpose): boolean =>
      trade.orders.some((o) => o.purpose === purpose && o.filledE8 > 0);
    const outcome = filled('exit') ? 'CLOSED' : filled('entry') ? 'UNWOUND' : 'NOT_ENTERED';
    if (outcome === 'NOT_ENTERED') this.note('ENTRY_NOT_FILLED', 'neither leg filled');
    if (dustE8.A !== 0 || dustE8.B !== 0) this.note('DUST_LEFT', `A ${trimE8(dustE8.A)}, B ${trimE8(dustE8.B)}`);
    this.actions.push({ type: 'finished', outcome, dustE8: { A: dustE8.A, B: dustE8.B } });
  }

  private halt(reason: HaltReason, detail: string): void {
    this.trade.state = 'HALTED';
    this.trade.halt = { reason, detail };
    this.actions.push({ type: 'halt', reason, detail });
  }

  private note(note: TradeNote, detail: string): void {
    this.actions.push({ type: 'record', note, detail });
  }
}

const LIVE_RANK: Record<OrderState, number> = {
  INTENT: 0,
  SENT: 1,
  ACKED: 2,
  PARTIAL: 3,
  DOUBT: 4,
  FILLED: 5,
  CANCELLED: 5,
  EXPIRED: 5,
  REJECTED: 5,
};

const PURPOSE_STATE = { entry: 'LEGS_IN_FLIGHT', exit: 'EXITING', hedge: 'HEDGING', unwind: 'REDUCING' } as const;

function liveState(orders: readonly TradeOrder[], live: readonly TradeOrder[]): Trade['state'] {
  if (live.some((order) => order.state === 'DOUBT')) return 'DOUBT';
  const purpose = live[0]!.purpose;
  if (purpose !== 'entry') return PURPOSE_STATE[purpose];
  const entries = orders.filter((order) => order.purpose === 'entry');
  if (entries.every((order) => order.state === 'INTENT')) return 'SIGNALLED';
  const partial = entries.some((order) => order.filledE8 > 0 && unfilledE8(order) > 0);
  return partial ? 'PARTIAL' : 'LEGS_IN_FLIGHT';
}

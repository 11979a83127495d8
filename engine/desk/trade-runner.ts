import { errorMessage, HalfspreadError } from '../core/errors.ts';
import {
  applyFill,
  applyOrderNews,
  applyTruth,
  awaitedFillsE8,
  stateForTrade,
  type OrderRecord,
} from '../core/orders.ts';
import { step } from '../core/trade.ts';
import type { LegName, OrderPlan, Trade, TradeAction, TradeEvent, TradeNote } from '../core/trade-types.ts';
import { isTerminal } from '../core/types.ts';
import type { Env } from '../env.ts';
import type { FillReport, OrderUpdate, PreparedOrder } from '../venues/venue.ts';
import { createDeskOrder, takenSide, type DeskOrder, type DeskVenue } from './desk-order.ts';

/** Fills a venue reported only as a quantity are asked for this long after the order ended. */
const MISSING_FILLS_QUERY_MS = 1_500;
const MISSING_FILLS_TRIES = 20;

/** What the runner tells the desk; nothing of it is on the way to the socket. */
export interface TradeObserver {
  /** All orders of one submit action have been handed over (or dropped). */
  onSubmitted(orders: DeskOrder[]): void;
  onOrderChanged(order: DeskOrder, before: OrderRecord): void;
  onFill(order: DeskOrder, fill: FillReport): void;
  onNote(trade: Trade, note: TradeNote, detail: string): void;
  /** After each event that changed the trade's state or its orders. */
  onTradeChanged(trade: Trade): void;
  onFinished(trade: Trade, outcome: 'NOT_ENTERED' | 'UNWOUND' | 'CLOSED'): void;
  onHalt(trade: Trade, reason: string, detail: string): void;
  onProblem(code: `HS_${string}`, message: string): void;
}

/**
 * Carries out one trade: feeds the pure machine (core/trade) with events and does what it says. At most one trade runs;
 * a finished one stays until its last fill has been told.
 */
export class TradeRunner {
  trade: Trade;
  readonly orders: DeskOrder[] = [];
  private readonly env: Env;
  private readonly venues: Record<LegName, DeskVenue>;
  private readonly observer: TradeObserver;
  private readonly queue: TradeEvent[] = [];
  private busy = false;
  private cancelTimer: (() => void) | undefined;
  private readonly cancelFillQueries = new Set<() => void>();
  /** News that came while orders were being written: told after both are, and after their intents. */
  private held: (() => void)[] | undefined;

  constructor(env: Env, trade: Trade, venues: Record<LegName, DeskVenue>, observer: TradeObserver) {
    this.env = env;
    this.trade = trade;
    this.venues = venues;
    this.observer = observer;
  }

  /** Events that arise while one is handled (a SENT from inside the write) wait until both legs are written. */
  dispatch(event: TradeEvent): void {
    this.queue.push(event);
    if (!this.busy) this.drain(() => undefined);
  }

  /** Does `first`, then handles whatever has queued up meanwhile. */
  private drain(first: () => void): void {
    this.busy = true;
    try {
      first();
      for (let next = this.queue.shift(); next; next = this.queue.shift()) this.handle(next);
    } finally {
      this.busy = false;
    }
  }

  /** Takes over orders of a former process. What it knew to have filled without knowing the price is asked for. */
  adopt(orders: readonly DeskOrder[]): void {
    this.orders.push(...orders);
    for (const order of orders) {
      if (isTerminal(order.record.state) && awaitedFillsE8(order.record) > 0) this.watchForMissingFills(order, 0);
    }
  }

  /** True when every order is over and every filled quantity has its price and fee. */
  isComplete(): boolean {
    return this.orders.every(({ record }) => isTerminal(record.state) && record.settled && awaitedFillsE8(record) <= 0);
  }

  find(orderId: number): DeskOrder | undefined {
    return this.orders.find((order) => order.orderId === orderId);
  }

  onOrderUpdate(order: DeskOrder, update: OrderUpdate): void {
    if (this.held) this.held.push(() => this.onOrderUpdate(order, update));
    else this.change(order, applyOrderNews(order.record, update));
  }

  onFill(order: DeskOrder, fill: FillReport): void {
    const before = order.record;
    const next = applyFill(before, fill);
    if (next === before) return;
    if (next.fills.length > before.fills.length) this.observer.onFill(order, fill);
    this.change(order, next);
  }

  stop(): void {
    this.cancelTimer?.();
    for (const cancel of this.cancelFillQueries) cancel();
    this.cancelFillQueries.clear();
  }

  private handle(event: TradeEvent): void {
    const { trade, actions } = step(this.trade, event, this.env.clock.monotonicMs());
    const changed = trade !== this.trade;
    this.trade = trade;
    for (const action of actions) this.perform(action);
    if (changed) this.observer.onTradeChanged(trade);
  }

  private perform(action: TradeAction): void {
    switch (action.type) {
      case 'submit':
        this.submit(action.orders);
        break;
      case 'cancel':
        this.forKey(action.key, (order) => {
          if (order.orderId === 0) return;
          order.venue.client
            .cancel(order.orderId)
            .catch((error: unknown) => this.problem('HS_CANCEL_FAILED', order, error));
        });
        break;
      case 'doubt':
        this.forKey(action.key, (order) => this.doubt(order));
        break;
      case 'query':
        this.forKey(action.key, (order) => this.query(order));
        break;
      case 'timer': {
        this.cancelTimer?.();
        const delayMs = Math.max(0, action.atMs - this.env.clock.monotonicMs());
        this.cancelTimer = this.env.timers.after(delayMs, () => this.dispatch({ type: 'timer' }));
        break;
      }
      case 'cancelTimer':
        this.cancelTimer?.();
        this.cancelTimer = undefined;
        break;
      case 'record':
        this.observer.onNote(this.trade, action.note, action.detail);
        break;
      case 'finished':
        this.observer.onFinished(this.trade, action.outcome);
        break;
      case 'halt':
        this.observer.onHalt(this.trade, action.reason, action.detail);
        break;
    }
  }

  /** Builds all orders, then hands them over back to back, the REST venue first. Nothing is sent when one cannot be built. */
  private submit(plans: OrderPlan[]): void {
    const nowMs = this.env.clock.monotonicMs();
    const sorted = plans.length < 2 ? plans : [...plans].sort((a, b) => this.transportRank(a) - this.transportRank(b));
    const batch: DeskOrder[] = [];
    for (const plan of sorted) {
      const venue = this.venues[plan.leg];
      if (takenSide(venue.book, plan.side).count === 0) {
        for (const refused of plans) this.reject(refused);
        this.observer.onProblem(
          'HS_BOOK_EMPTY',
          `${venue.client.id} shows no price to ${plan.side} at: the order was not sent.`,
        );
        return;
      }
      const episode = plan.purpose === 'exit' || this.trade.goal === 'FLAT' ? 'exit' : 'entry';
      batch.push(createDeskOrder(plan, venue, this.trade.id, episode, nowMs));
    }
    this.orders.push(...batch);
    try {
      const prepared = batch.map((order) => order.venue.client.prepare(order.request));
      const ready = prepared.filter((one): one is PreparedOrder => !(one instanceof Promise));
      if (ready.length === prepared.length) {
        this.send(batch, ready);
        return;
      }
      Promise.all(prepared.map((one) => Promise.resolve(one))).then(
        (signed) => this.drain(() => this.send(batch, signed)),
        (error: unknown) => this.drain(() => this.dropBatch(batch, error)),
      );
    } catch (error) {
      this.dropBatch(batch, error);
    }
  }

  private send(batch: DeskOrder[], prepared: PreparedOrder[]): void {
    if (batch.some((order) => order.dropped)) {
      this.dropBatch(batch, new Error('it was given up before its signature was ready'));
      return;
    }
    batch.forEach((order, index) => {
      order.prepared = prepared[index]!;
      order.orderId = order.prepared.orderId;
      order.record = { ...order.record, orderId: order.orderId };
    });
    this.held = [];
    // Nothing but the writes between here and the last one.
    for (let index = 0; index < batch.length; index++) this.write(batch[index]!, prepared[index]!);
    this.observer.onSubmitted(batch);
    const { held } = this;
    this.held = undefined;
    for (const tell of held) tell();
  }

  /** A client that cannot even write (its connection is gone) throws: then this leg never left. */
  private write(order: DeskOrder, prepared: PreparedOrder): void {
    try {
      order.venue.client.send(prepared);
    } catch (error) {
      const reason = errorMessage(error);
      this.held?.push(() =>
        this.change(order, applyOrderNews(order.record, { ...ownNews(order), state: 'REJECTED', reason })),
      );
      this.problem('HS_ORDER_NOT_SENT', order, error);
    }
  }

  private dropBatch(batch: DeskOrder[], error: unknown): void {
    for (const order of batch) {
      order.dropped = true;
      this.change(
        order,
        applyOrderNews(order.record, { ...ownNews(order), state: 'REJECTED', reason: errorMessage(error) }),
      );
    }
    const code = error instanceof HalfspreadError ? (error.code as `HS_${string}`) : 'HS_ORDER_NOT_BUILT';
    this.observer.onProblem(code, `${batch.map((o) => o.plan.key).join(' and ')} not sent: ${errorMessage(error)}`);
    this.observer.onSubmitted(batch);
  }

  private reject(plan: OrderPlan): void {
    this.dispatch({ type: 'order', key: plan.key, state: 'REJECTED', filledE8: 0 });
  }

  private transportRank(plan: OrderPlan): number {
    return this.venues[plan.leg].client.capabilities.orderTransport === 'rest' ? 0 : 1;
  }

  private doubt(order: DeskOrder): void {
    if (order.orderId === 0) {
      order.dropped = true;
      this.change(
        order,
        applyOrderNews(order.record, { ...ownNews(order), state: 'REJECTED', reason: 'never handed to the venue' }),
      );
      return;
    }
    this.change(order, applyOrderNews(order.record, { ...ownNews(order), state: 'DOUBT' }));
  }

  private query(order: DeskOrder): void {
    order.venue.client
      .queryOrder(order.orderId)
      .then((truth) => {
        if (truth.known) for (const fill of truth.fills) this.onFill(order, fill);
        this.change(order, applyTruth(order.record, truth));
      })
      .catch((error: unknown) => this.problem('HS_QUERY_FAILED', order, error))
      .finally(() => this.dispatch({ type: 'queryDone', key: order.plan.key }));
  }

  private change(order: DeskOrder, next: OrderRecord): void {
    const before = order.record;
    if (next === before) return;
    order.record = next;
    if (isTerminal(next.state) && !isTerminal(before.state)) this.watchForMissingFills(order, 0);
    this.observer.onOrderChanged(order, before);
    this.dispatch({ type: 'order', key: order.plan.key, state: stateForTrade(next), filledE8: next.filledE8 });
  }

  /** A filled quantity without price and fee (its fill message was lost) is asked for until the venue tells it. */
  private watchForMissingFills(order: DeskOrder, tries: number): void {
    if (awaitedFillsE8(order.record) <= 0 && tries > 0) return;
    const cancel = this.env.timers.after(MISSING_FILLS_QUERY_MS, () => {
      this.cancelFillQueries.delete(cancel);
      if (awaitedFillsE8(order.record) <= 0) return;
      if (tries >= MISSING_FILLS_TRIES) {
        this.observer.onProblem(
          'HS_FILL_UNKNOWN',
          `${order.plan.key}: the venue reports a filled quantity but not its price.`,
        );
        return;
      }
      this.query(order);
      this.watchForMissingFills(order, tries + 1);
    });
    this.cancelFillQueries.add(cancel);
  }

  private forKey(key: string, act: (order: DeskOrder) => void): void {
    const order = this.orders.find((candidate) => candidate.plan.key === key);
    if (order) act(order);
  }

  private problem(code: `HS_${string}`, order: DeskOrder, error: unknown): void {
    this.observer.onProblem(code, `${order.plan.key} at ${order.venue.client.id}: ${errorMessage(error)}`);
  }
}

function ownNews(order: DeskOrder): { venue: string; orderId: number; stamps: Record<string, never> } {
  return { venue: order.venue.client.id, orderId: order.orderId, stamps: {} };
}

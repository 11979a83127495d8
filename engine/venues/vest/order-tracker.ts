import type { OrderStamps, OrderState } from '../../core/types.ts';
import { isTerminal } from '../../core/types.ts';
import { parseE8 } from '../../core/units.ts';
import type { FillReport, OrderRequest, OrderUpdate, VenueListener } from '../venue.ts';
import { lastFillOf, missingFillOf, reasonOf, sideOf, stateOf, type ReportedFill } from './order-report.ts';
import type { VestClock } from './venue-clock.ts';
import type { VestOrderEvent } from './wire.ts';

/** Orders remembered for late and repeated messages; terminal ones are forgotten first. */
const CAPACITY = 5_000;

export interface TrackedOrder {
  readonly orderId: number;
  /** Absent for orders of an earlier process or of somebody else. */
  readonly request?: OrderRequest;
  /** Venue time after which the venue refuses the order if it has not arrived; absent as above. */
  readonly windowEndsVenueMs?: number;
  venueOrderId?: string;
  state: OrderState;
  /** By fill id: what was reported once is repeated unchanged. */
  readonly fills: Map<string, FillReport>;
  /** Of the fills reported so far. */
  feesE8: number;
  filledSizeE8: number;
}

/**
 * What is known of each order, by nonce (= our order id): merges HTTP answers, ORDER events and GET /orders, which come in
 * any order and more than once, and tells the listener. Size is never counted twice and never above the order's.
 */
export class OrderTracker {
  private readonly listener: VenueListener;
  private readonly clock: VestClock;
  private readonly orders = new Map<number, TrackedOrder>();

  constructor(listener: VenueListener, clock: VestClock) {
    this.listener = listener;
    this.clock = clock;
  }

  get(orderId: number): TrackedOrder | undefined {
    return this.orders.get(orderId);
  }

  /** Orders sent that are not known to have ended. */
  open(): TrackedOrder[] {
    return [...this.orders.values()].filter(({ state }) => !isTerminal(state));
  }

  track(orderId: number, request?: OrderRequest, windowEndsVenueMs?: number): TrackedOrder {
    const order: TrackedOrder = {
      orderId,
      request,
      windowEndsVenueMs,
      state: 'INTENT',
      fills: new Map(),
      feesE8: 0,
      filledSizeE8: 0,
    };
    this.orders.set(orderId, order);
    if (this.orders.size > CAPACITY) this.forgetOldest();
    return order;
  }

  /** Bytes are at the socket. */
  onSent(order: TrackedOrder, stamps: OrderStamps): void {
    if (order.state === 'INTENT') order.state = 'SENT';
    this.emit(order, order.state, 'local', stamps);
  }

  /** HTTP 200 with an id: the venue has it, no more is known. An event may have told more already. */
  onAcknowledged(order: TrackedOrder, venueOrderId: string, receivedAtMs: number): void {
    order.venueOrderId ??= venueOrderId;
    if (order.state === 'INTENT' || order.state === 'SENT' || order.state === 'DOUBT') order.state = 'ACKED';
    this.emit(order, order.state, 'reply', { ackReceivedMs: receivedAtMs });
  }

  /** A definite refusal on the HTTP call. */
  onRefused(order: TrackedOrder, reason: string, receivedAtMs: number): void {
    if (isTerminal(order.state)) return;
    order.state = 'REJECTED';
    this.emit(order, 'REJECTED', 'reply', { ackReceivedMs: receivedAtMs, t8ConfirmedMs: receivedAtMs }, reason);
  }

  /** No answer, or one that says nothing. The stream may have told of the order already: then there is no doubt. */
  onDoubt(order: TrackedOrder, reason: string): void {
    if (order.state !== 'INTENT' && order.state !== 'SENT') return;
    order.state = 'DOUBT';
    this.emit(order, 'DOUBT', 'local', {}, reason);
  }

  /**
   * An ORDER event or a record of GET /orders. Listeners hear of it unless `quiet` (a query's answer goes to its asker).
   * Returns the order as it is now known.
   */
  onReport(report: VestOrderEvent, source: 'stream' | 'query', receivedAtMs: number, quiet = false): TrackedOrder {
    const order = this.orders.get(report.nonce) ?? this.track(report.nonce);
    order.venueOrderId ??= report.id;
    const state = stateOf(report);
    const fill = lastFillOf(report);
    if (fill) this.book(order, report, fill, source, receivedAtMs);
    if (report.status === 'FILLED' && typeof report.size === 'string') order.filledSizeE8 = parseE8(report.size);
    else if (report.status === 'FILLED' && order.request) order.filledSizeE8 = order.request.sizeE8;
    const isNews = !isTerminal(order.state) || isTerminal(state);
    if (isNews) order.state = state;
    if (quiet) return order;
    this.tellFills(order);
    if (isNews || fill) this.emit(order, order.state, source, this.stampsOf(report, receivedAtMs), reasonOf(report));
    return order;
  }

  /** What a FILLED record says beyond the fills reported so far becomes one fill. */
  bookMissingFill(report: VestOrderEvent, receivedAtMs: number, quiet = false): void {
    const order = this.orders.get(report.nonce);
    const missing = order && missingFillOf(report, order.fills.values());
    if (!order || !missing) return;
    this.book(order, report, missing, 'query', receivedAtMs);
    if (!quiet) this.tellFills(order);
  }

  /** Size the reported fills explain. */
  explainedSizeE8(order: TrackedOrder): number {
    let sizeE8 = 0;
    for (const fill of order.fills.values()) sizeE8 += fill.sizeE8;
    return sizeE8;
  }

  /** All of the order's fills, again and again: what a quiet query booked must still reach the listener. */
  private tellFills(order: TrackedOrder): void {
    for (const fill of order.fills.values()) this.listener.onFill(fill);
  }

  /** Skips a fill that is known, or that would overfill the order (a late partial already booked as missing fill). */
  private book(
    order: TrackedOrder,
    report: VestOrderEvent,
    fill: ReportedFill,
    source: 'stream' | 'query',
    receivedAtMs: number,
  ): void {
    if (order.fills.has(fill.fillId)) return;
    const symbol = report.symbol ?? order.request?.symbol;
    const side = report.isBuy === undefined ? order.request?.side : sideOf(report.isBuy);
    const sizeE8 = typeof report.size === 'string' ? parseE8(report.size) : order.request?.sizeE8;
    if (symbol === undefined || side === undefined || sizeE8 === undefined) return;
    const explainedE8 = this.explainedSizeE8(order);
    if (explainedE8 + fill.sizeE8 > sizeE8) return;
    // `fees` is cumulative. An earlier partial that comes after its successor finds its fee counted there already.
    const isLate = order.state === 'FILLED' && report.status !== 'FILLED';
    const feeE8 = isLate ? 0 : fill.cumulativeFeesE8 - order.feesE8;
    order.feesE8 += feeE8;
    order.fills.set(fill.fillId, {
      venue: 'vest',
      orderId: order.orderId,
      venueOrderId: report.id,
      fillId: fill.fillId,
      symbol,
      side,
      priceE8: fill.priceE8,
      sizeE8: fill.sizeE8,
      feeE8,
      venueTimeMs: fill.venueTimeMs,
      receivedAtMs,
      source,
    });
    order.filledSizeE8 = Math.max(order.filledSizeE8, explainedE8 + fill.sizeE8);
  }

  private stampsOf(report: VestOrderEvent, receivedAtMs: number): OrderStamps {
    const stamps: OrderStamps = {
      t5VenueReceivedMs: this.clock.toMonotonicMs(report.postTime),
      offsetErrorMs: this.clock.offset()?.errorMs,
    };
    if (typeof report.lastFilledTime === 'number') stamps.t6MatchedMs = this.clock.toMonotonicMs(report.lastFilledTime);
    if (isTerminal(stateOf(report))) stamps.t8ConfirmedMs = receivedAtMs;
    return stamps;
  }

  private emit(
    order: TrackedOrder,
    state: OrderState,
    source: OrderUpdate['source'],
    stamps: OrderStamps,
    reason?: string,
  ): void {
    const { orderId, venueOrderId, filledSizeE8 } = order;
    this.listener.onOrder({
      venue: 'vest',
      orderId,
      venueOrderId,
      state,
      // CANCELLED says nothing of fills: without one the size is left open.
      filledSizeE8: filledSizeE8 > 0 ? filledSizeE8 : undefined,
      reason,
      stamps,
      source,
    });
  }

  private forgetOldest(): void {
    for (const order of this.orders.values()) {
      if (!isTerminal(order.state)) continue;
      this.orders.delete(order.orderId);
      return;
    }
  }
}

import { isTerminal } from '../../core/types.ts';
import type { OrderStamps, OrderState } from '../../core/types.ts';
import { parseE8 } from '../../core/units.ts';
import type { Env } from '../../env.ts';
import type { OrderRequest, OrderUpdate, VenueListener } from '../venue.ts';
import { toFillReport } from './fill-report.ts';
import { orderIdOf } from './order-text.ts';
import { RPC_ERROR } from './wire.ts';
import type { Fill, Order, OrderCreateResult, RpcReply } from './wire.ts';

/** Orders and fills remembered for late and repeated messages; older ones are answered by queries. */
const MAX_ORDERS = 2_000;
const MAX_FILLS = 10_000;

/** Answers after which the order cannot exist. Any other error leaves it in doubt. */
const DEFINITE_REFUSALS = new Set<number>([
  RPC_ERROR.method,
  RPC_ERROR.parse,
  RPC_ERROR.invalidRequest,
  RPC_ERROR.noMethod,
  RPC_ERROR.badParams,
  RPC_ERROR.malformedBearer,
  RPC_ERROR.invalidBearer,
  RPC_ERROR.geoBlocked,
  RPC_ERROR.notAuthenticated,
  RPC_ERROR.rateLimited,
]);

export interface TrackedOrder {
  readonly orderId: number;
  readonly symbol: string;
  readonly sizeE8: number;
  state: OrderState;
  /** As the order's own messages state it, and as its fills add up: the larger one is the newer. */
  statedFilledE8: number;
  summedFilledE8: number;
  venueOrderId?: string;
  reason?: string;
  stamps: OrderStamps;
  /** Monotonic ms after which the venue can no longer act on it. */
  deadAtMs: number;
  /** Venue's clock, ms since the epoch: fills before it are not its own. */
  sentVenueMs: number;
  cancelTimeout?: () => void;
}

/** Monotonic ms. */
export interface SendTimes {
  t3SignedMs: number;
  t4HandedOverMs: number;
  /** The receive window: what is not terminal by then is in doubt. */
  doubtAfterMs: number;
  /** When no trace at the venue means that there will never be one. */
  deadAfterMs: number;
}

export interface TrackerOptions {
  env: Env;
  listener: VenueListener;
  /** Venue ms since the epoch to monotonic ms; undefined while the offset is unknown. */
  toMonotonicMs(venueMs: number): number | undefined;
  offsetErrorMs(): number | undefined;
  venueNowMs(): number;
}

/**
 * What is known of each order, from replies, the private stream and time-outs. The reply only acknowledges; orders and fills of
 * the stream are the truth, whichever comes first. A terminal state is left only when a refused order turns out to have filled.
 */
export class OrderTracker {
  private readonly options: TrackerOptions;
  private readonly orders = new Map<number, TrackedOrder>();
  private readonly idsByVenueId = new Map<string, number>();
  private readonly fillIds = new Set<string>();

  constructor(options: TrackerOptions) {
    this.options = options;
  }

  get(orderId: number): TrackedOrder | undefined {
    return this.orders.get(orderId);
  }

  /** Bytes were handed over. In doubt when not terminal after `doubtAfterMs`. */
  sent(orderId: number, { symbol, sizeE8 }: OrderRequest, times: SendTimes): void {
    const { t3SignedMs, t4HandedOverMs, doubtAfterMs, deadAfterMs } = times;
    const order = this.remember(orderId, symbol, sizeE8, 'SENT', t4HandedOverMs + deadAfterMs);
    order.stamps = { t3SignedMs, t4HandedOverMs };
    order.cancelTimeout = this.options.env.timers.after(doubtAfterMs, () =>
      this.doubt(order, 'no outcome within the receive window'),
    );
    this.emit(order, 'local');
  }

  /** Nothing was handed to the socket: the order cannot exist at the venue. */
  notSent(orderId: number, { symbol, sizeE8 }: OrderRequest, reason: string): void {
    const order = this.remember(orderId, symbol, sizeE8, 'REJECTED', this.options.env.clock.monotonicMs());
    order.reason = reason;
    this.emit(order, 'local');
  }

  /** The answer to `order.create`; `result` is undefined when it is an error or cannot be read. */
  replied(orderId: number, reply: RpcReply, result: OrderCreateResult | undefined, receivedAtMs: number): void {
    const order = this.orders.get(orderId);
    if (!order) return;
    order.stamps.ackReceivedMs = receivedAtMs;
    const receivedNs = result?.received_at;
    this.stamp(order, 't5VenueReceivedMs', receivedNs ? receivedNs / 1e6 : reply.usIn && reply.usIn / 1000);
    if (reply.error && DEFINITE_REFUSALS.has(reply.error.code)) {
      order.reason = `${reply.error.code} ${reply.error.message}`;
      this.settle(order, 'REJECTED', receivedAtMs, 'reply');
    } else if (reply.error) {
      this.doubt(order, `${reply.error.code} ${reply.error.message}`);
    } else if (!result) {
      this.doubt(order, 'the answer cannot be read');
    } else {
      this.linkVenueId(order, result.order.id);
      if (order.state === 'SENT' || order.state === 'DOUBT') order.state = 'ACKED';
      this.emit(order, 'reply');
    }
  }

  /** The connection was lost with orders on it: they may or may not have arrived. */
  connectionLost(reason: string): void {
    for (const order of this.orders.values()) this.doubt(order, `connection lost: ${reason}`);
  }

  onOrder(message: Order, receivedAtMs: number): void {
    const order = this.find(message.client_id, message.id) ?? this.adopt(message);
    if (!order) return;
    this.linkVenueId(order, message.id);
    this.stamp(order, 't5VenueReceivedMs', message.received_at);
    this.stamp(order, 't7PublishedMs', message.published_at);
    const remainingE8 = message.remaining_size === '' ? order.sizeE8 : parseE8(message.remaining_size);
    order.statedFilledE8 = Math.max(order.statedFilledE8, order.sizeE8 - remainingE8);
    if (message.status === 'CLOSED') {
      if (message.cancel_reason) order.reason = message.cancel_reason;
      this.settle(order, remainingE8 === 0 ? 'FILLED' : 'CANCELLED', receivedAtMs, 'stream');
    } else if (!isTerminal(order.state)) {
      order.state = filledE8(order) > 0 ? 'PARTIAL' : 'ACKED';
      this.emit(order, 'stream');
    }
  }

  onFill(message: Fill, receivedAtMs: number): void {
    if (this.fillIds.has(message.id)) return;
    this.rememberFill(message.id);
    const order = this.find(message.client_id, message.order_id);
    const orderId = order?.orderId ?? orderIdOf(message.client_id);
    if (orderId === undefined) {
      this.notice(
        'HS_PARADEX_FOREIGN_FILL',
        `A fill of ${message.size} ${message.market} belongs to no order of ours.`,
      );
      return;
    }
    const fill = toFillReport(message, orderId, receivedAtMs, 'stream');
    this.options.listener.onFill(fill);
    if (!order) return;
    this.linkVenueId(order, message.order_id);
    this.stamp(order, 't6MatchedMs', message.created_at);
    order.summedFilledE8 += fill.sizeE8;
    if (filledE8(order) >= order.sizeE8) this.settle(order, 'FILLED', receivedAtMs, 'stream');
    else {
      if (!isTerminal(order.state)) order.state = 'PARTIAL';
      this.emit(order, 'stream');
    }
  }

  /** Cancels the timers; nothing is emitted any more. */
  stop(): void {
    for (const order of this.orders.values()) order.cancelTimeout?.();
  }

  private find(clientId: string | undefined, venueOrderId: string): TrackedOrder | undefined {
    const orderId = orderIdOf(clientId) ?? this.idsByVenueId.get(venueOrderId);
    return orderId === undefined ? undefined : this.orders.get(orderId);
  }

  /** An order of ours from before this client was made (a restart). */
  private adopt(message: Order): TrackedOrder | undefined {
    const orderId = orderIdOf(message.client_id);
    if (orderId === undefined) return undefined;
    return this.remember(orderId, message.market, parseE8(message.size), 'ACKED', this.options.env.clock.monotonicMs());
  }

  private settle(order: TrackedOrder, state: OrderState, receivedAtMs: number, source: OrderUpdate['source']): void {
    if (!isTerminal(order.state)) {
      order.state = state;
      order.stamps.t8ConfirmedMs = receivedAtMs;
      order.cancelTimeout?.();
    } else if (order.state === 'REJECTED' && filledE8(order) > 0) {
      this.notice('HS_PARADEX_REJECTED_BUT_FILLED', `Order ${order.orderId} was refused and filled all the same.`);
      order.state = state;
    } else if (order.state === 'CANCELLED' && state === 'FILLED') {
      order.state = state;
    }
    this.emit(order, source);
  }

  private doubt(order: TrackedOrder, reason: string): void {
    if (isTerminal(order.state) || order.state === 'DOUBT') return;
    order.state = 'DOUBT';
    order.reason = reason;
    this.emit(order, 'local');
  }

  private emit(order: TrackedOrder, source: OrderUpdate['source']): void {
    const { orderId, venueOrderId, state, reason } = order;
    this.options.listener.onOrder({
      venue: 'paradex',
      orderId,
      state,
      filledSizeE8: filledE8(order),
      ...(venueOrderId === undefined ? {} : { venueOrderId }),
      ...(reason === undefined ? {} : { reason }),
      stamps: { ...order.stamps },
      source,
    });
  }

  private stamp(
    order: TrackedOrder,
    name: 't5VenueReceivedMs' | 't6MatchedMs' | 't7PublishedMs',
    venueMs?: number,
  ): void {
    const monotonicMs = venueMs ? this.options.toMonotonicMs(venueMs) : undefined;
    if (monotonicMs === undefined) return;
    if (name !== 't5VenueReceivedMs' || order.stamps[name] === undefined) order.stamps[name] = monotonicMs;
    order.stamps.offsetErrorMs = this.options.offsetErrorMs();
  }

  private linkVenueId(order: TrackedOrder, venueOrderId: string): void {
    if (order.venueOrderId !== undefined) return;
    order.venueOrderId = venueOrderId;
    this.idsByVenueId.set(venueOrderId, order.orderId);
  }

  private remember(orderId: number, symbol: string, sizeE8: number, state: OrderState, deadAtMs: number): TrackedOrder {
    const order: TrackedOrder = {
      orderId,
      symbol,
      sizeE8,
      state,
      statedFilledE8: 0,
      summedFilledE8: 0,
      stamps: {},
      deadAtMs,
      sentVenueMs: this.options.venueNowMs(),
    };
    this.orders.set(orderId, order);
    if (this.orders.size > MAX_ORDERS) this.forgetOldest();
    return order;
  }

  private forgetOldest(): void {
    const oldest = this.orders.values().next().value!;
    oldest.cancelTimeout?.();
    this.orders.delete(oldest.orderId);
    if (oldest.venueOrderId !== undefined) this.idsByVenueId.delete(oldest.venueOrderId);
  }

  private rememberFill(fillId: string): void {
    this.fillIds.add(fillId);
    if (this.fillIds.size > MAX_FILLS) this.fillIds.delete(this.fillIds.values().next().value!);
  }

  private notice(code: string, message: string): void {
    this.options.listener.onNotice({ level: 'warn', code, message });
  }
}

function filledE8(order: TrackedOrder): number {
  return Math.max(order.statedFilledE8, order.summedFilledE8);
}

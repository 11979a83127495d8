import { HalfspreadError, errorMessage } from '../../core/errors.ts';
import { isTerminal } from '../../core/types.ts';
import type { Env } from '../../env.ts';
import type { SignerPort } from '../signer/port.ts';
import type { FillReport, OrderIds, OrderTruth, VenueListener } from '../venue.ts';
import { MAX_RECEIVE_WINDOW_MS, type VestSettings } from './config.ts';
import { reasonOf, stateOf } from './order-report.ts';
import { OrderTracker, type TrackedOrder } from './order-tracker.ts';
import { VestAnswerError, type VestRest } from './rest.ts';
import type { VestClock } from './venue-clock.ts';
import { orderIdSchema, orderRecordsSchema, type VestOrderEvent, type VestOrderRecord } from './wire.ts';

const PAGE_LIMIT = 1_000;
const ORDER_NOT_FOUND_CODE = 3017;
/** Orders are immediate-or-cancel: whatever filled since t was posted at most this long before t. */
const LONGEST_ORDER_LIFE_MS = 60_000;
/** Read again after a reconnection: from this long before the connection was lost. */
const RESYNC_MARGIN_MS = 10_000;

/** Everything about orders that is asked rather than told: single orders, ranges, cancels, the gap after a reconnection. */
export class VestOrderQueries {
  private readonly env: Env;
  private readonly settings: VestSettings;
  private readonly rest: VestRest;
  private readonly clock: VestClock;
  private readonly tracker: OrderTracker;
  private readonly signer: SignerPort;
  private readonly ids: OrderIds;
  private readonly listener: VenueListener;
  private startedAtVenueMs = Number.NaN;
  private inStepUntilVenueMs = Number.NaN;
  private stopped = false;

  constructor(parts: {
    env: Env;
    settings: VestSettings;
    rest: VestRest;
    clock: VestClock;
    tracker: OrderTracker;
    signer: SignerPort;
    ids: OrderIds;
    listener: VenueListener;
  }) {
    this.env = parts.env;
    this.settings = parts.settings;
    this.rest = parts.rest;
    this.clock = parts.clock;
    this.tracker = parts.tracker;
    this.signer = parts.signer;
    this.ids = parts.ids;
    this.listener = parts.listener;
  }

  start(): void {
    this.startedAtVenueMs = this.clock.safeNowMs();
    this.inStepUntilVenueMs = this.startedAtVenueMs;
  }

  stop(): void {
    this.stopped = true;
  }

  /** An ORDER event. What it leaves open (fills it does not tell) is asked for a little later. */
  onOrderEvent(event: VestOrderEvent, receivedAtMs: number): void {
    this.inStepUntilVenueMs = this.clock.safeNowMs();
    const order = this.tracker.onReport(event, 'stream', receivedAtMs);
    const isUnexplained = order.state === 'FILLED' && this.tracker.explainedSizeE8(order) < order.filledSizeE8;
    // CANCELLED tells nothing of fills; the PARTIALLY_FILLED before it may have been lost.
    if (isUnexplained || event.status === 'CANCELLED') {
      this.env.timers.after(this.settings.missingFillGraceMs, () => void this.settle(order));
    }
  }

  /** After a reconnection: every order since the last event, told to the listener. */
  async resync(): Promise<void> {
    const fromMs = Math.min(
      this.inStepUntilVenueMs,
      ...this.tracker.open().map(({ orderId }) => this.postedAfterMs(orderId)),
    );
    const nowVenueMs = this.clock.safeNowMs();
    for (const record of await this.recordsSince(fromMs - RESYNC_MARGIN_MS)) this.apply(record, false);
    this.inStepUntilVenueMs = nowVenueMs;
  }

  /** See VenueClient.queryOrder. */
  async queryOrder(orderId: number): Promise<OrderTruth> {
    const askedAtVenueMs = this.clock.safeNowMs();
    const record = await this.recordOf(orderId);
    if (!record) {
      // An order of an earlier process was sent before our start, with a window no longer than the schema allows.
      const windowEndsMs =
        this.tracker.get(orderId)?.windowEndsVenueMs ?? this.startedAtVenueMs + MAX_RECEIVE_WINDOW_MS;
      return { known: false, afterReceiveWindow: askedAtVenueMs > windowEndsMs + this.settings.clockMarginMs };
    }
    const order = this.apply(record, true);
    return {
      known: true,
      state: stateOf(record),
      filledSizeE8: order.filledSizeE8,
      venueOrderId: record.id,
      fills: [...order.fills.values()],
      reason: reasonOf(record),
    };
  }

  /** See VenueClient.fillsSince. */
  async fillsSince(sinceWallMs: number): Promise<FillReport[]> {
    const fills: FillReport[] = [];
    for (const record of await this.recordsSince(sinceWallMs - LONGEST_ORDER_LIFE_MS)) {
      for (const fill of this.apply(record, true).fills.values()) {
        if (fill.venueTimeMs >= sinceWallMs) fills.push(fill);
      }
    }
    return fills.sort((a, b) => a.venueTimeMs - b.venueTimeMs);
  }

  /** See VenueClient.cancel. Rejects with VestAnswerError 3017 when the order has already ended. */
  async cancel(orderId: number): Promise<void> {
    const id = this.tracker.get(orderId)?.venueOrderId ?? (await this.recordOf(orderId))?.id;
    if (id === undefined) {
      throw new HalfspreadError(
        'HS_VEST_CANCEL_UNKNOWN',
        `Order ${orderId} cannot be cancelled: Vest does not know it (yet) and cancels by its own id only.`,
        'Ask again, or wait for the end of the receive window: an immediate-or-cancel order ends by itself.',
      );
    }
    const signedAtMs = this.env.clock.monotonicMs();
    const order = { time: this.clock.safeNowMs(), nonce: this.ids.next(), id };
    const { signature } = await this.signer.sign({ kind: 'vest.cancel', ...order });
    const recvWindow = Math.ceil(this.env.clock.monotonicMs() - signedAtMs + this.settings.receiveWindowMs);
    await this.rest.call(orderIdSchema, 'POST', '/orders/cancel', {}, { order, recvWindow, signature });
  }

  /** Asks once for what the stream left open about an order that has ended. */
  private async settle(order: TrackedOrder): Promise<void> {
    if (this.stopped) return;
    if (order.state === 'FILLED' && this.tracker.explainedSizeE8(order) >= order.filledSizeE8) return;
    try {
      const record = await this.recordOf(order.orderId);
      if (record && !this.stopped) this.apply(record, false);
    } catch (error) {
      this.listener.onNotice({
        level: 'warn',
        code: 'HS_VEST_FILL_UNCONFIRMED',
        message: `Whether order ${order.orderId} filled more than reported could not be asked: ${errorMessage(error)}`,
      });
    }
  }

  private apply(record: VestOrderRecord, quiet: boolean): TrackedOrder {
    const receivedAtMs = this.env.clock.monotonicMs();
    const order = this.tracker.onReport(record, 'query', receivedAtMs, quiet);
    if (isTerminal(order.state)) this.tracker.bookMissingFill(record, receivedAtMs, quiet);
    return order;
  }

  private async recordOf(orderId: number): Promise<VestOrderRecord | undefined> {
    let records: VestOrderRecord[];
    try {
      records = await this.rest.call(orderRecordsSchema, 'GET', '/orders', {
        ...this.rest.timeQuery(),
        nonce: orderId,
      });
    } catch (error) {
      if (error instanceof VestAnswerError && error.vestCode === ORDER_NOT_FOUND_CODE) return undefined;
      throw error;
    }
    const record = records.find(({ nonce }) => nonce === orderId);
    if (record || records.length === 0) return record;
    throw new HalfspreadError(
      'HS_VEST_QUERY_UNFILTERED',
      `Vest listed other orders than ${orderId}: it does not filter by nonce, so the answer proves nothing.`,
      'The venue changed its protocol: settle the order by hand.',
    );
  }

  /**
   * Orders posted since `fromMs` (venue clock). A full page is cut where nobody knows (the order of the list is not
   * documented), so its time range is halved until every page is complete.
   */
  private async recordsSince(fromMs: number): Promise<VestOrderRecord[]> {
    const untilMs = this.clock.safeNowMs() + LONGEST_ORDER_LIFE_MS;
    const found = new Map<string, VestOrderRecord>();
    const ranges: [number, number][] = [[Math.max(0, Math.floor(fromMs)), untilMs]];
    for (let range = ranges.pop(); range; range = ranges.pop()) {
      const [startTime, endTime] = range;
      const query = { ...this.rest.timeQuery(), startTime, endTime, limit: PAGE_LIMIT };
      const page = await this.rest.call(orderRecordsSchema, 'GET', '/orders', query);
      for (const record of page) found.set(record.id, record);
      if (page.length < PAGE_LIMIT) continue;
      const middle = Math.floor((startTime + endTime) / 2);
      if (middle === startTime) {
        throw new HalfspreadError(
          'HS_VEST_PAGE_FULL',
          `Vest lists ${PAGE_LIMIT} orders in one millisecond (${startTime}): more may be hidden.`,
          'Compare the fills with the venue by hand.',
        );
      }
      ranges.push([startTime, middle], [middle, endTime]);
    }
    return [...found.values()].sort((a, b) => a.postTime - b.postTime);
  }

  private postedAfterMs(orderId: number): number {
    const windowEndsMs = this.tracker.get(orderId)?.windowEndsVenueMs;
    return windowEndsMs === undefined
      ? this.startedAtVenueMs
      : windowEndsMs - LONGEST_ORDER_LIFE_MS - MAX_RECEIVE_WINDOW_MS;
  }
}

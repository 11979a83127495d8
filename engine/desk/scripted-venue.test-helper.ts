import { OrderBook } from '../core/book.ts';
import { NetworkError } from '../core/errors.ts';
import type { MarketSpec, OrderState } from '../core/types.ts';
import type { Env } from '../env.ts';
import type {
  FillReport,
  OrderIds,
  OrderRequest,
  OrderTruth,
  PreparedOrder,
  VenueClient,
  VenueListener,
} from '../venues/venue.ts';

/** What the venue does with the next order: how much it fills and what it says about it. */
export type OrderScript =
  | { does: 'fill'; part?: number }
  | { does: 'reject' }
  /** No message ever comes; what really happened is told by the query only. */
  | { does: 'stay silent'; butFilled: boolean; queriesFail?: number };

export interface ScriptedOrder {
  orderId: number;
  request: OrderRequest;
  script: OrderScript;
  sentAtMs: number;
  queries: number;
}

const ONE_WAY_MS = 10;
const FEE_RATE = 0.0001;

/** A venue that follows a script per order and keeps its own truth: positions and fills. */
export class ScriptedVenue implements VenueClient {
  readonly id: string;
  readonly capabilities: VenueClient['capabilities'];
  readonly orders: ScriptedOrder[] = [];
  readonly truthFills: FillReport[] = [];
  script: OrderScript[] = [];
  ready = true;
  positionE8 = 0;
  clock: ReturnType<VenueClient['clockOffset']>;
  /** The venue does not answer about the account. */
  accountFails = false;
  /** What `prepare` does: now, later, or not at all. */
  prepares: 'now' | 'later' | 'fails' = 'now';
  /** The connection is gone when the order is written. */
  sendThrows = false;
  private readonly env: Env;
  private readonly ids: OrderIds;
  private readonly listener: VenueListener;
  private readonly ownBook: OrderBook;
  private readonly spec: MarketSpec;
  private stopped = false;

  constructor(env: Env, id: string, transport: 'rest' | 'websocket', ids: OrderIds, listener: VenueListener) {
    this.env = env;
    this.id = id;
    this.ids = ids;
    this.listener = listener;
    this.ownBook = new OrderBook(id, 'BTC');
    this.capabilities = {
      orderTransport: transport,
      clientOrderIds: true,
      stampsMarketData: false,
      sequencedMarketData: false,
      stampsOrders: false,
      takerDelayMs: 0,
      quoteCurrency: 'USD',
    };
    this.spec = {
      coin: 'BTC',
      symbol: 'BTC',
      tickE8: 1e7,
      sizeStepE8: 1e4,
      priceDecimals: 1,
      sizeDecimals: 4,
      minNotionalE8: 0,
      maxSizeE8: 100e8,
      takerFeeE8: 1e4,
      quoteCurrency: 'USD',
    };
  }

  /** A frame of market data: the touch, 1 BTC on each side. */
  quote(bid: number, ask: number): void {
    const book = this.ownBook;
    book.bids.count = 0;
    book.asks.count = 0;
    book.bids.set(bid * 1e8, 1e8);
    book.asks.set(ask * 1e8, 1e8);
    book.valid = true;
    book.receivedAtMs = this.env.clock.monotonicMs();
    this.listener.onBook(book);
  }

  start = async (): Promise<void> => undefined;
  async stop(): Promise<void> {
    this.stopped = true;
  }
  market = (): MarketSpec => this.spec;
  book = (): OrderBook => this.ownBook;
  canTrade = (): boolean => this.ready;

  prepare(request: OrderRequest): PreparedOrder | Promise<PreparedOrder> {
    if (this.prepares === 'fails') throw new Error('no signer');
    const prepared: PreparedOrder = {
      orderId: this.ids.next(),
      request,
      signature: 'onDemand',
      signMs: 0,
      slotAgeMs: 0,
      signedAtMs: this.env.clock.monotonicMs(),
    };
    if (this.prepares === 'now') return prepared;
    return new Promise((resolve) => this.env.timers.after(2, () => resolve(prepared)));
  }

  send(order: PreparedOrder): void {
    if (this.sendThrows) {
      this.sendThrows = false;
      throw new NetworkError('HS_NET_NOT_OPEN', 'the connection is gone', 'wait');
    }
    const sentAtMs = this.env.clock.monotonicMs();
    const script = this.script.shift() ?? { does: 'fill' };
    const scripted: ScriptedOrder = { orderId: order.orderId, request: order.request, script, sentAtMs, queries: 0 };
    this.orders.push(scripted);
    this.tell(scripted, 'SENT', { t4HandedOverMs: sentAtMs });
    this.env.timers.after(ONE_WAY_MS, () => this.arrive(scripted));
  }

  cancel = async (): Promise<void> => undefined;

  async queryOrder(orderId: number): Promise<OrderTruth> {
    const order = this.orders.find((one) => one.orderId === orderId);
    if (!order) return { known: false, afterReceiveWindow: true };
    order.queries++;
    if (order.script.does === 'stay silent' && (order.script.queriesFail ?? 0) >= order.queries) {
      throw new NetworkError('HS_NET_NO_ANSWER', 'no answer', 'try again');
    }
    const fills = this.truthFills.filter((fill) => fill.orderId === orderId);
    if (fills.length === 0) return { known: false, afterReceiveWindow: true };
    const filledSizeE8 = fills.reduce((sum, fill) => sum + fill.sizeE8, 0);
    const state: OrderState = filledSizeE8 >= order.request.sizeE8 ? 'FILLED' : 'CANCELLED';
    return { known: true, state, filledSizeE8, venueOrderId: `v${orderId}`, fills };
  }

  async positions(): ReturnType<VenueClient['positions']> {
    await new Promise<void>((resolve) => this.env.timers.after(2 * ONE_WAY_MS, resolve));
    if (this.accountFails) throw new NetworkError('HS_NET_NO_ANSWER', 'no answer', 'try again');
    return [{ venue: this.id, symbol: 'BTC', sizeE8: this.positionE8, entryPriceE8: 0 }];
  }
  fillsSince: VenueClient['fillsSince'] = async () => this.truthFills;
  connections: VenueClient['connections'] = () => [];
  clockOffset: VenueClient['clockOffset'] = () => this.clock;
  setLadder = (): void => undefined;
  ladder: VenueClient['ladder'] = () => ({ hits: 0, misses: 0, slots: 0 });
  dropLadder = (): void => undefined;

  private arrive(order: ScriptedOrder): void {
    const { script, request } = order;
    const ackReceivedMs = this.env.clock.monotonicMs() + ONE_WAY_MS;
    if (script.does === 'stay silent') {
      if (script.butFilled) this.fill(order, request.sizeE8);
      return;
    }
    const part = script.does === 'fill' ? (script.part ?? 1) : 0;
    const fill = part > 0 ? this.fill(order, Math.round((request.sizeE8 * part) / 1e4) * 1e4) : undefined;
    this.env.timers.after(ONE_WAY_MS, () => {
      if (this.stopped) return;
      if (script.does === 'reject') {
        this.tell(order, 'REJECTED', { ackReceivedMs, t8ConfirmedMs: ackReceivedMs }, 0);
        return;
      }
      if (fill) this.listener.onFill(fill);
      const stamps = { ackReceivedMs, t8ConfirmedMs: ackReceivedMs };
      this.tell(order, part === 1 ? 'FILLED' : 'CANCELLED', stamps, fill?.sizeE8 ?? 0);
    });
  }

  private fill(order: ScriptedOrder, sizeE8: number): FillReport {
    const { orderId, request } = order;
    const taken = request.side === 'BUY' ? this.ownBook.asks : this.ownBook.bids;
    const priceE8 = taken.priceE8[0]!;
    this.positionE8 += request.side === 'BUY' ? sizeE8 : -sizeE8;
    const fill: FillReport = {
      venue: this.id,
      orderId,
      venueOrderId: `v${orderId}`,
      fillId: `f${this.truthFills.length + 1}`,
      symbol: 'BTC',
      side: request.side,
      priceE8,
      sizeE8,
      feeE8: Math.round((priceE8 / 1e8) * sizeE8 * FEE_RATE),
      venueTimeMs: this.env.clock.wallMs(),
      receivedAtMs: this.env.clock.monotonicMs() + ONE_WAY_MS,
      source: 'stream',
    };
    this.truthFills.push(fill);
    return fill;
  }

  private tell(order: ScriptedOrder, state: OrderState, stamps: object, filledSizeE8?: number): void {
    if (this.stopped) return;
    this.listener.onOrder({
      venue: this.id,
      orderId: order.orderId,
      venueOrderId: `v${order.orderId}`,
      state,
      filledSizeE8,
      stamps,
      source: state === 'SENT' ? 'local' : 'stream',
    });
  }
}

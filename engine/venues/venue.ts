import type { OrderBook } from '../core/book.ts';
import type { MarketSpec, OrderStamps, OrderState, Side, VenueId } from '../core/types.ts';

/** What a venue can and cannot do: core decides by these flags, never by the venue's name. */
export interface VenueCapabilities {
  /** Where orders go. With one of each, the REST leg is written first. */
  orderTransport: 'websocket' | 'rest';
  /** The venue stores our own id and can be asked for it later. */
  clientOrderIds: boolean;
  /** Market data carries the venue's time: feed age is measured. Otherwise it is estimated and says so. */
  stampsMarketData: boolean;
  /** Market data carries sequence numbers: a gap can be seen. */
  sequencedMarketData: boolean;
  /** The venue stamps receipt and match of orders. */
  stampsOrders: boolean;
  /** Delay the venue adds on purpose to taking orders of the class in use (speed bump). */
  takerDelayMs: number;
  quoteCurrency: string;
}

/** One order as the desk wants it. Every order of this engine is immediate-or-cancel with a price bound. */
export interface OrderRequest {
  symbol: string;
  side: Side;
  sizeE8: number;
  /** Worst acceptable price, a multiple of the market's tick. */
  limitPriceE8: number;
  reduceOnly: boolean;
}

/**
 * Paper: how an order's way was made up. The round trip is one of the `samples` measured latest on the order path; the
 * venue's own time is an assumption.
 */
export interface SimulatedTravel {
  roundTripMs: number;
  samples: number;
  venueProcessingMs: number;
  takerDelayMs: number;
}

/** An order complete and signed, not yet sent. Single use. */
export interface PreparedOrder {
  /** Our id, unique over the engine's whole life; the venue sees it as client id or nonce. */
  readonly orderId: number;
  readonly request: OrderRequest;
  readonly signature: 'ahead' | 'onDemand';
  /** Time the signature took on its signer. */
  readonly signMs: number;
  /** Age of the signature when taken; 0 on demand. */
  readonly slotAgeMs: number;
  /** Monotonic. */
  readonly signedAtMs: number;
  /** Paper only, once it was sent: every stamp after t4 is made of it. */
  readonly travel?: SimulatedTravel;
}

/** News about one order. The same fact may come more than once and in any order: consumers are idempotent. */
export interface OrderUpdate {
  venue: VenueId;
  orderId: number;
  venueOrderId?: string;
  state: OrderState;
  /** Total filled so far as the venue states it; absent when the message does not say. */
  filledSizeE8?: number;
  /** The venue's reason or code for REJECTED/CANCELLED/EXPIRED. */
  reason?: string;
  stamps: OrderStamps;
  source: 'local' | 'reply' | 'stream' | 'query';
}

export interface FillReport {
  venue: VenueId;
  orderId: number;
  venueOrderId: string;
  /** Unique per venue; two reports with the same id are the same fill. */
  fillId: string;
  symbol: string;
  side: Side;
  priceE8: number;
  sizeE8: number;
  /** Positive = paid, in 1e-8 USD. */
  feeE8: number;
  venueTimeMs: number;
  receivedAtMs: number;
  source: 'reply' | 'stream' | 'query';
}

/** Answer of the venue's authoritative query about one order (product.md 3, order states). */
export type OrderTruth =
  | { known: true; state: OrderState; filledSizeE8: number; venueOrderId: string; fills: FillReport[]; reason?: string }
  /** The venue has no trace of it. Final only when asked after the end of the receive window. */
  | { known: false; afterReceiveWindow: boolean };

export interface PositionReport {
  venue: VenueId;
  symbol: string;
  /** Signed: long positive. */
  sizeE8: number;
  entryPriceE8: number;
}

export type ConnectionState = 'connecting' | 'ready' | 'lost' | 'closed';

/** Latency of one connection, rolling window; every figure with its n. */
export interface ConnectionReport {
  venue: VenueId;
  /** "market data", "trading", "private", "rest". */
  name: string;
  transport: 'websocket' | 'rest';
  state: ConnectionState;
  rttP50Ms?: number;
  rttP95Ms?: number;
  /** p95 - p50 of the round trips. */
  jitterMs?: number;
  rttSamples: number;
  reconnects: number;
  /** Age of the last frame at the time of the report. */
  lastFrameAgeMs?: number;
  /** REST only: requests sent on kept connections and connections opened for them. */
  reused?: number;
  opened?: number;
}

/** Estimated venue clock minus ours, from request/answer stamps; the error bound is half the round trip. */
export interface ClockOffset {
  /** venue wall ms = monotonicMs + offsetMs */
  offsetMs: number;
  errorMs: number;
  samples: number;
}

export type MarketDataStatus = 'ok' | 'connecting' | 'stale' | 'gap' | 'crossed';

export interface VenueListener {
  /** Hot path: called inside the socket's callback each time a book changed. */
  onBook(book: OrderBook): void;
  onMarketDataStatus(symbol: string, status: MarketDataStatus, detail: string): void;
  onOrder(update: OrderUpdate): void;
  onFill(fill: FillReport): void;
  onConnection(report: ConnectionReport): void;
  /** Something a person should know; `code` is stable (HS_...). */
  onNotice(notice: { level: 'info' | 'warn' | 'error'; code: string; message: string }): void;
}

/** Orders of this kind are to be kept signed ahead. */
export interface LadderWant {
  symbol: string;
  side: Side;
  sizeE8: number;
  reduceOnly: boolean;
  /** How far beyond the touch the first of them will be bounded; later ones are expected where the last one was. */
  bandBps?: number;
}

export interface LadderReport {
  hits: number;
  misses: number;
  slots: number;
}

/** The port every venue fits (capability flags above). Constructed with (env, config, signer, ids, listener). */
export interface VenueClient {
  readonly id: VenueId;
  readonly capabilities: VenueCapabilities;
  /** Connects, authenticates, loads markets, subscribes; resolves when market data and order path are ready. */
  start(): Promise<void>;
  /** Closes every connection; resolves when nothing more will be called on the listener. */
  stop(): Promise<void>;
  market(symbol: string): MarketSpec;
  book(symbol: string): OrderBook;
  /** True when an order sent now would reach the venue: trading connection ready, authenticated, private stream alive. */
  canTrade(): boolean;
  /**
   * Builds and signs. Synchronous when a signed-ahead slot fits (its bound may be up to one ladder step wider than asked,
   * never tighter, never beyond `request.limitPriceE8` by more than the configured slack), otherwise a promise.
   */
  prepare(request: OrderRequest): PreparedOrder | Promise<PreparedOrder>;
  /**
   * Hands the order to its socket at once and returns; the outcome comes through the listener, beginning with SENT
   * carrying t4. The receive window is set here: (now - signedAt) + receiveWindowMs.
   */
  send(order: PreparedOrder): void;
  cancel(orderId: number): Promise<void>;
  /** Authoritative query. Rejects with NetworkError when the venue could not be asked: that says nothing. */
  queryOrder(orderId: number): Promise<OrderTruth>;
  positions(): Promise<PositionReport[]>;
  /** All fills of the account since `sinceWallMs`, paged to the end: the venue's own ledger. */
  fillsSince(sinceWallMs: number): Promise<FillReport[]>;
  connections(): ConnectionReport[];
  clockOffset(): ClockOffset | undefined;
  /** Keeps signed slots around the touch for these sizes; called off the hot path. */
  setLadder(wants: LadderWant[]): void;
  ladder(): LadderReport;
  /** Destroys every signed slot (pause, kill, disarm). */
  dropLadder(): void;
}

/** Hands out order ids: strictly increasing, never reused, also across restarts (journal-reserved blocks). */
export interface OrderIds {
  next(): number;
}

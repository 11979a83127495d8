import type { OrderBook } from '../../core/book.ts';
import { errorMessage, HalfspreadError, NetworkError } from '../../core/errors.ts';
import type { OrderState } from '../../core/types.ts';
import type { Env } from '../../env.ts';
import type { MarketFeed, MarketFeedListener } from '../market-feed.ts';
import type { FillReport, OrderIds, OrderRequest, OrderTruth, PositionReport, PreparedOrder } from '../venue.ts';
import type { SimulatedTravel, VenueCapabilities, VenueClient, VenueListener } from '../venue.ts';
import { Consumption } from './consumption.ts';
import { PaperLedger, type PaperOutcome } from './ledger.ts';
import { matchOrder, refusalOf, type PaperMatch } from './match.ts';

export interface PaperClientOptions {
  env: Env;
  ids: OrderIds;
  listener: VenueListener;
  createFeed(listener: MarketFeedListener): MarketFeed;
  receiveWindowMs: number;
  /** Assumed: from receiving an order to matching it, without the order class's own delay. */
  venueProcessingMs: number;
  /** Absolute path of this venue's simulated account. */
  ledgerPath: string;
}

/**
 * A venue whose market data is real and whose account is simulated. An order handed over at t4 is matched against OUR book
 * as it stands at t4 + round trip + venue time (+ the order class's delay), which is when its confirmation would reach us.
 * That is the book the order would have met: it arrives at the venue half a round trip after t4 and is matched a venue time
 * later, and what the venue's book was at that moment is what we see one feed delay after it; the feed and the confirmation
 * travel the same line, so both reach us together. What this leaves out is said, not hidden: the two ways of a line are
 * taken as equally long, the venue's own time is an assumption, our orders move no one else, and an order in flight when the
 * engine is killed never existed.
 *
 * The round trip is drawn from the latest ones measured on the order path. Fills are immediate-or-cancel at the shown sizes,
 * less what earlier own fills took from a level since its last update. The account survives restarts (ledger.ts).
 */
export function createPaperClient(options: PaperClientOptions): VenueClient {
  return new PaperClient(options);
}

/** As if taken from a ladder: paper signs nothing, so no signature can delay it. */
class PaperOrder implements PreparedOrder {
  readonly signature = 'ahead';
  readonly signMs = 0;
  readonly slotAgeMs = 0;
  readonly orderId: number;
  readonly request: OrderRequest;
  readonly signedAtMs: number;
  travel: SimulatedTravel | undefined;

  constructor(orderId: number, request: OrderRequest, signedAtMs: number) {
    this.orderId = orderId;
    this.request = request;
    this.signedAtMs = signedAtMs;
  }
}

class PaperClient implements VenueClient {
  readonly id: string;
  readonly capabilities: VenueCapabilities;
  private readonly options: PaperClientOptions;
  private readonly env: Env;
  private readonly feed: MarketFeed;
  private readonly consumption: Consumption;
  private readonly createdAtMs: number;
  private readonly inFlight = new Map<number, () => void>();
  private ledger: PaperLedger | undefined;
  private stopped = false;

  constructor(options: PaperClientOptions) {
    const { env, listener } = options;
    this.options = options;
    this.env = env;
    this.createdAtMs = env.clock.monotonicMs();
    this.feed = options.createFeed({
      onBook: (book) => {
        this.consumption.onBook(book);
        listener.onBook(book);
      },
      onMarketDataStatus: (symbol, status, detail) => listener.onMarketDataStatus(symbol, status, detail),
      onConnection: (report) => listener.onConnection(report),
      onNotice: (notice) => listener.onNotice(notice),
    });
    this.id = this.feed.id;
    this.capabilities = { ...this.feed.capabilities, stampsOrders: false };
    this.consumption = new Consumption(!this.capabilities.sequencedMarketData);
  }

  async start(): Promise<void> {
    const { ledgerPath, listener } = this.options;
    this.ledger = await PaperLedger.open(this.env.disk, ledgerPath);
    const { tornBytes } = this.ledger;
    if (tornBytes > 0) {
      const message = `The last line of ${ledgerPath} was cut short (${tornBytes} bytes) and is gone; nobody had been told of it.`;
      listener.onNotice({ level: 'warn', code: 'HS_PAPER_LEDGER_TORN', message });
    }
    await this.feed.start();
  }

  async stop(): Promise<void> {
    this.stopped = true;
    for (const cancel of this.inFlight.values()) cancel();
    this.inFlight.clear();
    await this.feed.stop();
    await this.ledger?.close();
  }

  market(symbol: string): ReturnType<VenueClient['market']> {
    return this.feed.market(symbol);
  }

  book(symbol: string): OrderBook {
    return this.feed.book(symbol);
  }

  canTrade(): boolean {
    return !this.stopped && this.ledger !== undefined && this.feed.isReady();
  }

  prepare(request: OrderRequest): PreparedOrder {
    return new PaperOrder(this.options.ids.next(), request, this.env.clock.monotonicMs());
  }

  send(order: PreparedOrder): void {
    if (!(order instanceof PaperOrder) || order.travel) {
      throw new HalfspreadError(
        'HS_ORDER_REUSED',
        `Order ${order.orderId} was sent before or was not prepared for paper; it was not sent again.`,
        'Prepare a new order.',
      );
    }
    const roundTrip = this.feed.drawRoundTrip(this.env.random.next());
    if (!this.canTrade() || !roundTrip) {
      throw new NetworkError(
        'HS_NET_NOT_CONNECTED',
        `The connection to ${this.id} is down: an order would not have left.`,
        'It reconnects by itself; check the network if it stays down.',
      );
    }
    const { venueProcessingMs } = this.options;
    const { takerDelayMs } = this.capabilities;
    order.travel = { roundTripMs: roundTrip.ms, samples: roundTrip.samples, venueProcessingMs, takerDelayMs };
    const t4HandedOverMs = this.env.clock.monotonicMs();
    this.tell(order, 'SENT', { stamps: { t3SignedMs: order.signedAtMs, t4HandedOverMs } });
    this.later(order.orderId, roundTrip.ms + venueProcessingMs + takerDelayMs, () =>
      this.arrived(order, t4HandedOverMs),
    );
  }

  /** Every order is over within its window: there is nothing to cancel. */
  cancel(): Promise<void> {
    return Promise.resolve();
  }

  async queryOrder(orderId: number): Promise<OrderTruth> {
    await this.answerDelay();
    const outcome = this.openLedger().outcome(orderId);
    if (!outcome) {
      // One of an earlier process was in flight when that ended: then it never arrived.
      const deadAtMs = this.createdAtMs + this.options.receiveWindowMs;
      const unknown = !this.inFlight.has(orderId) && this.env.clock.monotonicMs() >= deadAtMs;
      return { known: false, afterReceiveWindow: unknown };
    }
    const fills = this.fillsOf(outcome, this.env.clock.monotonicMs(), 'query');
    const { state, reason } = outcome;
    const filledSizeE8 = fills.reduce((sum, { sizeE8 }) => sum + sizeE8, 0);
    return { known: true, state, filledSizeE8, venueOrderId: venueOrderId(orderId), fills, reason };
  }

  async positions(): Promise<PositionReport[]> {
    await this.answerDelay();
    return this.openLedger()
      .positions()
      .map(([symbol, sizeE8]) => ({ venue: this.id, symbol, sizeE8, entryPriceE8: 0 }));
  }

  async fillsSince(sinceWallMs: number): Promise<FillReport[]> {
    await this.answerDelay();
    const receivedAtMs = this.env.clock.monotonicMs();
    const outcomes = this.openLedger().since(sinceWallMs);
    return outcomes.flatMap((outcome) => this.fillsOf(outcome, receivedAtMs, 'query'));
  }

  connections(): ReturnType<VenueClient['connections']> {
    return this.feed.connections();
  }

  clockOffset(): ReturnType<VenueClient['clockOffset']> {
    return this.feed.clockOffset();
  }

  setLadder(): void {}

  ladder(): ReturnType<VenueClient['ladder']> {
    return { hits: 0, misses: 0, slots: 0 };
  }

  dropLadder(): void {}

  /** The order's confirmation would come in now: the book as it stands is the one it met. */
  private arrived(order: PaperOrder, t4HandedOverMs: number): void {
    const t8ConfirmedMs = this.env.clock.monotonicMs();
    const { request, orderId } = order;
    const { roundTripMs, venueProcessingMs, takerDelayMs } = order.travel!;
    const t5VenueReceivedMs = t4HandedOverMs + roundTripMs / 2;
    const t6MatchedMs = t5VenueReceivedMs + venueProcessingMs + takerDelayMs;
    const stamps = {
      t5VenueReceivedMs,
      t6MatchedMs,
      t7PublishedMs: t6MatchedMs,
      // The acknowledgement does not wait for the order class's delay.
      ackReceivedMs: t8ConfirmedMs - takerDelayMs,
      t8ConfirmedMs,
      // Where on the round trip the venue lies is not known.
      offsetErrorMs: roundTripMs / 2,
    };
    const { state, reason, matches } = this.decide(request, roundTripMs / 2);
    const outcome: PaperOutcome = {
      orderId,
      symbol: request.symbol,
      side: request.side,
      sizeE8: request.sizeE8,
      state,
      reason,
      at: this.env.clock.wallMs(),
      fills: matches.map((match, index) => ({ fillId: `paper-${orderId}-${index + 1}`, ...match })),
    };
    this.openLedger()
      .record(outcome)
      .then(
        () => {
          if (this.stopped) return;
          for (const fill of this.fillsOf(outcome, t8ConfirmedMs, 'stream')) this.options.listener.onFill(fill);
          const filledSizeE8 = matches.reduce((sum, { sizeE8 }) => sum + sizeE8, 0);
          this.tell(order, state, { stamps, reason, filledSizeE8 });
        },
        (error: unknown) =>
          this.options.listener.onNotice({ level: 'error', code: 'HS_PAPER_LEDGER', message: errorMessage(error) }),
      );
  }

  private decide(
    request: OrderRequest,
    travelMs: number,
  ): { state: PaperOutcome['state']; reason?: string; matches: PaperMatch[] } {
    const book = this.feed.book(request.symbol);
    const market = this.feed.market(request.symbol);
    const heldE8 = this.openLedger().positionE8(request.symbol);
    if (travelMs > this.options.receiveWindowMs) {
      return { state: 'REJECTED', reason: 'it arrived after the end of its receive window', matches: [] };
    }
    const levels = request.side === 'BUY' ? book.asks : book.bids;
    if (!book.valid || levels.count === 0) {
      return {
        state: 'CANCELLED',
        reason: 'the book was lost while it travelled: nobody saw what it met',
        matches: [],
      };
    }
    const refusal = refusalOf(request, market, heldE8, levels.priceE8[0]!);
    if (refusal !== undefined) return { state: 'REJECTED', reason: refusal, matches: [] };
    const matches = matchOrder(request, book, market, heldE8, this.consumption);
    const filledE8 = matches.reduce((sum, { sizeE8 }) => sum + sizeE8, 0);
    if (filledE8 === request.sizeE8) return { state: 'FILLED', matches };
    return { state: 'CANCELLED', reason: 'nothing more at its price', matches };
  }

  private tell(
    order: PaperOrder,
    state: OrderState,
    news: { stamps: Parameters<VenueListener['onOrder']>[0]['stamps']; reason?: string; filledSizeE8?: number },
  ): void {
    this.options.listener.onOrder({
      venue: this.id,
      orderId: order.orderId,
      venueOrderId: venueOrderId(order.orderId),
      state,
      source: state === 'SENT' ? 'local' : 'stream',
      ...news,
    });
  }

  private fillsOf(outcome: PaperOutcome, receivedAtMs: number, source: FillReport['source']): FillReport[] {
    const { orderId, symbol, side, at } = outcome;
    return outcome.fills.map((fill) => ({
      ...fill,
      venue: this.id,
      orderId,
      venueOrderId: venueOrderId(orderId),
      symbol,
      side,
      venueTimeMs: at,
      receivedAtMs,
      source,
    }));
  }

  /** Questions to the account take a round trip, as they would. */
  private answerDelay(): Promise<void> {
    const roundTripMs = this.feed.drawRoundTrip(this.env.random.next())?.ms ?? 0;
    return new Promise((resolve) => this.env.timers.after(roundTripMs, resolve));
  }

  private later(orderId: number, delayMs: number, act: () => void): void {
    const cancel = this.env.timers.after(delayMs, () => {
      this.inFlight.delete(orderId);
      act();
    });
    this.inFlight.set(orderId, cancel);
  }

  private openLedger(): PaperLedger {
    if (this.ledger) return this.ledger;
    throw new HalfspreadError('HS_PAPER_NOT_STARTED', 'The paper account is not open yet.', 'Start the client first.');
  }
}

function venueOrderId(orderId: number): string {
  return `paper-${orderId}`;
}

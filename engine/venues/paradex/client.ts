import type { OrderBook } from '../../core/book.ts';
import { errorMessage, HalfspreadError, NetworkError } from '../../core/errors.ts';
import type { MarketSpec } from '../../core/types.ts';
import type { Env } from '../../env.ts';
import type { SignerPort } from '../signer/port.ts';
import type { ClockOffset, ConnectionReport, FillReport, LadderReport, LadderWant, OrderIds } from '../venue.ts';
import type {
  OrderRequest,
  OrderTruth,
  PositionReport,
  PreparedOrder,
  VenueCapabilities,
  VenueClient,
  VenueListener,
} from '../venue.ts';
import { ClockOffsetEstimator } from './clock-offset.ts';
import { checkedConfig, paradexCapabilities } from './config.ts';
import type { ParadexClientConfig, ParadexSwitches } from './config.ts';
import { roundE8 } from './decimal.ts';
import { FOREIGN_ORDER_ID, toFillReport } from './fill-report.ts';
import { LadderKeeper } from './ladder-keeper.ts';
import { silenceable } from './listener.ts';
import { fetchMarketSpecs, unknownMarket } from './market-spec.ts';
import { MarketData } from './market-data.ts';
import { ParadexOrder, signOrder } from './order-signing.ts';
import type { OrderStamp } from './order-signing.ts';
import { clientIdOf, completeOrderText, orderIdOf } from './order-text.ts';
import { OrderTracker } from './order-tracker.ts';
import { askOrderTruth } from './order-truth.ts';
import { restReport } from './rest-report.ts';
import { ParadexRest } from './rest.ts';
import { ParadexSession } from './session.ts';
import { Trading } from './trading.ts';
import { untilAnswered } from './until-answered.ts';

export type { ParadexClientConfig, ParadexSwitches } from './config.ts';
export { paradexClientConfigSchema } from './config.ts';
export { fetchSystemConfig } from './rest.ts';

/** An order asked for after a restart was sent at most this long ago. */
const UNKNOWN_ORDER_AGE_MS = 24 * 3_600_000;

export interface ParadexClientOptions {
  env: Env;
  config: ParadexClientConfig;
  signer: SignerPort;
  ids: OrderIds;
  listener: VenueListener;
}

/** @throws HalfspreadError HS_PARADEX_CONFIG */
export function createParadexClient(options: ParadexClientOptions): VenueClient {
  return new ParadexClient(options);
}

class ParadexClient implements VenueClient {
  readonly id = 'paradex';
  readonly capabilities: VenueCapabilities;
  private readonly env: Env;
  private readonly config: ParadexClientConfig;
  private readonly switches: ParadexSwitches;
  private readonly signer: SignerPort;
  private readonly ids: OrderIds;
  private readonly listener: ReturnType<typeof silenceable>;
  private readonly clockOffsets = new ClockOffsetEstimator();
  private readonly rest: ParadexRest;
  private readonly session: ParadexSession;
  private readonly marketData: MarketData;
  private readonly trading: Trading;
  private readonly tracker: OrderTracker;
  private readonly ladderKeeper: LadderKeeper;
  private specs = new Map<string, MarketSpec>();
  private readonly createdAtMs: number;
  /** From sending until the order is dead at the venue. */
  private readonly windowMs: number;
  /** Older signatures leave the venue no window. */
  private readonly maxSignatureAgeMs: number;
  private lastTimestampMs = 0;
  private stopped = false;
  private ready: { resolve(): void; reject(error: Error): void } | undefined;

  constructor({ env, config: unchecked, signer, ids, listener }: ParadexClientOptions) {
    const { config, switches } = checkedConfig(unchecked);
    this.env = env;
    this.config = config;
    this.switches = switches;
    this.signer = signer;
    this.ids = ids;
    this.listener = silenceable(listener);
    this.createdAtMs = env.clock.monotonicMs();
    this.capabilities = paradexCapabilities(config.orderClass);
    this.windowMs = config.receiveWindowMs + this.capabilities.takerDelayMs;
    this.maxSignatureAgeMs = this.switches.maxSignatureAgeMs - this.windowMs - this.switches.settleMarginMs;
    const onServerTimes = this.clockOffsets.add.bind(this.clockOffsets);
    this.rest = new ParadexRest(env.network, config.restUrl);
    this.session = new ParadexSession({
      env,
      rest: this.rest,
      signer,
      accountAddress: config.accountAddress,
      interactive: config.orderClass === 'retail',
      publicKey: this.switches.authPublicKey,
      venueNowMs: () => this.venueNowMs(),
      onFailure: (message) => this.notice('warn', 'HS_PARADEX_LOGIN', message),
    });
    this.tracker = new OrderTracker({
      env,
      listener: this.listener.listener,
      toMonotonicMs: (venueMs) => this.clockOffsets.toMonotonicMs(venueMs),
      offsetErrorMs: () => this.clockOffsets.estimate()?.errorMs,
      venueNowMs: () => this.venueNowMs(),
    });
    this.marketData = new MarketData({
      env,
      wsUrl: config.wsUrl,
      symbols: config.symbols,
      staleAfterMs: this.switches.staleAfterMs,
      listener: this.listener.listener,
      onServerTimes,
      onAllValid: () => this.checkReady(),
    });
    this.trading = new Trading({
      env,
      wsUrl: config.wsUrl,
      cancelOnDisconnect: this.switches.cancelOnDisconnect,
      listener: this.listener.listener,
      tracker: this.tracker,
      token: (renewed) => (renewed ? this.session.renew() : this.session.freshToken()),
      onServerTimes,
      onReady: () => this.checkReady(),
    });
    this.ladderKeeper = new LadderKeeper({
      env,
      steps: this.switches.ladderSteps,
      stepTicks: this.switches.ladderStepTicks,
      maxAgeMs: this.maxSignatureAgeMs,
      tickE8: (symbol) => this.market(symbol).tickE8,
      book: (symbol) => this.book(symbol),
      nextStamp: () => this.nextStamp(),
      sign: (request, stamp) => signOrder(signer, env.clock, request, stamp),
      onFailure: (message) => this.notice('warn', 'HS_PARADEX_LADDER', message),
    });
  }

  async start(): Promise<void> {
    await this.retried(() => this.env.network.warm(this.config.restUrl));
    await this.retried(() => this.readVenueTime());
    const { symbols, orderClass } = this.config;
    this.specs = await this.retried(() => fetchMarketSpecs(this.rest, symbols, orderClass));
    await this.retried(() => this.session.renew());
    const ready = new Promise<void>((resolve, reject) => (this.ready = { resolve, reject }));
    this.marketData.start();
    this.trading.start();
    return ready;
  }

  async stop(): Promise<void> {
    this.stopped = true;
    this.ready?.reject(stoppedError());
    this.dropLadder();
    this.session.stop();
    this.tracker.stop();
    await Promise.all([this.marketData.stop(), this.trading.stop()]);
    this.listener.silence();
  }

  market(symbol: string): MarketSpec {
    const spec = this.specs.get(symbol);
    if (!spec) throw unknownMarket(symbol);
    return spec;
  }

  book(symbol: string): OrderBook {
    const book = this.marketData.book(symbol);
    if (!book) throw unknownMarket(symbol);
    return book;
  }

  canTrade(): boolean {
    return this.trading.socket.isReady;
  }

  prepare(request: OrderRequest): PreparedOrder | Promise<PreparedOrder> {
    const { tickE8, sizeStepE8 } = this.market(request.symbol);
    if (request.limitPriceE8 % tickE8 !== 0 || request.sizeE8 % sizeStepE8 !== 0 || request.sizeE8 <= 0) {
      throw new HalfspreadError(
        'HS_ORDER_STEP',
        `Size or price of the ${request.symbol} order is no multiple of the market's step; Paradex would refuse it.`,
        'Round the size down and the price to the tick before asking for the order.',
      );
    }
    const slot = this.ladderKeeper.take(request);
    if (slot) {
      const ageMs = this.env.clock.monotonicMs() - slot.signedAtMs;
      return new ParadexOrder(this.ids.next(), slot, 'ahead', ageMs);
    }
    const stamp = this.ladderKeeper.takeStamp(request) ?? this.nextStamp();
    return signOrder(this.signer, this.env.clock, request, stamp).then(
      (signed) => new ParadexOrder(this.ids.next(), signed, 'onDemand', 0),
    );
  }

  send(order: PreparedOrder): void {
    if (!(order instanceof ParadexOrder) || order.used) {
      throw new HalfspreadError(
        'HS_ORDER_REUSED',
        `Order ${order.orderId} was sent before or was not prepared for Paradex; it was not sent again.`,
        'Prepare a new order.',
      );
    }
    order.used = true;
    if (this.env.clock.monotonicMs() - order.stamp.atMs > this.maxSignatureAgeMs) {
      this.tracker.notSent(order.orderId, order.request, 'its signature is too old');
      return;
    }
    const callId = this.trading.takeCallId();
    const receiveWindowMs = this.venueNowMs() - order.stamp.timestampMs + this.windowMs;
    const text = completeOrderText(order.text, order.orderId, receiveWindowMs, callId);
    try {
      const t4HandedOverMs = this.trading.sendOrder(text, callId, order.orderId);
      this.tracker.sent(order.orderId, order.request, {
        t3SignedMs: order.signedAtMs,
        t4HandedOverMs,
        doubtAfterMs: this.windowMs,
        deadAfterMs: this.deadAfterMs(),
      });
    } catch (error) {
      if (!(error instanceof NetworkError)) throw error;
      this.tracker.notSent(order.orderId, order.request, errorMessage(error));
    }
  }

  async cancel(orderId: number): Promise<void> {
    const order = this.tracker.get(orderId);
    if (!order) {
      throw new HalfspreadError(
        'HS_ORDER_UNKNOWN',
        `Order ${orderId} is not known here.`,
        'Query it at the venue first.',
      );
    }
    await this.trading.cancel(clientIdOf(orderId), order.symbol);
  }

  queryOrder(orderId: number): Promise<OrderTruth> {
    const order = this.tracker.get(orderId);
    return askOrderTruth(this.rest, this.env.clock, {
      orderId,
      sizeE8: order?.sizeE8,
      sentVenueMs: order?.sentVenueMs ?? this.venueNowMs() - UNKNOWN_ORDER_AGE_MS,
      // An order of a former process was sent before this client existed.
      deadAtMs: order?.deadAtMs ?? this.createdAtMs + this.deadAfterMs(),
    });
  }

  async positions(): Promise<PositionReport[]> {
    const positions = await this.rest.positions();
    return positions
      .filter(({ status }) => status === 'OPEN')
      .map((position) => ({
        venue: this.id,
        symbol: position.market,
        sizeE8: roundE8(position.size),
        entryPriceE8: roundE8(position.average_entry_price),
      }));
  }

  async fillsSince(sinceWallMs: number): Promise<FillReport[]> {
    const venueAheadMs = this.venueNowMs() - this.env.clock.wallMs();
    const sinceVenueMs = sinceWallMs + venueAheadMs - (this.clockOffsets.estimate()?.errorMs ?? 0);
    const fills = await this.rest.fillsSince(sinceVenueMs);
    const receivedAtMs = this.env.clock.monotonicMs();
    return fills
      .filter((fill) => fill.created_at >= Math.floor(sinceVenueMs))
      .map((fill) => toFillReport(fill, orderIdOf(fill.client_id) ?? FOREIGN_ORDER_ID, receivedAtMs, 'query'));
  }

  connections(): ConnectionReport[] {
    return [
      this.marketData.socket.report(),
      this.trading.socket.report(),
      restReport(this.env, this.config.restUrl, this.stopped),
    ];
  }

  clockOffset(): ClockOffset | undefined {
    return this.clockOffsets.estimate();
  }

  setLadder(wants: LadderWant[]): void {
    this.ladderKeeper.set(wants);
  }

  ladder(): LadderReport {
    return this.ladderKeeper.report();
  }

  dropLadder(): void {
    this.ladderKeeper.drop();
  }

  /** End of the receive window at the venue, with the error of its clock and the time it needs for what it took in time. */
  private deadAfterMs(): number {
    return this.windowMs + (this.clockOffsets.estimate()?.errorMs ?? 0) + this.switches.settleMarginMs;
  }

  private venueNowMs(): number {
    const offset = this.clockOffsets.estimate();
    return offset ? this.env.clock.monotonicMs() + offset.offsetMs : this.env.clock.wallMs();
  }

  /** Never ahead of the venue's clock, as far as known, and never twice the same: the venue may take it for a nonce. */
  private nextStamp(): OrderStamp {
    const cautiousMs = Math.floor(this.venueNowMs() - (this.clockOffsets.estimate()?.errorMs ?? 0));
    this.lastTimestampMs = Math.max(this.lastTimestampMs + 1, cautiousMs);
    return { timestampMs: this.lastTimestampMs, atMs: this.env.clock.monotonicMs(), spent: false };
  }

  private async readVenueTime(): Promise<void> {
    const sentAtMs = this.env.clock.monotonicMs();
    const venueUs = (await this.rest.systemTimeMs()) * 1000;
    this.clockOffsets.add(sentAtMs, this.env.clock.monotonicMs(), venueUs, venueUs);
  }

  private checkReady(): void {
    if (this.marketData.allValid && this.canTrade()) this.ready?.resolve();
  }

  private retried<Result>(attempt: () => Promise<Result>): Promise<Result> {
    return untilAnswered(this.env, attempt, {
      check: () => {
        if (this.stopped) throw stoppedError();
      },
      failed: ({ code, message }) => this.notice('warn', code, message),
    });
  }

  private notice(level: 'info' | 'warn' | 'error', code: string, message: string): void {
    this.listener.listener.onNotice({ level, code, message });
  }
}

function stoppedError(): HalfspreadError {
  return new HalfspreadError('HS_PARADEX_STOPPED', 'The Paradex client was stopped.', 'Start the engine again.');
}

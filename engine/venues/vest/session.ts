import { HalfspreadError, NetworkError, errorMessage } from '../../core/errors.ts';
import type { MarketSpec } from '../../core/types.ts';
import type { Env } from '../../env.ts';
import type { SignerPort } from '../signer/port.ts';
import type { ConnectionReport, OrderIds, VenueListener } from '../venue.ts';
import type { VestSettings } from './config.ts';
import { VestLadder } from './ladder.ts';
import { setLeverage } from './leverage.ts';
import { VestMarketData } from './market-data.ts';
import { marketsOf, unknownMarket } from './markets.ts';
import { VestOrderQueries } from './order-queries.ts';
import { VestOrderSender } from './order-sender.ts';
import { VestOrderSigner } from './order-signer.ts';
import { OrderTracker } from './order-tracker.ts';
import { VestPrivateStream } from './private-stream.ts';
import { VestRest } from './rest.ts';
import { untilVestAnswers } from './until-answers.ts';
import { VestClock } from './venue-clock.ts';
import { exchangeInfoSchema, lastNonceSchema } from './wire.ts';

/** How often an unreachable REST origin is tried again. */
const REACHABILITY_PERIOD_MS = 1_000;

/** The parts of one Vest client and their life: start-up, keep-warm, reports, stop. */
export class VestSession {
  readonly clock: VestClock;
  readonly rest: VestRest;
  readonly marketData: VestMarketData;
  readonly sender: VestOrderSender;
  readonly queries: VestOrderQueries;
  readonly orders: VestOrderSigner;
  readonly ladder: VestLadder;
  private readonly env: Env;
  private readonly settings: VestSettings;
  private readonly ids: OrderIds;
  private readonly listener: VenueListener;
  private readonly privateStream: VestPrivateStream;
  private markets = new Map<string, MarketSpec>();
  private cancelTimers: (() => void)[] = [];
  private started = false;
  private stopped = false;
  private warming = false;
  private saidClockDoubt = false;
  /** Resolves or rejects `start` once that is decided. */
  private settleStart: () => void = () => undefined;

  constructor(options: {
    env: Env;
    settings: VestSettings;
    signer: SignerPort;
    ids: OrderIds;
    listener: VenueListener;
  }) {
    const { env, settings, signer, ids } = options;
    this.env = env;
    this.settings = settings;
    this.ids = ids;
    const listener = this.untilStopped(options.listener);
    this.listener = listener;
    const marketOf = (symbol: string): MarketSpec => this.market(symbol);
    const reportConnections = (): void => this.reportConnections();
    const clock = new VestClock(env.clock);
    const rest = new VestRest(env, settings, clock, () => this.onClockDoubt());
    const tracker = new OrderTracker(listener, clock);
    this.clock = clock;
    this.rest = rest;
    this.marketData = new VestMarketData(env, settings, listener, reportConnections);
    this.sender = new VestOrderSender(env, settings, rest, tracker, listener);
    this.queries = new VestOrderQueries({ env, settings, rest, clock, tracker, signer, ids, listener });
    this.orders = new VestOrderSigner({ env, settings, clock, signer, ids, marketOf });
    this.ladder = new VestLadder(env, settings, this.orders, (symbol) => this.marketData.book(symbol), listener);
    this.privateStream = new VestPrivateStream(env, settings, rest, listener, {
      onOrderEvent: (event, receivedAtMs) => this.queries.onOrderEvent(event, receivedAtMs),
      resync: () => this.queries.resync(),
      reportConnections,
    });
  }

  /**
   * Rejects when the venue refuses (API key, unknown market, nonce): a person must act. A line that is down is tried again
   * until `stop`.
   */
  async start(): Promise<void> {
    await this.untilAnswered(() => this.loadAccountAndMarkets());
    this.queries.start();
    this.marketData.start();
    this.privateStream.start();
    this.cancelTimers.push(
      this.env.timers.every(this.settings.keepWarmPeriodMs, () => void this.keepWarm()),
      this.env.timers.every(REACHABILITY_PERIOD_MS, () => {
        if (!this.rest.isReachable()) void this.keepWarm();
      }),
    );
    // The first round opens the connections, the second measures them warm.
    await this.keepWarm();
    this.rest.forgetRoundTrips();
    await this.keepWarm();
    this.started = true;
    await this.whenReady();
  }

  stop(): Promise<void> {
    this.stopped = true;
    for (const cancel of this.cancelTimers) cancel();
    this.ladder.drop();
    this.queries.stop();
    this.marketData.stop();
    this.privateStream.stop();
    this.settleStart();
    return Promise.resolve();
  }

  /** Throws HS_VEST_UNKNOWN_MARKET. */
  market(symbol: string): MarketSpec {
    const market = this.markets.get(symbol);
    if (market) return market;
    throw unknownMarket(symbol);
  }

  canTrade(): boolean {
    return this.started && !this.stopped && this.privateStream.stream.state === 'ready' && this.rest.isReachable();
  }

  connections(): ConnectionReport[] {
    const reports = [this.marketData.stream.report(), this.privateStream.stream.report(), this.rest.report()];
    return reports.map((report) => ({ venue: 'vest', ...report }));
  }

  private async loadAccountAndMarkets(): Promise<void> {
    const { symbols, nonceRule } = this.settings;
    const info = await this.rest.call(exchangeInfoSchema, 'GET', '/exchangeInfo');
    this.markets = marketsOf(info, symbols);
    const account = await this.rest.account();
    await setLeverage(this.rest, account, this.settings.leverage);
    if (nonceRule === 'increasing') await this.checkNonce();
  }

  private async checkNonce(): Promise<void> {
    const query = this.rest.timeQuery();
    const { lastNonce } = await this.rest.call(lastNonceSchema, 'GET', '/account/nonce', query);
    // Costs one id, which is never used for an order.
    const next = this.ids.next();
    if (next > lastNonce) return;
    throw new HalfspreadError(
      'HS_VEST_NONCE_BEHIND',
      `Vest has seen nonce ${lastNonce}, ours would begin at ${next}: with rising nonces every order would be refused.`,
      'Another program uses this signing key, or the clock was set back: use one signing key per site.',
    );
  }

  /** Uses every kept connection once; the answers are clock and round-trip samples. */
  private async keepWarm(): Promise<void> {
    if (this.warming || this.stopped) return;
    this.warming = true;
    const requests = Array.from({ length: this.settings.warmConnections }, () => this.rest.account());
    const failed = (await Promise.allSettled(requests)).find((result) => result.status === 'rejected');
    this.warming = false;
    if (failed && !(failed.reason instanceof NetworkError)) {
      this.listener.onNotice({ level: 'error', code: 'HS_VEST_ACCOUNT', message: errorMessage(failed.reason) });
    }
    this.reportConnections();
  }

  private untilAnswered(work: () => Promise<void>): Promise<void> {
    return untilVestAnswers(this.env, this.settings, work, {
      check: () => this.throwIfStopped(),
      failed: (message) => this.listener.onNotice({ level: 'warn', code: 'HS_VEST_UNREACHABLE', message }),
    });
  }

  private whenReady(): Promise<void> {
    return new Promise((resolve, reject) => {
      this.settleStart = () => {
        try {
          this.throwIfStopped();
        } catch (error) {
          reject(error);
        }
        if (this.marketData.isReady() && this.canTrade()) resolve();
      };
      this.settleStart();
    });
  }

  private throwIfStopped(): void {
    if (!this.stopped) return;
    throw new HalfspreadError('HS_VEST_STOPPED', 'The Vest client was stopped while it started.', 'Start it again.');
  }

  private reportConnections(): void {
    for (const report of this.connections()) this.listener.onConnection(report);
    this.settleStart();
  }

  private onClockDoubt(): void {
    if (this.saidClockDoubt) return;
    this.saidClockDoubt = true;
    this.listener.onNotice({
      level: 'warn',
      code: 'HS_VEST_CLOCK',
      message:
        "Vest's account time disagrees with its HTTP date by more than a second: only the date is used (error +-0.5 s).",
    });
  }

  /** After `stop` nothing more reaches the listener, whatever is still under way. */
  private untilStopped(listener: VenueListener): VenueListener {
    const isOpen = (): boolean => !this.stopped;
    return {
      onBook: (book) => isOpen() && listener.onBook(book),
      onMarketDataStatus: (symbol, status, detail) => isOpen() && listener.onMarketDataStatus(symbol, status, detail),
      onOrder: (update) => isOpen() && listener.onOrder(update),
      onFill: (fill) => isOpen() && listener.onFill(fill),
      onConnection: (report) => isOpen() && listener.onConnection(report),
      onNotice: (notice) => isOpen() && listener.onNotice(notice),
    };
  }
}

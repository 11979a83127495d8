import type { OrderBook } from '../../core/book.ts';
import { HalfspreadError, NetworkError } from '../../core/errors.ts';
import type { MarketSpec } from '../../core/types.ts';
import type { Env } from '../../env.ts';
import type { MarketFeed, MarketFeedListener } from '../market-feed.ts';
import type { ClockOffset, ConnectionReport, VenueCapabilities } from '../venue.ts';
import { ClockOffsetEstimator } from './clock-offset.ts';
import { paradexCapabilities, paradexSwitchesSchema, type ParadexClientConfig } from './config.ts';
import { silenceable } from './listener.ts';
import { MarketData } from './market-data.ts';
import { fetchMarketSpecs, unknownMarket } from './market-spec.ts';
import { restReport } from './rest-report.ts';
import { ParadexRest } from './rest.ts';
import { untilAnswered } from './until-answered.ts';

/** The trading connection samples the venue's clock as often; a feed has none. */
const CLOCK_SAMPLE_EVERY_MS = 15_000;
/** Pings right after the books are valid, so that a round trip is known without waiting for the schedule. */
const FIRST_PINGS = 5;
const FIRST_PINGS_EVERY_MS = 100;

export interface ParadexFeedOptions {
  env: Env;
  config: Pick<ParadexClientConfig, 'restUrl' | 'wsUrl' | 'orderClass' | 'symbols'>;
  listener: MarketFeedListener;
}

/**
 * Paradex's public side: the same decoder, books and clock as the trading client, without login. Orders would travel over
 * a WebSocket to the same host as the market data, so that connection's pings are the order path's round trips.
 */
export function createParadexFeed(options: ParadexFeedOptions): MarketFeed {
  return new ParadexFeed(options);
}

class ParadexFeed implements MarketFeed {
  readonly id = 'paradex';
  readonly capabilities: VenueCapabilities;
  private readonly env: Env;
  private readonly config: ParadexFeedOptions['config'];
  private readonly listener: ReturnType<typeof silenceable>;
  private readonly clockOffsets = new ClockOffsetEstimator();
  private readonly rest: ParadexRest;
  private readonly marketData: MarketData;
  private specs = new Map<string, MarketSpec>();
  private cancelTimers: (() => void)[] = [];
  private stopped = false;
  private ready: { resolve(): void; reject(error: Error): void } | undefined;

  constructor({ env, config, listener }: ParadexFeedOptions) {
    this.env = env;
    this.config = config;
    this.capabilities = paradexCapabilities(config.orderClass);
    this.listener = silenceable({ ...noOrders, ...bound(listener) });
    this.rest = new ParadexRest(env.network, config.restUrl);
    this.marketData = new MarketData({
      env,
      wsUrl: config.wsUrl,
      symbols: config.symbols,
      staleAfterMs: paradexSwitchesSchema.parse({}).staleAfterMs,
      listener: {
        ...this.listener.listener,
        onConnection: (report) => {
          this.listener.listener.onConnection(report);
          this.checkReady();
        },
      },
      onServerTimes: this.clockOffsets.add.bind(this.clockOffsets),
      onAllValid: () => this.pingAtOnce(),
    });
  }

  async start(): Promise<void> {
    const { symbols, orderClass } = this.config;
    await this.retried(() => this.readVenueTime());
    this.specs = await this.retried(() => fetchMarketSpecs(this.rest, symbols, orderClass));
    const ready = new Promise<void>((resolve, reject) => (this.ready = { resolve, reject }));
    this.marketData.start();
    this.cancelTimers.push(this.env.timers.every(CLOCK_SAMPLE_EVERY_MS, () => this.sampleClock()));
    return ready;
  }

  async stop(): Promise<void> {
    this.stopped = true;
    this.ready?.reject(stoppedError());
    for (const cancel of this.cancelTimers) cancel();
    await this.marketData.stop();
    this.listener.silence();
  }

  isReady(): boolean {
    return this.marketData.socket.isReady && this.drawRoundTrip(0) !== undefined;
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

  connections(): ConnectionReport[] {
    return [this.marketData.socket.report(), restReport(this.env, this.config.restUrl, this.stopped)];
  }

  clockOffset(): ClockOffset | undefined {
    return this.clockOffsets.estimate();
  }

  drawRoundTrip(random: number): { ms: number; samples: number } | undefined {
    return this.marketData.socket.drawRoundTrip(random);
  }

  private pingAtOnce(): void {
    for (let ping = 0; ping < FIRST_PINGS; ping++) {
      const cancel = this.env.timers.after(ping * FIRST_PINGS_EVERY_MS, () => this.marketData.socket.ping());
      this.cancelTimers.push(cancel);
    }
  }

  private checkReady(): void {
    if (this.isReady()) this.ready?.resolve();
  }

  private async readVenueTime(): Promise<void> {
    const sentAtMs = this.env.clock.monotonicMs();
    const venueUs = (await this.rest.systemTimeMs()) * 1000;
    this.clockOffsets.add(sentAtMs, this.env.clock.monotonicMs(), venueUs, venueUs);
  }

  private sampleClock(): void {
    this.readVenueTime().catch((error: unknown) => {
      if (!(error instanceof HalfspreadError)) throw error;
      this.listener.listener.onNotice({ level: 'warn', code: 'HS_PARADEX_CLOCK', message: error.message });
    });
  }

  private retried<Result>(attempt: () => Promise<Result>): Promise<Result> {
    return untilAnswered(this.env, attempt, {
      check: () => {
        if (this.stopped) throw stoppedError();
      },
      failed: ({ code, message }: NetworkError) => this.listener.listener.onNotice({ level: 'warn', code, message }),
    });
  }
}

const noOrders = { onOrder: () => undefined, onFill: () => undefined };

function bound(listener: MarketFeedListener): MarketFeedListener {
  return {
    onBook: (book) => listener.onBook(book),
    onMarketDataStatus: (symbol, status, detail) => listener.onMarketDataStatus(symbol, status, detail),
    onConnection: (report) => listener.onConnection(report),
    onNotice: (notice) => listener.onNotice(notice),
  };
}

function stoppedError(): HalfspreadError {
  return new HalfspreadError('HS_PARADEX_STOPPED', 'The Paradex feed was stopped.', 'Start the engine again.');
}

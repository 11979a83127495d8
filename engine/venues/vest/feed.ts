import { HalfspreadError, NetworkError, errorMessage } from '../../core/errors.ts';
import type { MarketSpec } from '../../core/types.ts';
import type { OrderBook } from '../../core/book.ts';
import type { Env } from '../../env.ts';
import type { MarketFeed, MarketFeedListener } from '../market-feed.ts';
import type { ConnectionReport } from '../venue.ts';
import { VEST_CAPABILITIES } from './capabilities.ts';
import { vestFeedConfigSchema, type VestFeedConfig } from './config.ts';
import { VestMarketData } from './market-data.ts';
import { marketsOf, unknownMarket } from './markets.ts';
import { VestRest } from './rest.ts';
import { untilVestAnswers } from './until-answers.ts';
import { VestClock } from './venue-clock.ts';

/** Round trips of a warm connection are taken this often; one small public read each. */
const SAMPLE_EVERY_MS = 10_000;
const FIRST_SAMPLES = 5;

export interface VestFeedOptions {
  env: Env;
  config: VestFeedConfig;
  listener: MarketFeedListener;
}

/**
 * Vest's public side: the same depth decoder and books as the trading client, without an API key. Orders would travel over
 * a warm REST connection, so that is what the round trips are measured on, with the smallest public read there is; they hold
 * the time the venue takes for that read.
 */
export function createVestFeed({ env, config, listener }: VestFeedOptions): MarketFeed {
  const settings = vestFeedConfigSchema.parse(config);
  const clock = new VestClock(env.clock);
  let markets = new Map<string, MarketSpec>();
  let stopped = false;
  let settle = (): void => undefined;
  const cancelTimers: (() => void)[] = [];
  const whileOpen = <Arguments extends unknown[]>(call: (...args: Arguments) => void) => {
    return (...args: Arguments): void => {
      if (!stopped) call(...args);
    };
  };
  const told = {
    onBook: whileOpen((book: OrderBook) => listener.onBook(book)),
    onMarketDataStatus: whileOpen<Parameters<MarketFeedListener['onMarketDataStatus']>>((...status) =>
      listener.onMarketDataStatus(...status),
    ),
    onConnection: whileOpen((report: ConnectionReport) => listener.onConnection(report)),
    onNotice: whileOpen<Parameters<MarketFeedListener['onNotice']>>((notice) => listener.onNotice(notice)),
    onOrder: () => undefined,
    onFill: () => undefined,
  };
  // Without an account the HTTP date is all there is to know of the clock: it cannot disagree with anything.
  const rest = new VestRest(env, settings, clock, () => undefined);
  const marketData = new VestMarketData(env, settings, told, report);

  function connections(): ConnectionReport[] {
    return [marketData.stream.report(), rest.report()].map((one) => ({ venue: 'vest', ...one }));
  }

  function report(): void {
    for (const connection of connections()) told.onConnection(connection);
    settle();
  }

  function check(): void {
    if (!stopped) return;
    throw new HalfspreadError('HS_VEST_STOPPED', 'The Vest feed was stopped while it started.', 'Start it again.');
  }

  async function sample(): Promise<void> {
    try {
      await rest.exchangeInfo(settings.symbols);
    } catch (error) {
      if (!(error instanceof NetworkError)) {
        told.onNotice({ level: 'warn', code: 'HS_VEST_SAMPLE', message: errorMessage(error) });
      }
    }
    report();
  }

  const isReady = (): boolean => !stopped && marketData.isReady() && rest.isReachable();
  return {
    id: 'vest',
    capabilities: VEST_CAPABILITIES,
    async start() {
      // All of them, so that a wrong pair is answered with a list.
      const info = await untilVestAnswers(env, settings, () => rest.exchangeInfo(), {
        check,
        failed: (message) => told.onNotice({ level: 'warn', code: 'HS_VEST_UNREACHABLE', message }),
      });
      markets = marketsOf(info, settings.symbols);
      // The first request opened the connection: it tells nothing about a warm one.
      rest.forgetRoundTrips();
      for (let count = 0; count < FIRST_SAMPLES; count++) await sample();
      marketData.start();
      cancelTimers.push(env.timers.every(SAMPLE_EVERY_MS, () => void sample()));
      await new Promise<void>((resolve, reject) => {
        settle = () => {
          try {
            check();
          } catch (error) {
            reject(error);
          }
          if (isReady()) resolve();
        };
        settle();
      });
    },
    stop() {
      stopped = true;
      for (const cancel of cancelTimers) cancel();
      marketData.stop();
      settle();
      return Promise.resolve();
    },
    isReady,
    market(symbol) {
      const market = markets.get(symbol);
      if (!market) throw unknownMarket(symbol);
      return market;
    },
    book(symbol) {
      const book = marketData.book(symbol);
      if (!book) throw unknownMarket(symbol);
      return book;
    },
    connections,
    clockOffset: () => clock.offset(),
    drawRoundTrip: (random) => rest.drawRoundTrip(random),
  };
}

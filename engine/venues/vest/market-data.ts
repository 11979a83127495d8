import { OrderBook } from '../../core/book.ts';
import { errorMessage } from '../../core/errors.ts';
import type { Env } from '../../env.ts';
import type { MarketDataStatus, VenueListener } from '../venue.ts';
import type { VestFeedSettings } from './config.ts';
import { replaceBook } from './depth.ts';
import { VestStream, type VestMessage, type VestStreamOwner } from './stream.ts';
import type { VestTicker } from './wire.ts';

const DEPTH_SUFFIX = '@depth';
const BOOK_CAPACITY = 512;

interface Market {
  book: OrderBook;
  status: MarketDataStatus;
  /** The ticker's status when it is not TRADING. */
  haltedAs: string | undefined;
}

/** The public socket: depth of every symbol and the trading status from `tickers`. */
export class VestMarketData implements VestStreamOwner {
  readonly name = 'market data';
  readonly deadAfterMs: number;
  readonly stream: VestStream;
  private readonly env: Env;
  private readonly settings: VestFeedSettings;
  private readonly listener: VenueListener;
  private readonly reportConnections: () => void;
  private readonly markets = new Map<string, Market>();
  private cancelCheck: () => void = () => undefined;

  constructor(env: Env, settings: VestFeedSettings, listener: VenueListener, reportConnections: () => void) {
    this.env = env;
    this.settings = settings;
    this.listener = listener;
    this.reportConnections = reportConnections;
    this.deadAfterMs = settings.publicDeadAfterMs;
    for (const symbol of settings.symbols) {
      const book = new OrderBook('vest', symbol, BOOK_CAPACITY);
      this.markets.set(symbol + DEPTH_SUFFIX, { book, status: 'connecting', haltedAs: undefined });
    }
    this.stream = new VestStream(env, settings, this);
  }

  start(): void {
    this.cancelCheck = this.env.timers.every(this.settings.staleAfterMs / 8, () => this.checkAges());
    this.stream.start();
  }

  stop(): void {
    this.cancelCheck();
    this.stream.stop();
  }

  book(symbol: string): OrderBook | undefined {
    return this.markets.get(symbol + DEPTH_SUFFIX)?.book;
  }

  /** True when every symbol has had its first depth message on the present connection. */
  isReady(): boolean {
    return this.stream.state === 'ready';
  }

  url(): Promise<string> {
    return Promise.resolve(socketUrl(this.settings));
  }

  onOpen(): void {
    this.stream.command('SUBSCRIBE', [...this.markets.keys(), 'tickers']);
  }

  onMessage(message: VestMessage, receivedAtMs: number): void {
    const { channel, data } = message;
    if (channel === undefined) return;
    const market = this.markets.get(channel);
    if (market) this.onDepth(market, data, receivedAtMs);
    else if (channel === 'tickers') this.onTickers(data);
  }

  onUnreadableFrame(): void {
    this.onNotice(
      'HS_VEST_FRAME',
      'A frame of market data could not be read; it is skipped, the next one replaces it.',
    );
  }

  onLost(): void {
    for (const market of this.markets.values()) {
      market.book.valid = false;
      this.setStatus(market, 'connecting', 'the market data socket is down');
    }
  }

  onStateChange(): void {
    this.reportConnections();
  }

  onNotice(code: string, message: string): void {
    this.listener.onNotice({ level: 'warn', code, message });
  }

  private onDepth(market: Market, data: unknown, receivedAtMs: number): void {
    const { book } = market;
    try {
      replaceBook(book, data, this.settings.depthLevels, receivedAtMs);
    } catch (error) {
      this.setStatus(
        market,
        'gap',
        `a depth message could not be read (${errorMessage(error)}); the next one replaces it`,
      );
      return;
    }
    if (market.status !== 'ok' || book.isCrossed()) this.judge(market);
    this.listener.onBook(book);
    if (this.stream.state !== 'ready' && this.everyBookIsValid()) this.stream.markReady();
  }

  private onTickers(data: unknown): void {
    if (!Array.isArray(data)) return;
    for (const { symbol, status } of data as VestTicker[]) {
      const market = this.markets.get(symbol + DEPTH_SUFFIX);
      if (!market || typeof status !== 'string') continue;
      const haltedAs = status === 'TRADING' ? undefined : status;
      if (haltedAs === market.haltedAs) continue;
      market.haltedAs = haltedAs;
      this.listener.onNotice(
        haltedAs === undefined
          ? { level: 'info', code: 'HS_VEST_TRADING', message: `Vest trades ${symbol} again.` }
          : { level: 'warn', code: 'HS_VEST_HALT', message: `Vest does not trade ${symbol}: status ${haltedAs}.` },
      );
      this.judge(market);
    }
  }

  /** A halted market is reported as stale: no entry may rest on its book, whatever its age. */
  private judge(market: Market): void {
    const { book, haltedAs } = market;
    if (!book.valid) return;
    const ageMs = this.env.clock.monotonicMs() - book.receivedAtMs;
    if (haltedAs !== undefined) this.setStatus(market, 'stale', `the venue's status is ${haltedAs}`);
    else if (ageMs > this.settings.staleAfterMs)
      this.setStatus(market, 'stale', `no depth for ${Math.round(ageMs)} ms`);
    else if (book.isCrossed()) this.setStatus(market, 'crossed', 'best bid is not below best ask');
    else this.setStatus(market, 'ok', '');
  }

  private checkAges(): void {
    const nowMs = this.env.clock.monotonicMs();
    for (const market of this.markets.values()) {
      if (market.status === 'ok') this.judge(market);
      const silentMs = nowMs - market.book.receivedAtMs;
      if (this.isReady() && market.haltedAs === undefined && silentMs > this.settings.publicDeadAfterMs) {
        this.stream.replace(`no depth of ${market.book.symbol} for ${Math.round(silentMs)} ms`);
        return;
      }
    }
  }

  private everyBookIsValid(): boolean {
    for (const { book } of this.markets.values()) if (!book.valid) return false;
    return true;
  }

  private setStatus(market: Market, status: MarketDataStatus, detail: string): void {
    if (market.status === status) return;
    market.status = status;
    this.listener.onMarketDataStatus(market.book.symbol, status, detail);
  }
}

/** Routed to the account's shard; `listenKey` makes it private. */
export function socketUrl(settings: VestFeedSettings, listenKey?: string): string {
  const url = new URL(settings.wsUrl);
  url.searchParams.set('xwebsocketserver', `restserver${settings.accountGroup}`);
  if (listenKey !== undefined) url.searchParams.set('listenKey', listenKey);
  return url.href;
}

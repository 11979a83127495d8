import { OrderBook } from '../../core/book.ts';
import { errorMessage, HalfspreadError } from '../../core/errors.ts';
import type { Env } from '../../env.ts';
import type { MarketDataStatus, VenueListener } from '../venue.ts';
import { ReconnectingSocket } from './reconnecting-socket.ts';
import { isPush, parseRpcMessage, RpcCalls } from './rpc.ts';
import { applyBook, applyTouch, bboMarketOffset, bookMarketOffset, eventTimeUs, isSnapshot } from './sbe.ts';
import { readTouch, SBE_TEMPLATE, SbeFrameError, sequenceOf, templateIdOf } from './sbe.ts';
import type { Touch } from './sbe.ts';

/** Version 1 is the one the documentation asks for; 0 to 2 are decoded. */
export const SBE_QUERY = 'sbeSchemaId=1&sbeSchemaVersion=1';
const STALE_CHECK_EVERY_MS = 250;
const RESYNC_TIMEOUT_MS = 10_000;

interface MarketFeed {
  symbol: string;
  nameBytes: Uint8Array;
  book: OrderBook;
  /** Sequence of the last snapshot or delta: the next delta must be one more. NaN = waiting for a snapshot. */
  bookSequence: number;
  /** The newest touch told by a BBO frame; it may be ahead of the deltas. */
  touch: Touch;
  status: MarketDataStatus;
  /** When a new snapshot was asked for after a gap; undefined = none is awaited. */
  resyncSinceMs: number | undefined;
}

export interface MarketDataOptions {
  env: Env;
  wsUrl: string;
  symbols: string[];
  staleAfterMs: number;
  listener: VenueListener;
  /** Server times of an answer: send and receive monotonic ms, then microseconds. */
  onServerTimes(sentAtMs: number, receivedAtMs: number, usIn: number, usOut: number): void;
  /** Called each time every market has a valid book after a (re)connection. */
  onAllValid(): void;
}

/** The SBE market-data connection: best bid and offer for speed, deltas for depth, one book a market. */
export class MarketData {
  readonly socket: ReconnectingSocket;
  private readonly options: MarketDataOptions;
  private readonly calls: RpcCalls;
  private readonly feeds: MarketFeed[];
  private cancelStaleCheck: (() => void) | undefined;

  constructor(options: MarketDataOptions) {
    this.options = options;
    this.feeds = options.symbols.map((symbol) => ({
      symbol,
      nameBytes: new TextEncoder().encode(symbol),
      book: new OrderBook('paradex', symbol),
      bookSequence: Number.NaN,
      touch: { sequence: -1, bidPriceE8: 0, bidSizeE8: 0, askPriceE8: 0, askSizeE8: 0 },
      status: 'connecting',
      resyncSinceMs: undefined,
    }));
    const url = `${options.wsUrl}${options.wsUrl.includes('?') ? '&' : '?'}${SBE_QUERY}`;
    this.socket = new ReconnectingSocket(
      options.env,
      { name: 'market data', url },
      {
        onOpen: () => this.subscribeAll(),
        onText: (text, receivedAtMs) => this.onText(text, receivedAtMs),
        onBinary: (frame, receivedAtMs) => this.onFrame(frame, receivedAtMs),
        onLost: (reason) => this.onLost(reason),
        onState: (report) => options.listener.onConnection(report),
      },
    );
    this.calls = new RpcCalls(options.env.timers, (text) => this.socket.send(text), options.onServerTimes);
  }

  start(): void {
    this.socket.start();
    this.cancelStaleCheck = this.options.env.timers.every(STALE_CHECK_EVERY_MS, () => this.checkStale());
  }

  stop(): Promise<void> {
    this.cancelStaleCheck?.();
    return this.socket.stop();
  }

  book(symbol: string): OrderBook | undefined {
    return this.feeds.find((feed) => feed.symbol === symbol)?.book;
  }

  get allValid(): boolean {
    return this.feeds.every((feed) => feed.book.valid);
  }

  private subscribeAll(): void {
    for (const feed of this.feeds) {
      this.subscribe(`bbo.${feed.symbol}`);
      this.subscribe(bookChannel(feed));
    }
  }

  private subscribe(channel: string): void {
    this.calls.call('subscribe', { channel }).catch((error: unknown) => {
      if (!this.socket.isOpen) return;
      this.notice('error', 'HS_PARADEX_SUBSCRIBE', `${channel}: ${errorMessage(error)}`);
      this.socket.drop('subscription refused');
    });
  }

  private onText(text: string, receivedAtMs: number): void {
    try {
      const message = parseRpcMessage(text);
      if (!isPush(message)) this.calls.handleReply(message, receivedAtMs);
    } catch (error) {
      if (!(error instanceof HalfspreadError)) throw error;
      this.notice('warn', error.code, error.message);
    }
  }

  private onFrame(frame: Uint8Array, receivedAtMs: number): void {
    try {
      switch (templateIdOf(frame)) {
        case SBE_TEMPLATE.bbo:
          return this.onBbo(frame, receivedAtMs);
        case SBE_TEMPLATE.book:
          return this.onBook(frame, receivedAtMs);
      }
    } catch (error) {
      if (!(error instanceof SbeFrameError)) throw error;
      // Which market the frame was for cannot be known: every book may have missed a change.
      this.notice('error', 'HS_PARADEX_FRAME', errorMessage(error));
      this.socket.drop('unreadable frame');
    }
  }

  private onBbo(frame: Uint8Array, receivedAtMs: number): void {
    const feed = this.feedOf(frame, bboMarketOffset(frame));
    if (!feed) return;
    const sequence = sequenceOf(frame);
    if (sequence <= feed.touch.sequence) return;
    readTouch(frame, feed.touch);
    // A delta already brought the book further than this touch.
    if (sequence < feed.bookSequence || !feed.book.valid) return;
    applyTouch(feed.touch, feed.book);
    this.changed(feed, frame, receivedAtMs, sequence);
  }

  private onBook(frame: Uint8Array, receivedAtMs: number): void {
    const feed = this.feedOf(frame, bookMarketOffset(frame));
    if (!feed) return;
    const sequence = sequenceOf(frame);
    const snapshot = isSnapshot(frame);
    if (!snapshot && sequence !== feed.bookSequence + 1) {
      if (!Number.isNaN(feed.bookSequence)) this.resync(feed, sequence);
      return;
    }
    if (snapshot && sequence < feed.bookSequence) feed.touch.sequence = -1; // the venue restarted its counter
    applyBook(frame, feed.book, snapshot);
    feed.bookSequence = sequence;
    if (snapshot) {
      feed.book.valid = true;
      feed.resyncSinceMs = undefined;
    }
    if (feed.touch.sequence > sequence) applyTouch(feed.touch, feed.book);
    this.changed(feed, frame, receivedAtMs, Math.max(sequence, feed.touch.sequence));
    if (snapshot && this.allValid) {
      this.socket.ready();
      this.options.onAllValid();
    }
  }

  private changed(feed: MarketFeed, frame: Uint8Array, receivedAtMs: number, sequence: number): void {
    const book = feed.book;
    book.sequence = sequence;
    book.venueTimeMs = eventTimeUs(frame) / 1000;
    book.receivedAtMs = receivedAtMs;
    if (book.isCrossed()) this.setStatus(feed, 'crossed', 'best bid at or above best ask');
    else if (feed.status !== 'ok') this.setStatus(feed, 'ok', '');
    this.options.listener.onBook(book);
  }

  /** A delta is missing: the book is worth nothing until a new snapshot, which a new subscription brings. */
  private resync(feed: MarketFeed, sequence: number): void {
    const detail = `expected ${feed.bookSequence + 1}, received ${sequence}`;
    feed.book.clear();
    feed.bookSequence = Number.NaN;
    feed.touch.sequence = -1;
    this.setStatus(feed, 'gap', detail);
    if (feed.resyncSinceMs !== undefined) return;
    feed.resyncSinceMs = this.options.env.clock.monotonicMs();
    const channel = bookChannel(feed);
    this.calls
      .call('unsubscribe', { channel })
      .then(() => this.calls.call('subscribe', { channel }))
      .catch((error: unknown) => {
        if (!this.socket.isOpen) return;
        this.notice('warn', 'HS_PARADEX_RESYNC', `${channel}: ${errorMessage(error)}; connecting anew.`);
        this.socket.drop('resynchronisation failed');
      });
  }

  private onLost(reason: string): void {
    this.calls.lost(reason);
    for (const feed of this.feeds) {
      feed.book.clear();
      feed.bookSequence = Number.NaN;
      feed.touch.sequence = -1;
      feed.resyncSinceMs = undefined;
      this.setStatus(feed, 'connecting', reason);
    }
  }

  private checkStale(): void {
    const nowMs = this.options.env.clock.monotonicMs();
    for (const feed of this.feeds) {
      const ageMs = nowMs - feed.book.receivedAtMs;
      if (feed.book.valid && feed.status !== 'stale' && ageMs > this.options.staleAfterMs) {
        this.setStatus(feed, 'stale', `no change for ${Math.round(ageMs)} ms`);
      }
      if (feed.resyncSinceMs !== undefined && nowMs - feed.resyncSinceMs > RESYNC_TIMEOUT_MS) {
        feed.resyncSinceMs = undefined;
        this.socket.drop('no snapshot after a gap');
      }
    }
  }

  private setStatus(feed: MarketFeed, status: MarketDataStatus, detail: string): void {
    if (feed.status === status) return;
    feed.status = status;
    this.options.listener.onMarketDataStatus(feed.symbol, status, detail);
  }

  /** Frames name their market: compared byte by byte, so that no string is made. */
  private feedOf(frame: Uint8Array, offset: number): MarketFeed | undefined {
    const length = frame[offset]!;
    for (const feed of this.feeds) {
      const name = feed.nameBytes;
      if (name.length !== length) continue;
      let index = 0;
      while (index < length && name[index] === frame[offset + 1 + index]) index++;
      if (index === length) return feed;
    }
    return undefined;
  }

  private notice(level: 'warn' | 'error', code: string, message: string): void {
    this.options.listener.onNotice({ level, code, message });
  }
}

/** The bare name: the documented one with depth and refresh rate is refused on SBE connections. */
function bookChannel(feed: MarketFeed): string {
  return `order_book.${feed.symbol}.deltas`;
}

import type { OrderBook } from '../core/book.ts';
import type { MarketSpec, VenueId } from '../core/types.ts';
import type { ClockOffset, ConnectionReport, VenueCapabilities, VenueListener } from './venue.ts';

/** What a feed tells; it knows nothing of orders. */
export type MarketFeedListener = Pick<VenueListener, 'onBook' | 'onMarketDataStatus' | 'onConnection' | 'onNotice'>;

/** A venue's market data without an account, and how long its order path takes: what paper trades on. */
export interface MarketFeed {
  readonly id: VenueId;
  /** Of the venue's real client with the order class in use. */
  readonly capabilities: VenueCapabilities;
  /**
   * Connects; resolves when every book is valid and the order path's round trip has been measured. A line that is down is
   * tried again until `stop`. Rejects when the venue refuses (unknown market).
   */
  start(): Promise<void>;
  stop(): Promise<void>;
  /** True while books are fed and the order path answers. */
  isReady(): boolean;
  market(symbol: string): MarketSpec;
  book(symbol: string): OrderBook;
  connections(): ConnectionReport[];
  clockOffset(): ClockOffset | undefined;
  /**
   * One of the latest round trips measured on the way an order would take, chosen by `random` in [0, 1); undefined before the
   * first.
   */
  drawRoundTrip(random: number): { ms: number; samples: number } | undefined;
}

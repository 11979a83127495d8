import type { SpreadPair } from '../core/spread.ts';
import type { Env } from '../env.ts';
import { LatencyHistogram } from '../measure/histogram.ts';
import { TouchHistory } from '../measure/touch-history.ts';
import type { SpreadPoint, VenueState } from '../protocol/model.ts';
import type { ClockOffset, ConnectionReport, MarketDataStatus } from '../venues/venue.ts';
import type { DeskVenue } from './desk-order.ts';
import { takerFeeBps } from './taker-fees.ts';
import type { VenueMeasures } from './trade-record.ts';

/** What the desk observes of one venue between orders. */
export class VenueWatch implements VenueMeasures {
  readonly venue: DeskVenue;
  readonly touches = new TouchHistory();
  readonly stampsMarketData: boolean;
  readonly feedAge = new LatencyHistogram();
  status: MarketDataStatus = 'connecting';
  statusDetail = '';
  /** Sum of our own fills: what we hold by the venue's fill messages. */
  positionE8 = 0;
  private clock: ClockOffset | undefined;
  private readonly env: Env;

  constructor(env: Env, venue: DeskVenue) {
    this.env = env;
    this.venue = venue;
    this.stampsMarketData = venue.client.capabilities.stampsMarketData;
  }

  /** After each frame; off the hot path's first part, but still without allocation. */
  onBook(): void {
    const { book } = this.venue;
    if (book.bids.count === 0 || book.asks.count === 0) return;
    this.touches.record(book.bids.priceE8[0]!, book.asks.priceE8[0]!, book.receivedAtMs, book.venueTimeMs);
    const offsetMs = this.offsetMs();
    if (this.stampsMarketData && offsetMs !== undefined) {
      this.feedAge.record(book.receivedAtMs - (book.venueTimeMs - offsetMs));
    }
  }

  /** Takes over the client's latest clock estimate; called on a timer, so that frames need not ask. */
  refreshClock(): void {
    this.clock = this.venue.client.clockOffset();
  }

  offsetMs(): number | undefined {
    return this.clock?.offsetMs;
  }

  offsetErrorMs(): number | undefined {
    return this.clock?.errorMs;
  }

  /** Venue's wall clock minus ours, its error bound, and what of it is beyond doubt; undefined while not estimated. */
  clockSkew(): { offsetMs: number; errorMs: number; certainMs: number } | undefined {
    if (!this.clock) return undefined;
    const { wallMs, monotonicMs } = this.env.clock;
    const offsetMs = this.clock.offsetMs - (wallMs() - monotonicMs());
    const { errorMs } = this.clock;
    return { offsetMs, errorMs, certainMs: Math.max(0, Math.abs(offsetMs) - errorMs) };
  }

  estimatedFeedAgeMs(): number | undefined {
    const { client } = this.venue;
    const feed = client.connections().find((one) => one.transport === 'websocket' && one.rttP50Ms !== undefined);
    return feed?.rttP50Ms === undefined ? undefined : feed.rttP50Ms / 2;
  }

  state(): VenueState {
    const { client, book, symbol } = this.venue;
    const { clock } = this;
    const hasBook = book.bids.count > 0 && book.asks.count > 0;
    const estimatedMs = this.stampsMarketData ? undefined : this.estimatedFeedAgeMs();
    return {
      id: client.id,
      symbol,
      marketData: this.status,
      marketDataDetail: this.statusDetail,
      canTrade: client.canTrade(),
      bidE8: hasBook ? book.bids.priceE8[0] : undefined,
      bidSizeE8: hasBook ? book.bids.sizeE8[0] : undefined,
      askE8: hasBook ? book.asks.priceE8[0] : undefined,
      askSizeE8: hasBook ? book.asks.sizeE8[0] : undefined,
      lastFrameAt: Number.isNaN(book.receivedAtMs)
        ? undefined
        : this.env.clock.wallMs() - (this.env.clock.monotonicMs() - book.receivedAtMs),
      feedAge: estimatedMs === undefined ? this.feedAge.percentiles() : { n: 1, p50: estimatedMs },
      feedAgeEstimated: !this.stampsMarketData,
      clockOffsetMs: this.clockSkew()?.offsetMs,
      clockErrorMs: clock?.errorMs,
      positionE8: this.positionE8,
      takerFeeBps: takerFeeBps(this.venue),
      takerDelayMs: client.capabilities.takerDelayMs,
      ladder: client.ladder(),
      connections: client.connections().map(withoutUndefined),
    };
  }
}

/** The spread series of the window: a point per period carrying the latest values. */
export function spreadPoint(env: Env, spreads: SpreadPair): SpreadPoint | undefined {
  const { aOverBBps, bOverABps } = spreads;
  if (!Number.isFinite(aOverBBps) || !Number.isFinite(bOverABps)) return undefined;
  return { at: Math.round(env.clock.wallMs()), aOverBBps, bOverABps };
}

function withoutUndefined(report: ConnectionReport): ConnectionReport {
  return Object.fromEntries(
    Object.entries(report).filter(([, value]) => value !== undefined),
  ) as unknown as ConnectionReport;
}

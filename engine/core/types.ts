/** Words the whole engine shares. See docs/architecture.md for the data's one way through them. */

export type Side = 'BUY' | 'SELL';

/** Lower-case venue name as in the config (`dex_a`, `dex_b`): "paradex", "vest". */
export type VenueId = string;

/** AOverB: buy (long) on A, sell (short) on B. The operator's word for it. */
export type Direction = 'AOverB' | 'BOverA';

/**
 * INTENT journalled, nothing sent - SENT bytes handed to the socket - ACKED the venue has it (not a fill) -
 * PARTIAL some filled, rest alive - FILLED / CANCELLED / EXPIRED / REJECTED terminal - DOUBT outcome unknown.
 * A CANCELLED order may carry a partial fill: look at the filled quantity.
 */
export type OrderState =
  'INTENT' | 'SENT' | 'ACKED' | 'PARTIAL' | 'FILLED' | 'CANCELLED' | 'EXPIRED' | 'REJECTED' | 'DOUBT';

export function isTerminal(state: OrderState): boolean {
  return state === 'FILLED' || state === 'CANCELLED' || state === 'EXPIRED' || state === 'REJECTED';
}

/**
 * Stamps of one leg, monotonic ms of the engine's clock. t0, t5, t6, t7 are the venue's stamps mapped to it by the
 * estimated clock offset (error in `offsetErrorMs`); absent where the venue stamps nothing.
 */
export interface OrderStamps {
  /** Venue event that led to the signal. */
  t0VenueEventMs?: number;
  t1ReceivedMs?: number;
  t2SignalMs?: number;
  t3SignedMs?: number;
  /** Bytes handed to the socket, never the time of the call. */
  t4HandedOverMs?: number;
  t5VenueReceivedMs?: number;
  t6MatchedMs?: number;
  t7PublishedMs?: number;
  /** First answer of the venue to the order (HTTP answer or WebSocket reply): an acknowledgement, not a fill. */
  ackReceivedMs?: number;
  /** Message that made the order terminal received (the fill's confirmation). */
  t8ConfirmedMs?: number;
  offsetErrorMs?: number;
}

export interface MarketSpec {
  /** "BTC" */
  coin: string;
  /** Symbol on the venue: "BTC-USD-PERP", "BTC-PERP". */
  symbol: string;
  tickE8: number;
  sizeStepE8: number;
  priceDecimals: number;
  sizeDecimals: number;
  minNotionalE8: number;
  maxSizeE8: number;
  /** Taker fee of the order class in use, in units of 1e-8 (0.00045 = 45000). */
  takerFeeE8: number;
  quoteCurrency: string;
}

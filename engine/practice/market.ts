/**
 * The recorded market as one practice venue sees it. A tape player (engine/practice/tapes) feeds one ReplayedMarket per
 * venue and market from the recording, on the host's clock; the exchange matches against its book.
 */
export interface ReplayedLevel {
  priceE8: number;
  sizeE8: number;
}

/** One change of the recorded book, already merged from depth and BBO by update id, in the venue's units and time. */
export interface MarketUpdate {
  /** Venue event time, microseconds since the epoch, shifted to the replay's clock. */
  venueTimeUs: number;
  /** `snapshot` replaces the book; `change` lists absolute sizes of the levels that changed (0 = gone). */
  kind: 'snapshot' | 'change';
  bids: ReplayedLevel[];
  asks: ReplayedLevel[];
  /** True when best bid or best ask (price or size) changed by it. */
  touchChanged: boolean;
}

export interface RecordedTrade {
  venueTimeUs: number;
  priceE8: number;
  sizeE8: number;
  takerSide: 'BUY' | 'SELL';
}

export interface Match {
  priceE8: number;
  sizeE8: number;
}

export interface ReplayedMarket {
  /** Coin of the market: "BTC". */
  readonly coin: string;
  readonly tickE8: number;
  readonly sizeStepE8: number;
  readonly priceDecimals: number;
  readonly sizeDecimals: number;
  /** Best first, net of what own fills consumed since the level's last recorded update. */
  bids(depth: number): ReplayedLevel[];
  asks(depth: number): ReplayedLevel[];
  /**
   * Takes up to `sizeE8` from the opposite side, best first, not beyond `limitPriceE8`; what is taken is missing from the
   * level until the recording updates that level. Returns the matches, best first; may be empty.
   */
  take(side: 'BUY' | 'SELL', sizeE8: number, limitPriceE8: number): Match[];
  /** Middle of the touch. */
  midE8(): number;
  /** False before the first snapshot, and after the tape's end when it does not restart. */
  isOpen(): boolean;
  onUpdate(listener: (update: MarketUpdate) => void): void;
  onTrade(listener: (trade: RecordedTrade) => void): void;
  /** A restart of the tape: books are replaced, sequence numbers must show a gap. */
  onEpoch(listener: (epoch: number) => void): void;
}

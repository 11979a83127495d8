import type { Match, MarketUpdate, RecordedTrade, ReplayedLevel, ReplayedMarket } from '../../market.ts';

/** A market moved by hand: what a test sets is what the exchange sees. Prices and sizes in 1e-8 units. */
export class FakeMarket implements ReplayedMarket {
  readonly coin = 'BTC';
  readonly tickE8 = 10_000_000;
  readonly sizeStepE8 = 1_000;
  readonly priceDecimals = 1;
  readonly sizeDecimals = 5;
  isOpenNow = true;
  private bidLevels: ReplayedLevel[] = [];
  private askLevels: ReplayedLevel[] = [];
  private readonly updateListeners: ((update: MarketUpdate) => void)[] = [];
  private readonly tradeListeners: ((trade: RecordedTrade) => void)[] = [];
  private readonly epochListeners: ((epoch: number) => void)[] = [];

  /** Replaces the book and tells the listeners. Levels as [price, size] in whole units, best first. */
  set(
    venueTimeUs: number,
    bids: [number, number][],
    asks: [number, number][],
    kind: MarketUpdate['kind'] = 'snapshot',
  ) {
    this.bidLevels = bids.map(toLevel);
    this.askLevels = asks.map(toLevel);
    const update = { venueTimeUs, kind, bids: this.bids(99), asks: this.asks(99), touchChanged: true };
    for (const listener of this.updateListeners) listener(update);
  }

  trade(trade: RecordedTrade): void {
    for (const listener of this.tradeListeners) listener(trade);
  }

  startEpoch(epoch: number): void {
    for (const listener of this.epochListeners) listener(epoch);
  }

  bids(depth: number): ReplayedLevel[] {
    return this.bidLevels.slice(0, depth).map((level) => ({ ...level }));
  }

  asks(depth: number): ReplayedLevel[] {
    return this.askLevels.slice(0, depth).map((level) => ({ ...level }));
  }

  take(side: 'BUY' | 'SELL', sizeE8: number, limitPriceE8: number): Match[] {
    const levels = side === 'BUY' ? this.askLevels : this.bidLevels;
    const matches: Match[] = [];
    let leftE8 = sizeE8;
    while (leftE8 > 0 && levels[0] !== undefined) {
      const best = levels[0];
      if (side === 'BUY' ? best.priceE8 > limitPriceE8 : best.priceE8 < limitPriceE8) break;
      const takenE8 = Math.min(leftE8, best.sizeE8);
      matches.push({ priceE8: best.priceE8, sizeE8: takenE8 });
      best.sizeE8 -= takenE8;
      leftE8 -= takenE8;
      if (best.sizeE8 === 0) levels.shift();
    }
    return matches;
  }

  midE8(): number {
    return (this.bidLevels[0]!.priceE8 + this.askLevels[0]!.priceE8) / 2;
  }

  isOpen(): boolean {
    return this.isOpenNow;
  }

  onUpdate(listener: (update: MarketUpdate) => void): void {
    this.updateListeners.push(listener);
  }

  onTrade(listener: (trade: RecordedTrade) => void): void {
    this.tradeListeners.push(listener);
  }

  onEpoch(listener: (epoch: number) => void): void {
    this.epochListeners.push(listener);
  }
}

function toLevel([price, size]: [number, number]): ReplayedLevel {
  return { priceE8: Math.round(price * 1e8), sizeE8: Math.round(size * 1e8) };
}

import type { PracticeHost } from '../host.ts';
import type { Match, MarketUpdate, RecordedTrade, ReplayedLevel, ReplayedMarket } from '../market.ts';
import { DenseSide } from './dense-book.ts';
import type { TapeMarket } from './load-tape.ts';

/**
 * One recorded market while it is played: the recorded book less what own fills took. A level that was taken from gets
 * its recorded size back when the recording next changes it.
 */
export class TapeReplayedMarket implements ReplayedMarket {
  readonly coin: string;
  readonly tickE8: number;
  readonly sizeStepE8: number;
  readonly priceDecimals: number;
  readonly sizeDecimals: number;
  private readonly market: TapeMarket;
  private readonly host: PracticeHost;
  private readonly bidSide: DenseSide;
  private readonly askSide: DenseSide;
  private readonly updateListeners: ((update: MarketUpdate) => void)[] = [];
  private readonly tradeListeners: ((trade: RecordedTrade) => void)[] = [];
  private readonly epochListeners: ((epoch: number) => void)[] = [];
  private open = false;

  constructor(coin: string, market: TapeMarket, host: PracticeHost) {
    this.coin = coin;
    this.market = market;
    this.host = host;
    this.tickE8 = market.tickE8;
    this.sizeStepE8 = market.sizeStepE8;
    this.priceDecimals = market.priceDecimals;
    this.sizeDecimals = market.sizeDecimals;
    this.bidSide = new DenseSide('bids', market.band.lowestTick, market.band.highestTick);
    this.askSide = new DenseSide('asks', market.band.lowestTick, market.band.highestTick);
  }

  bids(depth: number): ReplayedLevel[] {
    return this.levels(this.bidSide, depth);
  }

  asks(depth: number): ReplayedLevel[] {
    return this.levels(this.askSide, depth);
  }

  take(side: 'BUY' | 'SELL', sizeE8: number, limitPriceE8: number): Match[] {
    const book = side === 'BUY' ? this.askSide : this.bidSide;
    const limitTick = limitPriceE8 / this.tickE8;
    const matches: Match[] = [];
    let left = Math.floor(sizeE8 / this.sizeStepE8);
    let tick = book.bestTick;
    while (this.open && left > 0 && !Number.isNaN(tick) && !book.isBetter(limitTick, tick)) {
      const shown = book.sizeAt(tick);
      const taken = Math.min(left, shown);
      left -= taken;
      matches.push({ priceE8: tick * this.tickE8, sizeE8: taken * this.sizeStepE8 });
      book.set(tick, shown - taken);
      tick = book.bestTick;
    }
    if (matches.length > 0) this.publishTaken(book, matches);
    return matches;
  }

  midE8(): number {
    return ((this.bidSide.bestTick + this.askSide.bestTick) * this.tickE8) / 2;
  }

  isOpen(): boolean {
    return this.open;
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

  /** Plays update `index` of the tape; update 0 replaces the book and opens the market. */
  playUpdate(index: number, epochUs: number): void {
    const { updates } = this.market;
    if (index === 0) {
      this.bidSide.clear();
      this.askSide.clear();
      this.open = true;
    }
    const askStart = updates.askStart[index]!;
    const update: MarketUpdate = {
      venueTimeUs: epochUs + updates.timeUs[index]!,
      kind: index === 0 ? 'snapshot' : 'change',
      bids: this.setLevels(this.bidSide, updates.levelStart[index]!, askStart),
      asks: this.setLevels(this.askSide, askStart, updates.levelStart[index + 1]!),
      touchChanged: updates.touchChanged[index] === 1,
    };
    for (const listener of this.updateListeners) listener(update);
  }

  playTrade(index: number, epochUs: number): void {
    const { trades } = this.market;
    const trade: RecordedTrade = {
      venueTimeUs: epochUs + trades.timeUs[index]!,
      priceE8: trades.tick[index]! * this.tickE8,
      sizeE8: trades.steps[index]! * this.sizeStepE8,
      takerSide: trades.takerBought[index] === 1 ? 'BUY' : 'SELL',
    };
    for (const listener of this.tradeListeners) listener(trade);
  }

  startEpoch(epoch: number): void {
    for (const listener of this.epochListeners) listener(epoch);
  }

  close(): void {
    this.open = false;
  }

  private levels(side: DenseSide, depth: number): ReplayedLevel[] {
    const levels: ReplayedLevel[] = [];
    for (let tick = side.bestTick; levels.length < depth && !Number.isNaN(tick);) {
      levels.push({ priceE8: tick * this.tickE8, sizeE8: side.sizeAt(tick) * this.sizeStepE8 });
      tick = side.nextLevel(tick + side.away);
    }
    return levels;
  }

  private setLevels(side: DenseSide, from: number, to: number): ReplayedLevel[] {
    const { levelTick, levelSteps } = this.market.updates;
    const levels: ReplayedLevel[] = [];
    for (let i = from; i < to; i++) {
      const tick = levelTick[i]!;
      const steps = levelSteps[i]!;
      side.set(tick, steps);
      levels.push({ priceE8: tick * this.tickE8, sizeE8: steps * this.sizeStepE8 });
    }
    return levels;
  }

  /** The public book shows what own fills took; told after the matching turn so that no listener runs inside `take`. */
  private publishTaken(book: DenseSide, matches: Match[]): void {
    const atUs = this.host.nowUs();
    this.host.schedule(atUs, () => {
      const levels = matches.map(({ priceE8 }) => ({
        priceE8,
        sizeE8: book.sizeAt(priceE8 / this.tickE8) * this.sizeStepE8,
      }));
      const update: MarketUpdate = {
        venueTimeUs: atUs,
        kind: 'change',
        bids: book === this.bidSide ? levels : [],
        asks: book === this.askSide ? levels : [],
        touchChanged: true,
      };
      for (const listener of this.updateListeners) listener(update);
    });
  }
}

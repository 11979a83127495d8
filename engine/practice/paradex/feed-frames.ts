import type { ExchangeOutput, MarketState } from './exchange/state.ts';
import { notionalE16 } from './exchange/money.ts';
import type { ReplayedLevel } from '../market.ts';
import { touchOf } from './exchange/matching.ts';
import { SNAPSHOT_DEPTH } from './channels.ts';
import { encodeBbo, encodeBook, encodeSummary, encodeTrade, type SbeVersion } from './sbe-encode.ts';
import { FULL_DEPTH } from './views/market-view.ts';

/** Binary frames of the public channels, made from the exchange's state and outputs. */
export class FeedFrames {
  private readonly resolutionUs: number;

  constructor(frameTimeResolutionUs: number) {
    this.resolutionUs = frameTimeResolutionUs;
  }

  private ts(us: number): number {
    return us - (us % this.resolutionUs);
  }

  bbo(
    bbo: { atUs: number; sequence: number; bid?: ReplayedLevel; ask?: ReplayedLevel; symbol: string },
    version: SbeVersion,
  ): Uint8Array {
    const { sequence, bid, ask, symbol } = bbo;
    return encodeBbo({ tsUs: this.ts(bbo.atUs), sequence, bid, ask, market: symbol }, version);
  }

  currentBbo(market: MarketState, version: SbeVersion): Uint8Array {
    const { updatedAtUs: atUs, bookSequence: sequence, symbol } = market;
    return this.bbo({ atUs, sequence, ...touchOf(market), symbol }, version);
  }

  /** The whole book, or its first levels. */
  snapshot(market: MarketState, version: SbeVersion, depth = FULL_DEPTH): Uint8Array {
    const book = {
      tsUs: this.ts(market.updatedAtUs),
      sequence: market.bookSequence,
      snapshot: true,
      bids: market.market.bids(depth),
      asks: market.market.asks(depth),
      market: market.symbol,
    };
    return encodeBook(book, version);
  }

  topSnapshot(market: MarketState, version: SbeVersion): Uint8Array {
    return this.snapshot(market, version, SNAPSHOT_DEPTH);
  }

  book(output: Extract<ExchangeOutput, { kind: 'book' }>, version: SbeVersion): Uint8Array {
    const { sequence, snapshot, bids, asks, symbol } = output;
    return encodeBook({ tsUs: this.ts(output.atUs), sequence, snapshot, bids, asks, market: symbol }, version);
  }

  trade(output: Extract<ExchangeOutput, { kind: 'trade' }>, version: SbeVersion): Uint8Array {
    const { trade, sequence, symbol } = output;
    const tsUs = this.ts(trade.atUs);
    return encodeTrade({ ...trade, tsUs, sequence, createdAtUs: trade.atUs, market: symbol }, version);
  }

  summary(market: MarketState, version: SbeVersion): Uint8Array {
    let volumeE16 = 0n;
    for (const trade of market.trades) volumeE16 += notionalE16(trade.priceE8, trade.sizeE8);
    const summary = {
      tsUs: this.ts(market.updatedAtUs),
      markPriceE8: market.markPriceE8,
      lastPriceE8: market.lastTradePriceE8,
      volumeE8: volumeE16 / 100_000_000n,
      bid: market.market.bids(1)[0],
      ask: market.market.asks(1)[0],
      market: market.symbol,
    };
    return encodeSummary(summary, version);
  }
}

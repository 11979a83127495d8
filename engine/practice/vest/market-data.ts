import { formatE8 } from '../../core/units.ts';
import { notionalOf, roundedText, usdText } from './money.ts';
import type { VestMarket } from './state.ts';
import type { VestPracticeSwitches } from './switches.ts';

const KEPT_TRADES = 1_000;

interface KeptTrade {
  id: number;
  price: string;
  qty: string;
  quoteQty: string;
  time: number;
}

/** What the public endpoints tell of one market since the venue started: last trades and the day's figures. */
export class MarketStatistics {
  private readonly market: VestMarket;
  private readonly switches: VestPracticeSwitches;
  private readonly startedAtMs: number;
  private readonly trades: KeptTrade[] = [];
  private tradeCount = 0;
  private openE8 = Number.NaN;
  private highE8 = Number.NEGATIVE_INFINITY;
  private lowE8 = Number.POSITIVE_INFINITY;
  private volumeE8 = 0n;
  private quoteVolumeE8 = 0n;

  constructor(market: VestMarket, switches: VestPracticeSwitches, startedAtMs: number) {
    this.market = market;
    this.switches = switches;
    this.startedAtMs = startedAtMs;
  }

  onIndex(): void {
    const index = this.market.indexE8;
    if (Number.isNaN(this.openE8)) this.openE8 = index;
    if (index > this.highE8) this.highE8 = index;
    if (index < this.lowE8) this.lowE8 = index;
  }

  /** Keeps a trade and returns it as `{symbol}@trades` sends it (there the id is a hex string). */
  addTrade(priceE8: number, sizeE8: number, timeMs: number): Record<string, string | number> {
    const { priceDecimals, sizeDecimals } = this.market.replay;
    const quoteE8 = notionalOf(priceE8, sizeE8);
    this.volumeE8 += BigInt(sizeE8);
    this.quoteVolumeE8 += quoteE8;
    const trade: KeptTrade = {
      id: ++this.tradeCount,
      price: roundedText(priceE8, priceDecimals),
      qty: roundedText(sizeE8, sizeDecimals),
      quoteQty: usdText(quoteE8),
      time: timeMs,
    };
    this.trades.push(trade);
    if (this.trades.length > KEPT_TRADES) this.trades.shift();
    return { ...trade, id: `0x${trade.id.toString(16)}` };
  }

  lastTrades(startMs: number, endMs: number, limit: number): KeptTrade[] {
    return this.trades.filter((trade) => trade.time >= startMs && trade.time <= endMs).slice(-limit);
  }

  /** One entry of GET /ticker/latest. */
  latest(): Record<string, string> {
    const price = this.indexText();
    return {
      symbol: this.market.symbol,
      markPrice: price,
      indexPrice: price,
      imbalance: '0.0000',
      oneHrFundingRate: this.switches.oneHourFundingRate.toFixed(10),
      cumFunding: usdText(this.market.cumFundingE16 / 100_000_000n),
      status: this.market.replay.isOpen() ? 'TRADING' : 'HALT',
    };
  }

  /** One entry of the `tickers` channel. */
  ticker(): Record<string, string> {
    return { ...this.latest(), ...this.change() };
  }

  /** One entry of GET /ticker/24hr; what is known starts with the replay. */
  day(nowMs: number): Record<string, string | number> {
    const { priceDecimals, sizeDecimals } = this.market.replay;
    const text = (priceE8: number) => roundedText(Number.isFinite(priceE8) ? priceE8 : 0, priceDecimals);
    return {
      symbol: this.market.symbol,
      openPrice: text(this.openE8),
      closePrice: this.indexText(),
      highPrice: text(this.highE8),
      lowPrice: text(this.lowE8),
      quoteVolume: usdText(this.quoteVolumeE8),
      volume: roundedText(Number(this.volumeE8), sizeDecimals),
      ...this.change(),
      openTime: Math.max(this.startedAtMs, nowMs - 86_400_000),
      closeTime: nowMs,
    };
  }

  private change(): { priceChange: string; priceChangePercent: string } {
    const { replay } = this.market;
    const known = Number.isFinite(this.openE8);
    const change = known ? this.market.indexE8 - this.openE8 : 0;
    return {
      priceChange: roundedText(change, replay.priceDecimals),
      priceChangePercent: (known ? (change / this.openE8) * 100 : 0).toFixed(4),
    };
  }

  private indexText(): string {
    return roundedText(this.market.indexE8, this.market.replay.priceDecimals);
  }
}

/** `{bids, asks}` as REST and `@depth` send it: best first, strings with the market's decimals. */
export function depthView(market: VestMarket, limit: number): { bids: string[][]; asks: string[][] } {
  const { replay } = market;
  const texts = (levels: { priceE8: number; sizeE8: number }[]) =>
    levels.map((level) => [formatE8(level.priceE8, replay.priceDecimals), formatE8(level.sizeE8, replay.sizeDecimals)]);
  return { bids: texts(replay.bids(limit)), asks: texts(replay.asks(limit)) };
}

import { HalfspreadError } from '../../core/errors.ts';
import type { MarketSpec } from '../../core/types.ts';
import { parseE8 } from '../../core/units.ts';
import type { VestExchangeInfo } from './wire.ts';

/**
 * Specs of the configured symbols. Vest's size step and price step are one unit of the last decimal; it publishes no minimum
 * notional and no maximum size.
 * @throws HalfspreadError HS_VEST_UNKNOWN_MARKET
 */
export function marketsOf(info: VestExchangeInfo, symbols: string[]): Map<string, MarketSpec> {
  const markets = new Map<string, MarketSpec>();
  for (const symbol of symbols) {
    const market = info.symbols.find((each) => each.symbol === symbol);
    if (!market) {
      throw new HalfspreadError(
        'HS_VEST_UNKNOWN_MARKET',
        `Vest lists no market "${symbol}".`,
        `Correct the pair in the configuration; Vest lists: ${info.symbols.map((each) => each.symbol).join(', ')}.`,
      );
    }
    markets.set(symbol, {
      coin: market.base,
      symbol,
      tickE8: 10 ** (8 - market.priceDecimals),
      sizeStepE8: 10 ** (8 - market.sizeDecimals),
      priceDecimals: market.priceDecimals,
      sizeDecimals: market.sizeDecimals,
      minNotionalE8: 0,
      maxSizeE8: Number.MAX_SAFE_INTEGER,
      takerFeeE8: parseE8(market.takerFee),
      quoteCurrency: market.quote,
    });
  }
  return markets;
}

export function unknownMarket(symbol: string): HalfspreadError {
  return new HalfspreadError(
    'HS_VEST_UNKNOWN_MARKET',
    `The Vest client has no market "${symbol}" (yet).`,
    'Start it first; list the symbol in its configuration.',
  );
}

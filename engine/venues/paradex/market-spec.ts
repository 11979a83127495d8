import { HalfspreadError } from '../../core/errors.ts';
import type { MarketSpec } from '../../core/types.ts';
import { parseE8, trimE8 } from '../../core/units.ts';
import { roundE8 } from './decimal.ts';
import type { ParadexClientConfig } from './config.ts';
import type { ParadexRest } from './rest.ts';
import type { Market } from './wire.ts';

/** Published taker fees (from 2026-07-03), for a market that does not state its own: Pro 4.5 bps, Retail none. */
const PUBLISHED_TAKER_FEE_E8 = { pro: 45_000, retail: 0 };

/** The configured markets by symbol. @throws HalfspreadError HS_MARKET_UNKNOWN, NetworkError */
export async function fetchMarketSpecs(
  rest: ParadexRest,
  symbols: readonly string[],
  orderClass: ParadexClientConfig['orderClass'],
): Promise<Map<string, MarketSpec>> {
  const markets = await rest.markets();
  return new Map(
    symbols.map((symbol) => {
      const market = markets.find((candidate) => candidate.symbol === symbol);
      if (!market) throw unknownMarket(symbol);
      return [symbol, toMarketSpec(market, orderClass)];
    }),
  );
}

export function unknownMarket(symbol: string): HalfspreadError {
  return new HalfspreadError(
    'HS_MARKET_UNKNOWN',
    `Paradex has no market "${symbol}" in this configuration.`,
    'Check the pair in the configuration; Paradex symbols look like BTC-USD-PERP.',
  );
}

/** A market of the venue in the engine's units, with the taker fee of the order class in use. */
export function toMarketSpec(market: Market, orderClass: ParadexClientConfig['orderClass']): MarketSpec {
  const tickE8 = parseE8(market.price_tick_size);
  const sizeStepE8 = parseE8(market.order_size_increment);
  const fees = orderClass === 'retail' ? market.fee_config?.interactive_fee : market.fee_config?.api_fee;
  return {
    coin: market.base_currency,
    symbol: market.symbol,
    tickE8,
    sizeStepE8,
    priceDecimals: decimalsOf(tickE8),
    sizeDecimals: decimalsOf(sizeStepE8),
    minNotionalE8: roundE8(market.min_notional),
    maxSizeE8: roundE8(market.max_order_size),
    takerFeeE8: fees ? roundE8(fees.taker_fee.fee) : PUBLISHED_TAKER_FEE_E8[orderClass],
    quoteCurrency: market.settlement_currency,
  };
}

function decimalsOf(stepE8: number): number {
  return trimE8(stepE8).split('.')[1]?.length ?? 0;
}

import { trimE8 } from '../../../core/units.ts';
import type { FeeSchedule } from '../../host.ts';
import type { ReplayedLevel } from '../../market.ts';
import { decimalOfE16, notionalE16 } from '../exchange/money.ts';
import { feeRates, type OrderClass } from '../exchange/rules.ts';
import type { ExchangeState, MarketState, TradeRecord } from '../exchange/state.ts';
import type { WireValue } from '../wire-json.ts';
import { milliseconds } from './order-view.ts';

const FUNDING_PERIOD_HOURS = 8;
/** Deeper than any recorded book. */
export const FULL_DEPTH = 10_000;

function feeClassView(fees: FeeSchedule, orderClass: OrderClass): WireValue {
  const rates = feeRates(fees, orderClass);
  const view = (rateE8: number): WireValue => ({ fee: trimE8(rateE8), fee_cap: '1', fee_floor: '-1' });
  return { maker_fee: view(rates.makerE8), taker_fee: view(rates.takerE8) };
}

export function marketView(state: ExchangeState, market: MarketState): Record<string, WireValue> {
  const { rules, market: replayed } = market;
  return {
    symbol: market.symbol,
    base_currency: replayed.coin,
    quote_currency: 'USD',
    settlement_currency: 'USDC',
    order_size_increment: trimE8(replayed.sizeStepE8),
    price_tick_size: trimE8(replayed.tickE8),
    min_notional: trimE8(rules.minNotionalE8),
    open_at: 0,
    expiry_at: 0,
    asset_kind: 'PERP',
    market_kind: 'cross',
    trading_mode: 'STANDARD',
    position_limit: trimE8(rules.positionLimitE8),
    price_bands_width: trimE8(rules.priceBandsWidthE8),
    max_slippage: trimE8(rules.maxSlippageE8),
    max_open_orders: rules.maxOpenOrders,
    max_order_size: trimE8(rules.maxOrderSizeE8),
    max_funding_rate: '0.02',
    funding_period_hours: FUNDING_PERIOD_HOURS,
    interest_rate: '0.0001',
    clamp_rate: '0.0005',
    delta1_cross_margin_params: {
      imf_base: trimE8(rules.initialMarginE8),
      imf_factor: '0',
      imf_shift: '0',
      mmf_factor: trimE8(rules.maintenanceFactorE8),
    },
    fee_config: {
      api_fee: feeClassView(state.fees, 'pro'),
      interactive_fee: feeClassView(state.fees, 'retail'),
      rpi_fee: feeClassView(state.fees, 'pro'),
    },
    tags: [],
  };
}

export function levelView(level: ReplayedLevel | undefined): WireValue {
  return level === undefined ? ['', ''] : [trimE8(level.priceE8), trimE8(level.sizeE8)];
}

export function orderBookView(market: MarketState, depth: number): Record<string, WireValue> {
  const bids = market.market.bids(depth);
  const asks = market.market.asks(depth);
  return {
    market: market.symbol,
    seq_no: market.bookSequence,
    last_updated_at: milliseconds(market.updatedAtUs),
    asks: asks.map(levelView),
    bids: bids.map(levelView),
    best_ask_api: levelView(asks[0]),
    best_bid_api: levelView(bids[0]),
    best_ask_interactive: levelView(asks[0]),
    best_bid_interactive: levelView(bids[0]),
  };
}

export function bboView(market: MarketState): Record<string, WireValue> {
  const ask = market.market.asks(1)[0];
  const bid = market.market.bids(1)[0];
  return {
    market: market.symbol,
    seq_no: market.bookSequence,
    ask: ask === undefined ? '' : trimE8(ask.priceE8),
    ask_size: ask === undefined ? '' : trimE8(ask.sizeE8),
    bid: bid === undefined ? '' : trimE8(bid.priceE8),
    bid_size: bid === undefined ? '' : trimE8(bid.sizeE8),
    last_updated_at: milliseconds(market.updatedAtUs),
  };
}

export function summaryView(market: MarketState): Record<string, WireValue> {
  const ask = market.market.asks(1)[0];
  const bid = market.market.bids(1)[0];
  const mark = trimE8(market.markPriceE8);
  let volumeE16 = 0n;
  for (const trade of market.trades) volumeE16 += notionalE16(trade.priceE8, trade.sizeE8);
  return {
    symbol: market.symbol,
    mark_price: mark,
    underlying_price: mark,
    last_traded_price: trimE8(market.lastTradePriceE8),
    bid: bid === undefined ? '' : trimE8(bid.priceE8),
    bid_size: bid === undefined ? '' : trimE8(bid.sizeE8),
    ask: ask === undefined ? '' : trimE8(ask.priceE8),
    ask_size: ask === undefined ? '' : trimE8(ask.sizeE8),
    volume_24h: decimalOfE16(volumeE16),
    total_volume: decimalOfE16(volumeE16),
    open_interest: '0',
    funding_rate: '0',
    price_change_rate_24h: '0',
    external_fair_price: mark,
    created_at: milliseconds(market.updatedAtUs),
  };
}

export function tradeView(market: MarketState, trade: TradeRecord): Record<string, WireValue> {
  return {
    id: trade.id,
    market: market.symbol,
    side: trade.side,
    size: trimE8(trade.sizeE8),
    price: trimE8(trade.priceE8),
    created_at: milliseconds(trade.atUs),
    trade_type: 'FILL',
  };
}

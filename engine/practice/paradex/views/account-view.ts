import { trimE8 } from '../../../core/units.ts';
import { marginOf, unrealizedPnlE16 } from '../exchange/ledger.ts';
import { averagePrice, decimalOfE16 } from '../exchange/money.ts';
import type { AccountState, ExchangeState, FillRecord, PositionState } from '../exchange/state.ts';
import type { WireValue } from '../wire-json.ts';
import { milliseconds } from './order-view.ts';

export function fillView(state: ExchangeState, fill: FillRecord): Record<string, WireValue> {
  const takerSide = fill.liquidity === 'TAKER' ? fill.side : fill.side === 'BUY' ? 'SELL' : 'BUY';
  return {
    id: fill.id,
    account: fill.account,
    market: fill.market,
    order_id: fill.orderId,
    client_id: fill.clientId,
    side: state.switches.fillSide === 'order' ? fill.side : takerSide,
    liquidity: fill.liquidity,
    price: trimE8(fill.priceE8),
    size: trimE8(fill.sizeE8),
    remaining_size: trimE8(fill.remainingE8),
    fee: decimalOfE16(fill.feeE16),
    fee_currency: 'USDC',
    fill_type: 'FILL',
    flags: fill.orderClass === 'retail' ? ['interactive'] : [],
    realized_pnl: decimalOfE16(fill.realizedPnlE16),
    realized_funding: '0',
    underlying_price: trimE8(fill.underlyingPriceE8),
    orderbook_seq_no: fill.bookSequence,
    created_at: milliseconds(fill.atUs),
  };
}

export function positionView(
  state: ExchangeState,
  accountAddress: string,
  position: PositionState,
): Record<string, WireValue> {
  const market = state.markets.get(position.market)!;
  const isOpen = position.sizeE8 !== 0;
  const entryPrice = isOpen ? averagePrice(position.costE16, Math.abs(position.sizeE8)) : '0';
  const cost = decimalOfE16(position.sizeE8 < 0 ? -position.costE16 : position.costE16);
  return {
    id: `${accountAddress}-${position.market}`,
    account: accountAddress,
    market: position.market,
    status: isOpen ? 'OPEN' : 'CLOSED',
    side: position.sizeE8 < 0 ? 'SHORT' : 'LONG',
    size: trimE8(position.sizeE8),
    average_entry_price: entryPrice,
    average_entry_price_usd: entryPrice,
    average_exit_price: '',
    unrealized_pnl: decimalOfE16(unrealizedPnlE16(position, market)),
    unrealized_funding_pnl: '0',
    realized_positional_pnl: decimalOfE16(position.realizedPnlE16),
    realized_positional_funding_pnl: '0',
    cost,
    cost_usd: cost,
    cached_funding_index: '0',
    liquidation_price: '',
    leverage: '',
    last_fill_id: position.lastFillId,
    seq_no: position.sequenceNs,
    created_at: milliseconds(position.createdAtUs),
    last_updated_at: milliseconds(position.updatedAtUs),
    closed_at: isOpen ? 0 : milliseconds(position.updatedAtUs),
  };
}

export function accountView(state: ExchangeState, account: AccountState): Record<string, WireValue> {
  const margin = marginOf(state, account);
  return {
    account: account.address,
    account_value: decimalOfE16(margin.accountValueE16),
    total_collateral: decimalOfE16(account.collateralE16),
    free_collateral: decimalOfE16(margin.accountValueE16 - margin.initialMarginE16),
    initial_margin_requirement: decimalOfE16(margin.initialMarginE16),
    maintenance_margin_requirement: decimalOfE16(margin.maintenanceMarginE16),
    margin_cushion: decimalOfE16(margin.accountValueE16 - margin.maintenanceMarginE16),
    settlement_asset: 'USDC',
    status: 'ACTIVE',
    updated_at: milliseconds(account.updatedAtUs),
    seq_no: account.sequenceNs,
  };
}

export function balanceView(account: AccountState): Record<string, WireValue> {
  return {
    token: 'USDC',
    size: decimalOfE16(account.collateralE16),
    last_updated_at: milliseconds(account.updatedAtUs),
  };
}

/** Push of the `balance_events` channel: what one fill did to the collateral. */
export function balanceEventView(fill: FillRecord, beforeE16: bigint, afterE16: bigint): Record<string, WireValue> {
  return {
    fill_id: fill.id,
    market: fill.market,
    fee: decimalOfE16(fill.feeE16),
    realized_pnl: decimalOfE16(fill.realizedPnlE16),
    realized_funding: '0',
    funding_index: '0',
    settlement_asset_balance_before: decimalOfE16(beforeE16),
    settlement_asset_balance_after: decimalOfE16(afterE16),
    settlement_asset_price: '1',
    status: 'SUCCESS',
    created_at: milliseconds(fill.atUs),
  };
}

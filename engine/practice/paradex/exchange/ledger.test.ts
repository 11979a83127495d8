import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { FakeMarket } from '../testing/fake-market.ts';
import { bookFill, marginOf, unrealizedPnlE16 } from './ledger.ts';
import { chargeE16, decimalOfE16, notionalE16 } from './money.ts';
import type { ExchangeState, OrderState } from './state.ts';
import { createExchangeState, STARTING_COLLATERAL_E16, step } from './step.ts';

const SYMBOL = 'BTC-USD-PERP';
const NOW_US = 1_795_000_000_000_000;

function exchange(moneyDecimals = 8): ExchangeState {
  const market = new FakeMarket();
  market.set(NOW_US, [[60_000, 1]], [[60_000.2, 1]]);
  const state = createExchangeState({
    markets: [{ symbol: SYMBOL, market }],
    fees: { kind: 'published' },
    switches: { moneyDecimals },
  });
  step(state, NOW_US, { kind: 'account.open', address: '0x1', ethAddress: '0x2', publicKey: '0x3' });
  return state;
}

function fill(state: ExchangeState, side: 'BUY' | 'SELL', priceE8: number, sizeE8: number): void {
  const order = {
    terms: { market: SYMBOL, side, sizeE8, clientId: '' },
    id: '1',
    account: '0x1',
    orderClass: 'pro',
    remainingE8: sizeE8,
    filledNotionalE16: 0n,
  } as OrderState;
  bookFill(state, state.markets.get(SYMBOL)!, order, { priceE8, sizeE8, liquidity: 'TAKER' }, NOW_US);
}

describe('positions', () => {
  it('realises profit on the closed part only and flips at the new price', () => {
    const state = exchange();
    fill(state, 'BUY', 60_000e8, 1e8);
    fill(state, 'BUY', 61_000e8, 1e8);
    fill(state, 'SELL', 62_000e8, 0.5e8);
    const account = state.accounts.get('0x1')!;
    const position = account.positions.get(SYMBOL)!;
    expect(decimalOfE16(position.realizedPnlE16)).toBe('750');
    expect(decimalOfE16(position.costE16)).toBe('90750');
    fill(state, 'SELL', 62_000e8, 2.5e8);
    expect(position.sizeE8).toBe(-1e8);
    expect(decimalOfE16(position.realizedPnlE16)).toBe('3000');
    expect(decimalOfE16(position.costE16)).toBe('62000');
    expect(decimalOfE16(unrealizedPnlE16(position, state.markets.get(SYMBOL)!))).toBe('1999.9');
    fill(state, 'BUY', 60_000e8, 1e8);
    expect([position.sizeE8, position.costE16]).toEqual([0, 0n]);
    expect(account.fills.at(-1)!.realizedPnlE16).toBe(2000n * 10n ** 16n);
  });

  it('ends a round trip with exactly the cash that went in and out, whatever the fills', () => {
    const trade = fc.record({
      side: fc.constantFrom<'BUY' | 'SELL'>('BUY', 'SELL'),
      priceTicks: fc.integer({ min: 500_000, max: 700_000 }),
      sizeSteps: fc.integer({ min: 1, max: 300_000 }),
    });
    fc.assert(
      fc.property(fc.array(trade, { minLength: 1, maxLength: 20 }), fc.constantFrom(6, 8, 12), (trades, decimals) => {
        const state = exchange(decimals);
        const account = state.accounts.get('0x1')!;
        let cashE16 = 0n;
        let feesE16 = 0n;
        const run = (side: 'BUY' | 'SELL', priceE8: number, sizeE8: number): void => {
          fill(state, side, priceE8, sizeE8);
          const notional = notionalE16(priceE8, sizeE8);
          cashE16 += side === 'BUY' ? -notional : notional;
          feesE16 += chargeE16(notional, 45_000, decimals);
        };
        for (const { side, priceTicks, sizeSteps } of trades) run(side, priceTicks * 1e7, sizeSteps * 1_000);
        const { sizeE8 } = account.positions.get(SYMBOL)!;
        if (sizeE8 !== 0) run(sizeE8 > 0 ? 'SELL' : 'BUY', 6e12, Math.abs(sizeE8));
        const gained = account.collateralE16 - STARTING_COLLATERAL_E16;
        expect(gained).toBe(cashE16 - feesE16);
      }),
    );
  });
});

describe('margin', () => {
  it('counts the worse direction of position and open orders', () => {
    const state = exchange();
    const account = state.accounts.get('0x1')!;
    fill(state, 'BUY', 60_000e8, 1e8);
    const held = marginOf(state, account);
    expect(decimalOfE16(held.initialMarginE16)).toBe('1200.002');
    expect(decimalOfE16(held.maintenanceMarginE16)).toBe('600.001');
    expect(decimalOfE16(held.unrealizedPnlE16)).toBe('0.1');
    const smaller = marginOf(state, account, { market: SYMBOL, side: 'SELL', sizeE8: 1.5e8 });
    expect(smaller.initialMarginE16).toBe(held.initialMarginE16);
    const larger = marginOf(state, account, { market: SYMBOL, side: 'BUY', sizeE8: 1e8 });
    expect(larger.initialMarginE16).toBe(2n * held.initialMarginE16);
  });
});

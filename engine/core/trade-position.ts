import { isTerminal, type Direction, type Side } from './types.ts';
import type { LegName, Trade, TradeOrder } from './trade-types.ts';

/** AOverB = long A (the operator's word, product.md 3). */
export function longLeg(direction: Direction): LegName {
  return direction === 'AOverB' ? 'A' : 'B';
}

export function shortLeg(direction: Direction): LegName {
  return direction === 'AOverB' ? 'B' : 'A';
}

/** Side of the order that opens the leg, or that reduces it. */
export function legSide(direction: Direction, leg: LegName, reduces: boolean): Side {
  return (leg === longLeg(direction)) !== reduces ? 'BUY' : 'SELL';
}

/** Signed size each leg holds by its fills (long positive); `netE8` is their sum. */
export function tradePositions(trade: Pick<Trade, 'orders'>): Record<LegName | 'netE8', number> {
  const held = { A: 0, B: 0, netE8: 0 };
  for (const order of trade.orders) {
    const signedE8 = order.side === 'BUY' ? order.filledE8 : -order.filledE8;
    held[order.leg] += signedE8;
    held.netE8 += signedE8;
  }
  return held;
}

export function unfilledE8(order: Pick<TradeOrder, 'sizeE8' | 'filledE8'>): number {
  return Math.max(0, order.sizeE8 - order.filledE8);
}

/**
 * Largest |net delta| the trade can have once every order still alive or in doubt has done its worst: the bound of the
 * state's exposure (proof.md I1).
 */
export function worstCaseDeltaE8(trade: Pick<Trade, 'orders'>): number {
  const { netE8 } = tradePositions(trade);
  let buyingE8 = 0;
  let sellingE8 = 0;
  for (const order of trade.orders) {
    if (isTerminal(order.state)) continue;
    if (order.side === 'BUY') buyingE8 += unfilledE8(order);
    else sellingE8 += unfilledE8(order);
  }
  return Math.max(Math.abs(netE8 + buyingE8), Math.abs(netE8 - sellingE8));
}

import { ceilToStepE8, floorToStepE8 } from '../../core/units.ts';
import type { Side } from '../../core/types.ts';

const BPS = 10_000;

/**
 * Limit prices to hold signed around `centreE8`: `rungs` points of a fixed geometric grid (ratio `stepBps`), rounded outwards
 * to the tick. The grid does not move with the centre, so that a small move of the market asks for few new signatures.
 */
export function rungPricesE8(side: Side, centreE8: number, tickE8: number, rungs: number, stepBps: number): number[] {
  const ratio = 1 + stepBps / BPS;
  const lowest = Math.round(Math.log(centreE8) / Math.log(ratio)) - Math.floor(rungs / 2);
  const prices = new Set<number>();
  for (let rung = lowest; rung < lowest + rungs; rung++) {
    const priceE8 = Math.round(ratio ** rung);
    prices.add(side === 'BUY' ? ceilToStepE8(priceE8, tickE8) : floorToStepE8(priceE8, tickE8));
  }
  return [...prices];
}

/** True when a slot's limit is not tighter than asked and not wider by more than `slackBps`. */
export function isWithinSlack(side: Side, askedE8: number, slotE8: number, slackBps: number): boolean {
  const widerE8 = side === 'BUY' ? slotE8 - askedE8 : askedE8 - slotE8;
  return widerE8 >= 0 && widerE8 <= (askedE8 * slackBps) / BPS;
}

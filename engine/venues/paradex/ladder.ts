import { ceilToStepE8, floorToStepE8 } from '../../core/units.ts';
import type { Side } from '../../core/types.ts';
import type { OrderStamp } from './order-signing.ts';

/**
 * Policy of the signed-ahead ladder, pure. An immediate-or-cancel limit is a bound, so a few prices around the touch, one step
 * apart, serve every order asked for: each limit is served by the next ladder price that is not tighter.
 */

/** The one ladder price that serves a limit: up to one step wider, never tighter. */
export function servingPriceE8(side: Side, limitPriceE8: number, stepE8: number): number {
  return side === 'BUY' ? ceilToStepE8(limitPriceE8, stepE8) : floorToStepE8(limitPriceE8, stepE8);
}

/**
 * Prices to hold, nearest to the expected limit first. `expectedLimitE8` = touch the order would hit, plus how far beyond it
 * recent orders were bounded. Two of three lie where the touch has moved in the order's favour (down for BUY, up for SELL):
 * such a jump is what makes a signal, and there is no time to refill between the two.
 */
export function wantedPricesE8(side: Side, expectedLimitE8: number, stepE8: number, steps: number): number[] {
  const centre = servingPriceE8(side, expectedLimitE8, stepE8);
  const favourable = side === 'BUY' ? -stepE8 : stepE8;
  const prices: number[] = [];
  for (let index = 0; index < steps; index++) {
    const adverse = Math.floor((index + 1) / 3);
    const distance = index % 3 === 2 ? -adverse : index - adverse;
    const price = centre + distance * favourable;
    if (price > 0) prices.push(price);
  }
  return prices;
}

/** Slots that drifted further than twice the ladder from the expected limit will hardly be asked for again. */
export function isFarOff(priceE8: number, expectedLimitE8: number, stepE8: number, steps: number): boolean {
  return Math.abs(priceE8 - expectedLimitE8) > 2 * steps * stepE8;
}

/** A spent stamp, or a signature older than `maxAgeMs`, would be refused or leave the venue no window: never used. */
export function isUsable(stamp: OrderStamp, nowMs: number, maxAgeMs: number): boolean {
  return !stamp.spent && nowMs - stamp.atMs < maxAgeMs;
}

/** Replaced while still usable, so that the ladder has no hole when it expires. */
export function isDueForRenewal(stamp: OrderStamp, nowMs: number, maxAgeMs: number): boolean {
  return nowMs - stamp.atMs > 0.8 * maxAgeMs;
}

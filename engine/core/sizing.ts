import type { BookSide } from './book.ts';
import type { MarketSpec, Side } from './types.ts';
import { ceilToStepE8, floorToStepE8, notionalUsd, ONE_E8 } from './units.ts';

/** A venue's rules a size must fit. */
export type SizeRules = Pick<MarketSpec, 'sizeStepE8' | 'minNotionalE8' | 'maxSizeE8'>;

export type SizeRefusal = 'BELOW_LOT' | 'BELOW_MIN_NOTIONAL';

/**
 * The largest size not above `wantedE8` that both venues take: a common multiple of their steps, under both maxima, and
 * worth both minima at `priceE8` (give the lower of the two limit prices). The refusal names the venue that rules it out.
 */
export function commonSizeE8(
  wantedE8: number,
  priceE8: number,
  a: SizeRules,
  b: SizeRules,
): { sizeE8: number } | { refusal: SizeRefusal; leg: 'A' | 'B'; detail: string } {
  const stepE8 = commonStepE8(a.sizeStepE8, b.sizeStepE8);
  const sizeE8 = floorToStepE8(Math.min(wantedE8, a.maxSizeE8, b.maxSizeE8), stepE8);
  if (sizeE8 <= 0) {
    const leg = a.sizeStepE8 >= b.sizeStepE8 ? 'A' : 'B';
    return { refusal: 'BELOW_LOT', leg, detail: `${wantedE8 / ONE_E8} is under the common lot ${stepE8 / ONE_E8}` };
  }
  const valueE8 = notionalUsd(priceE8, sizeE8) * ONE_E8;
  const leg = a.minNotionalE8 >= b.minNotionalE8 ? 'A' : 'B';
  const minimumE8 = Math.max(a.minNotionalE8, b.minNotionalE8);
  if (valueE8 < minimumE8) {
    const detail = `${(valueE8 / ONE_E8).toFixed(2)} USD is under the minimum of ${minimumE8 / ONE_E8} USD`;
    return { refusal: 'BELOW_MIN_NOTIONAL', leg, detail };
  }
  return { sizeE8 };
}

/** Least common multiple of two lot steps. */
export function commonStepE8(a: number, b: number): number {
  let x = a;
  let y = b;
  while (y > 0) [x, y] = [y, x % y];
  return (a / x) * b;
}

/**
 * Worst price an order may take: the touch (ask for BUY, bid for SELL) moved against us by `bandBps`, then rounded to
 * the tick in the protective direction, so that it is never more aggressive than the band. A touch on the tick is
 * always inside its own limit. Hot path: no allocation.
 */
export function limitPriceE8(side: Side, touchE8: number, bandBps: number, tickE8: number): number {
  if (side === 'BUY') return floorToStepE8(Math.floor(touchE8 * (1 + bandBps / 1e4)), tickE8);
  return ceilToStepE8(Math.ceil(touchE8 * (1 - bandBps / 1e4)), tickE8);
}

/** Size shown on `side` of the book at `limitE8` or better. */
export function depthWithinE8(side: BookSide, limitE8: number, takes: Side): number {
  let sizeE8 = 0;
  for (let level = 0; level < side.count; level++) {
    const priceE8 = side.priceE8[level]!;
    if (takes === 'BUY' ? priceE8 > limitE8 : priceE8 < limitE8) break;
    sizeE8 += side.sizeE8[level]!;
  }
  return sizeE8;
}

/** Smallest lot multiple worth `minNotionalE8` at `priceE8`: the size under which a partial reduction is refused. */
export function minReduceSizeE8(rules: SizeRules, priceE8: number): number {
  if (rules.minNotionalE8 <= 0) return 0;
  return ceilToStepE8(Math.ceil((rules.minNotionalE8 / priceE8) * ONE_E8), rules.sizeStepE8);
}

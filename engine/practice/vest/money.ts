import { formatE8 } from '../../core/units.ts';
import type { ReplayedLevel } from '../market.ts';

const E8 = 100_000_000n;

/** price x size in 1e-8 USD; exact while price and size have at most 8 decimals together. */
export function notionalOf(priceE8: number, sizeE8: number): bigint {
  return divideRounded(BigInt(priceE8) * BigInt(sizeE8), E8);
}

/** Fee in 1e-8 USD, rounded half up to the collateral's 6 decimals: what is charged is what the wire can state. */
export function feeOf(notionalE8: bigint, rateE8: number): bigint {
  const exactE16 = (notionalE8 < 0n ? -notionalE8 : notionalE8) * BigInt(rateE8);
  return divideRounded(exactE16, E8 * 100n) * 100n;
}

/** Quotient rounded half away from zero. */
export function divideRounded(dividend: bigint, divisor: bigint): bigint {
  const half = divisor / 2n;
  return (dividend < 0n ? dividend - half : dividend + half) / divisor;
}

/** 1e-8 USD as the wire's 6 decimals. */
export function usdText(amountE8: bigint): string {
  const micro = divideRounded(amountE8, 100n);
  const digits = String(micro < 0n ? -micro : micro).padStart(7, '0');
  return `${micro < 0n ? '-' : ''}${digits.slice(0, -6)}.${digits.slice(-6)}`;
}

/** Average price of a fill over several levels, rounded against the taker to `decimals`. */
export function averagePriceE8(levels: readonly ReplayedLevel[], isBuy: boolean, decimals: number): number {
  let weighted = 0n;
  let size = 0n;
  for (const level of levels) {
    weighted += BigInt(level.priceE8) * BigInt(level.sizeE8);
    size += BigInt(level.sizeE8);
  }
  const step = 10n ** BigInt(8 - decimals);
  const unit = size * step;
  const steps = isBuy ? (weighted + unit - 1n) / unit : weighted / unit;
  return Number(steps * step);
}

/** cost / size as a price with `decimals` places, rounded half up. */
export function priceOf(notionalE8: bigint, sizeE8: number, decimals: number): string {
  const priceE8 = Number(divideRounded(notionalE8 * E8, BigInt(sizeE8)));
  return roundedText(priceE8, decimals);
}

/** `valueE8` rounded half away from zero to `decimals` places. */
export function roundedText(valueE8: number, decimals: number): string {
  const step = 10 ** (8 - decimals);
  const rounded = Math.round(Math.abs(valueE8) / step) * step;
  return formatE8(valueE8 < 0 ? -rounded : rounded, decimals);
}

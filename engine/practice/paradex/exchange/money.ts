/**
 * Money of the practice ledger: BigInt in units of 1e-16 USD (`E16`), which holds price (1e-8) x size (1e-8) exactly. Amounts
 * that are booked (fees, realised profit) are rounded once, to the decimals the venue books.
 */
export const ONE_E16 = 10n ** 16n;
const E8 = 100_000_000n;

/** price x size, exact. */
export function notionalE16(priceE8: number, sizeE8: number): bigint {
  return BigInt(priceE8) * BigInt(sizeE8);
}

/** Rounds half away from zero to `decimals` places (0..16). */
export function roundE16(valueE16: bigint, decimals: number): bigint {
  return divideRounded(valueE16, 10n ** BigInt(16 - decimals)) * 10n ** BigInt(16 - decimals);
}

/** Quotient rounded half away from zero; `divisor` positive. */
export function divideRounded(value: bigint, divisor: bigint): bigint {
  const half = divisor / 2n;
  return value < 0n ? -((-value + half) / divisor) : (value + half) / divisor;
}

/** amount x rate, `rateE8` in units of 1e-8 (0.00045 = 45000), rounded to `decimals`. */
export function chargeE16(amountE16: bigint, rateE8: number, decimals: number): bigint {
  const exactE24 = amountE16 * BigInt(rateE8);
  const unit = E8 * 10n ** BigInt(16 - decimals);
  return divideRounded(exactE24, unit) * (unit / E8);
}

/** Shortest exact decimal string. */
export function decimalOfE16(valueE16: bigint): string {
  const digits = (valueE16 < 0n ? -valueE16 : valueE16).toString().padStart(17, '0');
  const fraction = digits.slice(-16).replace(/0+$/, '');
  return (valueE16 < 0n ? '-' : '') + digits.slice(0, -16) + (fraction ? `.${fraction}` : '');
}

/** Size-weighted average price of a notional as decimal string, rounded to 8 places. */
export function averagePrice(costE16: bigint, sizeE8: number): string {
  return decimalOfE16(divideRounded(costE16, BigInt(sizeE8)) * E8);
}

import { parseE8 } from '../../core/units.ts';
import type { PositionReport } from '../venue.ts';
import type { VestAccount } from './wire.ts';

/** Vest holds one net position per symbol; `size` is positive, the side is `isLong`. */
export function positionsOf(account: VestAccount): PositionReport[] {
  return account.positions.map(({ symbol, isLong, size, entryPrice }) => ({
    venue: 'vest',
    symbol,
    sizeE8: isLong ? parseE8(size) : 0 - parseE8(size),
    entryPriceE8: parseE8(entryPrice),
  }));
}

import { parseE8 } from '../../core/units.ts';
import type { FillReport } from '../venue.ts';
import { roundE8 } from './decimal.ts';
import type { Fill } from './wire.ts';

/** `orderId` of a fill whose order this engine did not send. */
export const FOREIGN_ORDER_ID = 0;

/**
 * A fill in the engine's units. Fees are stated in USDC: the engine never asks for the discount that is paid in another token.
 */
export function toFillReport(
  fill: Fill,
  orderId: number,
  receivedAtMs: number,
  source: FillReport['source'],
): FillReport {
  return {
    venue: 'paradex',
    orderId,
    venueOrderId: fill.order_id,
    fillId: fill.id,
    symbol: fill.market,
    side: fill.side,
    priceE8: parseE8(fill.price),
    sizeE8: parseE8(fill.size),
    feeE8: roundE8(fill.fee),
    venueTimeMs: fill.created_at,
    receivedAtMs,
    source,
  };
}

import { trimE8 } from '../../../core/units.ts';
import { averagePrice } from '../exchange/money.ts';
import type { OrderState } from '../exchange/state.ts';
import type { WireValue } from '../wire-json.ts';

/** The venue's order object; `publishedAtUs` is when this copy leaves the venue. */
export function orderView(order: OrderState, publishedAtUs: number): Record<string, WireValue> {
  const { terms } = order;
  const filledE8 = terms.sizeE8 - order.remainingE8;
  const flags: string[] = terms.reduceOnly ? ['REDUCE_ONLY'] : [];
  if (order.orderClass === 'retail') flags.push('INTERACTIVE');
  return {
    id: order.id,
    account: order.account,
    market: terms.market,
    side: terms.side,
    type: terms.type,
    size: trimE8(terms.sizeE8),
    remaining_size: trimE8(order.remainingE8),
    price: trimE8(terms.priceE8),
    status: order.status,
    instruction: terms.instruction,
    client_id: terms.clientId,
    cancel_reason: order.cancelReason,
    avg_fill_price: order.filledNotionalE16 === 0n ? '' : averagePrice(order.filledNotionalE16, filledE8),
    flags,
    stp: terms.stp,
    trigger_price: '0',
    timestamp: terms.signatureTimestampMs,
    created_at: milliseconds(order.createdAtUs),
    last_updated_at: milliseconds(order.updatedAtUs),
    received_at: milliseconds(order.receivedAtUs),
    published_at: milliseconds(publishedAtUs),
    seq_no: order.sequenceNs,
  };
}

export function milliseconds(us: number): number {
  return Math.floor(us / 1000);
}

import { decodeSbeMessage } from './sbe-message.ts';
import type { SbeMessage, SbeValue } from './sbe-message.ts';
import { SBE_TEMPLATE } from './sbe.ts';
import { fillSchema, orderSchema } from './wire.ts';
import type { Fill, Order } from './wire.ts';

export type PrivateEvent = { kind: 'order'; order: Order } | { kind: 'fill'; fill: Fill };

/**
 * Orders and fills as binary frames, in the JSON shape the rest of the client knows. Private channels stay JSON on connections
 * without SBE parameters, which ours is; whether that holds in every environment is unconfirmed, so both forms are read.
 * Undefined for other messages. @throws SbeFrameError for a broken frame.
 */
export function decodePrivateFrame(frame: Uint8Array): PrivateEvent | undefined {
  const message = decodeSbeMessage(frame);
  if (message?.templateId === SBE_TEMPLATE.order) return { kind: 'order', order: toOrder(message) };
  if (message?.templateId === SBE_TEMPLATE.fill) return { kind: 'fill', fill: toFill(message) };
  return undefined;
}

function toOrder({ fields }: SbeMessage): Order {
  return orderSchema.parse({
    id: fields.orderId,
    account: fields.account,
    market: fields.market,
    side: fields.side,
    type: fields.orderType,
    size: fields.size,
    remaining_size: fields.sizeOpen,
    price: fields.price ?? '',
    status: fields.status,
    instruction: fields.timeInForce,
    client_id: fields.clientOrderId ?? '',
    cancel_reason: fields.cancelReason ?? '',
    avg_fill_price: fields.avgFillPrice ?? '',
    stp: fields.stp,
    created_at: milliseconds(fields.createdAt),
    last_updated_at: milliseconds(fields.updatedAt),
    received_at: milliseconds(fields.receivedAt),
    published_at: milliseconds(fields.publishedAt),
    seq_no: fields.seq,
  });
}

function toFill({ fields }: SbeMessage): Fill {
  return fillSchema.parse({
    id: fields.fillId,
    order_id: fields.orderId,
    client_id: fields.clientOrderId,
    market: fields.market,
    account: fields.account,
    side: fields.side,
    liquidity: fields.liquidity,
    price: fields.price,
    size: fields.size,
    fee: fields.fee,
    fee_currency: fields.feeCurrency ?? 'USDC',
    fill_type: fields.fillType,
    realized_pnl: fields.realizedPnl ?? '',
    created_at: milliseconds(fields.createdAt),
  });
}

function milliseconds(microseconds: SbeValue | undefined): number | undefined {
  return typeof microseconds === 'number' ? microseconds / 1000 : undefined;
}

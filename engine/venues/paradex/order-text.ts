import { trimE8 } from '../../core/units.ts';
import type { OrderRequest } from '../venue.ts';

const CLIENT_ID_PREFIX = 'hs-';

/** How the venue knows our order. */
export function clientIdOf(orderId: number): string {
  return CLIENT_ID_PREFIX + String(orderId);
}

/** Our order id, or undefined for an order this engine did not send. */
export function orderIdOf(clientId: string | undefined): number | undefined {
  const match = /^hs-(\d{1,16})$/.exec(clientId ?? '');
  return match ? Number(match[1]) : undefined;
}

/**
 * The text of one `order.create`, complete but for what is known only at the last moment: client id, receive window and call id.
 * None of the three is part of the signature.
 */
export interface OrderText {
  untilClientId: string;
  untilReceiveWindow: string;
}

export function buildOrderText(request: OrderRequest, signature: string, timestampMs: number): OrderText {
  const params = {
    market: request.symbol,
    side: request.side,
    type: 'LIMIT',
    size: trimE8(request.sizeE8),
    price: trimE8(request.limitPriceE8),
    instruction: 'IOC',
    ...(request.reduceOnly ? { flags: ['REDUCE_ONLY'] } : {}),
  };
  return {
    untilClientId: `{"jsonrpc":"2.0","method":"order.create","params":${JSON.stringify(params).slice(0, -1)},"client_id":"`,
    untilReceiveWindow: `","signature":${JSON.stringify(signature)},"signature_timestamp":${timestampMs},"recv_window":`,
  };
}

/** `receiveWindowMs` counts from the signature's time stamp and is at least 10 at the venue. */
export function completeOrderText(text: OrderText, orderId: number, receiveWindowMs: number, callId: number): string {
  return `${text.untilClientId}${CLIENT_ID_PREFIX}${orderId}${text.untilReceiveWindow}${Math.max(10, Math.ceil(receiveWindowMs))}},"id":${callId}}`;
}

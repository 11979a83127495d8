import type { Clock } from '../../env.ts';
import type { SignerPort } from '../signer/port.ts';
import type { OrderRequest, PreparedOrder } from '../venue.ts';
import { buildOrderText } from './order-text.ts';
import type { OrderText } from './order-text.ts';

/** `signature_timestamp` of an order. Its age decides how long the signature can be used. */
export interface OrderStamp {
  /** Venue's wall clock, ms. The venue may take it for a nonce: two orders that are sent never share it. */
  timestampMs: number;
  /** Monotonic ms at which it was the present. */
  atMs: number;
  /** An order with it was taken to be sent. */
  spent: boolean;
}

/** One signed order, complete but for client id, receive window and call id. */
export interface SignedText {
  request: OrderRequest;
  text: OrderText;
  stamp: OrderStamp;
  signMs: number;
  /** Monotonic. */
  signedAtMs: number;
}

export async function signOrder(
  signer: SignerPort,
  clock: Clock,
  request: OrderRequest,
  stamp: OrderStamp,
): Promise<SignedText> {
  const { signature, signMs } = await signer.sign({
    kind: 'paradex.order',
    timestampMs: stamp.timestampMs,
    market: request.symbol,
    side: request.side,
    type: 'LIMIT',
    sizeE8: request.sizeE8,
    priceE8: request.limitPriceE8,
  });
  const text = buildOrderText(request, signature, stamp.timestampMs);
  return { request, text, stamp, signMs, signedAtMs: clock.monotonicMs() };
}

/** A signed order with its id. Single use. */
export class ParadexOrder implements PreparedOrder {
  readonly orderId: number;
  readonly request: OrderRequest;
  readonly signature: 'ahead' | 'onDemand';
  readonly signMs: number;
  readonly slotAgeMs: number;
  readonly signedAtMs: number;
  readonly text: OrderText;
  readonly stamp: OrderStamp;
  used = false;

  constructor(orderId: number, signed: SignedText, signature: 'ahead' | 'onDemand', slotAgeMs: number) {
    this.orderId = orderId;
    this.request = signed.request;
    this.signature = signature;
    this.signMs = signed.signMs;
    this.slotAgeMs = slotAgeMs;
    this.signedAtMs = signed.signedAtMs;
    this.text = signed.text;
    this.stamp = signed.stamp;
  }
}

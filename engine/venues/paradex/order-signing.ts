import type { Clock } from '../../env.ts';
import type { SignerPort } from '../signer/port.ts';
import type { OrderRequest, PreparedOrder } from '../venue.ts';
import { buildOrderText } from './order-text.ts';
import type { OrderText } from './order-text.ts';

/** One signed order, complete but for client id, receive window and call id. */
export interface SignedText {
  request: OrderRequest;
  text: OrderText;
  /** `signature_timestamp`: venue's wall clock, ms. */
  timestampMs: number;
  signMs: number;
  /** Monotonic. */
  signedAtMs: number;
}

export async function signOrder(
  signer: SignerPort,
  clock: Clock,
  request: OrderRequest,
  timestampMs: number,
): Promise<SignedText> {
  const { signature, signMs } = await signer.sign({
    kind: 'paradex.order',
    timestampMs,
    market: request.symbol,
    side: request.side,
    type: 'LIMIT',
    sizeE8: request.sizeE8,
    priceE8: request.limitPriceE8,
  });
  const text = buildOrderText(request, signature, timestampMs);
  return { request, text, timestampMs, signMs, signedAtMs: clock.monotonicMs() };
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
  readonly timestampMs: number;
  used = false;

  constructor(orderId: number, signed: SignedText, signature: 'ahead' | 'onDemand', slotAgeMs: number) {
    this.orderId = orderId;
    this.request = signed.request;
    this.signature = signature;
    this.signMs = signed.signMs;
    this.slotAgeMs = slotAgeMs;
    this.signedAtMs = signed.signedAtMs;
    this.text = signed.text;
    this.timestampMs = signed.timestampMs;
  }
}

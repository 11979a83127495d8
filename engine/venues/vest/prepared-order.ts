import { HalfspreadError } from '../../core/errors.ts';
import type { MarketSpec } from '../../core/types.ts';
import { formatE8 } from '../../core/units.ts';
import type { SignAnswer, SignRequest } from '../signer/port.ts';
import type { OrderRequest, PreparedOrder } from '../venue.ts';
import type { VestSettings } from './config.ts';
import type { VestOrder } from './wire.ts';

type OrderToSign = Extract<SignRequest, { kind: 'vest.order' }>;

/** A signed Vest order, complete but for the receive window, which Vest does not sign and `send` sets. */
export class VestPreparedOrder implements PreparedOrder {
  readonly orderId: number;
  readonly request: OrderRequest;
  readonly signMs: number;
  /** Monotonic ms at which the signed `time` was read. */
  readonly signedAtMs: number;
  /** The signed time, venue clock. */
  readonly timeMs: number;
  signature: 'ahead' | 'onDemand' = 'onDemand';
  slotAgeMs = 0;
  /** Monotonic ms from which the order could be sent. */
  preparedAtMs: number;
  private readonly beforeWindow: string;
  private readonly afterWindow: string;
  private used = false;

  constructor(unsigned: UnsignedOrder, answer: SignAnswer, nowMs: number) {
    this.orderId = unsigned.toSign.nonce;
    this.request = unsigned.request;
    this.signMs = answer.signMs;
    this.signedAtMs = unsigned.atMs;
    this.timeMs = unsigned.toSign.time;
    this.preparedAtMs = nowMs;
    this.beforeWindow = `{"order":${JSON.stringify(wireOrder(unsigned.toSign))},"recvWindow":`;
    this.afterWindow = `,"signature":"${answer.signature}"}`;
  }

  takeFromLadder(nowMs: number): void {
    this.signature = 'ahead';
    this.slotAgeMs = nowMs - this.signedAtMs;
    this.preparedAtMs = nowMs;
  }

  /**
   * The body, once.
   * @throws HalfspreadError HS_VEST_ORDER_REUSED
   */
  takeBody(recvWindowMs: number): string {
    if (this.used) {
      throw new HalfspreadError(
        'HS_VEST_ORDER_REUSED',
        `Order ${this.orderId} was handed over once before and is not sent again.`,
        'Prepare a new order; ask the venue about the first one.',
      );
    }
    this.used = true;
    return this.beforeWindow + recvWindowMs + this.afterWindow;
  }
}

export interface UnsignedOrder {
  request: OrderRequest;
  toSign: OrderToSign;
  /** Monotonic ms at which `time` was read. */
  atMs: number;
}

/** Throws HS_UNIT_FORMAT when size or price do not fit the market's decimals. */
export function unsignedOrder(
  request: OrderRequest,
  market: MarketSpec,
  settings: VestSettings,
  nonce: number,
  timeMs: number,
  atMs: number,
): UnsignedOrder {
  return {
    request,
    atMs,
    toSign: {
      kind: 'vest.order',
      time: timeMs,
      nonce,
      orderType: settings.orderForm === 'LIMIT_IOC' ? 'LIMIT' : 'MARKET',
      symbol: request.symbol,
      isBuy: request.side === 'BUY',
      // Exactly the market's decimals: anything else is refused with 1111.
      size: formatE8(request.sizeE8, market.sizeDecimals),
      limitPrice: formatE8(request.limitPriceE8, market.priceDecimals),
      reduceOnly: request.reduceOnly,
    },
  };
}

function wireOrder({ time, nonce, symbol, isBuy, size, orderType, limitPrice, reduceOnly }: OrderToSign): VestOrder {
  const order: VestOrder = { time, nonce, symbol, isBuy, size, orderType, limitPrice, reduceOnly };
  // MARKET takes no time in force.
  return orderType === 'LIMIT' ? { ...order, timeInForce: 'IOC' } : order;
}

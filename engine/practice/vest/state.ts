import type { ReplayedMarket } from '../market.ts';
import type { VestPracticeSwitches } from './switches.ts';
import type { WireOrder } from './wire-orders.ts';

/**
 * The whole state of the venue. USD amounts are bigints in 1e-8 USD and exact; prices and sizes are the house's E8 numbers.
 * Signed amounts: long and received are positive.
 */
export interface VestExchange {
  readonly switches: VestPracticeSwitches;
  /** Taker fee as a part of notional, in 1e-8 (1 bp = 10_000). */
  readonly takerFeeE8: number;
  readonly orderProcessingUs: number;
  readonly ackToFillLagUs: number;
  readonly markets: Map<string, VestMarket>;
  /** By lower-case primary address. */
  readonly accounts: Map<string, VestAccount>;
  readonly accountByApiKey: Map<string, VestAccount>;
  readonly ordersById: Map<string, VestOrder>;
  /** Every fill since the start, oldest first: the ledger. */
  readonly fills: VestFill[];
}

export interface VestMarket {
  readonly symbol: string;
  readonly replay: ReplayedMarket;
  lastUpdateUs: number;
  /** Index and mark price; 0 before the first recorded book, kept when the market closes. */
  indexE8: number;
  /** Funding paid so far by one coin long, in 1e-16 USD. */
  cumFundingE16: bigint;
  readonly resting: Set<VestOrder>;
}

export interface VestAccount {
  readonly primaryAddress: string;
  /** Delegates by lower-case address. */
  readonly signers: Map<string, { expiryMs: number; apiKey: string }>;
  balanceE8: bigint;
  readonly positions: Map<string, VestPosition>;
  readonly leverages: Map<string, number>;
  readonly orders: VestOrder[];
  readonly usedTuples: Set<string>;
  readonly usedNonces: Set<number>;
  lastNonce: number;
}

export interface VestPosition {
  /** Signed; never 0: a flat position is removed. */
  sizeE8: number;
  /** Signed sum of price x size of what is open: the entry price is cost / size. */
  costE8: bigint;
  entryCumFundingE16: bigint;
  settledFundingE8: bigint;
}

export type VestOrderType = 'MARKET' | 'LIMIT' | 'STOP_LOSS' | 'TAKE_PROFIT';
export type VestTimeInForce = 'GTC' | 'FOK' | 'IOC';
export type VestOrderStatus = 'NEW' | 'PARTIALLY_FILLED' | 'FILLED' | 'CANCELLED' | 'REJECTED';

export interface VestOrder {
  readonly id: string;
  readonly account: VestAccount;
  readonly symbol: string;
  readonly orderType: VestOrderType;
  readonly timeInForce: VestTimeInForce;
  readonly isBuy: boolean;
  readonly reduceOnly: boolean;
  /** As sent. */
  readonly size: string;
  readonly limitPrice: string;
  readonly sizeE8: number;
  readonly limitPriceE8: number;
  readonly nonce: number;
  readonly postTimeMs: number;
  /** `time + recvWindow`. */
  readonly expiresAtMs: number;
  readonly markPriceE8: number;
  readonly leverage: number;
  status: VestOrderStatus;
  /** Why it was rejected. */
  code?: number;
  filledE8: number;
  /** Sum of price x size of its fills. */
  filledNotionalE8: bigint;
  lastFill?: VestFill;
  feesE8: bigint;
  realizedE8: bigint;
  settledFundingE8: bigint;
  /** What GET /orders shows: the state as last published, `ackToFillLagUs` behind the match. */
  shown: WireOrder;
}

/** An order before anything of it was published. */
export type VestOrderFacts = Omit<VestOrder, 'shown'>;

export interface VestFill {
  readonly orderId: string;
  readonly primaryAddress: string;
  readonly symbol: string;
  readonly isBuy: boolean;
  readonly priceE8: number;
  readonly sizeE8: number;
  readonly notionalE8: bigint;
  readonly feeE8: bigint;
  readonly timeMs: number;
}

export function isDone(order: VestOrder): boolean {
  return order.status === 'FILLED' || order.status === 'CANCELLED' || order.status === 'REJECTED';
}

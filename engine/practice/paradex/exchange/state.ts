import type { FeeSchedule } from '../../host.ts';
import type { ReplayedLevel, ReplayedMarket } from '../../market.ts';
import type { ParadexPracticeSwitches } from '../switches.ts';
import type { MarketRules, OrderClass } from './rules.ts';

/** Everything the venue knows, in one place; changed by `step` alone. Times are the venue's, microseconds. */
export interface ExchangeState {
  readonly switches: ParadexPracticeSwitches;
  readonly fees: FeeSchedule;
  readonly markets: Map<string, MarketState>;
  /** By address, lower-case hex without leading zeros. */
  readonly accounts: Map<string, AccountState>;
  systemStatus: SystemStatus;
  /** Counter inside order, fill and trade ids. */
  lastIdNumber: number;
  /** Last `seq_no` of orders, positions and accounts: increasing, about the nanosecond clock. */
  lastSequenceNs: bigint;
}

export type SystemStatus = 'ok' | 'maintenance' | 'cancel_only' | 'post_only';

export interface MarketState {
  readonly symbol: string;
  readonly market: ReplayedMarket;
  readonly rules: MarketRules;
  /** Sequence of the public book; bbo and trades share it. */
  bookSequence: number;
  /** Time of the last change of the book. */
  updatedAtUs: number;
  /** Middle of the recorded touch at the last update: own orders that empty a side do not move it. */
  markPriceE8: number;
  lastTradePriceE8: number;
  /** Most recent last; bounded. */
  readonly trades: TradeRecord[];
  /** Open limit orders of all accounts, oldest first. */
  readonly resting: OrderState[];
}

export interface TradeRecord {
  id: string;
  side: 'BUY' | 'SELL';
  priceE8: number;
  sizeE8: number;
  atUs: number;
}

export interface SigningKey {
  publicKey: string;
  kind: 'main' | 'subkey';
  name: string;
  /** A pending subkey signs no orders. */
  state: 'active' | 'pending';
  createdAtMs: number;
}

export interface AccountState {
  readonly address: string;
  readonly ethAddress: string;
  readonly keys: SigningKey[];
  readonly createdAtUs: number;
  /** USDC after all booked fees and realised profit. */
  collateralE16: bigint;
  updatedAtUs: number;
  sequenceNs: bigint;
  /** Client ids of orders that are received and not yet matched. */
  readonly inFlightClientIds: Set<string>;
  /** Every client id of an order that was ever accepted. */
  readonly usedClientIds: Set<string>;
  readonly usedSignatures: Set<string>;
  /** Arrival of the orders that count against the Retail allowance, oldest first. */
  readonly retailOrdersAtUs: number[];
  /** All orders, oldest first; closed ones beyond the bound are dropped. */
  readonly orders: Map<string, OrderState>;
  readonly fills: FillRecord[];
  readonly positions: Map<string, PositionState>;
}

/** An order as asked for, after all checks of form. */
export interface OrderTerms {
  market: string;
  side: 'BUY' | 'SELL';
  type: 'LIMIT' | 'MARKET';
  sizeE8: number;
  /** 0 for MARKET. */
  priceE8: number;
  instruction: 'GTC' | 'IOC' | 'POST_ONLY';
  clientId: string;
  reduceOnly: boolean;
  stp: string;
  signature: string;
  signatureTimestampMs: number;
  receiveWindowMs: number;
}

export interface OrderState {
  readonly terms: OrderTerms;
  readonly id: string;
  readonly account: string;
  readonly orderClass: OrderClass;
  /** Connection it was placed over, for cancel-on-disconnect; undefined over REST. */
  readonly connectionId?: number;
  readonly receivedAtUs: number;
  readonly createdAtUs: number;
  status: 'NEW' | 'OPEN' | 'CLOSED';
  remainingE8: number;
  filledNotionalE16: bigint;
  cancelReason: string;
  updatedAtUs: number;
  sequenceNs: bigint;
}

export interface FillRecord {
  id: string;
  orderId: string;
  clientId: string;
  market: string;
  account: string;
  side: 'BUY' | 'SELL';
  liquidity: 'MAKER' | 'TAKER';
  priceE8: number;
  sizeE8: number;
  remainingE8: number;
  feeE16: bigint;
  realizedPnlE16: bigint;
  underlyingPriceE8: number;
  bookSequence: number;
  orderClass: OrderClass;
  atUs: number;
}

export interface PositionState {
  readonly market: string;
  /** Signed: long positive. */
  sizeE8: number;
  /** Entry cost of what is open, never negative. */
  costE16: bigint;
  realizedPnlE16: bigint;
  lastFillId: string;
  createdAtUs: number;
  updatedAtUs: number;
  sequenceNs: bigint;
}

/** What one step of the exchange says to the outside; objects are copies and stay as they are. */
export type ExchangeOutput =
  | { kind: 'refused'; refusal: Refusal }
  /** The order has passed the gateway; its status is provisional. */
  | { kind: 'accepted'; order: OrderState }
  | { kind: 'order'; order: OrderState }
  | { kind: 'fill'; fill: FillRecord }
  | { kind: 'position'; account: string; position: PositionState }
  | { kind: 'account'; account: string }
  | { kind: 'balance'; account: string; fill: FillRecord; beforeE16: bigint; afterE16: bigint }
  | {
      kind: 'book';
      symbol: string;
      sequence: number;
      atUs: number;
      snapshot: boolean;
      bids: ReplayedLevel[];
      asks: ReplayedLevel[];
      /** Present when best price or size of a side changed. */
      touch?: { bid?: ReplayedLevel; ask?: ReplayedLevel };
    }
  | { kind: 'trade'; symbol: string; sequence: number; trade: TradeRecord };

/** A definite no of the venue. `status` is the HTTP status; over WebSocket it becomes a method error. */
export interface Refusal {
  status: number;
  code: string;
  message: string;
}

export function refusal(code: string, message: string, status = 400): Refusal {
  return { status, code, message };
}

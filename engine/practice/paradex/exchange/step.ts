import type { FeeSchedule } from '../../host.ts';
import type { MarketUpdate, RecordedTrade, ReplayedMarket } from '../../market.ts';
import { DEFAULT_SWITCHES, type ParadexPracticeSwitches } from '../switches.ts';
import { MAX_HISTORY } from './ledger.ts';
import {
  cancelOrder,
  fillCrossedOrders,
  fillTradedThroughOrders,
  matchNewOrder,
  publishTrade,
  touchOf,
} from './matching.ts';
import { ONE_E16 } from './money.ts';
import { nextId, nextSequenceNs } from './numbering.ts';
import { checkSignatureTime } from './order-checks.ts';
import { rulesFor, type OrderClass } from './rules.ts';
import type { AccountState, ExchangeOutput, ExchangeState, OrderState, OrderTerms } from './state.ts';
import type { SigningKey, SystemStatus } from './state.ts';

/** Test money of a new account, as on the venue's testnet. */
export const STARTING_COLLATERAL_E16 = 1_000_000n * ONE_E16;
/** First sequence of a book: recorded ones of the venue are of this size. */
const FIRST_BOOK_SEQUENCE = 7_687_000_000;
/** How far a restarted tape moves the sequence, so that no client can take the new book for a continuation. */
const EPOCH_SEQUENCE_JUMP = 1_000;

export type ExchangeInput =
  | { kind: 'account.open'; address: string; ethAddress: string; publicKey: string }
  | { kind: 'key.add'; account: string; publicKey: string; name: string; state: SigningKey['state'] }
  | { kind: 'key.remove'; account: string; publicKey: string }
  /** The order passed the gateway's checks: its client id is taken from now on. */
  | { kind: 'order.received'; account: string; terms: OrderTerms }
  /** Its signature was refused. */
  | { kind: 'order.dropped'; account: string; terms: OrderTerms }
  /** Gateway and risk are done: the order gets its id and a provisional status. */
  | {
      kind: 'order.accept';
      account: string;
      terms: OrderTerms;
      orderClass: OrderClass;
      receivedAtUs: number;
      connectionId?: number;
    }
  /** After a speed bump, if any: it meets the market. */
  | { kind: 'order.match'; account: string; orderId: string }
  | { kind: 'order.cancel'; account: string; orderId: string; reason: string }
  | { kind: 'market.update'; symbol: string; update: MarketUpdate }
  | { kind: 'market.trade'; symbol: string; trade: RecordedTrade }
  | { kind: 'market.epoch'; symbol: string }
  /** Fault: the next book change skips sequence numbers. */
  | { kind: 'market.skip-sequence'; symbol: string; by: number }
  | { kind: 'system.status'; status: SystemStatus };

export function createExchangeState(options: {
  markets: { symbol: string; market: ReplayedMarket }[];
  fees: FeeSchedule;
  switches?: Partial<ParadexPracticeSwitches>;
}): ExchangeState {
  return {
    switches: { ...DEFAULT_SWITCHES, ...options.switches },
    fees: options.fees,
    markets: new Map(
      options.markets.map(({ symbol, market }) => [
        symbol,
        {
          symbol,
          market,
          rules: rulesFor(market),
          bookSequence: FIRST_BOOK_SEQUENCE,
          updatedAtUs: 0,
          markPriceE8: recordedMiddle(market) ?? 0,
          lastTradePriceE8: 0,
          trades: [],
          resting: [],
        },
      ]),
    ),
    accounts: new Map(),
    systemStatus: 'ok',
    lastIdNumber: 0,
    lastSequenceNs: 0n,
  };
}

/**
 * The exchange: changes `state` by one input at venue time `nowUs` and says what follows from it. No clock, no sockets; the
 * only thing outside the state is the recorded market it takes from.
 */
export function step(state: ExchangeState, nowUs: number, input: ExchangeInput): ExchangeOutput[] {
  switch (input.kind) {
    case 'account.open':
      openAccount(state, nowUs, input);
      return [];
    case 'key.add': {
      const { keys } = state.accounts.get(input.account)!;
      if (keys.some((key) => key.publicKey === input.publicKey)) return [];
      keys.push({
        publicKey: input.publicKey,
        kind: 'subkey',
        name: input.name,
        state: input.state,
        createdAtMs: Math.floor(nowUs / 1000),
      });
      return [];
    }
    case 'key.remove': {
      const { keys } = state.accounts.get(input.account)!;
      const index = keys.findIndex((key) => key.kind === 'subkey' && key.publicKey === input.publicKey);
      if (index >= 0) keys.splice(index, 1);
      return [];
    }
    case 'order.received':
      state.accounts.get(input.account)!.inFlightClientIds.add(input.terms.clientId);
      return [];
    case 'order.dropped':
      state.accounts.get(input.account)!.inFlightClientIds.delete(input.terms.clientId);
      return [];
    case 'order.accept':
      return acceptOrder(state, nowUs, input);
    case 'order.match': {
      const order = state.accounts.get(input.account)!.orders.get(input.orderId);
      return order?.status === 'NEW' ? matchAccepted(state, order, nowUs) : [];
    }
    case 'order.cancel': {
      const order = state.accounts.get(input.account)!.orders.get(input.orderId);
      return order?.status === 'OPEN' ? cancelOrder(state, order, input.reason, nowUs) : [];
    }
    case 'market.update':
      return updateBook(state, nowUs, input.symbol, input.update);
    case 'market.trade':
      return recordTrade(state, nowUs, input.symbol, input.trade);
    case 'market.epoch':
      state.markets.get(input.symbol)!.bookSequence += EPOCH_SEQUENCE_JUMP;
      return [];
    case 'market.skip-sequence':
      state.markets.get(input.symbol)!.bookSequence += input.by;
      return [];
    case 'system.status':
      state.systemStatus = input.status;
      return [];
  }
}

function openAccount(
  state: ExchangeState,
  nowUs: number,
  input: { address: string; ethAddress: string; publicKey: string },
): void {
  if (state.accounts.has(input.address)) return;
  const account: AccountState = {
    address: input.address,
    ethAddress: input.ethAddress,
    keys: [
      {
        publicKey: input.publicKey,
        kind: 'main',
        name: 'main',
        state: 'active',
        createdAtMs: Math.floor(nowUs / 1000),
      },
    ],
    createdAtUs: nowUs,
    collateralE16: STARTING_COLLATERAL_E16,
    updatedAtUs: nowUs,
    sequenceNs: nextSequenceNs(state, nowUs),
    inFlightClientIds: new Set(),
    usedClientIds: new Set(),
    usedSignatures: new Set(),
    retailOrdersAtUs: [],
    orders: new Map(),
    fills: [],
    positions: new Map(),
  };
  state.accounts.set(input.address, account);
}

function acceptOrder(
  state: ExchangeState,
  nowUs: number,
  input: Extract<ExchangeInput, { kind: 'order.accept' }>,
): ExchangeOutput[] {
  const { terms } = input;
  const account = state.accounts.get(input.account)!;
  account.inFlightClientIds.delete(terms.clientId);
  if (state.switches.receiveWindowCheckedAt === 'match') {
    const expired = checkSignatureTime(state, terms, nowUs);
    if (expired !== undefined) return [{ kind: 'refused', refusal: expired }];
  }
  const order: OrderState = {
    terms,
    id: nextId(state, nowUs),
    account: account.address,
    orderClass: input.orderClass,
    connectionId: input.connectionId,
    receivedAtUs: input.receivedAtUs,
    createdAtUs: nowUs,
    status: 'NEW',
    remainingE8: terms.sizeE8,
    filledNotionalE16: 0n,
    cancelReason: '',
    updatedAtUs: nowUs,
    sequenceNs: nextSequenceNs(state, nowUs),
  };
  account.orders.set(order.id, order);
  if (state.switches.duplicateClientIdScope === 'ever') account.usedClientIds.add(terms.clientId);
  if (state.switches.rejectsReusedSignature) account.usedSignatures.add(terms.signature);
  dropOldOrders(account);
  return [{ kind: 'accepted', order: { ...order } }];
}

function matchAccepted(state: ExchangeState, order: OrderState, nowUs: number): ExchangeOutput[] {
  if (state.switches.receiveWindowCheckedAt === 'match') {
    const expired = checkSignatureTime(state, order.terms, nowUs);
    if (expired !== undefined) return cancelOrder(state, order, expired.code, nowUs);
  }
  return matchNewOrder(state, order, nowUs);
}

function dropOldOrders(account: AccountState): void {
  if (account.orders.size <= MAX_HISTORY) return;
  for (const order of account.orders.values()) {
    if (order.status !== 'CLOSED') continue;
    account.orders.delete(order.id);
    return;
  }
}

function updateBook(state: ExchangeState, nowUs: number, symbol: string, update: MarketUpdate): ExchangeOutput[] {
  const market = state.markets.get(symbol)!;
  market.bookSequence++;
  market.updatedAtUs = update.venueTimeUs;
  market.markPriceE8 = recordedMiddle(market.market) ?? market.markPriceE8;
  const change: ExchangeOutput = {
    kind: 'book',
    symbol,
    sequence: market.bookSequence,
    atUs: update.venueTimeUs,
    snapshot: update.kind === 'snapshot',
    bids: update.bids,
    asks: update.asks,
    touch: update.touchChanged ? touchOf(market) : undefined,
  };
  return [change, ...fillCrossedOrders(state, market, nowUs)];
}

/** The practice venue marks at the middle of the recorded touch; no index price is recorded. */
function recordedMiddle(market: ReplayedMarket): number | undefined {
  const hasBothSides = market.isOpen() && market.bids(1).length > 0 && market.asks(1).length > 0;
  return hasBothSides ? Math.round(market.midE8()) : undefined;
}

function recordTrade(state: ExchangeState, nowUs: number, symbol: string, recorded: RecordedTrade): ExchangeOutput[] {
  const market = state.markets.get(symbol)!;
  const trade = {
    side: recorded.takerSide,
    priceE8: recorded.priceE8,
    sizeE8: recorded.sizeE8,
    atUs: recorded.venueTimeUs,
  };
  const outputs = [publishTrade(state, market, trade, nowUs)];
  if (state.switches.restingFillsOnTradeThrough) {
    outputs.push(...fillTradedThroughOrders(state, market, recorded, nowUs));
  }
  return outputs;
}

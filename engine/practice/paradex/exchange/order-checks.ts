import { parseE8 } from '../../../core/units.ts';
import type { OrderRequestBody } from '../../../venues/paradex/wire.ts';
import type { SignedMessage } from '../signatures/message-hash.ts';
import { notionalE16 } from './money.ts';
import {
  refusal,
  type AccountState,
  type ExchangeState,
  type MarketState,
  type OrderTerms,
  type Refusal,
} from './state.ts';

const DEFAULT_RECEIVE_WINDOW_MS = 300_000;
const MIN_RECEIVE_WINDOW_MS = 10;
const MAX_CLIENT_ID_LENGTH = 64;
const STP_MODES = ['EXPIRE_TAKER', 'EXPIRE_MAKER', 'EXPIRE_BOTH'];

type Checked<T> = { ok: true; value: T } | { ok: false; refusal: Refusal };

function refused(code: string, message: string): { ok: false; refusal: Refusal } {
  return { ok: false, refusal: refusal(code, message) };
}

/** A positive decimal in 1e-8 units; undefined for anything else. */
function positiveDecimal(value: unknown): number | undefined {
  if (typeof value !== 'string' || !/^\d+(\.\d+)?$/.test(value)) return undefined;
  try {
    return parseE8(value);
  } catch {
    return undefined;
  }
}

/** What a client must have signed for these terms. MARKET orders are signed with price 0. */
export function signedOrder(terms: OrderTerms): SignedMessage {
  return {
    kind: 'order',
    timestampMs: terms.signatureTimestampMs,
    market: terms.market,
    side: terms.side,
    type: terms.type,
    sizeE8: BigInt(terms.sizeE8),
    priceE8: BigInt(terms.priceE8),
  };
}

/**
 * All checks of an order that need neither its signature nor the book: form, market rules, client id, receive window.
 * The venue's own order of these checks is not known.
 */
export function checkOrder(
  state: ExchangeState,
  account: AccountState,
  body: unknown,
  nowUs: number,
): Checked<OrderTerms> {
  const form = checkForm(body);
  if (!form.ok) return form;
  const terms = form.value;
  const market = state.markets.get(terms.market);
  if (market === undefined) return refused('MARKET_NOT_FOUND', `market ${terms.market} not found`);
  const status = checkSystemStatus(state, terms);
  if (status !== undefined) return { ok: false, refusal: status };
  if (!market.market.isOpen()) return refused('MARKET_NOT_OPEN', `market ${terms.market} is not open`);
  const rules = checkMarketRules(account, market, terms);
  if (rules !== undefined) return { ok: false, refusal: rules };
  if (terms.receiveWindowMs > state.switches.maxReceiveWindowMs) {
    return refused('VALIDATION_ERROR', `recv_window must not exceed ${state.switches.maxReceiveWindowMs}`);
  }
  const time = checkSignatureTime(state, terms, nowUs);
  if (time !== undefined) return { ok: false, refusal: time };
  if (terms.clientId !== '' && isClientIdTaken(state, account, terms.clientId)) {
    return refused('DUPLICATED_CLIENT_ID', `client_id ${terms.clientId} is already in use`);
  }
  if (state.switches.rejectsReusedSignature && account.usedSignatures.has(terms.signature)) {
    return refused('INVALID_ORDER_SIGNATURE', 'signature has been used before');
  }
  return form;
}

/** Receive window and clock skew: refused when now > signature_timestamp + recv_window. */
export function checkSignatureTime(state: ExchangeState, terms: OrderTerms, nowUs: number): Refusal | undefined {
  const nowMs = nowUs / 1000;
  if (nowMs > terms.signatureTimestampMs + terms.receiveWindowMs) {
    return refusal(state.switches.receiveWindowError, 'order is outside its receive window');
  }
  if (terms.signatureTimestampMs > nowMs + state.switches.futureTimestampToleranceMs) {
    return refusal('INVALID_TIMESTAMP', 'signature_timestamp is in the future');
  }
  return undefined;
}

function checkForm(body: unknown): Checked<OrderTerms> {
  if (typeof body !== 'object' || body === null || Array.isArray(body)) {
    return refused('BINDING_ERROR', 'request body is not a JSON object');
  }
  const fields = body as Record<keyof OrderRequestBody, unknown>;
  const { market, side, type, client_id: clientId = '', flags = [], stp = 'EXPIRE_TAKER' } = fields;
  if (typeof market !== 'string' || market === '') return refused('VALIDATION_ERROR', 'market is required');
  if (side !== 'BUY' && side !== 'SELL') return refused('VALIDATION_ERROR', 'side must be BUY or SELL');
  if (type !== 'LIMIT' && type !== 'MARKET') {
    return refused('VALIDATION_ERROR', 'type must be LIMIT or MARKET (the practice venue has no trigger orders)');
  }
  const instruction = fields.instruction === undefined || fields.instruction === '' ? 'GTC' : fields.instruction;
  if (instruction === 'RPI') return refused('RPI_ACCOUNT_NOT_WHITELISTED', 'account may not place RPI orders');
  if (instruction !== 'GTC' && instruction !== 'IOC' && instruction !== 'POST_ONLY') {
    return refused('VALIDATION_ERROR', 'instruction must be GTC, IOC, POST_ONLY or RPI');
  }
  const sizeE8 = positiveDecimal(fields.size);
  if (sizeE8 === undefined || sizeE8 === 0) return refused('INVALID_ORDER_SIZE', 'size must be a positive decimal');
  const priceE8 = fields.price === undefined || fields.price === '' ? 0 : positiveDecimal(fields.price);
  if (priceE8 === undefined || (type === 'LIMIT') === (priceE8 === 0)) {
    return refused('VALIDATION_ERROR', 'price must be positive for LIMIT and 0 for MARKET');
  }
  if (typeof clientId !== 'string' || clientId.length > MAX_CLIENT_ID_LENGTH) {
    return refused('VALIDATION_ERROR', `client_id must be a string of at most ${MAX_CLIENT_ID_LENGTH} characters`);
  }
  if (!Array.isArray(flags) || flags.some((flag) => flag !== 'REDUCE_ONLY')) {
    return refused('VALIDATION_ERROR', 'flags may hold REDUCE_ONLY only');
  }
  if (typeof stp !== 'string' || !STP_MODES.includes(stp)) return refused('VALIDATION_ERROR', 'stp is not known');
  const receiveWindowMs = fields.recv_window ?? DEFAULT_RECEIVE_WINDOW_MS;
  if (!isWholeNumber(receiveWindowMs) || receiveWindowMs < MIN_RECEIVE_WINDOW_MS) {
    return refused('VALIDATION_ERROR', `recv_window must be a whole number of at least ${MIN_RECEIVE_WINDOW_MS}`);
  }
  if (!isWholeNumber(fields.signature_timestamp)) return refused('VALIDATION_ERROR', 'signature_timestamp is required');
  if (typeof fields.signature !== 'string') return refused('VALIDATION_ERROR', 'signature is required');
  if (fields.on_behalf_of_account !== undefined) {
    return refused('ISOLATED_MARKET_ACCOUNT_MISMATCH', 'the practice venue has no isolated accounts');
  }
  return {
    ok: true,
    value: {
      market,
      side,
      type,
      sizeE8,
      priceE8,
      instruction,
      clientId,
      reduceOnly: flags.length > 0,
      stp,
      signature: fields.signature,
      signatureTimestampMs: fields.signature_timestamp,
      receiveWindowMs,
    },
  };
}

function isWholeNumber(value: unknown): value is number {
  return typeof value === 'number' && Number.isSafeInteger(value);
}

function checkSystemStatus(state: ExchangeState, terms: OrderTerms): Refusal | undefined {
  switch (state.systemStatus) {
    case 'ok':
      return undefined;
    case 'maintenance':
      return refusal('SERVICE_UNAVAILABLE', 'system is in maintenance', 503);
    case 'cancel_only':
      return refusal('SYSTEM_STATUS_CANCEL_ONLY', 'system accepts cancellations only');
    case 'post_only':
      return terms.instruction === 'POST_ONLY'
        ? undefined
        : refusal('SYSTEM_STATUS_POST_ONLY', 'system accepts POST_ONLY orders only');
  }
}

function checkMarketRules(account: AccountState, state: MarketState, terms: OrderTerms): Refusal | undefined {
  const { market, rules } = state;
  if (terms.sizeE8 % market.sizeStepE8 !== 0) {
    return refusal('INVALID_ORDER_SIZE', 'size is not a multiple of order_size_increment');
  }
  if (terms.sizeE8 > rules.maxOrderSizeE8) return refusal('INVALID_ORDER_SIZE', 'size exceeds max_order_size');
  if (terms.priceE8 % market.tickE8 !== 0) {
    return refusal('VALIDATION_ERROR', 'price is not a multiple of price_tick_size');
  }
  const heldE8 = Math.abs(account.positions.get(terms.market)?.sizeE8 ?? 0);
  const closesAll = terms.reduceOnly && terms.sizeE8 === heldE8;
  const notional = notionalE16(state.markPriceE8, terms.sizeE8);
  if (!closesAll && notional < BigInt(rules.minNotionalE8) * 100_000_000n) {
    return refusal('VALIDATION_ERROR', 'size x mark price is below min_notional');
  }
  const open = state.resting.filter((order) => order.account === account.address).length;
  if (open >= rules.maxOpenOrders) return refusal('VALIDATION_ERROR', 'too many open orders in this market');
  return undefined;
}

function isClientIdTaken(state: ExchangeState, account: AccountState, clientId: string): boolean {
  if (account.inFlightClientIds.has(clientId)) return true;
  if (state.switches.duplicateClientIdScope === 'ever') return account.usedClientIds.has(clientId);
  for (const market of state.markets.values()) {
    for (const order of market.resting) {
      if (order.account === account.address && order.terms.clientId === clientId) return true;
    }
  }
  return false;
}

import { z } from 'zod';
import { parseE8 } from '../../core/units.ts';
import { refusal } from './codes.ts';
import type { VestRefusal } from './codes.ts';
import { orderArgsHash, recoverSigner } from './signatures.ts';
import type { VestAccount, VestExchange, VestOrderType, VestTimeInForce } from './state.ts';
import type { OrderCheck } from './switches.ts';

const time = z.number().int().nonnegative().max(Number.MAX_SAFE_INTEGER);

/** Bounded so that any accepted number fits into 1e-8 units. */
const PLAIN_DECIMAL = /^\d{1,7}(\.\d+)?$/;

const orderBody = z.object({
  order: z.object({
    time,
    nonce: time,
    symbol: z.string(),
    isBuy: z.boolean(),
    size: z.string().regex(PLAIN_DECIMAL),
    orderType: z.string(),
    limitPrice: z.string().regex(PLAIN_DECIMAL),
    reduceOnly: z.boolean(),
    timeInForce: z.string().nullish(),
    tpPrice: z.unknown().optional(),
    slPrice: z.unknown().optional(),
  }),
  recvWindow: z.number().int().positive().max(Number.MAX_SAFE_INTEGER).optional(),
  signature: z.string().startsWith('0x'),
});

export type OrderBody = z.infer<typeof orderBody>;

/** An order that passed every check made before the HTTP answer. */
export interface AdmittedOrder {
  body: OrderBody;
  orderType: VestOrderType;
  timeInForce: VestTimeInForce;
  sizeE8: number;
  limitPriceE8: number;
  expiresAtMs: number;
  /** Hash of every signed field: the identity for 3015. */
  argsHash: string;
}

const ORDER_TYPES: readonly string[] = ['MARKET', 'LIMIT', 'STOP_LOSS', 'TAKE_PROFIT'];

/** Runs the checks of `switches.orderChecks` in their order; the first that fails is the answer. */
export function admitOrder(
  exchange: VestExchange,
  account: VestAccount,
  json: unknown,
  nowUs: number,
): AdmittedOrder | VestRefusal {
  const parsed = orderBody.safeParse(json);
  if (!parsed.success) return invalidParameter(parsed.error);
  const body = parsed.data;
  const candidate = { account, body, argsHash: orderArgsHash(body.order), nowUs };
  for (const check of exchange.switches.orderChecks) {
    const failure = CHECKS[check](exchange, candidate);
    if (failure) return failure;
  }
  const recvWindow = body.recvWindow ?? exchange.switches.defaultRecvWindowMs;
  return {
    body,
    orderType: body.order.orderType as VestOrderType,
    timeInForce: effectiveTimeInForce(body),
    sizeE8: parseE8(body.order.size),
    limitPriceE8: parseE8(body.order.limitPrice),
    expiresAtMs: body.order.time + recvWindow,
    argsHash: candidate.argsHash,
  };
}

interface Candidate {
  account: VestAccount;
  body: OrderBody;
  argsHash: string;
  nowUs: number;
}

const CHECKS: Record<OrderCheck, (exchange: VestExchange, candidate: Candidate) => VestRefusal | undefined> = {
  shape: (_exchange, { body: { order } }) => {
    if ((order.tpPrice ?? order.slPrice ?? null) !== null) {
      return refusal(1145, 'children of an order are not offered by the practice venue');
    }
    return /[1-9]/.test(order.size) ? undefined : refusal(1130, 'size must be above 0');
  },
  symbol: (exchange, { body }) => (exchange.markets.has(body.order.symbol) ? undefined : refusal(1121)),
  orderType: (_exchange, { body }) => (ORDER_TYPES.includes(body.order.orderType) ? undefined : refusal(1116)),
  timeInForce: (exchange, { body }) => checkTimeInForce(exchange, body.order),
  decimals: (exchange, { body: { order } }) => {
    const market = exchange.markets.get(order.symbol);
    if (!market) return refusal(1121);
    const { sizeDecimals, priceDecimals } = market.replay;
    if (decimalsOf(order.size) !== sizeDecimals) return refusal(1111, `size needs ${sizeDecimals} decimals`);
    return decimalsOf(order.limitPrice) === priceDecimals
      ? undefined
      : refusal(1111, `limitPrice needs ${priceDecimals} decimals`);
  },
  window: (exchange, { body, nowUs }) =>
    checkWindow(exchange, body.order.time, body.recvWindow, Math.floor(nowUs / 1000)),
  signature: (_exchange, { account, body, argsHash, nowUs }) =>
    isAuthorizedSigner(account, recoverSigner(argsHash, body.signature), nowUs / 1000) ? undefined : refusal(1022),
  duplicate: (exchange, { account, body, argsHash }) =>
    account.usedTuples.has(argsHash) ? refusal(3015) : checkNonce(exchange, account, body.order.nonce),
  marketOpen: (exchange, { body }) =>
    exchange.markets.get(body.order.symbol)?.replay.isOpen() === false ? refusal(1148) : undefined,
};

/** The window rule of orders and cancels: late is 1132, too wide or too far in the future 1131. `time + recvWindow` itself is in time. */
export function checkWindow(
  exchange: VestExchange,
  timeMs: number,
  recvWindow: number | undefined,
  nowMs: number,
): VestRefusal | undefined {
  const { defaultRecvWindowMs, maxRecvWindowMs, maxFutureTimeMs } = exchange.switches;
  const windowMs = recvWindow ?? defaultRecvWindowMs;
  if (windowMs > maxRecvWindowMs) return refusal(1131, `recvWindow is above ${maxRecvWindowMs}`);
  if (timeMs > nowMs + maxFutureTimeMs) return refusal(1131, 'time lies in the future');
  return nowMs > timeMs + windowMs ? refusal(1132) : undefined;
}

function checkNonce(exchange: VestExchange, account: VestAccount, nonce: number): VestRefusal | undefined {
  const { nonceRule } = exchange.switches;
  if (nonceRule === 'unique' && account.usedNonces.has(nonce)) return refusal(1023);
  if (nonceRule === 'increasing' && nonce <= account.lastNonce) return refusal(1023);
  return undefined;
}

/** The primary key, or a delegate whose delegation has not run out. */
export function isAuthorizedSigner(account: VestAccount, signer: string | undefined, nowMs: number): boolean {
  if (signer === undefined) return false;
  if (signer === account.primaryAddress) return true;
  const delegate = account.signers.get(signer);
  return delegate !== undefined && delegate.expiryMs > nowMs;
}

export function invalidParameter(error: z.ZodError): VestRefusal {
  const issue = error.issues[0];
  return refusal(1130, issue ? `${issue.path.join('.') || 'body'}: ${issue.message}` : 'body');
}

function checkTimeInForce(exchange: VestExchange, order: OrderBody['order']): VestRefusal | undefined {
  const { iocAccepted, timeInForceOnMarket, missingTimeInForce } = exchange.switches;
  const given = order.timeInForce ?? undefined;
  if (order.orderType !== 'LIMIT') {
    return given !== undefined && timeInForceOnMarket === 'rejected' ? refusal(1133) : undefined;
  }
  if (given === undefined) return missingTimeInForce === 'GTC' ? undefined : refusal(1133);
  if (given === 'GTC' || given === 'FOK' || (given === 'IOC' && iocAccepted)) return undefined;
  return refusal(1133);
}

function effectiveTimeInForce(body: OrderBody): VestTimeInForce {
  const { orderType, timeInForce } = body.order;
  if (orderType === 'MARKET') return 'IOC';
  if (orderType === 'LIMIT' && (timeInForce === 'FOK' || timeInForce === 'IOC')) return timeInForce;
  return 'GTC';
}

function decimalsOf(text: string): number {
  const dot = text.indexOf('.');
  return dot < 0 ? 0 : text.length - dot - 1;
}

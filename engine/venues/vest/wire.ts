/**
 * Shapes of Vest's v2 REST and WebSocket messages. Decimals are strings, times are integer ms since the epoch. Unknown
 * fields are dropped, not refused: the venue adds fields without notice.
 */
import { z } from 'zod';

const decimal = z.string();
const timeMs = z.number().int();
/** Fields of a fill are null until there is one. */
const decimalOrNull = z.string().nullish();

export const orderTypeSchema = z.enum(['MARKET', 'LIMIT', 'STOP_LOSS', 'TAKE_PROFIT', 'LIQUIDATION']);
export const orderStatusSchema = z.enum(['NEW', 'PARTIALLY_FILLED', 'FILLED', 'CANCELLED', 'REJECTED']);
export type VestOrderType = z.infer<typeof orderTypeSchema>;
export type VestOrderStatus = z.infer<typeof orderStatusSchema>;

/** [price, size] */
const levelSchema = z.tuple([decimal, decimal]);
export type VestLevel = z.infer<typeof levelSchema>;

export const exchangeInfoSchema = z.object({
  symbols: z.array(
    z.object({
      symbol: z.string(),
      displayName: z.string().optional(),
      base: z.string(),
      quote: z.string(),
      sizeDecimals: z.number().int().min(0).max(8),
      priceDecimals: z.number().int().min(0).max(8),
      initMarginRatio: decimal.optional(),
      maintMarginRatio: decimal.optional(),
      takerFee: decimal,
      isolated: z.boolean().optional(),
    }),
  ),
  exchange: z
    .object({ lp: z.string(), insurance: z.string(), collateralDecimals: z.number().int() })
    .partial()
    .optional(),
});
export type VestExchangeInfo = z.infer<typeof exchangeInfoSchema>;

export const depthSchema = z.object({ bids: z.array(levelSchema), asks: z.array(levelSchema) });
export type VestDepth = z.infer<typeof depthSchema>;

/** `status`: TRADING or HALT; any other word is treated as not trading. */
export const tickerSchema = z.object({
  symbol: z.string(),
  status: z.string(),
  markPrice: decimal.optional(),
  indexPrice: decimal.optional(),
  imbalance: decimal.optional(),
  oneHrFundingRate: decimal.optional(),
  cumFunding: decimal.optional(),
  priceChange: decimal.optional(),
  priceChangePercent: decimal.optional(),
});
export const tickersSchema = z.object({ tickers: z.array(tickerSchema) });
export type VestTicker = z.infer<typeof tickerSchema>;

/** The signed part of POST /orders; `timeInForce` belongs to LIMIT alone and is not signed. */
export const orderSchema = z.object({
  time: timeMs,
  nonce: z.number().int(),
  symbol: z.string(),
  isBuy: z.boolean(),
  size: decimal,
  orderType: z.string(),
  limitPrice: decimal,
  reduceOnly: z.boolean(),
  timeInForce: z.string().optional(),
});
export type VestOrder = z.infer<typeof orderSchema>;

export const orderBodySchema = z.object({
  order: orderSchema,
  recvWindow: z.number().int().optional(),
  signature: z.string(),
});
export type VestOrderBody = z.infer<typeof orderBodySchema>;

export const cancelBodySchema = z.object({
  order: z.object({ time: timeMs, nonce: z.number().int(), id: z.string() }),
  recvWindow: z.number().int().optional(),
  signature: z.string(),
});
export type VestCancelBody = z.infer<typeof cancelBodySchema>;

/** Answer to POST /orders and POST /orders/cancel: neither a fill nor an acceptance. */
export const orderIdSchema = z.object({ id: z.string() });

/** One order as GET /orders lists it. `fees` is cumulative and includes the risk premium. */
export const orderRecordSchema = z.object({
  id: z.string(),
  nonce: z.number().int(),
  symbol: z.string(),
  isBuy: z.boolean(),
  orderType: z.string(),
  limitPrice: decimalOrNull,
  markPrice: decimalOrNull,
  size: decimal,
  status: orderStatusSchema,
  reduceOnly: z.boolean().nullish(),
  initMarginRatio: decimalOrNull,
  code: z.number().int().nullish(),
  lastFilledSize: decimalOrNull,
  lastFilledPrice: decimalOrNull,
  lastFilledTime: timeMs.nullish(),
  avgFilledPrice: decimalOrNull,
  settledFunding: decimalOrNull,
  fees: decimalOrNull,
  realizedPnl: decimalOrNull,
  postTime: timeMs,
  tpPrice: decimalOrNull,
  slPrice: decimalOrNull,
});
export const orderRecordsSchema = z.array(orderRecordSchema);
export type VestOrderRecord = z.infer<typeof orderRecordSchema>;

/** `args` of an ORDER event. CANCELLED and REJECTED carry only id, status, postTime, nonce (and code). */
export const orderEventSchema = orderRecordSchema
  .extend({ cumFunding: decimalOrNull })
  .partial()
  .required({ id: true, nonce: true, status: true, postTime: true });
export type VestOrderEvent = z.infer<typeof orderEventSchema>;

export const accountPrivateSchema = z.discriminatedUnion('event', [
  z.object({ event: z.literal('ORDER'), args: orderEventSchema }),
  z.object({ event: z.literal('LP'), args: z.unknown() }),
  z.object({ event: z.literal('TRANSFER'), args: z.unknown() }),
]);

export const positionSchema = z.object({
  symbol: z.string(),
  isLong: z.boolean(),
  /** Always positive. */
  size: decimal,
  entryPrice: decimal,
  entryFunding: decimalOrNull,
  unrealizedPnl: decimalOrNull,
  settledFunding: decimalOrNull,
  markPrice: decimalOrNull,
  indexPrice: decimalOrNull,
  liqPrice: decimalOrNull,
  initMargin: decimalOrNull,
  maintMargin: decimalOrNull,
  initMarginRatio: decimalOrNull,
});
export type VestPosition = z.infer<typeof positionSchema>;

export const accountSchema = z.object({
  address: z.string().optional(),
  balances: z.array(z.object({ asset: z.string(), total: decimal, locked: decimal })).optional(),
  collateral: decimalOrNull,
  withdrawable: decimalOrNull,
  totalAccountValue: decimalOrNull,
  openOrderMargin: decimalOrNull,
  totalMaintMargin: decimalOrNull,
  positions: z.array(positionSchema),
  leverages: z.array(z.object({ symbol: z.string(), value: z.number() })).optional(),
  time: timeMs.optional(),
});
export type VestAccount = z.infer<typeof accountSchema>;

export const lastNonceSchema = z.object({ lastNonce: z.number().int() });
export const listenKeySchema = z.object({ listenKey: z.string() });

/** POST /register. `expiryTime` in ms; `networkType` 0 = EVM. */
export const registerBodySchema = z.object({
  signingAddr: z.string(),
  primaryAddr: z.string(),
  signature: z.string(),
  expiryTime: timeMs,
  networkType: z.number().int(),
});
export type VestRegisterBody = z.infer<typeof registerBodySchema>;
export const registerAnswerSchema = z.object({ apiKey: z.string(), accGroup: z.number().int() });
export type VestRegisterAnswer = z.infer<typeof registerAnswerSchema>;

/** What a client sends over the WebSocket. */
export const socketCommandSchema = z.object({
  method: z.enum(['PING', 'SUBSCRIBE', 'UNSUBSCRIBE']),
  params: z.array(z.string()),
  id: z.number().int(),
});
export type VestSocketCommand = z.infer<typeof socketCommandSchema>;

export interface VestError {
  code: number;
  msg: string;
}

const plainErrorSchema = z.object({ code: z.number().int(), msg: z.string() });
const errorSchema = z.union([
  plainErrorSchema,
  z.object({ detail: plainErrorSchema }).transform((body) => body.detail),
]);

/**
 * Finds an error in a parsed body, in either of the forms seen: `{"code","msg"}` (documentation; also inside an HTTP 200)
 * and `{"detail":{"code","msg"}}` (what clients met). Undefined when the body is no error.
 */
export function errorIn(body: unknown): VestError | undefined {
  const parsed = errorSchema.safeParse(body);
  return parsed.success ? parsed.data : undefined;
}

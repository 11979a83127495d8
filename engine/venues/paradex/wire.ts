import { z } from 'zod';

/**
 * What Paradex says and hears as JSON: REST bodies and the JSON-RPC WebSocket (docs/venues, Paradex OpenAPI and OpenRPC).
 * Decimals are strings, times milliseconds unless the name says otherwise. Only fields the engine relies on are required, and
 * unknown fields pass: the venue adds some now and then. Binary market data is in sbe.ts.
 */

const decimal = z.string().regex(/^-?\d+(\.\d+)?$/);
/** Some decimals are "" while they have no value (`avg_fill_price` of an unfilled order). */
const optionalDecimal = z.union([z.literal(''), decimal]);
const side = z.enum(['BUY', 'SELL']);

// --- system -----------------------------------------------------------------------------------------------------------

export const systemTimeSchema = z.looseObject({ server_time: z.string().regex(/^\d+$/) });

export const systemConfigSchema = z.looseObject({
  starknet_chain_id: z.string(),
  l1_chain_id: z.string(),
  paraclear_account_hash: z.string(),
  paraclear_account_proxy_hash: z.string(),
  paraclear_evm_account_hash: z.string().optional(),
  paraclear_decimals: z.number().optional(),
  environment: z.string().optional(),
});
export type SystemConfig = z.infer<typeof systemConfigSchema>;

/** ok, maintenance, cancel_only, post_only; any other word is treated as closed. */
export const systemStateSchema = z.looseObject({ status: z.string() });
export type SystemState = z.infer<typeof systemStateSchema>;

// --- markets ----------------------------------------------------------------------------------------------------------

const feeSchema = z.looseObject({
  fee: decimal,
  fee_cap: decimal.optional(),
  fee_floor: decimal.optional(),
});
const feeClassSchema = z.looseObject({ maker_fee: feeSchema, taker_fee: feeSchema });

export const marketSchema = z.looseObject({
  symbol: z.string(),
  base_currency: z.string(),
  quote_currency: z.string(),
  settlement_currency: z.string(),
  asset_kind: z.string(),
  market_kind: z.string().optional(),
  price_tick_size: decimal,
  order_size_increment: decimal,
  /** USD: size x mark price. */
  min_notional: decimal,
  max_order_size: decimal,
  position_limit: decimal.optional(),
  max_open_orders: z.number().optional(),
  max_slippage: decimal.optional(),
  price_bands_width: decimal.optional(),
  funding_period_hours: z.number().optional(),
  fee_config: z
    .looseObject({
      /** Pro orders. */
      api_fee: feeClassSchema.optional(),
      /** Retail orders. */
      interactive_fee: feeClassSchema.optional(),
      rpi_fee: feeClassSchema.optional(),
    })
    .optional(),
});
export type Market = z.infer<typeof marketSchema>;

// --- orders -----------------------------------------------------------------------------------------------------------

export type OrderType = 'MARKET' | 'LIMIT' | 'STOP_LIMIT' | 'STOP_MARKET';
export type OrderInstruction = 'GTC' | 'IOC' | 'POST_ONLY' | 'RPI';
export type OrderStatus = 'NEW' | 'UNTRIGGERED' | 'OPEN' | 'CLOSED';
export type StpMode = 'EXPIRE_TAKER' | 'EXPIRE_MAKER' | 'EXPIRE_BOTH';

/** Body of `POST /orders` and params of `order.create`. */
export interface OrderRequestBody {
  market: string;
  side: 'BUY' | 'SELL';
  type: OrderType;
  size: string;
  /** "0" for MARKET; clients may leave it out on REST MARKET orders. */
  price?: string;
  instruction?: OrderInstruction;
  client_id?: string;
  flags?: string[];
  /** Milliseconds, at least 10; the venue's default is 300000. */
  recv_window?: number;
  stp?: StpMode;
  trigger_price?: string;
  on_behalf_of_account?: string;
  dime_discount?: boolean;
  /** `["<r decimal>","<s decimal>"]` as one string. */
  signature: string;
  /** Milliseconds. */
  signature_timestamp: number;
}

/** Answer to `POST /orders`, `GET /orders`, the reply's `order` and the `orders` channel. */
export const orderSchema = z.looseObject({
  id: z.string(),
  account: z.string(),
  market: z.string(),
  side,
  type: z.string(),
  size: decimal,
  remaining_size: optionalDecimal,
  price: optionalDecimal,
  status: z.string(),
  instruction: z.string(),
  client_id: z.string(),
  cancel_reason: z.string(),
  avg_fill_price: optionalDecimal,
  flags: z.array(z.string()).nullish(),
  stp: z.string().optional(),
  trigger_price: optionalDecimal.optional(),
  /** Signature timestamp. */
  timestamp: z.number().optional(),
  created_at: z.number(),
  last_updated_at: z.number().optional(),
  received_at: z.number().optional(),
  published_at: z.number().optional(),
  /** Increasing, not contiguous, about the venue's nanosecond clock: beyond 2^53, so it loses digits in JSON.parse. */
  seq_no: z.number().optional(),
});
export type Order = z.infer<typeof orderSchema>;

/** Result of `order.create`. */
export const orderCreateResultSchema = z.looseObject({
  order: orderSchema,
  /** Matching engine, milliseconds. */
  created_at: z.number().optional(),
  /** Nanoseconds, taken before any speed bump. */
  received_at: z.number().optional(),
});
export type OrderCreateResult = z.infer<typeof orderCreateResultSchema>;

// --- account ----------------------------------------------------------------------------------------------------------

export const fillSchema = z.looseObject({
  id: z.string(),
  order_id: z.string(),
  client_id: z.string().optional(),
  market: z.string(),
  account: z.string().optional(),
  side,
  liquidity: z.string(),
  price: decimal,
  size: decimal,
  remaining_size: optionalDecimal.optional(),
  /** Positive = paid. */
  fee: optionalDecimal,
  fee_currency: z.string(),
  fill_type: z.string(),
  flags: z.array(z.string()).nullish(),
  realized_pnl: optionalDecimal.optional(),
  realized_funding: optionalDecimal.optional(),
  underlying_price: optionalDecimal.optional(),
  orderbook_seq_no: z.number().optional(),
  created_at: z.number(),
});
export type Fill = z.infer<typeof fillSchema>;

export const positionSchema = z.looseObject({
  id: z.string(),
  account: z.string().optional(),
  market: z.string(),
  status: z.string(),
  side: z.string(),
  /** Signed: negative = short. */
  size: decimal,
  average_entry_price: optionalDecimal,
  average_entry_price_usd: optionalDecimal.optional(),
  average_exit_price: optionalDecimal.optional(),
  unrealized_pnl: optionalDecimal.optional(),
  unrealized_funding_pnl: optionalDecimal.optional(),
  realized_positional_pnl: optionalDecimal.optional(),
  realized_positional_funding_pnl: optionalDecimal.optional(),
  cost: optionalDecimal.optional(),
  cost_usd: optionalDecimal.optional(),
  cached_funding_index: optionalDecimal.optional(),
  liquidation_price: optionalDecimal.optional(),
  leverage: optionalDecimal.optional(),
  last_fill_id: z.string().optional(),
  seq_no: z.number().optional(),
  created_at: z.number().optional(),
  last_updated_at: z.number().optional(),
});
export type Position = z.infer<typeof positionSchema>;

export const accountSchema = z.looseObject({
  account: z.string(),
  account_value: decimal,
  total_collateral: decimal,
  free_collateral: decimal,
  initial_margin_requirement: decimal,
  maintenance_margin_requirement: decimal,
  margin_cushion: decimal.optional(),
  settlement_asset: z.string(),
  status: z.string(),
  updated_at: z.number(),
  seq_no: z.number().optional(),
});
export type Account = z.infer<typeof accountSchema>;

/** One account of `GET /account/info`. */
export const accountInfoSchema = z.looseObject({ account: z.string(), public_key: z.string().optional() });

/** `GET /onboarding`: the account a main key owns, opened or not. */
export const keyOwnerSchema = z.looseObject({ address: z.string(), exists: z.boolean() });
export type KeyOwner = z.infer<typeof keyOwnerSchema>;

/** A trade-only key of an account; `state`: "active" or "pending". */
export const subkeySchema = z.looseObject({
  name: z.string().optional(),
  public_key: z.string(),
  state: z.string().optional(),
});
export type Subkey = z.infer<typeof subkeySchema>;

/** Body of `POST /account/keys/subkeys`; the signature is the main key's consent (keys.ts, signSubkeyRegistration). */
export interface SubkeyBody {
  name: string;
  public_key: string;
  state: 'active' | 'pending';
  signature: string;
  /** Seconds. */
  signature_timestamp: number;
  /** Seconds. */
  signature_expiry: number;
}

export const authAnswerSchema = z.looseObject({ jwt_token: z.string().min(1) });

/** Lists come as `results`; paged ones carry a `next` cursor, absent or empty on the last page. */
export function pageSchema<Item extends z.ZodType>(item: Item) {
  return z.looseObject({ results: z.array(item), next: z.string().nullish(), prev: z.string().nullish() });
}

// --- errors -----------------------------------------------------------------------------------------------------------

/** Body of every REST answer with status 400 and above. */
export const restErrorSchema = z.looseObject({
  error: z.string(),
  message: z.string().optional(),
  data: z.unknown().optional(),
});

// --- JSON-RPC ---------------------------------------------------------------------------------------------------------

const serverTimes = {
  usIn: z.number().optional(),
  usDiff: z.number().optional(),
  usOut: z.number().optional(),
};

export const rpcErrorSchema = z.looseObject({
  code: z.number(),
  message: z.string(),
  data: z.unknown().optional(),
});
export type RpcError = z.infer<typeof rpcErrorSchema>;

/** A reply (it has `id`); exactly one of `result` and `error`. Key order on the wire: jsonrpc, id, result|error, usIn, usDiff, usOut. */
export const rpcReplySchema = z.looseObject({
  jsonrpc: z.literal('2.0'),
  id: z.number(),
  result: z.unknown().optional(),
  error: rpcErrorSchema.optional(),
  ...serverTimes,
});
export type RpcReply = z.infer<typeof rpcReplySchema>;

/** A push on a subscribed channel. */
export const rpcPushSchema = z.looseObject({
  jsonrpc: z.literal('2.0'),
  method: z.literal('subscription'),
  params: z.looseObject({ channel: z.string(), data: z.unknown() }),
});
export type RpcPush = z.infer<typeof rpcPushSchema>;

export const rpcMessageSchema = z.union([rpcPushSchema, rpcReplySchema]);
export type RpcMessage = z.infer<typeof rpcMessageSchema>;

/** Codes of `error.code` (Paradex WebSocket introduction). */
export const RPC_ERROR = {
  parse: -32700,
  invalidRequest: -32600,
  noMethod: -32601,
  badParams: -32602,
  /** The outcome of what was asked is unknown. */
  internal: -32603,
  /** Business errors: a subscription or an order was refused. */
  method: 100,
  malformedBearer: 40110,
  invalidBearer: 40111,
  geoBlocked: 40112,
  notAuthenticated: 40300,
  rateLimited: 42901,
} as const;

/** The server closes a WebSocket that holds no subscription with this code. */
export const CLOSE_NO_SUBSCRIPTION = 4031;

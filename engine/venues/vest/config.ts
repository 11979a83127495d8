import { z } from 'zod';

/** Longest receive window the schema takes: an order of an earlier process is dead this long after our start. */
export const MAX_RECEIVE_WINDOW_MS = 5_000;

/** Settings of the Vest client. Every protocol point no source proves is a switch here, with the documented choice as default. */
export const vestClientConfigSchema = z.strictObject({
  /** Up to and with the version: "https://server-prod.hz.vestmarkets.com/v2". */
  restUrl: z.url({ protocol: /^https?$/ }).transform((url) => url.replace(/\/$/, '')),
  /** With its version query: "wss://ws-prod.hz.vestmarkets.com/ws-api?version=1.0". */
  wsUrl: z.url({ protocol: /^wss?$/ }),
  apiKey: z.string().min(1),
  /** `accGroup` of the registration: routes REST and WebSocket to the account's shard. */
  accountGroup: z.number().int().min(0).default(0),
  symbols: z.array(z.string()).min(1),
  /** An order is provably dead this long after it was sent (product.md 3). */
  receiveWindowMs: z.number().min(500).max(MAX_RECEIVE_WINDOW_MS).default(2_000),
  /**
   * MARKET_WITH_LIMIT: MARKET with the mandatory `limitPrice` as worst price, as documented. LIMIT_IOC: LIMIT with
   * `timeInForce` IOC, undocumented but how a bot traded live; refused with 1133 where the venue does not take it.
   */
  orderForm: z.enum(['MARKET_WITH_LIMIT', 'LIMIT_IOC']).default('MARKET_WITH_LIMIT'),
  /** Whether nonces need only differ (documentation) or must rise (unconfirmed): then orders are never signed ahead. */
  nonceRule: z.enum(['unique', 'increasing']).default('unique'),
  /** Leverage to set per symbol at start; a symbol without an entry is left as it is. */
  leverage: z.record(z.string(), z.number().int().min(1).max(100)).default({}),
  /** No HTTP answer to an order by then is DOUBT, never a rejection. */
  orderTimeoutMs: z.number().min(100).default(3_000),
  requestTimeoutMs: z.number().min(100).default(5_000),
  openTimeoutMs: z.number().min(100).default(10_000),
  /** Levels decoded a side; deeper ones of a message are dropped. */
  depthLevels: z.number().int().min(1).max(500).default(100),
  /** A book older than this is reported stale. */
  staleAfterMs: z.number().min(100).default(2_000),
  /** Silence of the public socket after which it is replaced. Depth comes every 300 ms, 800 ms at p90. */
  publicDeadAfterMs: z.number().min(1_000).default(10_000),
  /** Silence of the private socket (it carries only answers to our pings while nothing trades). */
  privateDeadAfterMs: z.number().min(1_000).default(40_000),
  pingPeriodMs: z.number().min(1_000).default(15_000),
  /** A listen key lives 60 minutes. */
  listenKeyRenewalMs: z
    .number()
    .min(1_000)
    .default(40 * 60_000),
  reconnectBaseMs: z.number().min(1).default(250),
  reconnectCapMs: z.number().min(1).default(15_000),
  /** Kept REST connections and how often they are used so that none is closed for idleness (Cloudflare, our pool: > 100 s). */
  warmConnections: z.number().int().min(1).max(8).default(4),
  keepWarmPeriodMs: z.number().min(1_000).default(45_000),
  /** Added to the end of the receive window before an absent order counts as provably dead. */
  clockMarginMs: z.number().min(0).default(500),
  /** Wait for partial fills still under way before what a FILLED order says beyond them is reported as one fill. */
  missingFillGraceMs: z.number().min(0).default(500),
  ladder: z
    .strictObject({
      /** Limit prices signed around the touch per market, side and size. */
      rungs: z.number().int().min(1).max(32).default(8),
      /** Distance of two rungs, in bps of the price. */
      stepBps: z.number().positive().default(2),
      /** How far a slot's limit may lie beyond the asked bound. */
      slackBps: z.number().min(0).default(2),
      /** Age up to which Vest takes a signature when the receive window is stretched by it (unconfirmed above 60 s). */
      maxSignatureAgeMs: z.number().min(1_000).default(60_000),
      refillPeriodMs: z.number().min(10).default(250),
    })
    .prefault({}),
});

export type VestClientConfig = z.input<typeof vestClientConfigSchema>;
/** The config with every default filled in. */
export type VestSettings = z.output<typeof vestClientConfigSchema>;

/** A feed's settings: the same venue without an account. */
export const vestFeedConfigSchema = vestClientConfigSchema.omit({ apiKey: true });
export type VestFeedConfig = z.input<typeof vestFeedConfigSchema>;
/** Public data needs no API key; private calls carry it. */
export type VestFeedSettings = Omit<VestSettings, 'apiKey'> & { apiKey?: string };

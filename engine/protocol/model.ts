/**
 * What an engine tells its clients: the state they draw. Pure data; prices, sizes and money are integers in units of 1e-8
 * (names end in E8), times of day are Unix ms (`...At`), durations are ms, spreads and slippage are bps.
 * Every statistic carries its n. A field that could not be measured is absent, never 0.
 */
import { z } from 'zod';
import { armingSchema } from './arming.ts';

const e8 = z.number().int();
const unixMs = z.number();
const optionalMs = z.number().optional();

export const venueIdSchema = z.string().min(1).max(32);
export const sideSchema = z.enum(['BUY', 'SELL']);
export const directionSchema = z.enum(['AOverB', 'BOverA']);
export const modeSchema = z.enum(['practice', 'paper', 'live']);
export type Mode = z.infer<typeof modeSchema>;

/**
 * Trading axis (engine <-> venues). The link axis (desktop <-> engine) belongs to the client. `locked`: an agent on a server
 * that has no keys (yet): it does nothing until a desktop unlocks it.
 */
export const tradingStateSchema = z.enum(['starting', 'observing', 'trading', 'paused', 'halted', 'stopped', 'locked']);
export type TradingState = z.infer<typeof tradingStateSchema>;

export const tradeStateSchema = z.enum([
  'IDLE',
  'SIGNALLED',
  'LEGS_IN_FLIGHT',
  'OPEN',
  'PARTIAL',
  'DOUBT',
  'HEDGING',
  'EXITING',
  'FLAT',
  'REDUCING',
  'HALTED',
]);
export type TradeState = z.infer<typeof tradeStateSchema>;

export const orderStateSchema = z.enum([
  'INTENT',
  'SENT',
  'ACKED',
  'PARTIAL',
  'FILLED',
  'CANCELLED',
  'EXPIRED',
  'REJECTED',
  'DOUBT',
]);

/** Percentiles of one HDR histogram; absent values mean n = 0. */
export const percentilesSchema = z.strictObject({
  n: z.number().int().min(0),
  p10: optionalMs,
  p50: optionalMs,
  p90: optionalMs,
  p95: optionalMs,
  p99: optionalMs,
  max: optionalMs,
});
export type Percentiles = z.infer<typeof percentilesSchema>;

export const connectionSchema = z.strictObject({
  venue: venueIdSchema,
  name: z.string(),
  transport: z.enum(['websocket', 'rest']),
  state: z.enum(['connecting', 'ready', 'lost', 'closed']),
  rttP50Ms: optionalMs,
  rttP95Ms: optionalMs,
  jitterMs: optionalMs,
  rttSamples: z.number().int(),
  reconnects: z.number().int(),
  lastFrameAgeMs: optionalMs,
  reused: z.number().int().optional(),
  opened: z.number().int().optional(),
});
export type Connection = z.infer<typeof connectionSchema>;

export const venueStateSchema = z.strictObject({
  id: venueIdSchema,
  symbol: z.string(),
  marketData: z.enum(['ok', 'connecting', 'stale', 'gap', 'crossed']),
  marketDataDetail: z.string(),
  canTrade: z.boolean(),
  bidE8: e8.optional(),
  bidSizeE8: e8.optional(),
  askE8: e8.optional(),
  askSizeE8: e8.optional(),
  lastFrameAt: unixMs.optional(),
  feedAge: percentilesSchema,
  /** The venue does not stamp its feed: feed age is estimated from the round trip. */
  feedAgeEstimated: z.boolean(),
  clockOffsetMs: z.number().optional(),
  clockErrorMs: z.number().optional(),
  positionE8: e8,
  takerFeeBps: z.number(),
  takerDelayMs: z.number(),
  ladder: z.strictObject({ hits: z.number().int(), misses: z.number().int(), slots: z.number().int() }),
  connections: z.array(connectionSchema),
});
export type VenueState = z.infer<typeof venueStateSchema>;

/** One sample of the spread series; `at` Unix ms, both directions in bps. */
export const spreadPointSchema = z.strictObject({ at: unixMs, aOverBBps: z.number(), bOverABps: z.number() });
export type SpreadPoint = z.infer<typeof spreadPointSchema>;

/** Milliseconds since the signal (t2 = 0); earlier stamps are negative. */
export const legStampsSchema = z.strictObject({
  t0: optionalMs,
  t1: optionalMs,
  t2: optionalMs,
  t3: optionalMs,
  t4: optionalMs,
  t5: optionalMs,
  t6: optionalMs,
  t7: optionalMs,
  ack: optionalMs,
  t8: optionalMs,
});

export const fillSchema = z.strictObject({
  fillId: z.string(),
  priceE8: e8,
  sizeE8: e8,
  feeE8: e8,
  venueAt: unixMs,
  receivedAt: unixMs,
});

/** Cost of one leg in bps of the episode's base (product.md 4); delay + walk = the leg's part of slippage_bps. */
export const legCostSchema = z.strictObject({
  slippageBps: z.number(),
  delayBps: z.number(),
  walkBps: z.number(),
  feesBps: z.number(),
  /** The touch at match was reconstructed from our own view of the book. */
  splitEstimated: z.boolean(),
});

export const bookLevelSchema = z.tuple([e8, e8]);

export const legRecordSchema = z.strictObject({
  venue: venueIdSchema,
  symbol: z.string(),
  side: sideSchema,
  /** 1-based attempt counter inside the episode; hedges and unwinds follow the two first orders. */
  purpose: z.enum(['entry', 'exit', 'hedge', 'unwind']),
  orderId: z.number().int(),
  venueOrderId: z.string().optional(),
  state: orderStateSchema,
  reason: z.string().optional(),
  sizeE8: e8,
  filledE8: e8,
  limitPriceE8: e8,
  reduceOnly: z.boolean(),
  averagePriceE8: z.number().optional(),
  touchAtDetectionE8: e8,
  touchAtMatchE8: e8.optional(),
  fills: z.array(fillSchema),
  stamps: legStampsSchema,
  offsetErrorMs: z.number().optional(),
  signature: z.enum(['ahead', 'onDemand']),
  signMs: z.number(),
  slotAgeMs: z.number(),
  orderToAckMs: optionalMs,
  orderToConfirmMs: optionalMs,
  feedAgeMs: optionalMs,
  feedAgeEstimated: z.boolean(),
  cost: legCostSchema.optional(),
  /**
   * Paper: every stamp after t4 is made of this and not measured on an order. The round trip is one of the `samples` latest
   * measured on the order path; the venue's time is an assumption.
   */
  simulated: z
    .strictObject({
      roundTripMs: z.number(),
      samples: z.number().int(),
      venueProcessingMs: z.number(),
      takerDelayMs: z.number(),
    })
    .optional(),
  /** Opposite side of the book at detection as we saw it, best first, at most 8 levels. */
  bookAtDetection: z.array(bookLevelSchema),
});
export type LegRecord = z.infer<typeof legRecordSchema>;

export const episodeSchema = z.strictObject({
  kind: z.enum(['entry', 'exit']),
  state: z.enum(['running', 'complete', 'failed']),
  signalAt: unixMs,
  detectionSpreadBps: z.number(),
  executionSpreadBps: z.number().optional(),
  slippageBps: z.number().optional(),
  feesBps: z.number().optional(),
  shortfallBps: z.number().optional(),
  detectionToSignalMs: z.number(),
  signalToOrderMs: optionalMs,
  orderToAckMs: optionalMs,
  orderToConfirmMs: optionalMs,
  legSkewMs: optionalMs,
  totalMs: optionalMs,
  submission: z.enum(['parallel']),
  legs: z.array(legRecordSchema),
});
export type Episode = z.infer<typeof episodeSchema>;

export const tradeSchema = z.strictObject({
  /** Counts from 1 over the engine's whole journal. */
  id: z.number().int(),
  coin: z.string(),
  state: tradeStateSchema,
  mode: modeSchema,
  direction: directionSchema,
  longVenue: venueIdSchema,
  shortVenue: venueIdSchema,
  openedAt: unixMs,
  closedAt: unixMs.optional(),
  sizeE8: e8,
  notionalE8: e8,
  /** Gross price result, fees and net of both episodes, in 1e-8 USD; present once FLAT. Never mixed. */
  grossE8: e8.optional(),
  feesE8: e8.optional(),
  netE8: e8.optional(),
  network: z.string(),
  tape: z.string(),
  /** Fee schedule the venues charged; absent in journals of before it was kept. */
  fees: z.enum(['published', 'zero', 'custom']).optional(),
  /** Class its orders were sent in; absent in journals of before it was kept, when it was "pro". */
  orderClass: z.enum(['pro', 'retail']).optional(),
  entry: episodeSchema,
  exit: episodeSchema.optional(),
  /** Journal lines of this trade: sequence number, ms since the entry signal, text (not translated). */
  journal: z.array(z.strictObject({ sequence: z.number().int(), ms: z.number(), text: z.string() })),
});
export type Trade = z.infer<typeof tradeSchema>;

/** An opportunity seen and not taken, kept with size zero. */
export const missedSchema = z.strictObject({
  at: unixMs,
  direction: directionSchema,
  spreadBps: z.number(),
  reason: z.string(),
  detail: z.string(),
});
export type Missed = z.infer<typeof missedSchema>;

export const distributionSchema = z.strictObject({
  n: z.number().int(),
  mean: z.number().optional(),
  median: z.number().optional(),
  p95: z.number().optional(),
  sd: z.number().optional(),
  /** 95 % bootstrap interval of the mean; absent under n = 8. */
  ci95: z.tuple([z.number(), z.number()]).optional(),
});
export type Distribution = z.infer<typeof distributionSchema>;

export const legLatencySchema = z.strictObject({
  venue: venueIdSchema,
  orderToAck: percentilesSchema,
  orderToConfirm: percentilesSchema,
  signalToOrder: percentilesSchema,
  sign: percentilesSchema,
  /** Components of order_to_confirm where the venue's stamps allow: out, venue, back. */
  lineOut: percentilesSchema,
  venueTime: percentilesSchema,
  lineBack: percentilesSchema,
});
export type LegLatency = z.infer<typeof legLatencySchema>;

/** Percentiles of one time bucket, recomputed from its own histogram. */
export const latencyBucketSchema = z.strictObject({
  startAt: unixMs,
  lengthMs: z.number(),
  venue: venueIdSchema,
  orderToConfirm: percentilesSchema,
  orderToAck: percentilesSchema,
});
export type LatencyBucket = z.infer<typeof latencyBucketSchema>;

export const statisticsSchema = z.strictObject({
  entries: z.number().int(),
  exits: z.number().int(),
  missed: z.number().int(),
  unwound: z.number().int(),
  grossE8: e8,
  feesE8: e8,
  netE8: e8,
  slippage: distributionSchema,
  /** Of the episodes, each the slower leg's, in ms; absent in journals and agents of before it was kept. */
  orderToAck: distributionSchema.optional(),
  slippageByLeg: z.array(z.strictObject({ venue: venueIdSchema, delay: distributionSchema, walk: distributionSchema })),
  /** Entry and exit episodes apart. */
  slippageEntry: distributionSchema,
  slippageExit: distributionSchema,
  /** All episodes' slippage in bps, oldest first, at most the latest 2,000 (the chart's bars). */
  slippageValues: z.array(z.number()),
  latency: z.array(legLatencySchema),
  latencyBuckets: z.array(latencyBucketSchema),
  detectionToSignal: percentilesSchema,
  loopDelay: percentilesSchema,
});
export type Statistics = z.infer<typeof statisticsSchema>;

export const exposureSchema = z.strictObject({
  netDeltaE8: e8,
  maxNetDeltaE8: e8,
  notionalUsdE8: e8,
  maxNotionalUsdE8: e8,
  unhedgedSinceAt: unixMs.optional(),
  maxUnhedgedMs: z.number(),
  dayLossE8: e8,
  maxDayLossE8: e8,
  ordersInDoubt: z.number().int(),
});
export type Exposure = z.infer<typeof exposureSchema>;

export const noticeSchema = z.strictObject({
  at: unixMs,
  level: z.enum(['info', 'warn', 'error']),
  /** Stable; the clients translate it. */
  code: z.string(),
  parameters: z.record(z.string(), z.union([z.string(), z.number()])),
  /** English text for logs and for codes a client does not know. */
  message: z.string(),
});
export type Notice = z.infer<typeof noticeSchema>;

/** One measured quantity far above what is usual for it (measure/spikes.ts); slippage belongs to both legs: no venue. */
export const spikeSchema = z.strictObject({
  metric: z.enum(['slippage', 'orderToConfirm', 'orderToAck']),
  venue: venueIdSchema.optional(),
  startedAt: unixMs,
  /** The trade that made it certain. */
  tradeId: z.number().int(),
  /** Slippage in bps, latency in ms. The value is the median of its `samples`, the baseline that of `n` before it. */
  value: z.number(),
  baseline: z.number(),
  threshold: z.number(),
  n: z.number().int(),
  samples: z.number().int(),
  /** The part of the leg that moved most, where the venue's stamps tell. */
  stage: z.strictObject({ name: z.enum(['lineOut', 'venue', 'lineBack', 'ours']), movedMs: z.number() }).optional(),
  /** Absent while it lasts. `newNormal`: the level stayed and is the baseline now. */
  ended: z.strictObject({ at: unixMs, tradeId: z.number().int(), outcome: z.enum(['over', 'newNormal']) }).optional(),
});
export type Spike = z.infer<typeof spikeSchema>;

export const deskInfoSchema = z.strictObject({
  engineVersion: z.string(),
  /** New at every start of the engine process. */
  bootId: z.string(),
  mode: modeSchema,
  deskId: z.string(),
  coin: z.string(),
  venueA: venueIdSchema,
  venueB: venueIdSchema,
  spreadEntryBps: z.number(),
  spreadExitBps: z.number(),
  sizeE8: e8,
  leverage: z.number(),
  /**
   * Practice: preset of the line to the venues. Paper and live: the venues' environment ("production", "testnet",
   * "custom HOST"; "VENUE ENVIRONMENT, ..." when they differ). Figures of different values never mix.
   */
  network: z.string(),
  /** Practice: the recorded market. Paper and live: "none", the market itself. */
  tape: z.string(),
  /** Paper and live: `published`, and what the venues state for this market and order class. */
  fees: z.strictObject({ kind: z.enum(['published', 'zero', 'custom']), roundTripBps: z.number() }),
  orderClass: z.enum(['pro', 'retail']),
  startedAt: unixMs,
  configPath: z.string().optional(),
  dataFolder: z.string(),
});
export type DeskInfo = z.infer<typeof deskInfoSchema>;

/** The whole state at one sequence number; events after it carry the changes. */
export const snapshotSchema = z.strictObject({
  sequence: z.number().int(),
  at: unixMs,
  desk: deskInfoSchema,
  trading: tradingStateSchema,
  /** Why it is in that state, one code (HS_...) and English text; empty when trading normally. */
  tradingReason: z.strictObject({ code: z.string(), message: z.string() }).optional(),
  venues: z.array(venueStateSchema),
  spread: z.array(spreadPointSchema),
  largestSpreadBps: z.number().optional(),
  exposure: exposureSchema,
  /** Newest first, at most 500; older ones through the command `trades.list`. */
  trades: z.array(tradeSchema),
  missed: z.array(missedSchema),
  statistics: statisticsSchema,
  notices: z.array(noticeSchema),
  /** Those that last; absent when the engine is older than spikes. */
  spikes: z.array(spikeSchema).optional(),
  /** Live desks only. */
  arming: armingSchema.optional(),
});
export type Snapshot = z.infer<typeof snapshotSchema>;

/** One change. Applying it to the snapshot is `applyEvent` (protocol/apply.ts), the same function for every client. */
export const deskEventSchema = z.discriminatedUnion('type', [
  z.strictObject({ type: z.literal('desk'), desk: deskInfoSchema }),
  z.strictObject({
    type: z.literal('trading'),
    trading: tradingStateSchema,
    reason: z.strictObject({ code: z.string(), message: z.string() }).optional(),
  }),
  z.strictObject({ type: z.literal('venue'), venue: venueStateSchema }),
  z.strictObject({
    type: z.literal('spread'),
    points: z.array(spreadPointSchema),
    largestSpreadBps: z.number().optional(),
  }),
  z.strictObject({ type: z.literal('exposure'), exposure: exposureSchema }),
  z.strictObject({ type: z.literal('trade'), trade: tradeSchema }),
  z.strictObject({ type: z.literal('missed'), missed: missedSchema }),
  z.strictObject({ type: z.literal('statistics'), statistics: statisticsSchema }),
  z.strictObject({ type: z.literal('notice'), notice: noticeSchema }),
  /** A spike started, or ended (`spike.ended`). */
  z.strictObject({ type: z.literal('spike'), spike: spikeSchema }),
  z.strictObject({ type: z.literal('arming'), arming: armingSchema }),
]);
export type DeskEvent = z.infer<typeof deskEventSchema>;

/** How many spread points, trades and missed opportunities a snapshot carries at most. */
export const SNAPSHOT_LIMITS = { spreadPoints: 1800, trades: 500, missed: 200, notices: 100 } as const;

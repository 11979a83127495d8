/**
 * Every point of Paradex's behaviour that no source settled, as a named setting with the default we chose. The engine must
 * work for either value.
 */
export interface ParadexPracticeSwitches {
  /** How far `signature_timestamp` may lie in the venue's future before INVALID_TIMESTAMP, ms. The allowed skew is not published. */
  futureTimestampToleranceMs: number;
  /** Largest accepted `recv_window`, ms. No maximum is published; Infinity = none. */
  maxReceiveWindowMs: number;
  /** Whether the receive window is checked on arrival only or again when the order is matched (after a speed bump). */
  receiveWindowCheckedAt: 'arrival' | 'match';
  /** Error code of an order whose receive window has passed. The code is not published. */
  receiveWindowError: string;
  /** Whether an order signature seen before is refused. SDK comments call the timestamp a nonce; nothing says it is enforced. */
  rejectsReusedSignature: boolean;
  /** Whether a client id counts as duplicate only while its order is alive, or for ever. `open` lets a blind resend trade twice. */
  duplicateClientIdScope: 'open' | 'ever';
  /** Whether the account's maximum slippage from the touch also binds LIMIT IOC orders. MARKET is always bound. */
  maxSlippageBindsLimitIoc: boolean;
  /** `cancel_reason` of the unfilled rest of an IOC or MARKET order that found no more within its limit. */
  iocRemainderCancelReason: string;
  /** `cancel_reason` of the rest of a MARKET order that the slippage cap or the price band stopped. */
  slippageCancelReason: string;
  /** `cancel_reason` of a REDUCE_ONLY order that would not reduce. */
  reduceOnlyCancelReason: string;
  /** A REDUCE_ONLY order larger than the position: cancelled, or cut to the position. */
  reduceOnlyOversize: 'cancel' | 'cut';
  /** Whether an account beyond the Retail order limits is treated as Pro (documented), or stays Retail without limit. */
  retailLimitsApply: boolean;
  /** Whether the published rate limits are enforced (documented). Off for load tests. */
  enforcesRateLimits: boolean;
  /** Error code of a REST answer with status 429. The code is not published. */
  rateLimitError: string;
  /** Whether `GET /positions` also lists positions that were closed (status CLOSED, size 0). */
  listsClosedPositions: boolean;
  /** Whether an order's first stream events leave before the reply to `order.create`. Both orders are documented as possible. */
  streamEventBeforeReply: boolean;
  /** Whether the create reply of a Retail order waits for its speed bump. `received_at` is taken before it in either case. */
  replyWaitsForSpeedBump: boolean;
  /** Whether a NEW event is pushed on the `orders` channel before the OPEN or CLOSED one. */
  streamsNewStatus: boolean;
  /** `channel` of a push for a subscription to `.ALL`: the name subscribed to, or the one of the market concerned. */
  allChannelEcho: 'subscribed' | 'market';
  /** Answer to a public subscription on a connection without SBE parameters: acknowledged but silent, or refused. */
  publicSubscribeWithoutSbe: 'silent' | 'refused';
  /** Highest SBE schema version granted at the upgrade. Docs say 0 or 1; the schema file of 2026-09-25 says 2. */
  maxSbeSchemaVersion: 0 | 1 | 2;
  /** Resolution of `ts` in binary frames: the field is in microseconds, recorded frames show whole milliseconds. */
  frameTimeResolutionUs: 1 | 1000;
  /** Time without any subscription after which the server closes a WebSocket with 4031, ms. */
  noSubscriptionCloseMs: number;
  /** Silence after which an SBE connection gets a HeartbeatEvent, ms ("about every 20 s"). */
  heartbeatIdleMs: number;
  /** Orders that cancel-on-disconnect covers: those placed over that connection, or all open orders of the account. */
  cancelOnDisconnectCovers: 'connection' | 'account';
  /** Delay of that cancellation after the connection dropped, ms. */
  cancelOnDisconnectDelayMs: number;
  /** Whether a resting order also fills when a recorded trade passes strictly through its price (the queue is not known). */
  restingFillsOnTradeThrough: boolean;
  /** Decimals to which fees and realised profit are booked: 8 as on chain, up to 16 as in some recorded balances. */
  moneyDecimals: number;
  /** `side` of a fill: the order's own side or the taker's. Only differs for makers. */
  fillSide: 'order' | 'taker';
  /** Who may list an account's subkeys: any of its keys, or the main key alone (a subkey gets 403). */
  subkeysListedTo: 'anyKey' | 'mainKey';
  /** `error` of a login with a key the account does not have, or has no longer. */
  unknownKeyError: 'INVALID_SUBKEY' | 'STARKNET_SIGNATURE_VERIFICATION_FAILED' | 'UNAUTHORIZED_ERROR';
  /** Whether a subkey registered as "pending" may log in and read. It never signs orders. */
  pendingSubkeyLogsIn: boolean;
  /** Whether a restarted tape sends a new SNAPSHOT after its sequence gap, or leaves it to clients to subscribe again. */
  snapshotAfterGap: boolean;
}

export const DEFAULT_SWITCHES: ParadexPracticeSwitches = {
  futureTimestampToleranceMs: 5_000,
  maxReceiveWindowMs: Number.POSITIVE_INFINITY,
  receiveWindowCheckedAt: 'match',
  receiveWindowError: 'INVALID_TIMESTAMP',
  rejectsReusedSignature: false,
  duplicateClientIdScope: 'open',
  maxSlippageBindsLimitIoc: false,
  iocRemainderCancelReason: 'IOC_REMAINDER',
  slippageCancelReason: 'EXCEEDS_MAX_SLIPPAGE',
  reduceOnlyCancelReason: 'REDUCE_ONLY_WOULD_INCREASE',
  reduceOnlyOversize: 'cancel',
  listsClosedPositions: true,
  retailLimitsApply: true,
  enforcesRateLimits: true,
  rateLimitError: 'RATE_LIMIT_EXCEEDED',
  streamEventBeforeReply: false,
  replyWaitsForSpeedBump: true,
  streamsNewStatus: false,
  allChannelEcho: 'subscribed',
  publicSubscribeWithoutSbe: 'silent',
  maxSbeSchemaVersion: 2,
  frameTimeResolutionUs: 1000,
  noSubscriptionCloseMs: 10_000,
  heartbeatIdleMs: 20_000,
  cancelOnDisconnectCovers: 'connection',
  cancelOnDisconnectDelayMs: 1_000,
  restingFillsOnTradeThrough: true,
  moneyDecimals: 8,
  fillSide: 'order',
  subkeysListedTo: 'anyKey',
  unknownKeyError: 'INVALID_SUBKEY',
  pendingSubkeyLogsIn: true,
  snapshotAfterGap: true,
};

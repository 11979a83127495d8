import type { TradeConfig } from './trade-types.ts';

/** Bounds that fit a rural line (386 ms to the acknowledgement, 300 ms more with a speed bump) as well as a server. */
export const DEFAULT_TRADE_CONFIG: TradeConfig = {
  // Three slow round trips: later news still counts, but by then the venue should be asked.
  confirmTimeoutMs: 2500,
  // product.md 3: W = 1.5-3 s.
  receiveWindowMs: 2000,
  windowMarginMs: 500,
  queryRetryMs: 250,
  queryRetryMaxMs: 4000,
  maxDoubtMs: 60_000,
  bandBps: 5,
  bandStepBps: 10,
  // Venues cap the distance of an execution from the touch near this (Paradex: 0.1 % to 0.5 % by market).
  maxBandBps: 50,
  maxAttempts: 5,
  retryDelayMs: 250,
  retryDelayMaxMs: 5000,
};

/** States of app and engine for tests of the tray. */
import type { Episode, Trade, VenueState } from '../../engine/protocol/model.ts';
import { fakeAppState } from '../ipc/fake-handlers.test-helper.ts';
import type { AppState, ProcessState } from '../ipc/schema.ts';

export const NOW_AT = Date.UTC(2026, 10, 22, 14, 37, 22);
const running: ProcessState = { state: 'running', pid: 1, restarts: 0 };

/** Engine and venues run, the link is there. */
export function runningApp(change: Partial<AppState> = {}): AppState {
  return {
    ...fakeAppState,
    engine: running,
    venues: running,
    link: { state: 'ready', rtt: { n: 0 }, attempt: 0, lastSeenAt: NOW_AT },
    ...change,
  };
}

export function venueState(change: Partial<VenueState> = {}): VenueState {
  return {
    id: 'vest',
    symbol: 'BTC-PERP',
    marketData: 'ok',
    marketDataDetail: '',
    canTrade: true,
    feedAge: { n: 0 },
    feedAgeEstimated: true,
    positionE8: 0,
    takerFeeBps: 1,
    takerDelayMs: 0,
    ladder: { hits: 0, misses: 0, slots: 0 },
    connections: [],
    ...change,
  };
}

const entry: Episode = {
  kind: 'entry',
  state: 'complete',
  signalAt: NOW_AT,
  detectionSpreadBps: 2,
  detectionToSignalMs: 0.1,
  submission: 'parallel',
  legs: [],
};

/** A closed trade of the empty snapshot's line, market and fees. */
export function closedTrade(id: number, closedAt: number, netE8: number, change: Partial<Trade> = {}): Trade {
  return {
    id,
    coin: 'BTC',
    state: 'FLAT',
    mode: 'practice',
    direction: 'AOverB',
    longVenue: 'vest',
    shortVenue: 'paradex',
    openedAt: closedAt - 60_000,
    closedAt,
    sizeE8: 1,
    notionalE8: 1,
    netE8,
    network: 'none',
    tape: 'tape',
    fees: 'zero',
    entry,
    journal: [],
    ...change,
  };
}

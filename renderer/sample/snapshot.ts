import type {
  Connection,
  Missed,
  Notice,
  Snapshot,
  SpreadPoint,
  Trade,
  VenueState,
} from '../../engine/protocol/model.ts';
import type { AppState } from '../../main/ipc/schema.ts';
import { seededRandom } from './random.ts';
import { percentilesOf, statisticsOf } from './statistics.ts';
import { sampleTrade, type SampleNetwork } from './trades.ts';

/** One invented, deterministic snapshot for tests and screenshots of the renderer. Never reachable in the product. */

/** 2026-11-22 14:37:22 UTC */
export const SAMPLE_AT = Date.UTC(2026, 10, 22, 14, 37, 22);

const NETWORKS: Record<string, SampleNetwork> = {
  'adsl-rural': { name: 'adsl-rural', oneWayMs: 188, venueMs: 10 },
  'vps-near': { name: 'vps-near', oneWayMs: 15.5, venueMs: 10 },
};

export interface SampleOptions {
  network?: 'adsl-rural' | 'vps-near';
  fees?: 'published' | 'zero';
  orderClass?: 'pro' | 'retail';
  /** `empty`: a desk that has only just begun, with books but no trade. */
  fill?: 'full' | 'empty';
}

const ENTRY_BPS = 1.57;
const EXIT_BPS = -1.17;
const POINT_MS = 500;
const POINTS = 1800;

export function sampleSnapshot(options: SampleOptions = {}): Snapshot {
  const { network = 'adsl-rural', fees = 'published', orderClass = 'pro', fill = 'full' } = options;
  const random = seededRandom(11);
  const spread = sampleSpread(random, fill === 'full' ? POINTS : 90);
  const chosen = NETWORKS[network] ?? { name: network, oneWayMs: 188, venueMs: 10 };
  const feeBps = fees === 'zero' ? { vest: 0, paradex: 0 } : { vest: 1, paradex: orderClass === 'pro' ? 4.5 : 0 };
  const trades: Trade[] = [];
  const missed: Missed[] = [];
  if (fill === 'full') {
    let busyUntil = 0;
    let id = 1;
    for (const [index, point] of spread.entries()) {
      const better = Math.max(point.aOverBBps, point.bOverABps);
      if (better < ENTRY_BPS) continue;
      if (point.at < busyUntil) {
        if (index % 23 === 0)
          missed.unshift({
            at: point.at,
            direction: 'AOverB',
            spreadBps: better,
            reason: 'COOLDOWN',
            detail: 'cooldown, 3.0 s left',
          });
        continue;
      }
      const exitAt = point.at + 9000 + random.uniform() * 16_000;
      const price = 61_800 + Math.round(random.normal() * 200) / 10;
      trades.unshift(
        sampleTrade({
          id: id++,
          entryAt: point.at,
          exitAt,
          price,
          spreadBps: better,
          exitSpreadBps: EXIT_BPS + Math.abs(random.normal()) * 0.1,
          network: chosen,
          random,
          feeBps,
          bumpMs: orderClass === 'retail' ? 300 : 0,
        }),
      );
      busyUntil = exitAt + 8000;
    }
  }
  const newest = trades[0];
  const open = newest !== undefined;
  if (newest) {
    const { exit: _exit, closedAt: _closedAt, grossE8: _grossE8, feesE8: _feesE8, netE8: _netE8, ...entered } = newest;
    trades[0] = { ...entered, state: 'OPEN', journal: entered.journal.filter((line) => line.ms < 5000) };
  }
  return {
    sequence: 4321,
    at: SAMPLE_AT,
    desk: {
      engineVersion: '0.1.0',
      bootId: 'sample',
      mode: 'practice',
      deskId: 'btc-vest-paradex',
      coin: 'BTC',
      venueA: 'vest',
      venueB: 'paradex',
      spreadEntryBps: fill === 'full' ? ENTRY_BPS : 10,
      spreadExitBps: EXIT_BPS,
      sizeE8: 1e7,
      leverage: 5,
      network,
      tape: 'btc-usdm-coinm',
      fees: { kind: fees, roundTripBps: 2 * (feeBps.vest + feeBps.paradex) },
      orderClass,
      startedAt: SAMPLE_AT - POINTS * POINT_MS,
      dataFolder: '~/.local/share/halfspread',
    },
    trading: 'trading',
    venues: [
      sampleVenue('vest', 'BTC-PERP', feeBps.vest, chosen, 0, open),
      sampleVenue('paradex', 'BTC-USD-PERP', feeBps.paradex, chosen, orderClass === 'retail' ? 300 : 0, open),
    ],
    spread,
    largestSpreadBps: spread.reduce((largest, point) => Math.max(largest, point.aOverBBps, point.bOverABps), -Infinity),
    exposure: {
      netDeltaE8: 0,
      maxNetDeltaE8: 2e7,
      notionalUsdE8: open ? 6180e8 : 0,
      maxNotionalUsdE8: 25_000e8,
      maxUnhedgedMs: 3000,
      dayLossE8: 38e8,
      maxDayLossE8: 400e8,
      ordersInDoubt: 0,
    },
    trades,
    missed,
    statistics: statisticsOf(trades, missed.length, ['vest', 'paradex']),
    notices: fill === 'full' ? sampleNotices(trades) : [],
  };
}

function sampleSpread(random: ReturnType<typeof seededRandom>, points: number): SpreadPoint[] {
  let value = 0.6;
  const bumps = Array.from({ length: Math.ceil(points / 82) }, (_, index) => ({
    at: index * 82 + random.uniform() * 50,
    height: 0.6 + random.uniform() * 1.6,
    width: 8 + random.uniform() * 14,
  }));
  return Array.from({ length: points }, (_, index) => {
    let mean = 0.45;
    for (const bump of bumps) mean += bump.height * Math.exp(-(((index - bump.at) / bump.width) ** 2));
    value += (mean - value) * 0.3 + random.normal() * 0.06;
    const aOverBBps = Math.round(value * 1000) / 1000;
    return { at: SAMPLE_AT - (points - 1 - index) * POINT_MS, aOverBBps, bOverABps: -aOverBBps - 0.35 };
  });
}

function sampleConnection(
  venue: string,
  name: string,
  transport: Connection['transport'],
  network: SampleNetwork,
): Connection {
  const roundTrip = network.oneWayMs * 2;
  return {
    venue,
    name,
    transport,
    state: 'ready',
    rttP50Ms: roundTrip + 1.2,
    rttP95Ms: roundTrip * 1.04 + 4,
    jitterMs: 3.4,
    rttSamples: 182,
    reconnects: name === 'market data' && venue === 'vest' ? 1 : 0,
    ...(transport === 'websocket' ? { lastFrameAgeMs: venue === 'vest' ? 84 : 12 } : { reused: 92, opened: 0 }),
  };
}

function sampleVenue(
  id: string,
  symbol: string,
  takerFeeBps: number,
  network: SampleNetwork,
  bumpMs: number,
  hasPosition: boolean,
): VenueState {
  const ages = Array.from({ length: 400 }, (_, index) => network.oneWayMs + (index % 40) / 4);
  return {
    id,
    symbol,
    marketData: 'ok',
    marketDataDetail: '',
    canTrade: true,
    bidE8: 61_799.9e8,
    bidSizeE8: 2.7e8,
    askE8: 61_800e8,
    askSizeE8: 1.3e8,
    lastFrameAt: SAMPLE_AT - 12,
    feedAge: percentilesOf(ages),
    feedAgeEstimated: id === 'vest',
    clockOffsetMs: id === 'vest' ? -0.6 : 1.8,
    clockErrorMs: 3,
    positionE8: !hasPosition ? 0 : id === 'vest' ? 1e7 : -1e7,
    takerFeeBps,
    takerDelayMs: bumpMs,
    ladder: { hits: 88, misses: 4, slots: 12 },
    connections: [
      sampleConnection(id, 'market data', 'websocket', network),
      sampleConnection(id, id === 'vest' ? 'orders' : 'trading socket', id === 'vest' ? 'rest' : 'websocket', network),
    ],
  };
}

function sampleNotices(trades: readonly Trade[]): Notice[] {
  return trades.slice(0, 8).map((trade): Notice => ({
    at: trade.closedAt ?? trade.openedAt,
    level: 'info',
    code: trade.exit ? 'HS_TRADE_CLOSED' : 'HS_TRADE_OPENED',
    parameters: trade.exit
      ? { id: trade.id, netUsd: (trade.netE8 ?? 0) / 1e8 }
      : { id: trade.id, slippageBps: trade.entry.slippageBps ?? 0 },
    message: trade.exit ? `Trade ${trade.id} closed` : `Trade ${trade.id} opened`,
  }));
}

export function sampleApp(changes: Partial<AppState> = {}): AppState {
  return {
    version: '0.1.0',
    platform: 'linux',
    shell: { kind: 'browser' },
    language: 'en',
    theme: 'dark',
    place: {},
    link: { state: 'ready', rtt: percentilesOf([0.3, 0.4, 0.4, 0.5]), lastSeenAt: SAMPLE_AT, attempt: 0 },
    engine: { state: 'running', pid: 4711, restarts: 0 },
    venues: { state: 'running', pid: 4712, restarts: 0 },
    practice: {
      choice: { tape: 'btc-usdm-coinm', network: 'adsl-rural', fees: 'published' },
      tapes: [
        {
          id: 'btc-usdm-coinm',
          title: 'BTC: USD-M against COIN-M',
          description: 'Recorded books of 8 August 2024; touch spread median 0.97 bps.',
          durationMs: 343_000,
        },
        {
          id: 'btc-coinm-spot',
          title: 'BTC: COIN-M against spot',
          description: 'Recorded books of 8 August 2024; the widest of the three.',
          durationMs: 647_000,
        },
        {
          id: 'btc-usdm-spot',
          title: 'BTC: USD-M against spot',
          description: 'Recorded books of 8 August 2024.',
          durationMs: 343_000,
        },
      ],
      networks: [
        { id: 'none', description: 'No added delay: loopback only.', orderToAckMs: 10 },
        { id: 'vps-near', description: 'A server near the venues.', orderToAckMs: 41 },
        { id: 'fibre', description: 'Fibre at home.', orderToAckMs: 260 },
        { id: '4g', description: 'Mobile line with jitter.', orderToAckMs: 330 },
        { id: 'adsl-rural', description: 'The operator’s rural ADSL line.', orderToAckMs: 386 },
      ],
    },
    ...changes,
  };
}

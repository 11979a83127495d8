import type { ArmingReport } from '../../engine/protocol/arming.ts';
import { PUBLISHED_ENDPOINTS } from '../../engine/protocol/endpoints.ts';
import type { Snapshot } from '../../engine/protocol/model.ts';
import type { ModesState, PendingCode } from '../../main/ipc/mode-schema.ts';
import type { IpcCallName } from '../../main/ipc/schema.ts';
import { SAMPLE_AT } from './snapshot.ts';

/** Invented states of modes and arming, for tests and screenshots of the renderer. Never reachable in the product. */
const { paradex, vest } = PUBLISHED_ENDPOINTS.production;
const places: ModesState['places'] = {
  paradex: { network: 'production', host: new URL(paradex.restUrl).host },
  vest: { network: 'production', host: new URL(vest.restUrl).host },
};

export function sampleModes(changes: Partial<ModesState> = {}): ModesState {
  return {
    mode: 'practice',
    switching: false,
    waitsFor: [],
    isOutdated: false,
    endpoints: { paradex: { network: 'production' }, vest: { network: 'production' } },
    places,
    probe: {
      result: {
        at: SAMPLE_AT - 240_000,
        venues: [
          {
            venue: 'paradex',
            usable: true,
            generation: 'v1',
            steps: [
              { what: 'GET /system/config', ok: true, detail: 'answered as Paradex mainnet', ms: 212 },
              { what: 'GET /markets', ok: true, detail: '412 markets', ms: 240 },
            ],
            markets: ['BTC-USD-PERP', 'ETH-USD-PERP'],
            roundTripMs: 226,
          },
          {
            venue: 'vest',
            usable: true,
            generation: 'v2',
            steps: [{ what: 'GET /exchangeInfo', ok: true, detail: 'answered as v2', ms: 118 }],
            markets: ['BTC-PERP', 'ETH-PERP'],
            roundTripMs: 118,
          },
        ],
      },
    },
    config: {
      path: '/home/ana/.config/halfspread/desk.yaml',
      valid: {
        at: SAMPLE_AT - 60_000,
        summary: {
          desk: 'btc-vest-paradex',
          coin: 'BTC',
          venueA: 'vest',
          venueB: 'paradex',
          spreadEntryPercent: 0.18,
          spreadExitPercent: 0.03,
          size: 0.1,
          leverage: 2,
          orderClass: 'pro',
          maxNotionalUsd: 25_000,
          maxUnhedgedMs: 3000,
          maxDayLossUsd: 400,
        },
      },
      problems: [],
    },
    keys: {
      paradex: { mayWithdraw: 'no' },
      vest: { mayWithdraw: 'yes', expiresAt: SAMPLE_AT + 6 * 86_400_000 },
    },
    obstacles: { practice: [], paper: [], live: [] },
    attempt: { phase: 'idle' },
    ...changes,
  };
}

/** A snapshot as a live desk's: the sample's market under another mode. */
export function asLive(snapshot: Snapshot, state: 'armed' | 'disarmed'): Snapshot {
  return {
    ...snapshot,
    desk: { ...snapshot.desk, mode: 'live', network: 'production', tape: 'none' },
    trading: state === 'armed' ? 'trading' : 'paused',
    tradingReason: state === 'armed' ? undefined : { code: 'HS_DISARMED', message: 'It was not armed.' },
    arming:
      state === 'armed'
        ? { state, sinceAt: SAMPLE_AT - 600_000, limits: SAMPLE_LIMITS }
        : { state, sinceAt: SAMPLE_AT - 600_000, reason: { code: 'HS_DISARMED_START', message: 'Not armed yet.' } },
  };
}

const SAMPLE_LIMITS = { maxNotionalE8: 25_000e8, maxUnhedgedMs: 3000, maxDayLossE8: 400e8 };

export function sampleArmingReport(changes: Partial<ArmingReport> = {}): ArmingReport {
  const ok = (id: ArmingReport['checks'][number]['id'], figures = {}, venue?: 'paradex' | 'vest') => ({
    id,
    ...(venue && { venue }),
    ok: true,
    detail: 'All is well.',
    figures,
  });
  return {
    at: SAMPLE_AT - 4000,
    ok: true,
    checks: [
      ok('key', {}, 'vest'),
      ok('key', {}, 'paradex'),
      ok('generation', { generation: 'v2' }, 'vest'),
      ok('generation', { generation: 'v1' }, 'paradex'),
      ok('book', { ageMs: 84 }, 'vest'),
      ok('book', { ageMs: 12 }, 'paradex'),
      ok('venueOpen', {}, 'vest'),
      ok('venueOpen', {}, 'paradex'),
      ok('clock', { offsetMs: -0.6, errorMs: 3 }, 'vest'),
      ok('clock', { offsetMs: 0.4, errorMs: 0.2 }, 'paradex'),
      ok('orderInDoubt', { orders: 0 }, 'vest'),
      ok('orderInDoubt', { orders: 0 }, 'paradex'),
      ok('positions', { vest: '0', paradex: '0' }),
      ok('journal'),
      ok('folderLock'),
      ok('desk'),
    ],
    limits: SAMPLE_LIMITS,
    sizeE8: 1e7,
    spreadEntryBps: 18,
    orderClass: 'pro',
    venues: [
      { venue: 'vest', takerFeeBps: 1, takerDelayMs: 0, keyExpiresAt: SAMPLE_AT + 6 * 86_400_000 },
      { venue: 'paradex', takerFeeBps: 4.5, takerDelayMs: 0 },
    ],
    roundTripFeesBps: 11,
    nakedLeg: {
      notionalE8: 6180e8,
      untilKnownMs: 3600,
      untilClosedMs: 4100,
      untilHaltMs: 21_000,
      costE8: 18.4e8,
      bandsE8: 6.2e8,
      feesE8: 2.8e8,
      moveE8: 9.4e8,
      moveBps: 15.2,
    },
    ...changes,
  };
}

/** What main answers of modes: for the fake bridge. */
export function modeAnswers(modes: {
  state: ModesState;
  pending?: PendingCode;
  report?: ArmingReport;
}): Partial<Record<IpcCallName, unknown>> {
  return { 'modes.open': { modes: modes.state, pending: modes.pending }, 'arm.check': modes.report };
}

import { describe, expect, it } from 'vitest';
import { emptySnapshot } from '../../engine/agent/fake-desk.test-helper.ts';
import { tradingStateSchema, type LegLatency, type Snapshot, type TradingState } from '../../engine/protocol/model.ts';
import { fakeAppState } from '../ipc/fake-handlers.test-helper.ts';
import type { MutedUntil } from '../ipc/alert-schema.ts';
import type { AppState, ProcessState } from '../ipc/schema.ts';
import { trayIcon } from './condition.ts';
import type { TrayIcon } from './icon.ts';
import { trayView, type TrayAction, type TrayView } from './model.ts';
import { closedTrade, NOW_AT, runningApp, venueState } from './sample-desk.test-helper.ts';

const deskSnapshot = (change: Partial<Snapshot> = {}): Snapshot => ({
  ...emptySnapshot('boot'),
  trading: 'trading',
  ...change,
});
const view = (app: AppState, snapshot?: Snapshot): TrayView => trayView({ app, snapshot, nowMs: NOW_AT });
const process = (state: ProcessState['state'], attempt?: number): ProcessState => ({ state, restarts: 0, attempt });
const entry = (shown: TrayView, action: TrayAction) =>
  shown.menu.find((each) => each.type === 'action' && each.action === action);

describe('a desk on a server', () => {
  const there = (change: Partial<AppState> = {}): AppState => ({ ...runningApp(), place: { site: 'tyo' }, ...change });

  it('is named with its place; quitting leaves it, unless it is practice', () => {
    const live = deskSnapshot({ desk: { ...emptySnapshot('boot').desk, mode: 'live' } });
    expect(view(there(), live).tooltip[0]).toBe('Live on tyo: trading');
    expect(entry(view(there(), live), 'quit')).toMatchObject({ label: 'Quit (tyo goes on)' });
    expect(entry(view(there(), deskSnapshot()), 'quit')).toMatchObject({ label: 'Quit (practice ends with it)' });
  });

  it('has a picture of its own while it moves, whatever the engines do meanwhile', () => {
    const moving = { to: 'tyo', stage: 'leaving', startedAt: 0 } as const;
    const shown = view({ ...runningApp(), place: { moving } }, deskSnapshot());
    expect(shown).toMatchObject({ icon: 'handover', title: 'Halfspread: moving to another place' });
    expect(entry(shown, 'start')).toMatchObject({ isEnabled: false });
  });

  it('that is not reached keeps its picture, and the line says that it keeps trading', () => {
    const link = { state: 'lost', rtt: { n: 0 }, attempt: 3, lastSeenAt: Date.UTC(2026, 0, 1, 14, 3, 22) } as const;
    const shown = view(there({ link }), deskSnapshot());
    expect(shown.icon).toBe('trading');
    expect(shown.tooltip).toContain('Link lost. Last seen 14:03:22 UTC, it keeps trading.');
  });

  it('that is locked can be unlocked from the menu, as soon as it is reached', () => {
    const locked = deskSnapshot({ trading: 'locked' });
    const shown = view(there(), locked);
    expect(shown.icon).toBe('locked');
    expect(entry(shown, 'unlock')).toMatchObject({ label: 'Unlock tyo', isEnabled: true });
    expect(entry(view(there({ link: lost }), locked), 'unlock')).toMatchObject({ isEnabled: false });
    expect(entry(view(runningApp(), locked), 'unlock')).toBeUndefined();
  });
});

const lost = { state: 'lost', rtt: { n: 0 }, attempt: 0 } as const;
describe('tray picture', () => {
  const ofTrading: Record<TradingState, [TrayIcon, string]> = {
    starting: ['observing', 'starting'],
    observing: ['observing', 'observing, no orders'],
    trading: ['trading', 'trading'],
    paused: ['observing', 'entries paused'],
    halted: ['error', 'halted'],
    stopped: ['off', 'stopped'],
    locked: ['locked', 'locked, no keys'],
  };
  it.each(tradingStateSchema.options)('follows the engine: %s', (trading) => {
    const shown = view(runningApp(), deskSnapshot({ trading }));
    const [icon, state] = ofTrading[trading];
    expect(shown).toMatchObject({ icon, title: `Halfspread: ${state}` });
    expect(shown.tooltip[0]).toBe(`Practice on this machine: ${state}`);
  });

  const connecting = { state: 'connecting', rtt: { n: 0 }, attempt: 1 } as const;
  it.each([
    ['before anything runs', {}, 'off', 'no engine runs'],
    ['while the venues start', { venues: process('starting'), link: connecting }, 'off', 'the engine is starting'],
    [
      'while the engine starts',
      { venues: process('running'), engine: process('starting'), link: connecting },
      'off',
      'the engine is starting',
    ],
    [
      'before the first word of the engine',
      { venues: process('running'), engine: process('running'), link: connecting },
      'off',
      'the engine is starting',
    ],
    [
      'after a crash, waiting',
      { venues: process('running'), engine: process('restarting', 1), link: connecting },
      'warning',
      'recovering, the engine is started again',
    ],
    [
      'after a crash, starting',
      { venues: process('running'), engine: process('starting', 1), link: connecting },
      'warning',
      'recovering, the engine is started again',
    ],
    [
      'when the engine is given up',
      { venues: process('running'), engine: process('blocked', 5) },
      'error',
      'the engine does not start',
    ],
    ['when the venues cannot run', { venues: process('blocked', 1) }, 'error', 'the engine does not start'],
    [
      'while it is stopped, not long after a crash',
      { venues: process('running'), engine: process('stopping', 1) },
      'off',
      'the engine is stopping',
    ],
  ] as const)('without an engine: %s', (_when, change, icon, state) => {
    // The snapshot of an engine that is gone must not speak for it.
    const shown = view({ ...fakeAppState, link: lost, ...change }, deskSnapshot({ trading: 'trading' }));
    expect(shown).toMatchObject({ icon, title: `Halfspread: ${state}` });
    expect(shown.tooltip).toHaveLength(1);
  });

  it('keeps its shape when only the link is lost, and says when the engine was last seen', () => {
    const app = runningApp({ link: { ...lost, lastSeenAt: Date.UTC(2026, 10, 22, 14, 3, 22) } });
    expect(view(app, deskSnapshot())).toMatchObject({ icon: 'trading', title: 'Halfspread: trading' });
    expect(view(app, deskSnapshot()).tooltip[1]).toBe('Link lost. Last seen 14:03:22 UTC, it keeps trading.');
    const paused = view(app, deskSnapshot({ trading: 'paused' }));
    expect(paused.tooltip[1]).toBe('Link lost. Last seen 14:03:22 UTC, the engine goes on.');
  });

  it('is a warning while it goes on and somebody should look: spike, doubt, market data', () => {
    const spike = {
      metric: 'orderToConfirm',
      venue: 'vest',
      startedAt: NOW_AT,
      tradeId: 1,
      value: 9,
      baseline: 1,
      threshold: 2,
      n: 30,
      samples: 3,
    } as const;
    const { exposure } = deskSnapshot();
    const cases: [Partial<Snapshot>, string][] = [
      [{ spikes: [spike] }, 'Vest: spike in order to confirm'],
      [{ spikes: [{ ...spike, metric: 'slippage', venue: undefined }] }, 'slippage spike'],
      [{ exposure: { ...exposure, ordersInDoubt: 1 } }, '1 order in doubt: the venue is being asked'],
      [{ venues: [venueState(), venueState({ id: 'paradex', marketData: 'gap' })] }, 'Paradex: gap in the stream'],
    ];
    for (const [change, sentence] of cases) {
      const shown = view(runningApp(), deskSnapshot(change));
      expect(shown.icon).toBe('warning');
      expect(shown.tooltip[1]).toBe(sentence);
    }
    const starting = deskSnapshot({ trading: 'starting', venues: [venueState({ marketData: 'connecting' })] });
    expect(view(runningApp(), starting).icon).toBe('observing');
  });

  it('is never softened by a trouble: halted stays an error', () => {
    expect(trayIcon('halted', true)).toBe('error');
    const reason = { code: 'HS_REDUCE_FAILED', message: 'exit left 1 on A' };
    expect(view(runningApp(), deskSnapshot({ trading: 'halted', tradingReason: reason })).tooltip[1]).toBe(
      'Halted: a position could not be closed',
    );
    const unknown = deskSnapshot({ trading: 'halted', tradingReason: { code: 'HS_NEW', message: 'as told' } });
    expect(view(runningApp(), unknown).tooltip[1]).toBe('as told');
  });
});

describe('tray figures', () => {
  const latency = (venue: string, p50: number, p95: number): LegLatency => {
    const none = { n: 0 };
    return {
      venue,
      orderToAck: none,
      orderToConfirm: { n: 388, p50, p95 },
      signalToOrder: none,
      sign: none,
      lineOut: none,
      venueTime: none,
      lineBack: none,
    };
  };

  it('are the net of today since 0:00 UTC and the slower leg’s p95 with its n', () => {
    const trades = [
      closedTrade(3, NOW_AT - 1000, 7_000_000_000),
      closedTrade(2, NOW_AT - 2000, -218_000_000),
      closedTrade(4, NOW_AT - 2000, 900_000_000_000, { fees: 'published' }),
      closedTrade(1, NOW_AT - 86_400_000, 500_000_000_000),
    ];
    const { statistics } = deskSnapshot();
    const snapshot = deskSnapshot({
      trades,
      statistics: { ...statistics, latency: [latency('vest', 40, 63), latency('paradex', 30, 90)] },
    });
    expect(view(runningApp(), snapshot).tooltip[1]).toBe(
      'Net today +67.82\u00a0USD · p95 63\u00a0ms (n\u00a0=\u00a0388)',
    );
    expect(view(runningApp({ language: 'fr' }), snapshot).tooltip).toEqual([
      'Exercice sur ce poste\u00a0: en marché',
      'Net du jour +67,82\u00a0USD · p95 63\u00a0ms (n\u00a0=\u00a0388)',
    ]);
  });

  it('say so when the snapshot does not reach back to the start of the day', () => {
    const trades = Array.from({ length: 500 }, (_, index) => closedTrade(500 - index, NOW_AT, 1_000_000));
    expect(view(runningApp(), deskSnapshot({ trades })).tooltip[1]).toBe(
      'Net of the latest trades today +5.00\u00a0USD',
    );
  });
});

describe('tray menu', () => {
  it('pauses while it trades and starts otherwise, only over a link that is there', () => {
    const trading = view(runningApp(), deskSnapshot());
    expect(entry(trading, 'pause')).toMatchObject({ label: 'Pause entries', isEnabled: true });
    expect(entry(trading, 'start')).toBeUndefined();
    const paused = view(runningApp(), deskSnapshot({ trading: 'paused' }));
    expect(entry(paused, 'start')).toMatchObject({ label: 'Start trading', isEnabled: true });
    expect(entry(paused, 'pause')).toBeUndefined();
    const lost = runningApp({ link: { state: 'lost', rtt: { n: 0 }, attempt: 3 } });
    expect(entry(view(lost, deskSnapshot()), 'pause')).toMatchObject({ isEnabled: false });
    expect(entry(view(fakeAppState), 'start')).toMatchObject({ isEnabled: false });
  });

  it('offers to close all where there is something to close, with how much', () => {
    expect(entry(view(runningApp(), deskSnapshot()), 'closeAll')).toMatchObject({
      label: 'Close all…',
      isEnabled: false,
    });
    const open = closedTrade(1, NOW_AT, 0, { state: 'OPEN', closedAt: undefined });
    expect(entry(view(runningApp(), deskSnapshot({ trades: [open] })), 'closeAll')).toMatchObject({
      label: 'Close all… (1 trade)',
      isEnabled: true,
    });
    expect(entry(view(runningApp(), deskSnapshot({ trading: 'halted' })), 'closeAll')).toMatchObject({
      isEnabled: true,
    });
  });

  it('mutes alerts for an hour, and unmutes them while they are muted', () => {
    const muted = (mutedUntil: MutedUntil | undefined) =>
      trayView({ app: fakeAppState, snapshot: undefined, mutedUntil, nowMs: NOW_AT });
    for (const over of [undefined, NOW_AT]) {
      expect(entry(muted(over), 'mute')).toMatchObject({ label: 'Mute alerts for 1 h' });
      expect(entry(muted(over), 'unmute')).toBeUndefined();
    }
    expect(entry(muted(NOW_AT + 60_000), 'unmute')).toMatchObject({ label: 'Unmute alerts (muted until 14:38 UTC)' });
    expect(entry(muted('unmuted'), 'unmute')).toMatchObject({ label: 'Unmute alerts' });
  });

  it('says with quit what ends with it', () => {
    expect(entry(view(runningApp(), deskSnapshot()), 'quit')).toMatchObject({ label: 'Quit (practice ends with it)' });
    const { desk } = deskSnapshot();
    expect(entry(view(runningApp(), deskSnapshot({ desk: { ...desk, mode: 'live' } })), 'quit')).toMatchObject({
      label: 'Quit (the engine ends with it)',
    });
    expect(entry(view(fakeAppState), 'quit')).toMatchObject({ label: 'Quit', isEnabled: true });
  });

  it('begins with the tooltip’s lines, which cannot be clicked', () => {
    const shown = view(runningApp(), deskSnapshot());
    expect(shown.menu.slice(0, 3)).toEqual([
      { type: 'text', label: 'Practice on this machine: trading' },
      { type: 'text', label: 'Net today 0.00\u00a0USD' },
      { type: 'separator' },
    ]);
  });
});

describe('tray of a live desk', () => {
  const live = (change: Partial<Snapshot>): Snapshot => {
    const snapshot = deskSnapshot(change);
    return { ...snapshot, desk: { ...snapshot.desk, mode: 'live' } };
  };
  const disarmed = live({ trading: 'paused', arming: { state: 'disarmed', sinceAt: 1 } });
  const limits = { maxNotionalE8: 500e8, maxUnhedgedMs: 3000, maxDayLossE8: 25e8 };
  const armed = live({ arming: { state: 'armed', sinceAt: 1, limits } });

  it('says that it is disarmed, and offers to arm in the window', () => {
    const shown = view(runningApp(), disarmed);
    expect(shown).toMatchObject({ icon: 'observing', title: 'Halfspread: disarmed, no entries' });
    expect(shown.tooltip[0]).toBe('Live on this machine: disarmed, no entries');
    expect(entry(shown, 'arm')).toMatchObject({ label: 'Arm live trading…', isEnabled: true });
    for (const action of ['disarm', 'start', 'pause'] as const) expect(entry(shown, action)).toBeUndefined();
  });

  it('says that it is armed and for how much, and offers to disarm, also while the link is lost', () => {
    const shown = view(runningApp(), armed);
    expect(shown.icon).toBe('trading');
    expect(shown.tooltip[1]).toBe('Armed: real orders, at most 500\u00a0USD at each venue');
    expect(entry(shown, 'disarm')).toMatchObject({ label: 'Disarm', isEnabled: true });
    expect(entry(shown, 'pause')).toBeDefined();
    expect(entry(shown, 'arm')).toBeUndefined();
    const lost = runningApp({ link: { state: 'lost', rtt: { n: 0 }, attempt: 1 } });
    expect(entry(view(lost, armed), 'disarm')).toMatchObject({ isEnabled: true });
    const paused = { ...armed, trading: 'paused' } as const;
    expect(view(runningApp(), paused).title).toBe('Halfspread: entries paused');
    expect(entry(view(runningApp(), paused), 'start')).toBeDefined();
  });

  it('warns that the exposure is unknown after the end of an armed engine', () => {
    const app = runningApp({
      engine: process('restarting', 1),
      link: { state: 'connecting', rtt: { n: 0 }, attempt: 1 },
    });
    const shown = trayView({ app, snapshot: armed, mode: 'live', isExposureUnknown: true, nowMs: NOW_AT });
    expect(shown.icon).toBe('warning');
    expect(shown.tooltip[1]).toBe('Exposure unknown: the armed engine ended');
    expect(trayView({ app: fakeAppState, snapshot: undefined, mode: 'paper', nowMs: NOW_AT }).tooltip[0]).toBe(
      'Paper on this machine: no engine runs',
    );
  });
});

import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { HalfspreadError } from '../../engine/protocol/errors.ts';
import type { Spike } from '../../engine/protocol/model.ts';
import type { LogRecord } from '../diagnostics/log.ts';
import { openSettings, type SettingsStore } from '../settings/settings.ts';
import { createAlerts, type Alerts, type AlertsOptions } from './alerts.ts';
import { openInboxFile } from './inbox-file.ts';
import type { DesktopNotification, NotifierHandlers } from './notifier.ts';

const MINUTE_MS = 60_000;
const START_AT = Date.UTC(2026, 0, 2, 12);

let folder: string;
let now: number;
let minuteOfDay: number;
let due: { at: number; callback: () => void }[];
let settings: SettingsStore;
let shown: DesktopNotification[];
let closed: string[];
let log: LogRecord[];
let refusal: HalfspreadError | undefined;
let handlers: NotifierHandlers;
let opened: (number | undefined)[];
let changes: number;
let alerts: Alerts;

async function start(change: Partial<AlertsOptions> = {}): Promise<void> {
  settings = await openSettings(join(folder, 'settings.json'), () => now);
  alerts = createAlerts({
    inboxFile: await openInboxFile(join(folder, 'inbox.json'), () => now),
    settings,
    language: () => settings.get().language ?? 'en',
    createNotifier(given) {
      handlers = given;
      return {
        show: (notification) => (refusal ? Promise.reject(refusal) : Promise.resolve(void shown.push(notification))),
        close: (category) => void closed.push(category),
        stop: () => undefined,
      };
    },
    clock: {
      now: () => now,
      minuteOfDay: () => minuteOfDay,
      after(ms, callback) {
        const timer = { at: now + ms, callback };
        due.push(timer);
        return () => void (due = due.filter((each) => each !== timer));
      },
    },
    onChange: () => void changes++,
    onOpen: (tradeId) => void opened.push(tradeId),
    log: (record) => void log.push(record),
    ...change,
  });
}

function pass(ms: number): void {
  now += ms;
  for (const timer of due.filter(({ at }) => at <= now)) {
    due = due.filter((each) => each !== timer);
    timer.callback();
  }
}

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'hs-alerts-'));
  [now, minuteOfDay, due, shown, closed, log, opened] = [START_AT, 720, [], [], [], [], []];
  [refusal, changes] = [undefined, 0];
  await start();
});
afterEach(async () => {
  await alerts.stop();
  await rm(folder, { recursive: true });
});

const spikeOf = (venue: string, tradeId: number): Spike => ({
  metric: 'orderToConfirm',
  venue,
  startedAt: now,
  tradeId,
  value: 812,
  baseline: 386,
  threshold: 483,
  n: 60,
  samples: 2,
});
const endOf = (spike: Spike): Spike => ({
  ...spike,
  ended: { at: now, tradeId: spike.tradeId + 5, outcome: 'over' },
});
const settled = () => new Promise((resolve) => setImmediate(resolve));

describe('alerts', () => {
  it('one spike is one notification and one line of the inbox, in the same words', async () => {
    alerts.spike(spikeOf('paradex', 21));
    await settled();
    const { inbox, unread, desktop } = alerts.state();
    expect(shown).toEqual([{ category: 'spike.latency.paradex', severity: 'warn', ...inbox[0]!.words.en }]);
    expect({ unread, desktop }).toEqual({ unread: 1, desktop: { state: 'shown' } });
    expect(inbox[0]).toMatchObject({ id: 1, at: START_AT, tradeId: 21, read: false });
  });

  it('speaks the language of the moment', async () => {
    await settings.set({ language: 'fr' });
    alerts.spike(spikeOf('paradex', 21));
    expect(shown[0]?.title).toBe('Pic de latence sur Paradex');
  });

  it('of twenty spikes in a minute shows three and a digest; the inbox has them all', () => {
    for (let index = 0; index < 20; index++) {
      const spike = spikeOf(`venue${index}`, index + 1);
      alerts.spike(spike);
      pass(3_000);
    }
    pass(MINUTE_MS);
    expect(shown.map(({ title }) => title)).toEqual([
      'Latency spike on Venue0',
      'Latency spike on Venue1',
      'Latency spike on Venue2',
      '17 more alerts within a minute',
    ]);
    expect(alerts.state().unread).toBe(20);
  });

  it('mute keeps alerts in the inbox and off the desktop, until it is over', async () => {
    await alerts.mute(START_AT + MINUTE_MS);
    const spike = spikeOf('paradex', 21);
    alerts.spike(spike);
    expect([shown.length, alerts.state().unread]).toEqual([0, 1]);
    pass(MINUTE_MS);
    alerts.spike(endOf(spike));
    expect(shown.map(({ title }) => title)).toEqual(['Latency on Paradex is back to usual']);
    await alerts.mute('unmuted');
    expect(alerts.state().mutedUntil).toBe('unmuted');
    await alerts.mute(undefined);
    expect(alerts.state().mutedUntil).toBeUndefined();
    await expect(alerts.mute(START_AT)).rejects.toMatchObject({ code: 'HS_ALERTS_MUTE' });
  });

  it('quiet hours and mute are kept over a restart, and critical alerts pass both', async () => {
    await alerts.setQuietHours({ fromMinute: 1320, toMinute: 420 });
    await alerts.mute('unmuted');
    await alerts.stop();
    await start();
    expect(alerts.state()).toMatchObject({ mutedUntil: 'unmuted', quietHours: { fromMinute: 1320 } });
    minuteOfDay = 60;
    alerts.spike(spikeOf('paradex', 21));
    const error = { code: 'HS_JOURNAL_CORRUPT', message: '', remedy: '' };
    const stopped = { state: 'stopped', restarts: 0 } as const;
    alerts.observe({
      states: {
        engine: { state: 'blocked', restarts: 0, error },
        venues: stopped,
        link: { state: 'lost', rtt: { n: 0 }, attempt: 0 },
      },
      snapshot: undefined,
    });
    expect(shown.map(({ severity }) => severity)).toEqual(['critical']);
  });

  it('a click opens the trade of the newest alert of its subject and reads it', () => {
    const spike = spikeOf('paradex', 21);
    alerts.spike(spike);
    alerts.spike(endOf(spike));
    handlers.onOpen('spike.latency.paradex');
    handlers.onOpen('digest.spikes');
    expect(opened).toEqual([26, undefined]);
    expect(alerts.state().inbox.map(({ read }) => read)).toEqual([true, false]);
  });

  it('a desktop that shows nothing is said once in the log, and the inbox goes on', async () => {
    refusal = new HalfspreadError('HS_NOTIFY_NO_BUS', 'no bus', 'start one');
    alerts.spike(spikeOf('paradex', 21));
    await settled();
    alerts.spike(spikeOf('vest', 22));
    await settled();
    expect(log).toMatchObject([{ level: 'warn', message: expect.stringContaining('no bus') }]);
    expect(alerts.state()).toMatchObject({ unread: 2, desktop: { state: 'unavailable', reason: 'HS_NOTIFY_NO_BUS' } });
    refusal = undefined;
    pass(MINUTE_MS);
    alerts.spike(endOf(spikeOf('vest', 22)));
    await settled();
    expect(alerts.state().desktop).toEqual({ state: 'shown' });
  });

  it('a shell without notifications says so from the start', async () => {
    await start({ createNotifier: undefined });
    alerts.spike(spikeOf('paradex', 21));
    expect(alerts.state()).toMatchObject({ unread: 1, desktop: { state: 'unavailable', reason: 'HS_NOTIFY_NONE' } });
  });

  it('keeps the inbox, read marks and numbers over a restart', async () => {
    alerts.spike(spikeOf('paradex', 21));
    alerts.spike(spikeOf('vest', 22));
    alerts.read([1]);
    expect(changes).toBeGreaterThan(2);
    await alerts.stop();
    await start();
    expect(alerts.state().inbox.map(({ id, read }) => [id, read])).toEqual([
      [2, false],
      [1, true],
    ]);
    alerts.spike(spikeOf('hyperliquid', 23));
    expect(alerts.state().inbox[0]?.id).toBe(3);
    alerts.read();
    expect(alerts.state().unread).toBe(0);
  });

  it('takes a spike’s notification away when another engine knows of none', () => {
    alerts.spike(spikeOf('paradex', 21));
    alerts.adopt([]);
    expect(closed).toEqual(['spike.latency.paradex']);
  });
});

import { AxeBuilder } from '@axe-core/playwright';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { SpikeWatch } from '../../engine/desk/spike-watch.ts';
import { deskEventSchema, type Episode } from '../../engine/protocol/model.ts';
import { createAlerts, type Alerts } from '../../main/notify/alerts.ts';
import { openInboxFile } from '../../main/notify/inbox-file.ts';
import { openSettings } from '../../main/settings/settings.ts';
import {
  hasBusDaemon,
  noBusDaemonWhy,
  startTestBus,
  type TestBus,
} from '../../main/shell/linux/bus-daemon.test-helper.ts';
import {
  startFakeNotificationServer,
  type FakeNotificationServer,
  type ReceivedNotification,
} from '../../main/shell/linux-notifications/fake-server.test-helper.ts';
import { createLinuxNotifier } from '../../main/shell/linux-notifications/linux-notifier.ts';
import { hasChromium, launchChromium, openPage, startHalfspread, type RunningHalfspread } from './halfspread-window.ts';

const eventually = <Value>(look: () => Value) => expect.poll(look, { timeout: 30_000, interval: 50 });

let bus: TestBus;
let desktop: FakeNotificationServer;

beforeAll(async () => {
  if (!hasBusDaemon) return;
  bus = await startTestBus();
  desktop = await startFakeNotificationServer(bus.environment);
});
afterAll(async () => {
  desktop?.stop();
  await bus?.stop();
});

/** What the engine measures of an episode over a line that takes this long out, on one venue. */
function episodeOver(lineOutMs: number, venue: string, at: number): Episode {
  const stamps = {
    t2: 0,
    t4: 0.3,
    t5: 0.3 + lineOutMs,
    t6: 10.3 + lineOutMs,
    ack: 198.3 + lineOutMs,
    t8: 198.3 + lineOutMs,
  };
  return {
    kind: 'entry',
    state: 'complete',
    signalAt: at,
    detectionSpreadBps: 2,
    detectionToSignalMs: 0,
    submission: 'parallel',
    legs: [
      {
        venue,
        symbol: 'BTC',
        side: 'BUY',
        purpose: 'entry',
        orderId: 1,
        state: 'FILLED',
        sizeE8: 1e7,
        filledE8: 1e7,
        limitPriceE8: 6e12,
        reduceOnly: false,
        touchAtDetectionE8: 6e12,
        fills: [],
        stamps,
        signature: 'ahead',
        signMs: 0,
        slotAgeMs: 5,
        orderToAckMs: 198 + lineOutMs,
        orderToConfirmMs: 198 + lineOutMs,
        feedAgeEstimated: false,
        bookAtDetection: [],
      },
    ],
  };
}

describe.skipIf(!hasBusDaemon)(`a planted spike, from the engine's measures to the desktop${noBusDaemonWhy}`, () => {
  const USUAL_MS = 188;
  const SLOW_MS = 600;
  let folder: string;
  let now: number;
  let timers: { at: number; callback: () => void }[];
  let alerts: Alerts;
  let watch: SpikeWatch;
  let opened: (number | undefined)[];
  let tradeId: number;
  let from: number;

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'hs-notifications-'));
    [now, timers, opened, tradeId, from] = [Date.UTC(2026, 0, 2), [], [], 0, desktop.received.length];
    alerts = createAlerts({
      inboxFile: await openInboxFile(join(folder, 'inbox.json'), () => now),
      settings: await openSettings(join(folder, 'settings.json'), () => now),
      language: () => 'en',
      createNotifier: (handlers) => createLinuxNotifier(bus.environment, handlers),
      clock: {
        now: () => now,
        minuteOfDay: () => 720,
        after(ms, callback) {
          const timer = { at: now + ms, callback };
          timers.push(timer);
          return () => void (timers = timers.filter((each) => each !== timer));
        },
      },
      onChange: () => undefined,
      onOpen: (id) => void opened.push(id),
      log: () => undefined,
    });
    watch = new SpikeWatch({ write: () => undefined, close: () => Promise.resolve() }, (spike) => {
      const event = deskEventSchema.parse({ type: 'spike', spike });
      if (event.type === 'spike') alerts.spike(event.spike);
    });
  });
  afterEach(async () => {
    await alerts.stop();
    await rm(folder, { recursive: true });
  });

  function measure(lineOutMs: number, venue: string): void {
    watch.add(++tradeId, episodeOver(lineOutMs, venue, now));
  }
  function usual(venue: string): void {
    for (let count = 0; count < 30; count++) measure(USUAL_MS + (count % 4), venue);
  }
  function pass(ms: number): void {
    now += ms;
    for (const timer of timers.filter(({ at }) => at <= now)) {
      timers = timers.filter((each) => each !== timer);
      timer.callback();
    }
  }
  const received = (): ReceivedNotification[] => desktop.received.slice(from);

  it('raises one notification, its end replaces it, and a click leads to the trade', async () => {
    usual('paradex');
    for (let count = 0; count < 6; count++) measure(SLOW_MS, 'paradex');
    await eventually(() => received().length).toBe(1);
    const [start] = received();
    expect(start).toMatchObject({ title: 'Latency spike on Paradex', replacesId: 0, urgency: 1 });
    expect(start?.body).toMatch(/median 798.ms over 2 orders, usual 38\d.ms \(n.=.31\)\. The line out moved most/);
    for (let count = 0; count < 5; count++) measure(USUAL_MS, 'paradex');
    await eventually(() => received().length).toBe(2);
    expect(received()[1]).toMatchObject({ title: 'Latency on Paradex is back to usual', replacesId: start?.id });
    desktop.click(start!.id);
    await eventually(() => opened).toEqual([41]);
  });

  it('twenty spikes in a minute raise three notifications, then one digest', async () => {
    for (let count = 0; count < 20; count++) usual(`venue${count}`);
    for (let count = 0; count < 20; count++) {
      measure(SLOW_MS, `venue${count}`);
      measure(SLOW_MS, `venue${count}`);
      pass(2_900);
    }
    pass(60_000);
    await eventually(() => received().map(({ title }) => title)).toEqual([
      'Latency spike on Venue0',
      'Latency spike on Venue1',
      'Latency spike on Venue2',
      '17 more alerts within a minute',
    ]);
    expect(alerts.state().unread).toBe(20);
  });
});

describe.skipIf(!hasBusDaemon || !hasChromium)(`npm start on a desktop with notifications${noBusDaemonWhy}`, () => {
  let app: RunningHalfspread;
  let browser: Browser;
  let page: Page;
  let problems: string[];

  beforeAll(async () => {
    app = await startHalfspread(undefined, bus.environment);
    browser = await launchChromium();
    ({ page, problems } = await openPage(browser, app.link));
  }, 120_000);
  afterAll(async () => {
    await browser?.close();
    await app?.stop();
  });

  const enginePid = async (): Promise<number> =>
    (JSON.parse(await readFile(join(app.home, 'data/practice/engine.json'), 'utf8')) as { pid: number }).pid;
  const told = (title: string, from: number) =>
    desktop.received.findIndex((each, at) => at >= from && each.title === title);

  it('tells of a killed engine; a click opens the trade it had open in the page; its return is told too', async () => {
    const from = desktop.received.length;
    await page
      .locator('header.top')
      .getByText(/1 open/)
      .waitFor({ timeout: 60_000 });
    process.kill(await enginePid(), 'SIGKILL');
    await eventually(() => told('The engine stopped by itself', from)).toBeGreaterThanOrEqual(from);
    const lost = desktop.received[told('The engine stopped by itself', from)]!;
    const trade = /Trade #(\d+) was open/.exec(lost.body)?.[1];
    expect(lost).toMatchObject({ urgency: 2 });
    expect(trade).toBeDefined();
    desktop.click(lost.id);
    await page.waitForURL(new RegExp(`#/trade/${trade}$`));
    await page.getByRole('heading', { name: `#${trade}`, exact: true }).waitFor();
    await eventually(() => told('The engine is back', from)).toBeGreaterThan(from);
  });

  it('keeps both in the inbox, where they are read one by one or all at once', async () => {
    await page.keyboard.press('g');
    await page.keyboard.press('a');
    await page.getByRole('heading', { name: 'Latest alerts' }).waitFor();
    const list = page.locator('.inbox');
    await list.getByText(/^The engine is back/).waitFor();
    await list.getByText('The engine stopped by itself').waitFor();
    // The clicked one was read by the click.
    expect(await page.locator('nav').getByText('unread').innerText()).toBe('1 unread');
    for (const colorScheme of ['light', 'dark'] as const) {
      await page.emulateMedia({ colorScheme });
      const { violations } = await new AxeBuilder({ page }).withTags(['wcag2a', 'wcag2aa']).analyze();
      expect(
        violations.map(({ id, nodes }) => `${colorScheme} ${id}: ${nodes.map(({ html }) => html).join()}`),
      ).toEqual([]);
    }
    await page.getByRole('button', { name: 'Mark all read' }).click();
    await page.locator('nav').getByText('unread').waitFor({ state: 'detached' });
    expect(await page.locator('.desktop').innerText()).toContain('This machine shows notifications.');
  });

  it('mutes and sets quiet hours from the page, and refuses what is no time', async () => {
    await page.getByRole('button', { name: '15 min' }).click();
    await page.getByText(/Muted until \d\d:\d\d UTC/).waitFor();
    await page.getByLabel('From').fill('25:00');
    await page.getByText('A time is written 00:00 to 23:59.').waitFor();
    await page.getByLabel('From').fill('21:30');
    await page.getByRole('button', { name: 'Set' }).click();
    await page.getByText('Every day from 21:30 to 07:00').waitFor();
    const settings: unknown = JSON.parse(await readFile(join(app.home, 'config/settings.json'), 'utf8'));
    expect(settings).toMatchObject({ quietHours: { fromMinute: 1290, toMinute: 420 }, mutedUntil: expect.any(Number) });
  });

  it('had no error in the page', () => {
    expect(problems).toEqual([]);
  });
});

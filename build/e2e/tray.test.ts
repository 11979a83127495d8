import { execFile } from 'node:child_process';
import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  hasBusDaemon,
  noBusDaemonWhy,
  startTestBus,
  type TestBus,
} from '../../main/shell/linux/bus-daemon.test-helper.ts';
import { FakePanel } from '../../main/shell/linux/fake-panel.test-helper.ts';
import { hasChromium, launchChromium, openPage, startHalfspread, type RunningHalfspread } from './halfspread-window.ts';

const eventually = <Value>(look: () => Value) => expect.poll(look, { timeout: 20_000, interval: 100 });

describe.skipIf(!hasBusDaemon)(`the tray of npm start, on a real D-Bus${noBusDaemonWhy}`, () => {
  let bus: TestBus;
  let panel: FakePanel;
  let app: RunningHalfspread;

  beforeAll(async () => {
    bus = await startTestBus();
    panel = await FakePanel.start(bus.environment);
    await panel.appear();
    app = await startHalfspread(undefined, bus.environment);
  }, 120_000);

  afterAll(async () => {
    await app?.stop();
    panel?.stop();
    await bus?.stop();
  });

  /** What the engine itself says, asked past the app. */
  async function engineSays(): Promise<string> {
    const { stdout } = await promisify(execFile)(process.execPath, ['build/halfspread.mjs', 'status', '--json'], {
      env: { ...process.env, HALFSPREAD_HOME: app.home },
    });
    return (JSON.parse(stdout) as { trading: string }).trading;
  }
  const title = async () => (await panel.item()).title;
  /** Place of the first view after `from` that begins so; -1 if there was none. */
  const seen = (beginning: string, from = 0) =>
    panel.history.findIndex((view, at) => at >= from && view.startsWith(beginning));

  it('follows the start from off to trading', async () => {
    await eventually(() => panel.items()).toHaveLength(1);
    // Venues and engine start first, on a machine that may be busy.
    await expect.poll(title, { timeout: 60_000, interval: 100 }).toBe('Halfspread: trading');
    expect(seen('off Halfspread: ')).toBeGreaterThanOrEqual(0);
    // A venue's stream may stutter while it starts: the shape is then the warning's.
    // The panel reads a changed item a moment after its signal.
    const tradingAt = () => panel.history.findIndex((view) => view.endsWith('Halfspread: trading'));
    await eventually(tradingAt).toBeGreaterThan(seen('off Halfspread: '));
    await eventually(async () => (await panel.item()).icon).toBe('trading');
    expect((await panel.item()).tooltip).toMatch(/^Practice on this machine: trading\n[\s\S]*Net today .*USD/);
  });

  it('pauses the engine from the menu and starts it again', async () => {
    await panel.click('Pause entries');
    await eventually(title).toBe('Halfspread: entries paused');
    expect(await engineSays()).toBe('paused');
    await eventually(async () => (await panel.item()).icon).toBe('observing');
    await panel.click('Start trading');
    await eventually(title).toBe('Halfspread: trading');
    expect(await engineSays()).toBe('trading');
  });

  it.skipIf(!hasChromium)('asks in the window before it closes all', { timeout: 90_000 }, async () => {
    const browser = await launchChromium();
    const { page } = await openPage(browser, app.link);
    const offersToClose = async () =>
      (await panel.menu()).some(({ label, isEnabled }) => /^Close all/.test(label) && isEnabled);
    await expect.poll(offersToClose, { timeout: 60_000, interval: 100 }).toBe(true);
    const links = app.output().split('/open/').length;
    await panel.click('Close all');
    await page.getByRole('dialog').waitFor({ timeout: 30_000 });
    expect(await page.getByRole('dialog').innerText()).toMatch(/Close all positions/);
    // For whoever has no window open: a new link, whose page shows the dialog too.
    expect(app.output().split('/open/').length).toBe(links + 1);
    await page.keyboard.press('Escape');
    await page.getByRole('dialog').waitFor({ state: 'hidden' });
    // Closing all pauses entries first: it was not done.
    expect(await engineSays()).toBe('trading');
    await browser.close();
  });

  it('shows a killed engine as recovering, and its return', async () => {
    const from = panel.history.length;
    const { pid } = JSON.parse(await readFile(join(app.home, 'data/practice/engine.json'), 'utf8')) as { pid: number };
    process.kill(pid, 'SIGKILL');
    await eventually(() => seen('warning Halfspread: recovering', from)).toBeGreaterThanOrEqual(from);
    await eventually(title).toBe('Halfspread: trading');
  });

  it('quits from the menu: engine and venues end, the icon goes', async () => {
    const from = panel.history.length;
    const links = app.output().split('/open/').length;
    const exited = once(app.process, 'exit');
    await panel.click('Quit (practice ends with it)');
    // With a trade open it asks in the window first, and takes a second time for the answer.
    const isAsking = () => app.output().split('/open/').length > links;
    await eventually(() => app.process.exitCode !== null || isAsking()).toBe(true);
    if (app.process.exitCode === null) await panel.click('Quit (practice ends with it)');
    expect((await exited)[0]).toBe(0);
    expect(await panel.items()).toEqual([]);
    expect(seen('off Halfspread: ', from)).toBeGreaterThanOrEqual(from);
  });
});

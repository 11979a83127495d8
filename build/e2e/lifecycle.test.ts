/** The whole program as a person lives with it: first run, settings, sleep, links, support bundle, quit. */
import { execFile } from 'node:child_process';
import { once } from 'node:events';
import { appendFile, mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { strFromU8, unzipSync } from 'fflate';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startTestBus, type TestBus } from '../../main/shell/linux/bus-daemon.test-helper.ts';
import {
  canFakeLogind,
  noFakeLogindWhy,
  startFakeLogind,
  type FakeLogind,
} from '../../main/shell/linux/fake-logind.test-helper.ts';
import { hasChromium, launchChromium, openPage, startHalfspread, type RunningHalfspread } from './halfspread-window.ts';

const run = promisify(execFile);

describe.skipIf(!canFakeLogind || !hasChromium)(`a Halfspread to live with${noFakeLogindWhy}`, () => {
  let config: string;
  let bus: TestBus;
  let logind: FakeLogind;
  let app: RunningHalfspread;
  let browser: Browser;
  let page: Page;
  let problems: string[];

  beforeAll(async () => {
    config = await mkdtemp(join(tmpdir(), 'hs-xdg-'));
    bus = await startTestBus();
    const address = bus.environment.DBUS_SESSION_BUS_ADDRESS;
    logind = await startFakeLogind(address);
    app = await startHalfspread(undefined, { DBUS_SYSTEM_BUS_ADDRESS: address, XDG_CONFIG_HOME: config });
    browser = await launchChromium();
    ({ page, problems } = await openPage(browser, app.link));
  }, 120_000);
  afterAll(async () => {
    await browser?.close();
    await app?.stop();
    await logind?.stop();
    await bus?.stop();
    await rm(config, { recursive: true, force: true });
  });

  const environment = () => ({ ...process.env, HALFSPREAD_HOME: app.home, XDG_CONFIG_HOME: config });
  const cli = (...args: string[]) =>
    run(process.execPath, ['build/halfspread.mjs', ...args], { env: environment() }).then(({ stdout }) => stdout);
  const trading = async () => (JSON.parse(await cli('status', '--json')) as { trading: string }).trading;
  const go = async (...keys: string[]) => {
    for (const key of keys) await page.keyboard.press(key);
  };
  const choose = (group: string, option: string) =>
    page.getByRole('radiogroup', { name: group }).getByText(option, { exact: true }).click();
  const settings = async () => JSON.parse(await readFile(join(app.home, 'config/settings.json'), 'utf8')) as object;

  it('says that practice runs by itself, until that is put away for good', async () => {
    await page.getByRole('heading', { name: 'Practice runs already' }).waitFor();
    await expect.poll(trading, { timeout: 60_000 }).toBe('trading');
    await page.getByRole('button', { name: 'Put away for good' }).click();
    await page.getByRole('heading', { name: 'Practice runs already' }).waitFor({ state: 'detached' });
    await page.reload();
    await page.getByRole('heading', { name: 'Overview' }).waitFor();
    expect(await page.getByRole('heading', { name: 'Practice runs already' }).count()).toBe(0);
  });

  it('starts at login when told to, and says when somebody else changed that', async () => {
    await go('g', ',');
    await choose('Start at login', 'On');
    const folder = join(config, 'autostart');
    const entries = () =>
      readdir(folder).then(
        (names) => names.filter((each) => each.endsWith('.desktop')),
        () => [],
      );
    await expect.poll(entries).toHaveLength(1);
    const [name] = await entries();
    expect(await readFile(join(folder, name!), 'utf8')).toContain(`HALFSPREAD_HOME=${app.home}`);
    await appendFile(join(folder, name!), 'Hidden=true\n');
    await page.reload();
    await page.getByText('Changed by somebody else').waitFor();
    await choose('Start at login', 'Off');
    await expect.poll(entries).toEqual([]);
  });

  it('keeps what is chosen, and the engine takes it', async () => {
    await choose('Spikes', 'Small too');
    await page.getByText(/Called from 4 robust deviations/).waitFor();
    await choose('Window', 'Browser');
    await expect.poll(settings).toMatchObject({ spikeSensitivity: 'high', preferredShell: 'browser' });
    const { stdout } = await run(process.execPath, ['build/preferred-shell.ts'], { env: environment() });
    expect(stdout.trim()).toBe('browser');
    await page.getByText(/Entries are paused before the machine sleeps, and sleep waits/).waitFor();
  });

  it('pauses entries before this machine sleeps, which waits for it, and goes on afterwards', async () => {
    logind.order('sleep');
    await logind.untilSaid('asleep');
    expect(await trading()).toBe('paused');
    logind.order('wake');
    await expect.poll(trading, { timeout: 20_000 }).toBe('trading');
    await logind.untilSaid('held', 2);
  });

  it('opens a page named on the command line, and nothing else that is asked for there', async () => {
    await cli('open', 'latency', '--no-browser');
    await page.getByRole('heading', { name: 'Latency', level: 1 }).waitFor();
    await expect(cli('open', 'closeAll', '--no-browser')).rejects.toMatchObject({
      stderr: expect.stringContaining('HS_PAGE_UNKNOWN'),
    });
    expect(await trading()).toBe('trading');
  });

  it('shows its processes, what they are made of and what they wrote', async () => {
    await go('g', 'd');
    const rows = page.locator('.processes tbody tr');
    await expect.poll(() => rows.allInnerTexts()).toHaveLength(3);
    await expect.poll(async () => (await rows.allInnerTexts()).join('\n')).toMatch(/Engine\s+running\s+\d+[\s\S]*MB/);
    const facts = await page.locator('.side').innerText();
    expect(facts).toMatch(/Vest signing\s+native/);
    expect(facts).toMatch(/Tray icon\s+no/);
    expect(facts).toMatch(/Waits before sleep\s+yes/);
    await choose('Program', 'Halfspread');
    await page.keyboard.press('/');
    await page.keyboard.type('power: suspend');
    await page.getByRole('log').getByText('power: suspend').waitFor();
    await page.keyboard.press('Escape');
    await page.keyboard.press('Escape');
  });

  it('saves a support bundle of exactly the files it showed, without its own secrets', async () => {
    const window = JSON.parse(await readFile(join(app.home, 'data/window.json'), 'utf8')) as { secret: string };
    const engine = JSON.parse(await readFile(join(app.home, 'data/practice/engine.json'), 'utf8')) as Record<
      string,
      string
    >;
    await page.getByRole('button', { name: 'Support bundle…' }).click();
    const dialog = page.getByRole('dialog');
    await dialog.getByRole('button', { name: /^settings\.json/ }).click();
    await dialog.getByText('"spikeSensitivity": "high"').waitFor();
    await dialog.getByRole('button', { name: /^Save 11 files/ }).click();
    await dialog.getByText('Saved as').waitFor();
    const path = await dialog.locator('.path').innerText();
    expect(path).toMatch(new RegExp(`^${app.home}/data/exports/halfspread-support-.*\\.zip$`));
    const saved = unzipSync(await readFile(path));
    expect(Object.keys(saved)).toHaveLength(11);
    for (const [name, bytes] of Object.entries(saved)) {
      const text = strFromU8(bytes);
      for (const secret of [window.secret, engine['cookie']!, engine['devicePrivateKey']!])
        expect(text, name).not.toContain(secret);
    }
    expect(strFromU8(saved['journal-last-lines.jsonl']!)).toContain('"kind":"started"');
    await page.keyboard.press('Escape');
  });

  it('opens where it was left', async () => {
    const other = await openPage(browser, (await cli('open', '--no-browser')).trim());
    await other.page.getByRole('heading', { name: 'Diagnostics', level: 1 }).waitFor();
    await other.page.close();
  });

  it('had no error in the page', () => {
    expect(problems).toEqual([]);
  });

  it('says what ends with it before it quits, then ends everything', async () => {
    const engine = JSON.parse(await readFile(join(app.home, 'data/practice/engine.json'), 'utf8')) as { pid: number };
    await go('g', ',');
    await page.getByRole('button', { name: 'Quit Halfspread…' }).click();
    const dialog = page.getByRole('dialog');
    await dialog.getByText('Practice on this machine stops.').waitFor();
    await dialog.getByRole('button', { name: 'Stay' }).click();
    await dialog.waitFor({ state: 'detached' });
    await page.getByRole('button', { name: 'Quit Halfspread…' }).click();
    const exited = once(app.process, 'exit');
    await dialog.getByRole('button', { name: /quit$/i }).click();
    expect((await exited)[0]).toBe(0);
    expect(() => process.kill(engine.pid, 0)).toThrow('ESRCH');
    await logind.untilSaid('released', 2);
    expect(app.output()).toMatch(/Stopping: the engine[^\n]*\nStopped\./);
  });
});

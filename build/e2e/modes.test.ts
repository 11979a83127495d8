/** Practice, paper and live as a person uses them: the whole program, its window in Chromium, practice venues as endpoints. */
import { AxeBuilder } from '@axe-core/playwright';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { parseVenueSet } from '../../engine/desk/venue-set.ts';
import type { ModesState } from '../../main/ipc/mode-schema.ts';
import { askVenues, startVenues, type PracticeVenues } from '../proof/practice-venues.ts';
import { createHome, type Home } from '../proof/program.ts';
import { hasChromium, launchChromium, openPage, startHalfspread, type RunningHalfspread } from './halfspread-window.ts';
import { addDeskKeys } from './desk-keys.ts';
import { addressesOf, deskYaml, dialog, pickMode, useAddresses, writeDeskYaml } from './mode-window.ts';
import { connectAsWindow, type WindowCalls } from './window-calls.ts';

const eventually = <Value>(look: () => Value, timeout = 30_000) => expect.poll(look, { timeout, interval: 100 });

describe.skipIf(!hasChromium)('practice, paper and live', () => {
  let home: Home;
  let venues: PracticeVenues;
  let app: RunningHalfspread;
  let browser: Browser;
  let page: Page;
  let problems: string[];
  let main: WindowCalls;

  const badge = () => page.locator('header.top button.mode').innerText();
  const apply = () => dialog(page).getByRole('button', { name: /^(Change to|Restart)/ });
  const modes = async (): Promise<ModesState> => (await main.call('modes.open', {})).modes;
  const snapshot = async () => (await main.call('app.open', {})).snapshot;
  const armed = async () => (await snapshot())?.arming?.state;
  const tradingAxis = () => page.locator('header.top dl.axis').nth(1).innerText();
  const holdButton = () => dialog(page).getByRole('button', { name: /Hold/ });
  const typedField = () => page.getByLabel(/Type the maximum notional/);
  /** The codes printed so far. */
  const codes = () => [...app.output().matchAll(/Type this code .*: (\d{6})/g)].map((found) => found[1] ?? '');

  /** A flat desk first: closes what is open as often as a trade comes in between. */
  async function closeAndApply(): Promise<void> {
    const closeAll = dialog(page).getByRole('button', { name: 'Close all and pause entries' });
    const soon = { timeout: 2_000 };
    // A button may go, or be disabled by a trade that opens, just as it is clicked: then it is looked at again.
    await eventually(async () => {
      if (!(await dialog(page).isVisible())) return 'done';
      if (await closeAll.isVisible()) await closeAll.click(soon);
      else if (await apply().isEnabled(soon)) await apply().click(soon);
      return 'still open';
    }, 90_000).toBe('done');
  }

  /** Types the notional and holds Enter in the field. */
  async function hold(ms: number): Promise<void> {
    await typedField().fill('2,000');
    await typedField().focus();
    await page.keyboard.down('Enter');
    await page.waitForTimeout(ms);
    await page.keyboard.up('Enter');
  }

  async function armByCode(): Promise<void> {
    await page.getByRole('button', { name: /^Arm…/ }).click();
    await eventually(() => dialog(page).innerText()).toMatch(/Checks, .* ago/);
    const before = codes().length;
    await hold(2_400);
    await eventually(() => codes().length).toBe(before + 1);
    await page.getByLabel('Code').fill(codes().at(-1) ?? '');
    await page.getByRole('button', { name: /^Confirm/ }).click();
    await dialog(page).first().waitFor({ state: 'hidden' });
    await eventually(armed).toBe('armed');
  }

  const settings = async () =>
    JSON.parse(await readFile(join(app.home, 'config', 'settings.json'), 'utf8')) as { modes?: { mode: string } };

  beforeAll(async () => {
    home = await createHome();
    venues = await startVenues(home, ['--network', 'none', '--fees', 'zero']);
    app = await startHalfspread(home.folder);
    main = await connectAsWindow(home.folder);
    browser = await launchChromium();
    ({ page, problems } = await openPage(browser, app.link));
  }, 120_000);

  afterAll(async () => {
    await browser?.close();
    main?.close();
    await app?.stop();
    await venues?.stop();
    await home?.remove();
  });

  it('offers paper from the badge, and says what it lacks: probe and a look at the config it just made', async () => {
    expect(await badge()).toBe('PRACTICE');
    await pickMode(page, 'paper');
    await eventually(() => apply().isDisabled()).toBe(true);
    await eventually(() => dialog(page).innerText()).toMatch(/not done yet[\s\S]*Vest has not been probed/);
    await eventually(() => dialog(page).innerText()).toMatch(/BTC on Vest and Paradex, 0\.001 BTC a trade/);
    expect(await readFile(join(app.home, 'config', 'desk.yaml'), 'utf8')).toContain('max_notional_usd: 500');
  });

  it('refuses plain http to another machine, in words beside the field', async () => {
    const addresses = addressesOf(venues);
    await useAddresses(page, { ...addresses, paradex: { ...addresses.paradex, restUrl: 'http://venue.example/v1' } });
    await dialog(page).getByRole('button', { name: 'Use these addresses' }).click();
    await eventually(() => dialog(page).getByRole('alert').innerText()).toMatch(/Paradex[\s\S]*readable by everybody/);
    await useAddresses(page, addresses);
    await dialog(page).getByRole('button', { name: 'Use these addresses' }).click();
    await eventually(() => dialog(page).innerText()).toContain(new URL(addresses.paradex.restUrl).host);
  });

  it('refuses an address where something else answers, with what the probe found', async () => {
    const { paradex, vest } = addressesOf(venues);
    await useAddresses(page, { paradex, vest: { ...vest, restUrl: paradex.restUrl.replace(/v1$/, 'v2') } });
    await dialog(page).getByRole('button', { name: 'Use these addresses' }).click();
    await dialog(page).getByRole('button', { name: 'Probe', exact: true }).click();
    await eventually(() => dialog(page).locator('footer').innerText()).toMatch(/What answers as Vest is not an API/);
    expect(await apply().isDisabled()).toBe(true);
    await useAddresses(page, addressesOf(venues));
    await dialog(page).getByRole('button', { name: 'Use these addresses' }).click();
    await eventually(() => dialog(page).innerText()).toContain(new URL(vest.restUrl).host);
  });

  it('probes both venues read-only and shows what each answers', async () => {
    await dialog(page).getByRole('button', { name: 'Probe', exact: true }).click();
    const found = async () =>
      (await dialog(page).locator('summary').allInnerTexts()).map((each) => each.split(/\s*\n\s*/));
    await eventually(found).toEqual([
      ['Paradex', 'answers v1: usable', expect.stringMatching(/^1 market · \d/)],
      ['Vest', 'answers v2: usable', expect.stringMatching(/^1 market · \d/)],
    ]);
  });

  it('shows a config that became invalid with its line and field, and keeps the valid one', async () => {
    await writeDeskYaml(app.home, deskYaml(venues, { leverage: '200' }));
    await dialog(page).getByRole('button', { name: 'Reload' }).click();
    await eventually(() => dialog(page).innerText()).toMatch(/8:15\s+bots\[0\]\.leverage\s+must be 1 to 100/);
    expect(await dialog(page).innerText()).toMatch(/the last valid one stays in use/);
    await writeDeskYaml(app.home, deskYaml(venues));
    await dialog(page).getByRole('button', { name: 'Reload' }).click();
    await eventually(() => dialog(page).innerText()).toMatch(/e2e: BTC on Vest and Paradex, 0\.01 BTC a trade/);
  });

  it('changes to paper once the desk is flat, and trades on the venues’ market data', async () => {
    await closeAndApply();
    await eventually(badge).toBe('PAPER');
    await eventually(() => page.locator('main').innerText(), 60_000).toMatch(/Paper fills[\s\S]*#\d+/);
    expect((await settings()).modes?.mode).toBe('paper');
  });

  it('refuses live without keys, in words and past the window', async () => {
    await pickMode(page, 'live');
    await eventually(() => dialog(page).locator('footer').innerText()).toMatch(/There is no key for Vest/);
    await expect(main.call('modes.choose', { mode: 'live', acceptUnknown: true })).rejects.toThrow('HS_MODE_REFUSED');
    await addDeskKeys(home.folder, main, venues);
    await eventually(() => dialog(page).innerText()).toMatch(/can trade, not withdraw/);
  });

  it('starts disarmed: linked to the account, with a chain of signals that open nothing', async () => {
    await closeAndApply();
    await eventually(badge).toBe('LIVE');
    await eventually(tradingAxis).toMatch(/disarmed, no entries/);
    await eventually(async () => (await snapshot())?.missed.map(({ reason }) => reason), 60_000).toContain('DISARMED');
    expect((await snapshot())?.trades).toEqual([]);
    // What a page that was taken over would try.
    await expect(
      main.call('engine.command', {
        name: 'arm',
        limits: { maxNotionalE8: 2000e8, maxUnhedgedMs: 4000, maxDayLossE8: 100e8 },
      }),
    ).rejects.toThrow('HS_COMMAND_NEEDS_PERSON');
  });

  it('shows the most it can do and what was checked, without an accessibility fault that axe finds', async () => {
    await page.getByRole('button', { name: /^Arm…/ }).click();
    await eventually(() => dialog(page).innerText()).toMatch(/Checks, .* ago[\s\S]*Positions equal on both sides/);
    const words = await dialog(page).innerText();
    expect(words).toMatch(/Worst case, one leg alone\s+[\d.]+\sm?s · [\s\S]*USD/);
    expect(words).toMatch(/Unhedged at most\s+4\ss × [\d,]+\s?USD/);
    expect(await dialog(page).getByLabel('Notional per venue', { exact: true }).inputValue()).toBe('2,000');
    const { violations } = await new AxeBuilder({ page }).withTags(['wcag2a', 'wcag2aa']).analyze();
    expect(
      violations.map(({ id, nodes }) => `${id}: ${nodes.map((node) => node.target.join(' ')).join(', ')}`),
    ).toEqual([]);
  });

  it('refuses a wrong notional, a wider limit, and a hold that was let go: no code is printed', async () => {
    await typedField().fill('200');
    expect(await holdButton().getAttribute('aria-disabled')).toBe('true');
    await dialog(page).getByLabel('Notional per venue', { exact: true }).fill('2,001');
    await eventually(() => dialog(page).getByRole('alert').innerText()).toMatch(/At most 2,000/);
    expect(await holdButton().getAttribute('aria-disabled')).toBe('true');
    await dialog(page).getByLabel('Notional per venue', { exact: true }).fill('2,000');
    await hold(800);
    await page.waitForTimeout(1_500);
    expect(codes()).toEqual([]);
    expect((await modes()).attempt).toEqual({ phase: 'idle' });
  });

  it('asks for the code of the terminal, refuses a wrong one, and arms with the right one', async () => {
    await hold(2_400);
    await eventually(() => codes().length).toBe(1);
    expect(app.output()).toMatch(/Arm live trading of e2e on paradex custom 127[\s\S]*At most 2,000.USD at each venue/);
    const [code = ''] = codes();
    await page.getByLabel('Code').fill(code === '000000' ? '000001' : '000000');
    await page.getByRole('button', { name: /^Confirm/ }).click();
    await eventually(() => page.getByRole('dialog', { name: /^Arm live trading of/ }).innerText()).toMatch(
      /2 tries left/,
    );
    expect(await armed()).toBe('disarmed');
    await page.getByLabel('Code').fill(code);
    await page.getByRole('button', { name: /^Confirm/ }).click();
    await eventually(tradingAxis).toMatch(/Armed · Trading/);
    await dialog(page).first().waitFor({ state: 'hidden' });
  });

  it('sends real orders then: the venues’ own ledgers have the fills', async () => {
    await eventually(async () => (await snapshot())?.trades.length, 60_000).toBeGreaterThan(0);
    await eventually(async () => {
      const { fills } = await askVenues(venues.description);
      return new Set(fills.map(({ venue }) => venue)).size;
    }).toBe(2);
  });

  it('calls the exposure unknown when the armed engine is killed, and comes back disarmed', async () => {
    const before = (await main.call('app.open', {})).app.engine.pid;
    expect(before).toBeGreaterThan(0);
    process.kill(before!, 'SIGKILL');
    await page.getByText(/^Exposure unknown since/).waitFor();
    await eventually(tradingAxis, 60_000).toMatch(/disarmed, no entries/);
    await page.getByText(/^Exposure unknown since/).waitFor({ state: 'hidden' });
    expect((await snapshot())?.arming?.reason?.code).toBe('HS_DISARMED_RESTART');
    const alerts = (await main.call('app.open', {})).alerts.inbox;
    expect(alerts.find(({ severity }) => severity === 'critical')?.words.en.title).toBe(
      'The armed engine ended: exposure unknown',
    );
  });

  it('is armed anew, and disarmed by one key: no entry any more, what is open is closed', async () => {
    await armByCode();
    await page.keyboard.press('Shift+D');
    await eventually(armed).toBe('disarmed');
    await eventually(tradingAxis).toMatch(/disarmed, no entries/);
    const since = (await snapshot())?.arming?.sinceAt ?? 0;
    await eventually(
      async () => (await snapshot())?.missed.some(({ at, reason }) => at > since && reason.includes('DISARMED')),
      60_000,
    ).toBe(true);
    expect((await snapshot())?.trades.filter(({ openedAt }) => openedAt > since)).toEqual([]);
  });

  it('waits after a restart for keys that were of one run, as live, without falling back to practice', async () => {
    main.close();
    await app.stop();
    app = await startHalfspread(home.folder);
    main = await connectAsWindow(home.folder);
    await eventually(async () => (await main.call('app.open', {})).app.engine).toMatchObject({
      state: 'blocked',
      error: { code: 'HS_KEY_GONE' },
    });
    expect((await modes()).mode).toBe('live');
    expect((await modes()).isOutdated).toBe(true);
  });

  it('told no secret to window or log, and had no error in the page', async () => {
    expect(problems.filter((problem) => !/Failed to load resource|WebSocket/.test(problem))).toEqual([]);
    const { paradex, vest } = parseVenueSet(venues.description);
    const log = await readFile(join(home.folder, 'data', 'logs', 'main.log'), 'utf8');
    for (const secret of [paradex.accounts[0]!.l2PrivateKey, vest.accounts[0]!.signingPrivateKey, ...codes()]) {
      expect(log.includes(secret)).toBe(false);
    }
  });
});

/** Practice, paper and live as a person uses them: the whole program, its window in Chromium, practice venues as endpoints. */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startVenues, type PracticeVenues } from '../proof/practice-venues.ts';
import { createHome, type Home } from '../proof/program.ts';
import { hasChromium, launchChromium, openPage, startHalfspread, type RunningHalfspread } from './halfspread-window.ts';
import { addressesOf, deskYaml, dialog, pickMode, useAddresses, writeDeskYaml } from './mode-window.ts';

const eventually = <Value>(look: () => Value, timeout = 30_000) => expect.poll(look, { timeout, interval: 100 });

describe.skipIf(!hasChromium)('modes', () => {
  let home: Home;
  let venues: PracticeVenues;
  let app: RunningHalfspread;
  let browser: Browser;
  let page: Page;
  let problems: string[];

  const badge = () => page.locator('header.top button.mode').innerText();
  const apply = () => dialog(page).getByRole('button', { name: /^(Change to|Restart)/ });
  const settings = async () =>
    JSON.parse(await readFile(join(app.home, 'config', 'settings.json'), 'utf8')) as { modes?: { mode: string } };

  beforeAll(async () => {
    home = await createHome();
    venues = await startVenues(home, ['--network', 'none', '--fees', 'zero']);
    app = await startHalfspread(home.folder);
    browser = await launchChromium();
    ({ page, problems } = await openPage(browser, app.link));
  }, 120_000);

  afterAll(async () => {
    await browser?.close();
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
    const closeAll = dialog(page).getByRole('button', { name: 'Close all and pause entries' });
    await eventually(async () => {
      if (await closeAll.isVisible()) await closeAll.click();
      return apply().isEnabled();
    }).toBe(true);
    await apply().click();
    await dialog(page).waitFor({ state: 'hidden', timeout: 30_000 });
    await eventually(badge).toBe('PAPER');
    await eventually(() => page.locator('main').innerText(), 60_000).toMatch(/Paper fills[\s\S]*#\d+/);
    expect((await settings()).modes?.mode).toBe('paper');
    await page.screenshot({ path: '/tmp/md-shots/real-paper.png' });
  });

  it('had no error in the page and no breach of its content policy', () => {
    expect(problems.filter((problem) => !/Failed to load resource.*(401|403|410)/.test(problem))).toEqual([]);
  });
});

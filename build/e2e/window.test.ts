import { AxeBuilder } from '@axe-core/playwright';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { windowHost, type OpenedWindow } from './window-host.ts';

const PAGES = ['overview', 'latency', 'trades', 'slippage', 'alerts', 'settings', 'diagnostics'] as const;

const inBrowser = windowHost.kind === 'browser';

describe.skipIf(!windowHost.canRun)(windowHost.title, () => {
  let app: OpenedWindow;
  let page: Page;

  beforeAll(async () => {
    app = await windowHost.open();
    ({ page } = app);
  }, 120_000);

  afterAll(() => app?.stop());

  const go = (route: string): Promise<unknown> => page.evaluate((hash) => (location.hash = hash), `#/${route}`);

  it.runIf(inBrowser)('says in the terminal which shell it uses and why', () => {
    expect(app.output()).toMatch(/Electron|window|browser/i);
  });

  it('shows a practice trade with timing and slippage within 60 s of opening', async () => {
    await go('overview');
    await page
      .getByRole('link', { name: /^#\d+$/ })
      .first()
      .waitFor({ timeout: 60_000 });
    const row = page
      .getByRole('row')
      .filter({ has: page.getByRole('link', { name: /^#\d+$/ }) })
      .first();
    await expect.poll(() => row.innerText(), { timeout: 30_000 }).toMatch(/bps[\s\S]*\d+\s*ms/);
  });

  it('is in practice mode, linked and trading', async () => {
    expect(await page.locator('.mode').first().innerText()).toBe('PRACTICE');
    await expect.poll(() => page.locator('header.top').innerText(), { timeout: 15_000 }).toMatch(/\d\s*ms/);
  });

  it('opens the trade’s page with both legs’ timing and the cost split', async () => {
    await go('overview');
    await page
      .getByRole('link', { name: /^#\d+$/ })
      .first()
      .click();
    await page.waitForURL(/#\/trade\/\d+/);
    const text = () => page.locator('main').innerText();
    await expect.poll(text, { timeout: 15_000 }).toMatch(/Vest/);
    await expect.poll(text, { timeout: 15_000 }).toMatch(/Paradex/);
    await expect.poll(text, { timeout: 15_000 }).toMatch(/bps/);
    await expect.poll(() => page.locator('main svg').count(), { timeout: 15_000 }).toBeGreaterThan(0);
  });

  it.each(PAGES)('%s has no accessibility fault that axe finds, in light and dark', async (name) => {
    await go(name);
    await page.waitForTimeout(300);
    for (const scheme of ['light', 'dark'] as const) {
      // Without motion: a colour on its way from one scheme to the other has the contrast of neither.
      await page.emulateMedia({ colorScheme: scheme, reducedMotion: 'reduce' });
      const { violations } = await new AxeBuilder({ page })
        .setLegacyMode(!inBrowser)
        .withTags(['wcag2a', 'wcag2aa'])
        .analyze();
      expect(
        violations.map(({ id, nodes }) => `${scheme} ${id}: ${nodes.map((node) => node.target.join(' ')).join(', ')}`),
      ).toEqual([]);
    }
  });

  it('pauses entries by keyboard and starts again', async () => {
    await go('overview');
    await page.keyboard.press('p');
    await page.getByRole('button', { name: /Start/ }).waitFor();
    await page.keyboard.press('p');
    await page.getByRole('button', { name: /Pause entries/ }).waitFor();
  });

  it('lists its keys on ? and goes to pages by keyboard', async () => {
    await page.keyboard.press('?');
    await page.getByRole('dialog').waitFor();
    await page.keyboard.press('Escape');
    await page.getByRole('dialog').waitFor({ state: 'hidden' });
    await page.keyboard.press('g');
    await page.keyboard.press('s');
    await page.waitForURL(/#\/slippage/);
  });

  it('speaks French when asked, everywhere in the frame', async () => {
    const choose = async (language: string): Promise<void> => {
      await page.locator('.display-menu > button').click();
      await page.locator('.display-menu').getByText(language, { exact: true }).click();
      await page.keyboard.press('Escape');
    };
    await choose('Français');
    await page.getByRole('link', { name: /Vue d.ensemble/ }).waitFor();
    expect(await page.locator('.mode').first().innerText()).toBe('EXERCICE');
    await choose('English');
    await page.getByRole('link', { name: /Overview/ }).waitFor();
  });

  it.runIf(inBrowser)('refuses the one-time link a second time, in words, without serving the page', async () => {
    const { browser, link } = app.browser!;
    const other = await (await browser.newContext()).newPage();
    const answer = await other.goto(link);
    expect(answer?.status()).toBeGreaterThanOrEqual(400);
    expect(await other.locator('body').innerText()).toMatch(/halfspread -- open[\s\S]*halfspread -- open/);
    await other.close();
  });

  it('comes back by itself when the engine is killed, and keeps its history', async () => {
    await go('trades');
    const idsOf = async () => (await page.locator('main').innerText()).match(/#\d+/g) ?? [];
    await expect.poll(idsOf, { timeout: 30_000 }).not.toEqual([]);
    const [newestBefore = ''] = await idsOf();
    const runtime = JSON.parse(await readFile(join(app.home, 'data/practice/engine.json'), 'utf8')) as { pid: number };
    process.kill(runtime.pid, 'SIGKILL');
    await expect
      .poll(
        async () => {
          try {
            const now = JSON.parse(await readFile(join(app.home, 'data/practice/engine.json'), 'utf8')) as {
              pid: number;
            };
            return now.pid !== runtime.pid;
          } catch {
            return false;
          }
        },
        { timeout: 60_000 },
      )
      .toBe(true);
    await go('trades');
    await expect.poll(() => page.locator('main').innerText(), { timeout: 30_000 }).toContain(newestBefore);
  });

  it('had no error in the page and no breach of its content policy', () => {
    expect(app.problems.filter((problem) => !/Failed to load resource.*(401|403|410)/.test(problem))).toEqual([]);
  });

  it('ends when asked to and leaves no process behind', async () => {
    const runtime = JSON.parse(await readFile(join(app.home, 'data/practice/engine.json'), 'utf8')) as { pid: number };
    expect(await app.stop()).toBe(0);
    expect(() => process.kill(runtime.pid, 0)).toThrow();
  });
});

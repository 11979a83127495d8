/**
 * The desk moves from this machine to an agent on a server and back, in practice on the same venues: a real sshd, a real agent
 * under its supervisor, the program as `npm start` runs it, a person in Chromium.
 */
import { AxeBuilder } from '@axe-core/playwright';
import { existsSync } from 'node:fs';
import { mkdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Distribution } from '../../engine/protocol/model.ts';
import { createLab, noSshd, processesOf, type Lab } from './deploy-lab.ts';
import { hasChromium, launchChromium, openPage, startHalfspread, type RunningHalfspread } from './halfspread-window.ts';
import { connectAsWindow, type WindowCalls } from './window-calls.ts';

/** So many episodes give an interval. */
const ENOUGH = 8;
const WAIT = { timeout: 90_000, interval: 250 };

describe.skipIf(!hasChromium || noSshd !== undefined)(`the place of the desk${noSshd ? `: ${noSshd}` : ''}`, () => {
  let lab: Lab;
  let app: RunningHalfspread;
  let window: WindowCalls;
  let browser: Browser;
  let page: Page;
  let problems: string[];

  beforeAll(async () => {
    lab = await createLab();
    const config = join(lab.home, 'config');
    await mkdir(config, { recursive: true, mode: 0o700 });
    // No desktop here, so no keychain: this machine's key is kept for this run.
    await writeFile(join(config, 'keys.json'), JSON.stringify({ version: 1, storage: 'session', keys: [] }));
    app = await startHalfspread(lab.home);
    window = await connectAsWindow(app.home);
    browser = await launchChromium();
    ({ page, problems } = await openPage(browser, app.link));
  }, 120_000);
  afterAll(async () => {
    await browser?.close();
    window?.close();
    await app?.stop();
    await lab?.stop();
  });

  const state = async () => {
    const { app: shown, snapshot, sites } = await window.call('app.open', {});
    return { ...shown, snapshot, sites, link: sites?.links[0] };
  };
  const button = (name: string | RegExp) => page.getByRole('button', { name });
  const axis = (name: 'Desktop to engine' | 'Engine to venues') => page.locator(`header dl[title="${name}"]`);
  const enough = () =>
    expect
      .poll(async () => (await state()).snapshot?.statistics.orderToAck?.n ?? 0, WAIT)
      .toBeGreaterThanOrEqual(ENOUGH);
  const agentPid = async () =>
    (await processesOf(lab.prefix)).find(({ command }) => command.includes('agent.mjs'))!.pid;
  const tradesAt = async () => {
    const { place, snapshot } = await state();
    return { site: place.site, trading: snapshot?.trading, line: snapshot?.desk.network };
  };

  it('is here first; a deployed agent is linked, locked, and shown with its clock', async () => {
    const { tapes } = (await state()).practice;
    await window.call('practice.choose', { tape: tapes[0]!.id, network: 'adsl-rural', fees: 'zero' });
    await window.call('sites.deploy', lab.request);
    await expect
      .poll(async () => (await state()).link, WAIT)
      .toMatchObject({ site: 'lab', link: { state: 'ready' }, trading: 'locked', holdsDesk: false });
    const { place, link } = await state();
    expect(place).toEqual({});
    // The same machine, so the same clock.
    expect(Math.abs(link!.link.clock!.skewMs)).toBeLessThanOrEqual(link!.link.clock!.errorMs + 5);
    await enough();
  });

  it('moves to the agent in one click: the engine here has ended first, the venues are the same', async () => {
    const { venues, engine } = await state();
    await page.goto(`${new URL(page.url()).origin}/#/sites`);
    await button('Move the desk').click();
    await expect.poll(tradesAt, WAIT).toEqual({ site: 'lab', trading: 'trading', line: 'vps-near' });
    await axis('Desktop to engine')
      .getByText(/^lab · /)
      .waitFor();
    await axis('Engine to venues').getByText('practising').waitFor();
    expect((await state()).venues.pid).toBe(venues.pid);
    expect(existsSync(`/proc/${engine.pid}`)).toBe(false);
    await expect(window.call('place.move', { site: 'lab' })).resolves.toEqual({});
  });

  it('shows what the move changed, each figure with its n and interval', async () => {
    await enough();
    await page.getByRole('heading', { name: 'Before and after' }).waitFor();
    const rows = page.locator('.measured tbody tr');
    await rows
      .nth(0)
      .getByText(/less on lab: −\d/)
      .waitFor(WAIT);
    const { figures } = (await state()).sites!;
    const of = (site: string | undefined) => figures.find((one) => one.site === site)!;
    const words = ({ n, mean, ci95 }: Distribution) =>
      `${mean!.toFixed(2)} (${ci95?.map((end) => end.toFixed(2)).join(' to ')}, n = ${n})`;
    for (const figure of ['orderToAck', 'slippage'] as const) {
      const [here, there] = [of(undefined)[figure], of('lab')[figure]];
      console.log(`${figure}: here (${of(undefined).line}) ${words(here)}, lab (${of('lab').line}) ${words(there)}`);
    }
    expect(of(undefined).orderToAck.ci95![0]).toBeGreaterThan(of('lab').orderToAck.ci95![1] + 200);
    const { violations } = await new AxeBuilder({ page }).withTags(['wcag2a', 'wcag2aa']).analyze();
    expect(violations).toEqual([]);
    if (process.env['HALFSPREAD_PICTURES']) await pictures(page, process.env['HALFSPREAD_PICTURES']);
  });

  it('an agent that is killed comes back locked and gets its keys by itself; its history has no gap and nothing twice', async () => {
    const before = (await state()).snapshot!;
    process.kill(await agentPid(), 'SIGKILL');
    await expect.poll(async () => (await state()).snapshot?.desk.bootId, WAIT).not.toBe(before.desk.bootId);
    await expect.poll(tradesAt, WAIT).toEqual({ site: 'lab', trading: 'trading', line: 'vps-near' });
    const last = Math.max(...before.trades.map(({ id }) => id));
    await expect
      .poll(async () => Math.max(...(await state()).snapshot!.trades.map(({ id }) => id)), WAIT)
      .toBeGreaterThan(last);
    const ids = (await state()).snapshot!.trades.map(({ id }) => id);
    expect(ids).toEqual(Array.from(ids, (_id, index) => ids[0]! - index));
  });

  it('an upgrade is taken up, one that does not start is taken back, and the desk goes on each time', async () => {
    const next = await lab.variant('next', (agent) => `${agent}\n// next\n`);
    const broken = await lab.variant('broken', (agent) => `if (process.argv[2] === 'run') process.exit(1);\n${agent}`);
    const upgrade = (agentFolder: string) =>
      lab.deploy({}, { operation: 'upgrade', override: true, ports: { agentFolder, healthTimeoutMs: 8_000 } });
    await lab.reopen();
    const pid = await agentPid();
    const { site } = await upgrade(next);
    await expect.poll(tradesAt, WAIT).toEqual({ site: 'lab', trading: 'trading', line: 'vps-near' });
    expect(await agentPid()).not.toBe(pid);
    await lab.reopen();
    await expect(upgrade(broken)).rejects.toMatchObject({ code: 'HS_DEPLOY_ROLLED_BACK' });
    await expect.poll(tradesAt, WAIT).toEqual({ site: 'lab', trading: 'trading', line: 'vps-near' });
    expect((await window.call('sites.status', { site: 'lab' })).current).toBe(site.release);
  });

  it('stays locked when a person locks it, and trades again when it is unlocked', async () => {
    await button(/^Lock/).click();
    await page.getByText('The agent on lab is locked and does not trade.').waitFor(WAIT);
    await page.getByText('You locked it. It stays so until you unlock it.').waitFor();
    await button(/^Unlock/).click();
    await expect.poll(tradesAt, WAIT).toEqual({ site: 'lab', trading: 'trading', line: 'vps-near' });
  });

  it('comes back here: the agent is locked and told that it may not trade', async () => {
    await page.locator('.list button', { hasText: 'This machine' }).click();
    await button('Bring the desk back').click();
    await expect.poll(tradesAt, WAIT).toEqual({ site: undefined, trading: 'trading', line: 'adsl-rural' });
    await expect.poll(async () => (await state()).link, WAIT).toMatchObject({ trading: 'locked', holdsDesk: false });
    const { agent } = await window.call('sites.status', { site: 'lab' });
    expect(agent).toMatchObject({ locked: true, holdsTerm: false });
    console.log(`agent, locked again: ${(agent!.rssBytes / 1e6).toFixed(0)} MB`);
  });

  it('is uninstalled, and nothing is left', async () => {
    await window.call('sites.act', { site: 'lab', action: 'uninstall', override: false });
    await expect.poll(async () => (await state()).sites?.sites, WAIT).toEqual([]);
    expect(existsSync(lab.prefix)).toBe(false);
    expect(await processesOf(lab.prefix)).toEqual([]);
    expect((await state()).sites?.links).toEqual([]);
    expect(problems).toEqual([]);
  });
});

/** For a person who looks at them: `HALFSPREAD_PICTURES=folder`. */
async function pictures(page: Page, folder: string): Promise<void> {
  await mkdir(folder, { recursive: true });
  await rm(join(folder, 'place-light.png'), { force: true });
  await page.screenshot({ path: join(folder, 'place.png') });
}

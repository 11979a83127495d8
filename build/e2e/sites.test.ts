/** A person adds a site in the window: looks at a server, compares its key, deploys, sees it run, uninstalls it. */
import { AxeBuilder } from '@axe-core/playwright';
import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { freePort, noSshd, startSshd, type LoopbackSshd } from '../../main/deploy/ssh/sshd.test-helper.ts';
import { hasChromium, launchChromium, openPage, startHalfspread, type RunningHalfspread } from './halfspread-window.ts';

describe.skipIf(!hasChromium || noSshd !== undefined)(
  `a site added in the window${noSshd ? `: ${noSshd}` : ''}`,
  () => {
    let folder: string;
    let sshd: LoopbackSshd;
    let app: RunningHalfspread;
    let browser: Browser;
    let page: Page;
    let problems: string[];

    beforeAll(async () => {
      folder = await mkdtemp(join(tmpdir(), 'hs-site-'));
      // The Node this test runs on is the one the server has.
      sshd = await startSshd({ folder: join(folder, 's'), pathFirst: [dirname(process.execPath)] });
      const config = join(folder, 'home', 'config');
      await mkdir(config, { recursive: true, mode: 0o700 });
      // No desktop here, so no keychain: this machine's key is kept for this run.
      await writeFile(join(config, 'keys.json'), JSON.stringify({ version: 1, storage: 'session', keys: [] }));
      app = await startHalfspread(join(folder, 'home'));
      browser = await launchChromium();
      ({ page, problems } = await openPage(browser, app.link));
      await page.keyboard.press('g');
      await page.keyboard.press('i');
      await page.waitForURL(/#\/sites/);
    }, 120_000);
    afterAll(async () => {
      await browser?.close();
      await app?.stop();
      await sshd?.stop();
      await rm(folder, { recursive: true, force: true });
    });

    const button = (name: string | RegExp) => page.getByRole('button', { name });
    const goOn = () => button('Continue').click();
    const faults = async () => {
      const { violations } = await new AxeBuilder({ page }).withTags(['wcag2a', 'wcag2aa']).analyze();
      return violations.map(({ id, nodes }) => `${id}: ${nodes.map((node) => node.target.join(' ')).join(', ')}`);
    };

    it('names what cannot be right at its field, before anybody is contacted', async () => {
      await page.keyboard.press('n');
      await page.getByRole('heading', { name: 'Where should the engine run?' }).waitFor();
      expect(await faults()).toEqual([]);
      await goOn();
      await page.getByLabel('Host name or address').fill('-oProxyCommand=true');
      await page.getByLabel('Name of the site').fill('lab');
      await goOn();
      await page.getByText('This is not a host name or address.').waitFor();
      await page.getByLabel('Host name or address').fill('127.0.0.1');
      await page.getByLabel('User').fill(sshd.user);
      await page.getByLabel('SSH port').fill(String(sshd.port));
      await page.getByRole('radio', { name: 'a key file' }).check();
      await page.getByLabel('Private key file').fill(sshd.identityFile);
      await goOn();
      await page.getByRole('heading', { name: 'Where does it stand?' }).waitFor();
    });

    it('looks at the server once its key was compared, and changes nothing there', async () => {
      await page.getByRole('radio', { name: 'In a folder of the login user' }).check();
      await page.getByLabel('Folder', { exact: true }).fill(join(folder, 'site'));
      await page.getByLabel('Port of the agent').fill(String(await freePort()));
      await button('Look at the server').click();
      const dialog = page.getByRole('dialog');
      await dialog.getByText(sshd.fingerprint).waitFor();
      expect(await faults()).toEqual([]);
      const compare = dialog.getByRole('textbox');
      await compare.fill(`256 SHA256:${'A'.repeat(43)} root@server (ED25519)`);
      await dialog.getByText('It is another key').waitFor();
      await compare.fill(`256 ${sshd.fingerprint} root@server (ED25519)`);
      await dialog.getByText('It is the same.').waitFor();
      await dialog.getByRole('button', { name: /It is the same: connect/ }).click();
      await page.getByText('Nothing speaks against it.').waitFor({ timeout: 30_000 });
      expect(existsSync(join(folder, 'site'))).toBe(false);
    });

    it('shows every command of the deploy without running one', async () => {
      await goOn();
      await button('Dry run…').click();
      const dialog = page.getByRole('dialog');
      await dialog.getByText('Nobody was contacted').waitFor();
      expect(await dialog.locator('summary', { hasText: 'user, folders, files' }).count()).toBe(1);
      await dialog.getByRole('button', { name: /Close/ }).click();
    });

    it('deploys step by step, and shows the agent locked', async () => {
      await button('Deploy').click();
      await page.getByRole('heading', { name: 'Deploying lab' }).waitFor();
      await page.locator('li[aria-current="step"]').first().waitFor();
      await page.getByText('lab is deployed. It is locked').waitFor({ timeout: 60_000 });
      expect(await page.locator('ol li.done, ol li.unchanged').count()).toBe(17);
      expect(await faults()).toEqual([]);
      await button('Show the site').click();
      await page.getByText('locked: it has no keys and cannot trade').waitFor({ timeout: 20_000 });
      expect(existsSync(join(folder, 'site', 'current'))).toBe(true);
    });

    it('uninstalls it after saying what follows, and proves it', async () => {
      await button('Uninstall…').click();
      await page.getByRole('dialog').getByText('what is gone is proven').waitFor();
      await page.getByRole('dialog').getByRole('button', { name: 'Uninstall' }).click();
      await page.getByText('Everything of it is gone from the server.').waitFor({ timeout: 30_000 });
      await page.getByText(`files ${join(folder, 'site')}`).waitFor();
      expect(existsSync(join(folder, 'site'))).toBe(false);
      expect(problems).toEqual([]);
    });
  },
);

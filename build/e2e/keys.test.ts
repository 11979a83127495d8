import { AxeBuilder } from '@axe-core/playwright';
import { computeAddress } from 'ethers';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startTestVenues, type TestVenues } from '../../engine/accounts/practice-venues.test-helper.ts';
import {
  hasKeyring,
  noKeyringWhy,
  startTestKeyring,
  type TestKeyring,
} from '../../main/keys/storage/keyring.test-helper.ts';
import { hasChromium, launchChromium, openPage, startHalfspread, type RunningHalfspread } from './halfspread-window.ts';

const DAY_MS = 86_400_000;
const why = hasChromium ? noKeyringWhy : ' (skipped: needs Debian’s chromium)';

/** Trading keys as a person lives with them: real window, real terminal command, real gnome-keyring, venues that check signatures. */
describe.skipIf(!hasChromium || !hasKeyring)(`trading keys in the window${why}`, () => {
  let home: string;
  let keyring: TestKeyring;
  let practice: TestVenues;
  let app: RunningHalfspread;
  let browser: Browser;
  let page: Page;
  let problems: string[];
  /** Everything that went over the window's WebSocket, both ways. */
  const frames: string[] = [];
  /** What `halfspread secret` printed. */
  const terminal: string[] = [];

  beforeAll(async () => {
    home = await mkdtemp(join(tmpdir(), 'halfspread-keys-'));
    keyring = await startTestKeyring();
    practice = await startTestVenues();
    app = await startHalfspread(home, keyring.environment);
    browser = await launchChromium();
    browser.on('context', (context) =>
      context.on('page', (opened) =>
        opened.on('websocket', (socket) => {
          socket.on('framereceived', ({ payload }) => frames.push(payload.toString()));
          socket.on('framesent', ({ payload }) => frames.push(payload.toString()));
        }),
      ),
    );
    ({ page, problems } = await openPage(browser, app.link));
    await page.evaluate(() => (location.hash = '#/risk'));
  }, 120_000);

  afterAll(async () => {
    await browser?.close();
    await app?.stop();
    await practice?.stop();
    await keyring?.stop();
    await rm(home, { recursive: true, force: true });
  });

  /** Runs `halfspread secret` as another terminal of the same user would. */
  async function handOver(secret: string): Promise<number | null> {
    const child = spawn(process.execPath, ['build/halfspread.mjs', 'secret', '--wait', '30s'], {
      stdio: ['pipe', 'pipe', 'pipe'],
      env: { ...process.env, HALFSPREAD_HOME: home },
    });
    for (const stream of [child.stdout, child.stderr])
      stream.on('data', (chunk: Buffer) => terminal.push(chunk.toString()));
    child.stdin.end(`${secret}\n`);
    // What it printed is complete then.
    const [code] = (await once(child, 'close')) as [number | null];
    return code;
  }

  const button = (name: string) => page.getByRole('button', { name, exact: true });
  const row = (label: string) => page.getByRole('listitem').filter({ hasText: label });
  const fill = (label: string, text: string) => page.getByLabel(label, { exact: true }).fill(text);

  async function chooseWay(name: string): Promise<void> {
    await button('Add a key…').click();
    await page.getByText(name, { exact: true }).click();
    await page.getByRole('dialog').getByText('Own address').click();
  }

  it('opens the keychain of the system and says what that means', async () => {
    await page.getByText('Open: written, read and deleted a test value.').waitFor();
    await page.getByText('No trading key yet.').waitFor();
  });

  it('makes a Paradex subkey with a main key handed over in a terminal, after a mistyped one was refused there', async () => {
    await chooseWay('Make a Paradex subkey');
    await fill('Paradex REST address', practice.paradex.restUrl);
    await fill('Paradex WebSocket address', practice.paradex.wsUrl);
    await fill('Account address', practice.account.address);
    await fill('Name of the key', 'Desk of the test');
    await button('Ask for the secret').click();
    const dialog = page.getByRole('dialog', { name: 'Paradex main key (private key)' });
    await dialog.getByText('npm run -s halfspread -- secret').waitFor();
    expect(await dialog.getByRole('textbox').count()).toBe(0);
    expect(await handOver(`${practice.account.l2PrivateKey}00`)).not.toBe(0);
    await dialog.getByText('This has not the length of such a key.').waitFor();
    expect(await handOver(practice.account.l2PrivateKey)).toBe(0);
    await dialog.waitFor({ state: 'hidden' });
    await page.getByText('Making a Paradex subkey: done.').waitFor({ timeout: 30_000 });
    await row('Desk of the test').getByText('in use').waitFor();
    await row('Desk of the test').getByText('Can trade, cannot withdraw.').waitFor();
    await row('Desk of the test')
      .getByText(/accepted, account value/)
      .waitFor();
    await expect.poll(() => keyring.secrets('halfspread')).toBe(1);
  });

  it('adds an existing Vest signing key with its API key, and says that it can sign withdrawals', async () => {
    await chooseWay('An existing Vest signing key');
    await fill('Vest REST address', practice.vest.restUrl);
    await fill('Vest WebSocket address', practice.vest.wsUrl);
    await fill('Verifying contract', practice.vest.verifyingContract);
    await fill('Wallet address', computeAddress(practice.vestAccount.primaryPrivateKey));
    await fill('End of its registration (UTC)', new Date(Date.now() + DAY_MS).toISOString().slice(0, 16));
    await button('Ask for the secret').click();
    expect(await handOver(practice.vestAccount.signingPrivateKey)).toBe(0);
    expect(await handOver(practice.vestAccount.apiKey)).toBe(0);
    await page.getByText('Adding a Vest key: done.').waitFor({ timeout: 30_000 });
    await row('Vest signing key').getByText('Can trade, and can sign withdrawals.').waitFor();
    await page.getByText('Own address: ready.').waitFor();
  });

  it('refuses a main key where a subkey belongs, and names the way', async () => {
    await chooseWay('An existing Paradex subkey');
    await fill('Paradex REST address', practice.paradex.restUrl);
    await fill('Paradex WebSocket address', practice.paradex.wsUrl);
    await fill('Account address', practice.account.address);
    await button('Ask for the secret').click();
    expect(await handOver(practice.account.l2PrivateKey)).toBe(0);
    await page.getByText('This is the main key of the account: it can withdraw.').waitFor({ timeout: 30_000 });
    await page.getByText('HS_KEY_WIDE').waitFor();
    await button('Close').click();
    expect(await page.locator('.keys li').count()).toBe(2);
  });

  it('rotates the subkey: the new one is used, the old one is gone from list and keychain', async () => {
    const before = await row('Desk of the test').locator('.mono').nth(1).getAttribute('title');
    await button('Rotate… Desk of the test').click();
    await button('Ask for the key').click();
    expect(await handOver(practice.account.l2PrivateKey)).toBe(0);
    await page.getByText('Rotating the Paradex key: done.').waitFor({ timeout: 30_000 });
    await expect.poll(() => row('Desk of the test').count()).toBe(1);
    expect(await row('Desk of the test').locator('.mono').nth(1).getAttribute('title')).not.toBe(before);
    await expect.poll(() => keyring.secrets('halfspread')).toBe(2);
    await button('Test: Desk of the test').click();
    await page.getByText('Testing the Paradex key: done.').waitFor({ timeout: 30_000 });
  });

  it('has no accessibility fault that axe finds, on the page and in its dialogs, in light and dark', async () => {
    const scenes = [
      [undefined, 'light'],
      [undefined, 'dark'],
      ['Add a key…', 'light'],
      ['Delete… Desk of the test', 'dark'],
    ] as const;
    for (const [dialog, colorScheme] of scenes) {
      if (dialog) await button(dialog).click();
      await page.emulateMedia({ colorScheme });
      const { violations } = await new AxeBuilder({ page }).withTags(['wcag2a', 'wcag2aa']).analyze();
      expect(
        violations.map(({ id, nodes }) => `${dialog} ${id}: ${nodes.map(({ target }) => target.join(' ')).join(', ')}`),
      ).toEqual([]);
      if (dialog) await page.keyboard.press('Escape');
    }
  });

  it('says that the keychain is locked and offers to unlock it; afterwards everything is there', async () => {
    await keyring.lock();
    await button('Test: Desk of the test').click();
    await page.getByText('The keychain is locked.').first().waitFor({ timeout: 30_000 });
    await button('Unlock').waitFor();
    await keyring.unlock();
    await button('Check again').click();
    await page.getByText('Open: written, read and deleted a test value.').waitFor({ timeout: 30_000 });
    await page.getByText('Own address: ready.').waitFor();
  });

  it('deletes a key after naming what that means, and the keychain has it no more', async () => {
    await button('Delete… Desk of the test').click();
    await page.getByText('At Paradex the subkey stays valid until it is revoked').waitFor();
    await button('Delete here').click();
    await page.getByText('Deleting the Paradex key: done.').waitFor({ timeout: 30_000 });
    await expect.poll(() => row('Desk of the test').count()).toBe(0);
    await page.getByText('Own address: a Paradex key is missing.').waitFor();
    await expect.poll(() => keyring.secrets('halfspread')).toBe(1);
  });

  it('left no secret in the window’s traffic, its terminals, logs, settings, journals or runtime files', async () => {
    const made = await keyring.values('halfspread');
    await writeFile(join(home, 'page.html'), await page.content());
    const { account, vestAccount } = practice;
    const planted = [
      account.l2PrivateKey,
      vestAccount.primaryPrivateKey,
      vestAccount.signingPrivateKey,
      vestAccount.apiKey,
      ...made,
    ]
      .flatMap((secret) => [secret, ...(/0x[0-9a-f]{50,}/gi.exec(secret) ?? [])])
      .map((secret) => secret.replace(/^0x0*/i, '').toLowerCase());
    const entries = await readdir(home, { recursive: true, withFileTypes: true });
    const files = entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
    const names = files.map((path) => path.slice(home.length + 1));
    expect(names).toEqual(expect.arrayContaining(['config/keys.json', 'data/logs/main.log', 'data/window.json']));
    const searched = [
      ...frames.map((text) => ['the window’s traffic', text] as const),
      ['Halfspread’s terminal', app.output()] as const,
      ['the terminal of halfspread secret', terminal.join('')] as const,
      ...(await Promise.all(files.map(async (path) => [path, await readFile(path, 'latin1')] as const))),
    ];
    // The search finds what is there.
    expect(frames.join().toLowerCase()).toContain(account.address.slice(4).toLowerCase());
    for (const [where, text] of searched) {
      for (const secret of planted) {
        expect(text.toLowerCase().includes(secret), `a secret in ${where}`).toBe(false);
      }
    }
    expect(problems).toEqual([]);
  });
});

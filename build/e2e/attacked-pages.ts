/** The built window in a page that attacks can be tried in, without engine or venues behind it. */
import { mkdtempSync, readFileSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { createFakeHandlers } from '../../main/ipc/fake-handlers.test-helper.ts';
import { createIpcServer } from '../../main/ipc/server.ts';
import { CALL_CHANNEL } from '../../main/shell/electron/channels.ts';
import { WINDOW_PARTITION } from '../../main/shell/electron/lock-down.ts';
import { browserHost, electronHost } from '../../main/shell/test-hosts.test-helper.ts';
import { launchChromium, openPage, watchForProblems } from './halfspread-window.ts';
import { windowHost } from './window-host.ts';

export interface AttackedPage {
  page: Page;
  problems: string[];
  /** The browser it is a tab of, where there is one. */
  browser?: Browser;
  /** Of the window's files. */
  origin: string;
  stop(): Promise<void>;
}

const repository = join(import.meta.dirname, '../..');

/** A root folder with the built files and nothing else. */
function builtRoot(): string {
  const root = mkdtempSync(join(tmpdir(), 'hs-attacked-'));
  symlinkSync(join(repository, 'dist'), join(root, 'dist'));
  return root;
}

/** The browser shell, in Chromium. */
export async function openBrowserShell(): Promise<AttackedPage> {
  const root = builtRoot();
  const printed: string[] = [];
  const { shell } = browserHost(root, printed);
  const host = await shell.serveWindow(createIpcServer(createFakeHandlers()));
  await host.open();
  const link = printed.at(-1)!.split(' ').at(-1)!;
  const browser = await launchChromium();
  const { page, problems } = await openPage(browser, link);
  return {
    page,
    problems,
    browser,
    origin: new URL(link).origin,
    async stop() {
      await browser.close();
      await host.stop();
      rmSync(root, { recursive: true });
    },
  };
}

/**
 * Electron's host without Electron: its answers for the app scheme, headers included, its built preload and its calls, in
 * Chromium, whose content policy is the one Electron has. What only Electron does (navigation, new windows, permissions) is
 * tried on the double of its module instead: main/shell/electron/lock-down.test.ts.
 */
export async function openElectronAnswers(): Promise<AttackedPage> {
  const root = builtRoot();
  const { shell, electron } = electronHost(root);
  const host = await shell.serveWindow(createIpcServer(createFakeHandlers()));
  await host.open();
  const answer = electron.lockDown.sessions.get(WINDOW_PARTITION)!.schemes.get('app')!;
  const origin = 'https://halfspread.test';

  const browser = await launchChromium();
  const page = await (await browser.newContext({ viewport: { width: 1280, height: 800 } })).newPage();
  const problems = await watchForProblems(page);
  await page.route(`${origin}/**`, async (route) => {
    const url = route.request().url().replace(origin, 'app://halfspread');
    const response = answer({ url, method: route.request().method() });
    await route.fulfill({
      status: response.status,
      headers: Object.fromEntries(response.headers.entries()),
      body: Buffer.from(await response.arrayBuffer()),
    });
  });
  await page.exposeFunction('ipcInvoke', (channel: string, name: unknown, input: unknown) =>
    electron.handlers.get(channel)?.({ senderFrame: { url: 'app://halfspread/', parent: null } }, name, input),
  );
  await page.addInitScript({
    content: `{
      const require = () => ({
        contextBridge: { exposeInMainWorld: (name, value) => { window[name] = value; } },
        ipcRenderer: { invoke: (...args) => window.ipcInvoke(...args), on: () => undefined, off: () => undefined },
      });
      ${readFileSync(join(repository, 'dist/main/preload.cjs'), 'utf8')}
    }`,
  });
  if (!electron.handlers.has(CALL_CHANNEL)) throw new Error('the host does not listen for calls');
  await page.goto(`${origin}/`);
  await page.locator('header.top').waitFor();
  return {
    page,
    problems,
    origin,
    async stop() {
      await browser.close();
      await host.stop();
      rmSync(root, { recursive: true });
    },
  };
}

/** Electron itself, where it can be had. */
export async function openElectron(): Promise<AttackedPage> {
  const { page, problems, stop } = await windowHost.open();
  return { page, problems, origin: 'app://halfspread', stop: async () => void (await stop()) };
}

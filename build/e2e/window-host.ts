/**
 * Where a spec finds Halfspread's window: a browser's tab on the browser shell, or Electron itself. The same spec runs on
 * either; `npm run test:electron` sets HALFSPREAD_E2E_ELECTRON to Electron's program.
 */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { _electron, type Browser, type Page } from 'playwright-core';
import { hasChromium, launchChromium, openPage, startHalfspread, watchForProblems } from './halfspread-window.ts';

export interface OpenedWindow {
  /** HALFSPREAD_HOME of this start. */
  home: string;
  page: Page;
  /** Thrown errors, console errors and breaches of the content policy, so far. */
  problems: string[];
  /** What the program printed so far. */
  output(): string;
  /** Only of a browser's tab. */
  browser?: { link: string; browser: Browser };
  /** Ends the program as a person does: Ctrl-C, or quit. Resolves with its exit code. */
  stop(): Promise<number | null>;
}

export interface WindowHost {
  kind: 'browser' | 'electron';
  /** Stands in the spec's name. */
  title: string;
  canRun: boolean;
  open(): Promise<OpenedWindow>;
}

const electronProgram = process.env['HALFSPREAD_E2E_ELECTRON'];

export const windowHost: WindowHost =
  electronProgram === undefined
    ? { kind: 'browser', title: 'the window, served by npm start', canRun: hasChromium, open: openInBrowser }
    : { kind: 'electron', title: 'the window in Electron', canRun: true, open: () => openInElectron(electronProgram) };

async function openInBrowser(): Promise<OpenedWindow> {
  const app = await startHalfspread();
  const browser = await launchChromium();
  const { page, problems } = await openPage(browser, app.link);
  return {
    home: app.home,
    page,
    problems,
    output: app.output,
    browser: { link: app.link, browser },
    async stop() {
      await browser.close();
      return app.stop();
    },
  };
}

async function openInElectron(executablePath: string): Promise<OpenedWindow> {
  const home = await mkdtemp(join(tmpdir(), 'halfspread-electron-'));
  const env: Record<string, string> = { HALFSPREAD_HOME: home, LANG: 'en_US.UTF-8' };
  for (const [name, value] of Object.entries(process.env)) {
    // With it Electron is a plain Node.
    if (value !== undefined && name !== 'ELECTRON_RUN_AS_NODE') env[name] ??= value;
  }
  const app = await _electron.launch({ executablePath, args: [join(import.meta.dirname, '../..')], env });
  const child = app.process();
  let output = '';
  for (const stream of [child.stdout, child.stderr])
    stream?.on('data', (chunk: Buffer) => (output += chunk.toString()));
  const page = await app.firstWindow();
  const problems = await watchForProblems(page);
  await page.locator('header.top').waitFor();
  return {
    home,
    page,
    problems,
    output: () => output,
    async stop() {
      await app.close();
      await rm(home, { recursive: true, force: true });
      return child.exitCode;
    },
  };
}

import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { chromium, type Browser, type Page } from 'playwright-core';

/** Debian's Chromium; the window tests are skipped without it. */
export const CHROMIUM = '/usr/bin/chromium';
export const hasChromium = existsSync(CHROMIUM);
const CHROMIUM_ARGUMENTS =
  '--no-sandbox --disable-gpu --disable-quic --no-first-run --disable-background-networking --disable-component-update --disable-sync';

/** A whole Halfspread as `npm start` runs it (browser shell), in a home of its own. */
export interface RunningHalfspread {
  home: string;
  /** The one-time link it printed. */
  link: string;
  process: ChildProcess;
  /** Everything it printed so far, both streams. */
  output(): string;
  /** Ctrl-C; resolves with the exit code. */
  stop(): Promise<number | null>;
}

/** @param environment added to ours; by default it reaches no desktop: neither display nor D-Bus */
export async function startHalfspread(
  home?: string,
  environment: Record<string, string> = {},
): Promise<RunningHalfspread> {
  const folder = home ?? (await mkdtemp(join(tmpdir(), 'halfspread-window-')));
  const child = spawn(process.execPath, ['build/start.mjs', '--no-open'], {
    stdio: ['ignore', 'pipe', 'pipe'],
    env: {
      ...process.env,
      HALFSPREAD_HOME: folder,
      DISPLAY: '',
      DBUS_SESSION_BUS_ADDRESS: '',
      LANG: 'en_US.UTF-8',
      ...environment,
    },
  });
  let output = '';
  const link = Promise.withResolvers<string>();
  const read = (chunk: Buffer): void => {
    output += chunk.toString();
    const found = /http:\/\/127\.0\.0\.1:\d+\/open\/\S+/.exec(output);
    if (found) link.resolve(found[0]);
  };
  child.stdout.on('data', read);
  child.stderr.on('data', read);
  child.on('exit', (code) => link.reject(new Error(`it ended with ${code} before it printed a link:\n${output}`)));
  return {
    home: folder,
    link: await link.promise,
    process: child,
    output: () => output,
    async stop() {
      if (child.exitCode === null) {
        const exited = once(child, 'exit');
        child.kill('SIGINT');
        await exited;
      }
      if (home === undefined) await rm(folder, { recursive: true, force: true });
      return child.exitCode;
    },
  };
}

export function launchChromium(): Promise<Browser> {
  return chromium.launch({ executablePath: CHROMIUM, args: CHROMIUM_ARGUMENTS.split(' ') });
}

/** A page that remembers what went wrong in it: thrown errors, console errors, content-policy violations. */
export async function openPage(browser: Browser, link: string): Promise<{ page: Page; problems: string[] }> {
  // Without it, colours are measured in the middle of a transition.
  const context = await browser.newContext({ viewport: { width: 1280, height: 800 }, reducedMotion: 'reduce' });
  const page = await context.newPage();
  const problems = await watchForProblems(page);
  await page.goto(link);
  // The one-time link leads to the page itself.
  await page.locator('header.top').waitFor();
  return { page, problems };
}

/** What goes wrong in the page from now on. */
export async function watchForProblems(page: Page): Promise<string[]> {
  const problems: string[] = [];
  page.on('pageerror', (error) => problems.push(error.message));
  page.on('console', (message) => {
    if (message.type() === 'error') problems.push(message.text());
  });
  await page.addInitScript(() => {
    document.addEventListener('securitypolicyviolation', (event) => {
      console.error(`content policy: ${event.violatedDirective} ${event.blockedURI}`);
    });
  });
  return problems;
}

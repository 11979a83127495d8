import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { runDesktopProcess, type RunningDesktop } from './desktop-process.ts';
import { FakeApp } from './fake-app.test-helper.ts';
import { FakeEmitter } from './fake-emitter.test-helper.ts';
import type { LinkHandlers } from './links.ts';
import { APP_ID } from './app-id.ts';
import { prepareElectron } from './prepare.ts';

let app: FakeApp;
let signals: FakeEmitter;
let calls: string[];
let failures: unknown[];
let quit: () => void;
let folder: string;
let links: LinkHandlers | undefined;
let opensWindow: boolean;

const desktop: RunningDesktop = {
  open: () => Promise.resolve(void calls.push('open')),
  stop: () => Promise.resolve(void calls.push('stop')),
  follow: ({ route }) => Promise.resolve(void calls.push(`follow ${route.page}`)),
  requestQuit: () => Promise.resolve(quit()),
};

beforeEach(() => {
  app = new FakeApp();
  signals = new FakeEmitter();
  calls = [];
  failures = [];
  links = undefined;
  opensWindow = true;
  folder = mkdtempSync(join(tmpdir(), 'hs-profile-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

const run = (start: () => Promise<RunningDesktop> = () => Promise.resolve(desktop)): Promise<void> =>
  runDesktopProcess({
    app,
    signals,
    links: { handle: (handlers) => (links = handlers) },
    opensWindow: () => opensWindow,
    start(quitNow) {
      calls.push('start');
      quit = quitNow;
      return start();
    },
    onFailure: (error) => failures.push(error),
  });

describe('before Electron is ready', () => {
  it('scheme, sandbox, dead name resolution and profile are settled', async () => {
    const profile = join(folder, 'halfspread', 'window');
    prepareElectron({ app, protocol: app }, profile, 'linux');
    expect(existsSync(profile)).toBe(true);
    await run();
    expect(app.asked).toEqual([
      'scheme app{"standard":true,"secure":true}',
      'sandbox',
      'host-resolver-rules=MAP * ~NOTFOUND',
      `userData ${profile}`,
      'ready',
    ]);
  });

  it('Windows is told whose notifications these are, by the id the installer registers', () => {
    prepareElectron({ app, protocol: app }, folder, 'win32');
    expect(app.asked.at(-1)).toBe(`model id ${APP_ID}`);
    const config = readFileSync(join(import.meta.dirname, '../../../electron-builder.yml'), 'utf8');
    expect(config).toContain(`appId: ${APP_ID}\n`);
  });
});

describe('the desktop program', () => {
  it('starts once, then opens its window', async () => {
    await run();
    await expect.poll(() => calls).toEqual(['start', 'open']);
    expect(app.exits).toEqual([]);
  });

  it('as a second instance ends at once, without starting anything', async () => {
    app.isFirstInstance = false;
    await run();
    expect(calls).toEqual([]);
    expect(app.exits).toEqual([0]);
  });

  it('opens its window again for a second instance, and on a click in the dock', async () => {
    await run();
    links?.onStartedAgain();
    app.events.emit('activate');
    await expect.poll(() => calls).toEqual(['start', 'open', 'open', 'open']);
  });

  it('started by the system at login shows no window until somebody asks for it', async () => {
    opensWindow = false;
    await run();
    expect(calls).toEqual(['start']);
    links?.onLink({ route: { page: 'latency' }, isExact: true });
    await expect.poll(() => calls).toEqual(['start', 'follow latency']);
  });

  it('goes on when its window is closed', async () => {
    await run();
    app.events.emit('window-all-closed');
    await Promise.resolve();
    expect(app.exits).toEqual([]);
    expect(calls).not.toContain('stop');
  });

  it('waits for the engine before it ends, however the end is asked for, and ends once', async () => {
    await run();
    const stopped = Promise.withResolvers<undefined>();
    desktop.stop = () => stopped.promise.then(() => void calls.push('stop'));
    expect(app.events.isLetThrough('before-quit')).toBe(false);
    signals.emit('SIGTERM');
    signals.emit('SIGINT');
    quit();
    links?.onStartedAgain();
    expect(app.exits).toEqual([]);
    stopped.resolve(undefined);
    await expect.poll(() => app.exits).toEqual([0]);
    expect(calls).toEqual(['start', 'open', 'stop']);
    desktop.stop = () => Promise.resolve(void calls.push('stop'));
  });

  it('asked to end while it starts, stops what has come up', async () => {
    const started = Promise.withResolvers<RunningDesktop>();
    const running = run(() => started.promise);
    await expect.poll(() => calls).toEqual(['start']);
    signals.emit('SIGTERM');
    started.resolve(desktop);
    await running;
    await expect.poll(() => app.exits).toEqual([0]);
    expect(calls).toEqual(['start', 'stop']);
  });

  it('that cannot start says why, once, and ends with a code', async () => {
    const why = new Error('no engine');
    await run(() => Promise.reject(why));
    expect(failures).toEqual([why]);
    expect(app.exits).toEqual([1]);
  });

  it('that cannot stop says why and ends all the same', async () => {
    await run();
    const why = new Error('still there');
    const { stop } = desktop;
    desktop.stop = () => Promise.reject(why);
    quit();
    await expect.poll(() => app.exits).toEqual([1]);
    expect(failures).toEqual([why]);
    desktop.stop = stop;
  });

  it('whose window does not open says why and goes on: the tray can open it', async () => {
    const why = new Error('no window');
    await run(() => Promise.resolve({ ...desktop, open: () => Promise.reject(why) }));
    await expect.poll(() => failures).toEqual([why]);
    expect(app.exits).toEqual([]);
  });
});

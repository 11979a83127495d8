import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createFakeHandlers, type FakeHandlers } from '../../ipc/fake-handlers.test-helper.ts';
import { createIpcServer } from '../../ipc/server.ts';
import { openWindowMemory, type WindowMemory } from '../../lifecycle/window-memory.ts';
import type { Shell, WindowCrash, WindowHost } from '../ports.ts';
import { STOPPED_PAGE_URL } from './app-scheme.ts';
import { CALL_CHANNEL } from './channels.ts';
import { createElectronShell } from './electron-shell.ts';
import { FakeElectron } from './fake-electron.test-helper.ts';
import { createUtilityLauncher } from './utility-launcher.ts';

let distFolder: string;
let electron: FakeElectron;
let handlers: FakeHandlers;
let host: WindowHost;
let crashes: WindowCrash[];
let troubles: string[];
let shell: Shell;
let memory: WindowMemory;

beforeEach(async () => {
  [crashes, troubles] = [[], []];
  distFolder = await mkdtemp(join(tmpdir(), 'hs-electron-'));
  await mkdir(join(distFolder, 'renderer'));
  await writeFile(join(distFolder, 'renderer', 'index.html'), 'the window');
  electron = new FakeElectron();
  handlers = createFakeHandlers();
  shell = createElectronShell({
    electron,
    distFolder,
    devTools: false,
    platform: 'win32',
    language: 'en',
    environment: {},
    homeFolder: distFolder,
    startCommand: ['C:\\Halfspread.exe'],
  });
  memory = await openWindowMemory(
    join(distFolder, 'window-state.json'),
    () => 0,
    () => undefined,
  );
  host = await shell.serveWindow(
    createIpcServer(handlers),
    {
      onRoute: () => undefined,
      onCrash: (crash) => crashes.push(crash),
      onTrouble: (message) => troubles.push(message),
    },
    memory,
  );
});
afterEach(async () => {
  await host.stop();
  await memory.settled();
  await rm(distFolder, { recursive: true });
});

describe('electron host', () => {
  it('opens one window of its own scheme, and only one', async () => {
    await host.open();
    await host.open();
    expect(electron.windows.length).toBe(1);
    expect(electron.windows[0]?.loads).toEqual(['app://halfspread/']);
  });

  it('has no menu that reloads, opens DevTools or leads to Electron’s sites', () => {
    expect(JSON.stringify(electron.applicationMenu)).not.toMatch(/reload|devtools|help/i);
    expect(electron.applicationMenu?.map(({ label }) => label)).toEqual(['View']);
  });

  it('opens it sandboxed, isolated, without Node, webviews, dropped files, spell checker or DevTools', async () => {
    await host.open();
    expect(electron.windows[0]?.options.webPreferences).toEqual({
      preload: join(distFolder, 'main', 'preload.cjs'),
      partition: 'halfspread',
      sandbox: true,
      contextIsolation: true,
      nodeIntegration: false,
      nodeIntegrationInWorker: false,
      nodeIntegrationInSubFrames: false,
      webSecurity: true,
      allowRunningInsecureContent: false,
      experimentalFeatures: false,
      webviewTag: false,
      navigateOnDragDrop: false,
      spellcheck: false,
      devTools: false,
    });
  });

  it('opens where it was left, as large as it was, also when maximised, and remembers what the person does to it', async () => {
    await host.open();
    const [first] = electron.windows;
    expect(first?.options).toMatchObject({ x: 320, y: 140, width: 1280, height: 800, minWidth: 1120 });
    first!.bounds = { x: 40, y: 60, width: 1500, height: 900 };
    first!.maximized = true;
    first!.tell('maximize');
    first!.destroyed = true;
    await host.open();
    expect(electron.windows[1]).toMatchObject({
      options: { x: 40, y: 60, width: 1500, height: 900 },
      maximized: true,
    });
    // Unplugged meanwhile: the second display it stood on.
    memory.setPlace({ bounds: { x: 4_000, y: 60, width: 1500, height: 900 }, isMaximized: false });
    electron.windows[1]!.destroyed = true;
    await host.open();
    expect(electron.windows[2]?.options).toMatchObject({ x: 210, y: 90, width: 1500, height: 900 });
  });

  it('brings a minimised window back', async () => {
    await host.open();
    electron.windows[0]!.minimized = true;
    await host.open();
    expect(electron.windows[0]!.minimized).toBe(false);
  });

  it('asks where to save, and takes no for an answer', async () => {
    expect(await shell.chooseSavePath('bundle.zip')).toBe('/chosen.zip');
    expect(electron.saveDialogs[0]?.defaultPath).toBe('bundle.zip');
    electron.savePath = undefined;
    expect(await shell.chooseSavePath('bundle.zip')).toBeUndefined();
  });

  it('serves the window’s files over its scheme, in the window’s session only', async () => {
    const [session] = electron.lockDown.sessions.values();
    expect([...session!.schemes.keys()]).toEqual(['app']);
    const index = session!.schemes.get('app')!({ url: 'app://halfspread/', method: 'GET' });
    expect(await index.text()).toBe('the window');
  });

  it('loads a crashed window again, tells it, and stops at the fourth time with a page that says so', async () => {
    await host.open();
    const window = electron.windows[0]!;
    for (let time = 0; time < 4; time++) window.crash('crashed');
    const page = 'app://halfspread/';
    expect(window.loads).toEqual([page, page, page, page, STOPPED_PAGE_URL]);
    expect(crashes.map(({ answer }) => answer)).toEqual(['reload', 'reload', 'reload', 'standIn']);
    window.crash('launch-failed');
    expect(window.loads).toHaveLength(5);
    expect(crashes.at(-1)).toEqual({ reason: 'launch-failed', exitCode: 5, answer: 'leave' });
    await host.open();
    expect(window.url).toBe(page);
    expect(electron.windows.length).toBe(1);
  });

  it('takes the window for itself again when the person goes back to it from that page', async () => {
    await host.open();
    const window = electron.windows[0]!;
    for (let time = 0; time < 4; time++) window.crash('oom');
    window.arriveAt('app://halfspread/');
    window.crash('oom');
    expect(crashes.at(-1)?.answer).toBe('standIn');
  });

  it('does not take the orderly end of a window for a crash', async () => {
    await host.open();
    electron.windows[0]!.crash('clean-exit');
    expect(crashes).toEqual([]);
    expect(electron.windows[0]!.loads).toHaveLength(1);
  });

  it('notes a link that was not opened', async () => {
    electron.lockDown.newPage().windowOpen('https://evil.example/');
    await expect.poll(() => troubles).toEqual([expect.stringContaining('evil.example')]);
  });

  it('answers calls of its own top frame only', async () => {
    const call = electron.handlers.get(CALL_CHANNEL)!;
    const own = { url: 'app://halfspread/#/trades', parent: null };
    await expect(call({ senderFrame: own }, 'engine.command', { name: 'start' })).resolves.toEqual({
      ok: true,
      output: { done: 'start' },
    });
    for (const senderFrame of [
      null,
      { url: 'https://evil.example/', parent: null },
      { url: 'app://halfspread.evil.example/', parent: null },
      { url: 'app://user@halfspread/', parent: null },
      { url: 'about:blank', parent: null },
      { url: '', parent: null },
      { ...own, parent: own },
    ]) {
      await expect(call({ senderFrame }, 'engine.command', { name: 'stop' })).rejects.toThrow('not the window');
    }
    expect(handlers.commands).toEqual([{ name: 'start' }]);
  });

  it('sends events to a window that is there', async () => {
    host.emit('engine.event', { sequence: 1, event: { type: 'trading', trading: 'paused' } });
    await host.open();
    host.emit('engine.event', { sequence: 2, event: { type: 'trading', trading: 'trading' } });
    expect(electron.windows[0]?.sent.map((args) => args[2])).toMatchObject([{ sequence: 2 }]);
  });

  it('starts children as utility processes and hands secrets over by message', () => {
    const lines: string[] = [];
    const exits: unknown[] = [];
    createUtilityLauncher(electron)(
      { name: 'engine', script: '/engine.mjs', args: [], handover: { cookie: 'c' } },
      {
        onStdoutLine: (line) => lines.push(line),
        onStderrLine: (line) => lines.push(line),
        onExit: (code, signal) => exits.push([code, signal]),
      },
    );
    const child = electron.processes[0]!;
    (child.stdout as NodeJS.ReadableStream).emit('data', 'one\ntwo');
    (child.stdout as NodeJS.ReadableStream).emit('data', ' more\n');
    child.exit(3);
    expect(child.messages).toEqual([{ cookie: 'c' }]);
    expect(lines).toEqual(['one', 'two more']);
    expect(exits).toEqual([[3, null]]);
  });
});

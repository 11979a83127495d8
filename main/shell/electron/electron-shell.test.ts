import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createFakeHandlers, type FakeHandlers } from '../../ipc/fake-handlers.test-helper.ts';
import { createIpcServer } from '../../ipc/server.ts';
import { openWindowMemory, type WindowMemory } from '../../lifecycle/window-memory.ts';
import type { Shell, WindowHost } from '../ports.ts';
import { CALL_CHANNEL } from './channels.ts';
import { createElectronShell } from './electron-shell.ts';
import { FakeElectron } from './fake-electron.test-helper.ts';
import { createUtilityLauncher } from './utility-launcher.ts';

let distFolder: string;
let electron: FakeElectron;
let handlers: FakeHandlers;
let host: WindowHost;
let shell: Shell;
let memory: WindowMemory;

beforeEach(async () => {
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
    environment: {},
    homeFolder: distFolder,
    startCommand: ['C:\\Halfspread.exe'],
  });
  memory = await openWindowMemory(
    join(distFolder, 'window-state.json'),
    () => 0,
    () => undefined,
  );
  host = await shell.serveWindow(createIpcServer(handlers), undefined, memory);
});
afterEach(async () => {
  await host.stop();
  await memory.settled();
  await rm(distFolder, { recursive: true });
});

describe('electron host', () => {
  it('opens one sandboxed window of its own scheme, and only one', async () => {
    await host.open();
    await host.open();
    expect(electron.windows.length).toBe(1);
    expect(electron.windows[0]).toMatchObject({
      url: 'app://halfspread/',
      options: {
        webPreferences: {
          sandbox: true,
          contextIsolation: true,
          nodeIntegration: false,
          webSecurity: true,
          devTools: false,
          preload: join(distFolder, 'main', 'preload.cjs'),
        },
      },
    });
  });

  it('opens where it was left, as large as it was, also when maximised, and remembers what the person does to it', async () => {
    await host.open();
    const [first] = electron.windows;
    expect(first?.options).toMatchObject({ x: 320, y: 140, width: 1280, height: 800, minWidth: 1120 });
    first!.bounds = { x: 40, y: 60, width: 1500, height: 900 };
    first!.isMaximized = true;
    electron.tellWindow(first!, 'maximize');
    first!.destroyed = true;
    await host.open();
    expect(electron.windows[1]).toMatchObject({
      options: { x: 40, y: 60, width: 1500, height: 900 },
      isMaximized: true,
    });
    // Unplugged meanwhile: the second display it stood on.
    memory.setPlace({ bounds: { x: 4_000, y: 60, width: 1500, height: 900 }, isMaximized: false });
    electron.windows[1]!.destroyed = true;
    await host.open();
    expect(electron.windows[2]?.options).toMatchObject({ x: 210, y: 90, width: 1500, height: 900 });
  });

  it('brings a minimised window back', async () => {
    await host.open();
    electron.windows[0]!.isMinimized = true;
    await host.open();
    expect(electron.windows[0]!.isMinimized).toBe(false);
  });

  it('asks where to save, and takes no for an answer', async () => {
    expect(await shell.chooseSavePath('bundle.zip')).toBe('/chosen.zip');
    expect(electron.saveDialogs[0]?.defaultPath).toBe('bundle.zip');
    electron.savePath = undefined;
    expect(await shell.chooseSavePath('bundle.zip')).toBeUndefined();
  });

  it('serves the built files and nothing else, with a policy that allows no connection', async () => {
    const serve = electron.schemes.get('app')!;
    const index = serve({ url: 'app://halfspread/', method: 'GET' });
    expect(await index.text()).toBe('the window');
    expect(index.headers.get('content-security-policy')).toContain("connect-src 'none'");
    for (const url of ['app://halfspread/../main/preload.cjs', 'app://other/', 'app://halfspread/nothing.js']) {
      expect(serve({ url, method: 'GET' }).status).toBe(404);
    }
  });

  it('denies permissions, navigation, webviews and new windows', () => {
    const { denied, windowOpen } = electron.newPage();
    expect(denied).toEqual(['will-navigate', 'will-frame-navigate', 'will-attach-webview']);
    expect(windowOpen).toBe('deny');
    const answers: boolean[] = [];
    for (const ask of electron.permissionHandlers) ask((granted) => answers.push(granted));
    expect([...answers, ...electron.permissionChecks.map((check) => check())]).toEqual([false, false, false]);
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

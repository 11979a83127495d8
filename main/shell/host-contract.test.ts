/** What every shell must do for main and for the window, asked of both hosts. */
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { WebSocket } from 'ws';
import { createFakeHandlers, fakeAppState, type FakeHandlers } from '../ipc/fake-handlers.test-helper.ts';
import { createIpcServer, type IpcAnswer } from '../ipc/server.ts';
import { createBrowserShell } from './browser/browser-shell.ts';
import { CALL_CHANNEL, EVENT_CHANNEL } from './electron/channels.ts';
import { createElectronShell } from './electron/electron-shell.ts';
import { FakeElectron } from './electron/fake-electron.test-helper.ts';
import type { Shell, WindowHost } from './ports.ts';

/** A window of one host, as its renderer uses it. */
interface TestWindow {
  call(name: string, input: unknown): Promise<IpcAnswer>;
  events(): { name: unknown; data: unknown }[];
  /** A call from a page that is not the window; resolves only if it was let through. */
  foreignCall(): Promise<unknown>;
}

interface TestHost {
  shell: Shell;
  openWindow(): Promise<TestWindow>;
}

function browserHost(root: string): TestHost {
  const printed: string[] = [];
  const shell = createBrowserShell({
    root,
    version: '0.0.0',
    dataFolder: join(root, 'data'),
    reason: undefined,
    openBrowser: false,
    environment: {},
    platform: 'linux',
    terminal: undefined,
    print: (line) => printed.push(line),
    onTrayUnavailable: () => undefined,
  });
  return {
    shell,
    async openWindow() {
      const link = printed.at(-1)!.split(' ').at(-1)!;
      const { origin } = new URL(link);
      const cookie = (await fetch(link)).headers.getSetCookie()[0]!.split(';')[0]!;
      const connect = (from: string) =>
        new Promise<WebSocket>((resolve, reject) => {
          const socket = new WebSocket(`${origin.replace('http', 'ws')}/ipc`, { origin: from, headers: { cookie } });
          socket.once('open', () => resolve(socket)).once('error', reject);
        });
      const socket = await connect(origin);
      const events: { name: unknown; data: unknown }[] = [];
      const answers = new Map<number, (answer: IpcAnswer) => void>();
      socket.on('message', (text) => {
        const frame = JSON.parse(text.toString()) as { kind: string; id: number; name: unknown; data: unknown };
        if (frame.kind === 'event') events.push({ name: frame.name, data: frame.data });
        else answers.get(frame.id)?.(frame as unknown as IpcAnswer);
      });
      return {
        events: () => events,
        foreignCall: () => connect('http://evil.example'),
        call: (name, input) =>
          new Promise((resolve) => {
            const id = answers.size + 1;
            answers.set(id, resolve);
            socket.send(JSON.stringify({ kind: 'call', id, name, input }));
          }),
      };
    },
  };
}

function electronHost(root: string): TestHost {
  const electron = new FakeElectron();
  const frame = (url: string) => ({ senderFrame: { url, parent: null } });
  const call = (url: string, name: string, input: unknown) =>
    electron.handlers.get(CALL_CHANNEL)!(frame(url), name, input) as Promise<IpcAnswer>;
  return {
    shell: createElectronShell({ electron, distFolder: join(root, 'dist'), devTools: false, platform: 'linux' }),
    openWindow: () =>
      Promise.resolve({
        call: (name, input) => call('app://halfspread/', name, input),
        foreignCall: () => call('https://evil.example/', 'engine.command', { name: 'stop' }),
        events: () =>
          electron.windows[0]!.sent.filter(([channel]) => channel === EVENT_CHANNEL).map(([, name, data]) => ({
            name,
            data,
          })),
      }),
  };
}

describe.each([
  ['browser shell', browserHost],
  ['electron shell', electronHost],
])('%s', (_name, createHost) => {
  let root: string;
  let handlers: FakeHandlers;
  let host: WindowHost;
  let window: TestWindow;

  beforeEach(async () => {
    root = await mkdtemp(join(tmpdir(), 'hs-host-'));
    await mkdir(join(root, 'dist', 'renderer'), { recursive: true });
    await writeFile(join(root, 'dist', 'renderer', 'index.html'), 'the window');
    handlers = createFakeHandlers();
    const created = createHost(root);
    host = await created.shell.serveWindow(createIpcServer(handlers));
    await host.open();
    window = await created.openWindow();
  });
  afterEach(async () => {
    await host.stop();
    await rm(root, { recursive: true });
  });

  it('passes calls to their handlers and answers back', async () => {
    expect(await window.call('app.open', {})).toMatchObject({ ok: true, output: { app: fakeAppState } });
    expect(await window.call('engine.command', { name: 'pause' })).toMatchObject({ ok: true });
    expect(handlers.commands).toEqual([{ name: 'pause' }]);
  });

  it('answers errors as code, message and remedy', async () => {
    const choice = { tape: 'x', network: 'none', fees: 'zero' };
    const error = { code: 'HS_PRACTICE_CHOICE', message: 'There is no such tape.', remedy: 'Choose another.' };
    expect(await window.call('practice.choose', choice)).toMatchObject({ ok: false, error });
    expect(await window.call('nothing', {})).toMatchObject({ ok: false, error: { code: 'HS_IPC_INVALID' } });
  });

  it('brings events to the window', async () => {
    host.emit('app.state', fakeAppState);
    await expect.poll(() => window.events(), { timeout: 15_000 }).toEqual([{ name: 'app.state', data: fakeAppState }]);
  });

  it('lets no other page call', async () => {
    await expect(window.foreignCall()).rejects.toThrow();
    expect(handlers.commands).toEqual([]);
  });
});

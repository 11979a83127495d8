/** Both hosts of the ports with their window's side, so that one test can ask the same of either. */
import { request as httpRequest } from 'node:http';
import { join } from 'node:path';
import { WebSocket } from 'ws';
import type { IpcAnswer } from '../ipc/server.ts';
import { createBrowserShell } from './browser/browser-shell.ts';
import { CALL_CHANNEL, EVENT_CHANNEL } from './electron/channels.ts';
import { createElectronShell } from './electron/electron-shell.ts';
import { FakeElectron } from './electron/fake-electron.test-helper.ts';
import { WINDOW_PARTITION } from './electron/lock-down.ts';
import type { Shell } from './ports.ts';

export interface ServedFile {
  status: number;
  headers: Record<string, string | undefined>;
  text: string;
}

/** A window of one host, as its renderer uses it. */
export interface TestWindow {
  call(name: unknown, input: unknown): Promise<IpcAnswer>;
  events(): { name: unknown; data: unknown }[];
  /** Calls from pages that are not the window; each resolves only if it was let through. */
  foreignCalls(): Promise<unknown>[];
  /** A file of the window's own origin, asked for with the window's rights. `path` is sent as it is. */
  file(path: string, method?: string): Promise<ServedFile>;
}

export interface TestHost {
  shell: Shell;
  openWindow(): Promise<TestWindow>;
  /** What the system was asked to open outside. */
  openedOutside(): string[];
  /** Whom the page may connect to, by its policy: the one difference there is. */
  connectSources: string;
}

/** The plain-Node host on loopback. Its link to the outside is printed where no desktop is there to open it. */
export function browserHost(root: string, printed: string[] = []): TestHost {
  const shell = createBrowserShell({
    root,
    version: '0.0.0',
    dataFolder: join(root, 'data'),
    reason: undefined,
    openBrowser: false,
    environment: {},
    platform: 'linux',
    terminal: undefined,
    homeFolder: root,
    startCommand: ['halfspread'],
    print: (line) => printed.push(line),
    onTrayUnavailable: () => undefined,
  });
  return {
    shell,
    connectSources: "'self'",
    openedOutside: () => printed.filter((line) => line.startsWith('https:')),
    async openWindow() {
      const link = printed.at(-1)!.split(' ').at(-1)!;
      const { origin } = new URL(link);
      const cookie = (await fetch(link)).headers.getSetCookie()[0]!.split(';')[0]!;
      const socket = await connect(origin, { origin, headers: { cookie } });
      const events: { name: unknown; data: unknown }[] = [];
      const answers = new Map<number, (answer: IpcAnswer) => void>();
      socket.on('message', (text) => {
        const frame = JSON.parse(text.toString()) as { kind: string; id: number; name: unknown; data: unknown };
        if (frame.kind === 'event') events.push({ name: frame.name, data: frame.data });
        else answers.get(frame.id)?.(frame as unknown as IpcAnswer);
      });
      return {
        events: () => events,
        file: (path, method) => fetchRaw(origin, path, { cookie }, method),
        foreignCalls: () => [
          connect(origin, { origin: 'http://evil.example', headers: { cookie } }),
          connect(origin, { origin: 'null', headers: { cookie } }),
          connect(origin, { origin }),
        ],
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

/** The Electron host with the typed double of the electron module. */
export function electronHost(root: string): TestHost & { electron: FakeElectron } {
  const electron = new FakeElectron();
  const call = (url: string, name: unknown, input: unknown, parent: unknown = null) =>
    electron.handlers.get(CALL_CHANNEL)!({ senderFrame: { url, parent } }, name, input) as Promise<IpcAnswer>;
  return {
    electron,
    shell: createElectronShell({
      electron,
      distFolder: join(root, 'dist'),
      devTools: false,
      platform: 'linux',
      language: 'en',
      environment: {},
      homeFolder: root,
      startCommand: ['halfspread'],
    }),
    connectSources: "'none'",
    openedOutside: () => electron.lockDown.openedExternally,
    openWindow: () =>
      Promise.resolve({
        call: (name, input) => call('app://halfspread/', name, input),
        foreignCalls: () => [
          call('https://evil.example/', 'engine.command', { name: 'stop' }),
          call('app://halfspread.evil.example/', 'engine.command', { name: 'stop' }),
          call('app://halfspread/', 'engine.command', { name: 'stop' }, { url: 'app://halfspread/' }),
        ],
        async file(path, method = 'GET') {
          const answer = electron.lockDown.sessions.get(WINDOW_PARTITION)!.schemes.get('app')!({
            url: `app://halfspread${path}`,
            method,
          });
          return {
            status: answer.status,
            headers: Object.fromEntries(answer.headers.entries()),
            text: await answer.text(),
          };
        },
        events: () =>
          electron.windows[0]!.sent.filter(([channel]) => channel === EVENT_CHANNEL).map(([, name, data]) => ({
            name,
            data,
          })),
      }),
  };
}

function connect(origin: string, options: { origin?: string; headers?: Record<string, string> }): Promise<WebSocket> {
  return new Promise((resolve, reject) => {
    const socket = new WebSocket(`${origin.replace('http', 'ws')}/ipc`, options);
    socket.once('open', () => resolve(socket)).once('error', reject);
  });
}

/** `fetch` would tidy the path up before it sends it. */
function fetchRaw(origin: string, path: string, headers: Record<string, string>, method = 'GET'): Promise<ServedFile> {
  const { hostname, port } = new URL(origin);
  return new Promise((resolve, reject) => {
    const request = httpRequest({ hostname, port, path, method, headers }, (response) => {
      let text = '';
      response.setEncoding('utf8').on('data', (chunk) => (text += chunk));
      response.on('end', () =>
        resolve({
          status: response.statusCode ?? 0,
          headers: Object.fromEntries(
            Object.entries(response.headers).map(([name, value]) => [name, value?.toString()]),
          ),
          text,
        }),
      );
    });
    request.on('error', reject).end();
  });
}

import { join } from 'node:path';
import { LEAST_SIZE, placeWindow } from '../../lifecycle/window-place.ts';
import type { WindowMemory } from '../../lifecycle/window-memory.ts';
import { createAutostart } from '../linux/autostart.ts';
import { createLogindPower } from '../linux/logind-power.ts';
import type { Shell } from '../ports.ts';
import { readStaticFiles, type StaticFile } from '../static-files.ts';
import { CALL_CHANNEL, EVENT_CHANNEL } from './channels.ts';
import type { BrowserWindowPort, ElectronPort, FramePort, WebContentsPort } from './electron-port.ts';
import { createElectronLoginItem } from './login-item.ts';
import { createElectronNotifier } from './notifications.ts';
import { createElectronPower } from './power.ts';
import { createElectronTray } from './tray.ts';
import { createUtilityLauncher } from './utility-launcher.ts';

export const APP_SCHEME = 'app';
const APP_ORIGIN = `${APP_SCHEME}://halfspread`;

/** The page talks to main over ipc alone, so it may open no connection at all (security.md, Electron). */
const CONTENT_SECURITY_POLICY =
  "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; connect-src 'none'; " +
  "base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

export interface ElectronShellOptions {
  electron: ElectronPort;
  /** Folder of the built program: holds renderer/ and main/preload.cjs. */
  distFolder: string;
  /** Off in packages. */
  devTools: boolean;
  platform: string;
  environment: NodeJS.ProcessEnv;
  homeFolder: string;
  /** Program and arguments that start Halfspread without its window. */
  startCommand: readonly string[];
}

/** The Electron host. Call after `app.whenReady()`; the scheme must have been registered before. */
export function createElectronShell(options: ElectronShellOptions): Shell {
  const { electron, distFolder, devTools, platform, environment } = options;
  const isLinux = platform === 'linux';
  return {
    description: { kind: 'electron' },
    launcher: createUtilityLauncher(electron),
    createNotifier: (handlers) => createElectronNotifier(electron.Notification, handlers),
    createTray: (onAction) =>
      createElectronTray({ electron, platform, iconFolder: join(distFolder, 'main', 'tray'), onAction }),
    // logind makes sleep wait for us, which Electron's own monitor gives nobody a say in.
    createPower: (handlers) =>
      isLinux
        ? createLogindPower({ environment, pid: process.pid, userId: process.getuid?.() ?? 0, ...handlers })
        : createElectronPower(electron.powerMonitor, handlers.onEvent),
    loginItem: isLinux
      ? createAutostart({ ...options, command: options.startCommand })
      : createElectronLoginItem(electron.app, platform, options.startCommand[0] ?? process.execPath),
    async chooseSavePath(suggestedName) {
      const { canceled, filePath } = await electron.dialog.showSaveDialog({
        defaultPath: suggestedName,
        filters: [{ name: 'ZIP', extensions: ['zip'] }],
        properties: ['createDirectory', 'showOverwriteConfirmation'],
      });
      return canceled || filePath === '' ? undefined : filePath;
    },
    async serveWindow(ipc, _handlers, memory) {
      const files = await readStaticFiles(join(distFolder, 'renderer'));
      lockDown(electron);
      electron.protocol.handle(APP_SCHEME, (request) => answerFile(files, request));
      let window: BrowserWindowPort | undefined;

      electron.ipcMain.handle(CALL_CHANNEL, async (event, name, input) => {
        if (!isOwnPage(event.senderFrame)) throw new Error('A call came from a page that is not the window.');
        return ipc.answer(name, input);
      });

      return {
        async open() {
          if (!window || window.isDestroyed()) {
            const { bounds, isMaximized } = placeWindow(memory?.place(), workAreas(electron));
            window = new electron.BrowserWindow({
              ...bounds,
              minWidth: Math.min(bounds.width, LEAST_SIZE.width),
              minHeight: Math.min(bounds.height, LEAST_SIZE.height),
              title: 'Halfspread',
              show: false,
              autoHideMenuBar: true,
              webPreferences: {
                preload: join(distFolder, 'main', 'preload.cjs'),
                sandbox: true,
                contextIsolation: true,
                nodeIntegration: false,
                webSecurity: true,
                devTools,
              },
            });
            if (memory) rememberPlace(window, memory);
            if (isMaximized) window.maximize();
            await window.loadURL(`${APP_ORIGIN}/`);
          }
          if (window.isMinimized()) window.restore();
          window.show();
          window.focus();
        },
        emit(name, data) {
          if (window && !window.isDestroyed()) window.webContents.send(EVENT_CHANNEL, name, data);
        },
        stop() {
          electron.ipcMain.removeHandler(CALL_CHANNEL);
          if (window && !window.isDestroyed()) window.destroy();
          return Promise.resolve();
        },
      };
    },
  };
}

/** The primary display first. */
function workAreas({ screen }: ElectronPort) {
  const primary = screen.getPrimaryDisplay();
  const others = screen.getAllDisplays().filter(({ id }) => id !== primary.id);
  return [primary, ...others].map(({ workArea }) => workArea);
}

function rememberPlace(window: BrowserWindowPort, memory: WindowMemory): void {
  const remember = () => {
    if (window.isDestroyed() || window.isMinimized()) return;
    memory.setPlace({ bounds: window.getNormalBounds(), isMaximized: window.isMaximized() });
  };
  for (const event of ['resized', 'moved', 'maximize', 'unmaximize'] as const) window.on(event, remember);
  // Linux tells no end of a resize.
  window.on('close', remember);
}

/** Everything a page could ask for beyond drawing itself is denied, for every page there is or will be. */
function lockDown(electron: ElectronPort): void {
  const { defaultSession } = electron.session;
  defaultSession.setPermissionRequestHandler((_contents, _permission, callback) => callback(false));
  defaultSession.setPermissionCheckHandler(() => false);
  defaultSession.setDevicePermissionHandler(() => false);
  electron.app.on('web-contents-created', (_event, contents: WebContentsPort) => {
    contents.on('will-navigate', (event) => event.preventDefault());
    contents.on('will-frame-navigate', (event) => event.preventDefault());
    contents.on('will-attach-webview', (event) => event.preventDefault());
    contents.setWindowOpenHandler(() => ({ action: 'deny' }));
  });
}

/** Only the top frame of our own scheme may call main. */
function isOwnPage(frame: FramePort | null): boolean {
  return frame !== null && frame.parent === null && new URL(frame.url).href.startsWith(`${APP_ORIGIN}/`);
}

function answerFile(files: Map<string, StaticFile>, request: { url: string; method: string }): Response {
  const url = new URL(request.url);
  const path = url.pathname === '/' ? '/index.html' : url.pathname;
  const file = request.method === 'GET' && url.host === 'halfspread' ? files.get(path) : undefined;
  const headers = { 'content-security-policy': CONTENT_SECURITY_POLICY, 'x-content-type-options': 'nosniff' };
  if (!file) return new Response('not found', { status: 404, headers });
  return new Response(new Uint8Array(file.bytes), { headers: { ...headers, 'content-type': file.contentType } });
}

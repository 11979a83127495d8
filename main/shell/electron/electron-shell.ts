import { join } from 'node:path';
import type { Shell } from '../ports.ts';
import { readStaticFiles, type StaticFile } from '../static-files.ts';
import { CALL_CHANNEL, EVENT_CHANNEL } from './channels.ts';
import { createNativeConfirm } from './confirm.ts';
import type { BrowserWindowPort, ElectronPort, FramePort, WebContentsPort } from './electron-port.ts';
import { createElectronNotifier } from './notifications.ts';
import { createClipboardSecrets } from './secret-prompt.ts';
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
}

/** The Electron host. Call after `app.whenReady()`; the scheme must have been registered before. */
export function createElectronShell({ electron, distFolder, devTools, platform }: ElectronShellOptions): Shell {
  return {
    description: { kind: 'electron' },
    launcher: createUtilityLauncher(electron),
    secrets: createClipboardSecrets(electron.clipboard),
    createNotifier: (handlers) => createElectronNotifier(electron.Notification, handlers),
    confirm: createNativeConfirm(electron),
    openFile: async (path) => (await electron.shell.openPath(path)) === '',
    createTray: (onAction) =>
      createElectronTray({ electron, platform, iconFolder: join(distFolder, 'main', 'tray'), onAction }),
    async serveWindow(ipc) {
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
            window = new electron.BrowserWindow({
              width: 1280,
              height: 800,
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
            await window.loadURL(`${APP_ORIGIN}/`);
          }
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

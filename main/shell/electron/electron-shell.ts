import { join } from 'node:path';
import type { Language } from '../../ipc/schema.ts';
import type { Shell } from '../ports.ts';
import { readStaticFiles } from '../static-files.ts';
import { appMenu } from './app-menu.ts';
import { answerFile, APP_SCHEME, isOwnUrl, OWN_PAGE_URL, STOPPED_PAGE_URL } from './app-scheme.ts';
import { CALL_CHANNEL, EVENT_CHANNEL } from './channels.ts';
import { createNativeConfirm } from './confirm.ts';
import type { BrowserWindowPort, ElectronPort, FramePort } from './electron-port.ts';
import { lockDown, openExternally, WINDOW_PARTITION } from './lock-down.ts';
import { createElectronNotifier } from './notifications.ts';
import { createClipboardSecrets } from './secret-prompt.ts';
import { createElectronTray } from './tray.ts';
import { createUtilityLauncher } from './utility-launcher.ts';
import { NO_CRASH, onWindowGone } from './window-crash.ts';

export interface ElectronShellOptions {
  electron: ElectronPort;
  /** Folder of the built program: holds renderer/ and main/preload.cjs. */
  distFolder: string;
  /** Off in packages. */
  devTools: boolean;
  platform: string;
  /** Of the window's menu. */
  language: Language;
}

/** The Electron host. Call after `app.whenReady()`; the scheme must have been registered before. */
export function createElectronShell(options: ElectronShellOptions): Shell {
  const { electron, distFolder, devTools, platform, language } = options;
  return {
    description: { kind: 'electron' },
    launcher: createUtilityLauncher(electron),
    secrets: createClipboardSecrets(electron.clipboard),
    createNotifier: (handlers) => createElectronNotifier(electron.Notification, handlers),
    confirm: createNativeConfirm(electron),
    openFile: async (path) => (await electron.shell.openPath(path)) === '',
    createTray: (onAction) =>
      createElectronTray({ electron, platform, iconFolder: join(distFolder, 'main', 'tray'), onAction }),
    openExternal: (address) => openExternally(electron, address),
    async serveWindow(ipc, handlers) {
      const onTrouble = (message: string) => handlers?.onTrouble(message);
      const files = await readStaticFiles(join(distFolder, 'renderer'));
      // In development Electron's own stays, for its DevTools.
      if (!devTools) electron.Menu.setApplicationMenu(electron.Menu.buildFromTemplate(appMenu(platform, language)));
      const session = lockDown({ electron, devTools, onRefusedLink: onTrouble });
      session.protocol.handle(APP_SCHEME, (request) => answerFile(files, request));
      let window: BrowserWindowPort | undefined;
      let showsStandIn = false;
      let crashes = NO_CRASH;

      electron.ipcMain.handle(CALL_CHANNEL, async (event, name, input) => {
        if (!isOwnPage(event.senderFrame)) throw new Error('A call came from a page that is not the window.');
        return ipc.answer(name, input);
      });

      function create(): BrowserWindowPort {
        const created = new electron.BrowserWindow({
          width: 1280,
          height: 800,
          title: 'Halfspread',
          show: false,
          autoHideMenuBar: true,
          webPreferences: {
            preload: join(distFolder, 'main', 'preload.cjs'),
            partition: WINDOW_PARTITION,
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
            devTools,
          },
        });
        created.webContents.on('render-process-gone', (_event, details) => onGone(created, details));
        created.webContents.on('did-navigate', (_event, url) => (showsStandIn = url === STOPPED_PAGE_URL));
        return created;
      }

      /** The window's process died: loads it again, or the page that says that this happened too often. */
      function onGone(gone: BrowserWindowPort, { reason, exitCode }: { reason: string; exitCode: number }): void {
        const step = onWindowGone(crashes, { reason, showsStandIn }, Date.now());
        crashes = step.history;
        if (gone.isDestroyed()) return;
        if (step.answer === 'standIn') showsStandIn = true;
        if (step.answer !== 'leave') load(gone);
        if (reason !== 'clean-exit') handlers?.onCrash({ reason, exitCode, answer: step.answer });
      }

      function load(target: BrowserWindowPort): void {
        target.loadURL(showsStandIn ? STOPPED_PAGE_URL : OWN_PAGE_URL).catch((error: unknown) => {
          // Its process died again while it loaded: that is told by its own event.
          onTrouble(`The window did not load: ${String(error)}`);
        });
      }

      return {
        async open() {
          if (!window || window.isDestroyed()) {
            window = create();
            showsStandIn = false;
            await window.loadURL(OWN_PAGE_URL);
          } else if (showsStandIn) {
            showsStandIn = false;
            await window.loadURL(OWN_PAGE_URL);
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

/** Only the top frame of our own scheme may call main. */
function isOwnPage(frame: FramePort | null): boolean {
  return frame !== null && frame.parent === null && isOwnUrl(frame.url);
}

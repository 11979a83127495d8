import { join } from 'node:path';
import type { Language } from '../../ipc/schema.ts';
import { LEAST_SIZE, placeWindow, type Rectangle } from '../../lifecycle/window-place.ts';
import type { WindowMemory } from '../../lifecycle/window-memory.ts';
import { createAutostart } from '../linux/autostart.ts';
import { createLogindPower } from '../linux/logind-power.ts';
import type { Shell } from '../ports.ts';
import { readStaticFiles } from '../static-files.ts';
import { appMenu } from './app-menu.ts';
import { answerFile, APP_SCHEME, isOwnUrl, OWN_PAGE_URL, STOPPED_PAGE_URL } from './app-scheme.ts';
import { CALL_CHANNEL, EVENT_CHANNEL } from './channels.ts';
import { createNativeConfirm } from './confirm.ts';
import type { BrowserWindowPort, ElectronPort, FramePort } from './electron-port.ts';
import { lockDown, openExternally, WINDOW_PARTITION } from './lock-down.ts';
import { createElectronLoginItem } from './login-item.ts';
import { createElectronNotifier } from './notifications.ts';
import { createElectronPower } from './power.ts';
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
  environment: NodeJS.ProcessEnv;
  homeFolder: string;
  /** Program and arguments that start Halfspread without its window. */
  startCommand: readonly string[];
}

/** The Electron host. Call after `app.whenReady()`; the scheme must have been registered before. */
export function createElectronShell(options: ElectronShellOptions): Shell {
  const { electron, distFolder, devTools, platform, language, environment } = options;
  const isLinux = platform === 'linux';
  return {
    description: { kind: 'electron' },
    launcher: createUtilityLauncher(electron),
    secrets: createClipboardSecrets(electron),
    createNotifier: (handlers) => createElectronNotifier(electron.Notification, handlers),
    confirm: createNativeConfirm(electron),
    openFile: async (path) => (await electron.shell.openPath(path)) === '',
    createTray: (onAction) =>
      createElectronTray({ electron, platform, iconFolder: join(distFolder, 'main', 'tray'), onAction }),
    openExternal: (address) => openExternally(electron, address),
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
    async serveWindow(ipc, handlers, memory) {
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

      function create(bounds: Rectangle): BrowserWindowPort {
        const created = new electron.BrowserWindow({
          ...bounds,
          minWidth: Math.min(bounds.width, LEAST_SIZE.width),
          minHeight: Math.min(bounds.height, LEAST_SIZE.height),
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
            const { bounds, isMaximized } = placeWindow(memory?.place(), workAreas(electron));
            window = create(bounds);
            if (memory) rememberPlace(window, memory);
            if (isMaximized) window.maximize();
            showsStandIn = false;
            await window.loadURL(OWN_PAGE_URL);
          } else if (showsStandIn) {
            showsStandIn = false;
            await window.loadURL(OWN_PAGE_URL);
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

/** Only the top frame of our own scheme may call main. */
function isOwnPage(frame: FramePort | null): boolean {
  return frame !== null && frame.parent === null && isOwnUrl(frame.url);
}

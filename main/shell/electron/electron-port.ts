import type { ElectronDialogPort } from './confirm.ts';
import type { ElectronLockDownPort } from './lock-down-port.ts';
import type { Rectangle } from '../../lifecycle/window-place.ts';
import type { ElectronDesktopPort, LoginItemPort } from './desktop-port.ts';
import type { ElectronNotificationPort } from './notifications.ts';
import type { ElectronSecretPort } from './secret-prompt.ts';
import type { ElectronTrayPort } from './tray-port.ts';

/**
 * The part of the electron module the host uses. The real module fits it (electron-main.ts passes it), and so does the
 * double of the contract test, without a cast on either side.
 */
export interface ElectronPort
  extends
    ElectronTrayPort,
    ElectronNotificationPort,
    ElectronLockDownPort,
    Omit<ElectronDesktopPort, 'dialog'>,
    Omit<ElectronSecretPort, 'dialog'> {
  app: LoginItemPort & ElectronLockDownPort['app'];
  dialog: ElectronDialogPort['dialog'] & ElectronDesktopPort['dialog'];
  BrowserWindow: new (options: WindowOptions) => BrowserWindowPort;
  ipcMain: {
    handle(
      channel: string,
      listener: (event: { senderFrame: FramePort | null }, ...args: unknown[]) => Promise<unknown>,
    ): void;
    removeHandler(channel: string): void;
  };
  utilityProcess: {
    fork(
      script: string,
      args: string[],
      options: { serviceName: string; stdio: ['ignore', 'pipe', 'pipe'] },
    ): UtilityProcessPort;
  };
}

export interface WindowOptions {
  x?: number;
  y?: number;
  width: number;
  height: number;
  minWidth: number;
  minHeight: number;
  title: string;
  show: boolean;
  autoHideMenuBar: boolean;
  webPreferences: WindowPreferences;
}

/** The types leave no choice: a weaker window does not compile. */
export interface WindowPreferences {
  preload: string;
  partition: string;
  sandbox: true;
  contextIsolation: true;
  nodeIntegration: false;
  nodeIntegrationInWorker: false;
  nodeIntegrationInSubFrames: false;
  webSecurity: true;
  allowRunningInsecureContent: false;
  experimentalFeatures: false;
  webviewTag: false;
  navigateOnDragDrop: false;
  spellcheck: false;
  /** Off in packages. */
  devTools: boolean;
}

export interface FramePort {
  url: string;
  parent: unknown;
}

export interface BrowserWindowPort {
  webContents: {
    send(channel: string, ...args: unknown[]): void;
    on(
      event: 'render-process-gone',
      listener: (event: unknown, details: { reason: string; exitCode: number }) => void,
    ): unknown;
    on(event: 'did-navigate', listener: (event: unknown, url: string) => void): unknown;
  };
  loadURL(url: string): Promise<void>;
  show(): void;
  focus(): void;
  isDestroyed(): boolean;
  destroy(): void;
  maximize(): void;
  restore(): void;
  isMinimized(): boolean;
  isMaximized(): boolean;
  /** Of the window when it is not maximised. */
  getNormalBounds(): Rectangle;
  on(event: 'close' | 'resized' | 'moved' | 'maximize' | 'unmaximize', listener: () => void): unknown;
}

export interface UtilityProcessPort {
  readonly pid: number | undefined;
  readonly stdout: NodeJS.ReadableStream | null;
  readonly stderr: NodeJS.ReadableStream | null;
  on(event: 'exit', listener: (code: number) => void): unknown;
  postMessage(message: unknown): void;
  kill(): boolean;
}

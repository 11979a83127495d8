import type { ElectronDialogPort } from './confirm.ts';
import type { ElectronNotificationPort } from './notifications.ts';
import type { ClipboardPort } from './secret-prompt.ts';
import type { ElectronTrayPort } from './tray-port.ts';

/**
 * The part of the electron module the host uses. The real module fits it (electron-main.ts passes it), and so does the
 * double of the contract test, without a cast on either side.
 */
export interface ElectronPort extends ElectronTrayPort, ElectronNotificationPort, ElectronDialogPort {
  app: {
    on(event: 'web-contents-created', listener: (event: unknown, contents: WebContentsPort) => void): unknown;
  };
  BrowserWindow: new (options: WindowOptions) => BrowserWindowPort;
  ipcMain: {
    handle(
      channel: string,
      listener: (event: { senderFrame: FramePort | null }, ...args: unknown[]) => Promise<unknown>,
    ): void;
    removeHandler(channel: string): void;
  };
  protocol: {
    handle(scheme: string, handler: (request: { url: string; method: string }) => Response): void;
  };
  session: { defaultSession: SessionPort };
  clipboard: ClipboardPort;
  /** Resolves with an empty text when it could be shown, else with why not. */
  shell: { openPath(path: string): Promise<string> };
  utilityProcess: {
    fork(
      script: string,
      args: string[],
      options: { serviceName: string; stdio: ['ignore', 'pipe', 'pipe'] },
    ): UtilityProcessPort;
  };
}

export interface WindowOptions {
  width: number;
  height: number;
  title: string;
  show: boolean;
  autoHideMenuBar: boolean;
  webPreferences: {
    preload: string;
    sandbox: true;
    contextIsolation: true;
    nodeIntegration: false;
    webSecurity: true;
    devTools: boolean;
  };
}

export interface FramePort {
  url: string;
  parent: unknown;
}

export interface BrowserWindowPort {
  webContents: { send(channel: string, ...args: unknown[]): void };
  loadURL(url: string): Promise<void>;
  show(): void;
  focus(): void;
  isDestroyed(): boolean;
  destroy(): void;
}

export interface WebContentsPort {
  on(
    event: 'will-navigate' | 'will-frame-navigate' | 'will-attach-webview',
    listener: (event: { preventDefault(): void }) => void,
  ): unknown;
  setWindowOpenHandler(handler: () => { action: 'deny' }): void;
}

export interface SessionPort {
  setPermissionRequestHandler(
    handler: (contents: unknown, permission: string, callback: (granted: boolean) => void) => void,
  ): void;
  setPermissionCheckHandler(handler: () => boolean): void;
  setDevicePermissionHandler(handler: () => boolean): void;
}

export interface UtilityProcessPort {
  readonly pid: number | undefined;
  readonly stdout: NodeJS.ReadableStream | null;
  readonly stderr: NodeJS.ReadableStream | null;
  on(event: 'exit', listener: (code: number) => void): unknown;
  postMessage(message: unknown): void;
  kill(): boolean;
}

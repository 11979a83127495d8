/** A typed double of the electron module: it notes what the host asks for and lets a test play the page's side. */
import { PassThrough } from 'node:stream';
import type { MessageBoxOptions } from './confirm.ts';
import type { ElectronPort, FramePort, UtilityProcessPort, WebContentsPort, WindowOptions } from './electron-port.ts';
import { createFakeNotificationClass } from './fake-notification.test-helper.ts';
import { FakeTrayElectron } from './fake-tray.test-helper.ts';

type Handler = (event: { senderFrame: FramePort | null }, ...args: unknown[]) => Promise<unknown>;
type ProtocolHandler = (request: { url: string; method: string }) => Response;

export class FakeElectron extends FakeTrayElectron implements ElectronPort {
  readonly Notification = createFakeNotificationClass();
  readonly windows: { options: WindowOptions; url: string; sent: unknown[][]; destroyed: boolean }[] = [];
  readonly handlers = new Map<string, Handler>();
  readonly schemes = new Map<string, ProtocolHandler>();
  readonly processes: (UtilityProcessPort & { messages: unknown[]; exit(code: number): void })[] = [];
  permissionHandlers: ((granted: (answer: boolean) => void) => void)[] = [];
  permissionChecks: (() => boolean)[] = [];
  #contentsListener: ((event: unknown, contents: WebContentsPort) => void) | undefined;

  readonly app = {
    on: (_event: 'web-contents-created', listener: (event: unknown, contents: WebContentsPort) => void) => {
      this.#contentsListener = listener;
    },
  };

  readonly BrowserWindow = this.#windowClass();

  readonly boxes: MessageBoxOptions[] = [];
  /** The button that is pressed in the next box. */
  boxResponse = 0;
  readonly dialog = {
    showMessageBox: (options: MessageBoxOptions) => {
      this.boxes.push(options);
      return Promise.resolve({ response: this.boxResponse });
    },
  };

  readonly openedPaths: string[] = [];
  readonly shell = {
    openPath: (path: string) => Promise.resolve((this.openedPaths.push(path), '')),
  };

  readonly ipcMain = {
    handle: (channel: string, listener: Handler) => void this.handlers.set(channel, listener),
    removeHandler: (channel: string) => void this.handlers.delete(channel),
  };

  readonly protocol = {
    handle: (scheme: string, handler: ProtocolHandler) => void this.schemes.set(scheme, handler),
  };

  readonly session = {
    defaultSession: {
      setPermissionRequestHandler: (
        handler: (contents: unknown, permission: string, callback: (granted: boolean) => void) => void,
      ) => void this.permissionHandlers.push((answer) => handler({}, 'media', answer)),
      setPermissionCheckHandler: (handler: () => boolean) => void this.permissionChecks.push(handler),
      setDevicePermissionHandler: (handler: () => boolean) => void this.permissionChecks.push(handler),
    },
  };

  /** What the person copied. */
  copied = '';
  readonly clipboard = {
    readText: () => Promise.resolve(this.copied),
    clear: () => void (this.copied = ''),
  };

  readonly utilityProcess = {
    fork: () => {
      const exits: ((code: number) => void)[] = [];
      const child = {
        pid: 4711,
        stdout: new PassThrough(),
        stderr: new PassThrough(),
        messages: [] as unknown[],
        on: (_event: 'exit', listener: (code: number) => void) => exits.push(listener),
        postMessage: (message: unknown) => void child.messages.push(message),
        kill: () => true,
        exit: (code: number) => exits.forEach((listener) => listener(code)),
      };
      this.processes.push(child);
      return child;
    },
  };

  /** Creates a page as Electron would and returns which of its wishes were denied. */
  newPage(): { denied: string[]; windowOpen: string } {
    const denied: string[] = [];
    let windowOpen = 'allow';
    this.#contentsListener?.(undefined, {
      on: (event, listener) => listener({ preventDefault: () => denied.push(event) }),
      setWindowOpenHandler: (handler) => (windowOpen = handler().action),
    });
    return { denied, windowOpen };
  }

  #windowClass() {
    const { windows } = this;
    return class {
      readonly record: (typeof windows)[number];
      readonly webContents = { send: (...args: unknown[]) => void this.record.sent.push(args) };
      constructor(options: WindowOptions) {
        this.record = { options, url: '', sent: [], destroyed: false };
        windows.push(this.record);
      }
      loadURL(url: string) {
        this.record.url = url;
        return Promise.resolve();
      }
      show() {
        return undefined;
      }
      focus() {
        return undefined;
      }
      isDestroyed() {
        return this.record.destroyed;
      }
      destroy() {
        this.record.destroyed = true;
      }
    };
  }
}

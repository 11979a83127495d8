/** A typed double of the electron module: it notes what the host asks for and lets a test play the page's side. */
import { PassThrough } from 'node:stream';
import type { ElectronPort, FramePort, UtilityProcessPort } from './electron-port.ts';
import { FakeDesktopElectron, FakeLoginItems } from './fake-desktop.test-helper.ts';
import { FakeLockDownElectron } from './fake-lock-down.test-helper.ts';
import { createFakeNotificationClass } from './fake-notification.test-helper.ts';
import { createFakeWindowClass, FakeWindow } from './fake-window.test-helper.ts';

type Handler = (event: { senderFrame: FramePort | null }, ...args: unknown[]) => Promise<unknown>;

export class FakeElectron extends FakeDesktopElectron implements ElectronPort {
  readonly lockDown = new FakeLockDownElectron();
  readonly loginItems = new FakeLoginItems();
  readonly app = Object.assign(this.lockDown.app, {
    getLoginItemSettings: this.loginItems.getLoginItemSettings,
    setLoginItemSettings: this.loginItems.setLoginItemSettings,
  });
  readonly session = this.lockDown.session;
  readonly shell = this.lockDown.shell;
  readonly openedPaths = this.lockDown.openedPaths;
  readonly Notification = createFakeNotificationClass();
  readonly windows: FakeWindow[] = [];
  readonly handlers = new Map<string, Handler>();
  readonly processes: (UtilityProcessPort & { messages: unknown[]; exit(code: number): void })[] = [];
  readonly BrowserWindow = createFakeWindowClass(this.windows);

  readonly ipcMain = {
    handle: (channel: string, listener: Handler) => void this.handlers.set(channel, listener),
    removeHandler: (channel: string) => void this.handlers.delete(channel),
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
}

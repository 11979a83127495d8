/** A window of the electron double: what was loaded into it and sent to it, and its process's end. */
import type { BrowserWindowPort, WindowOptions } from './electron-port.ts';
import { FakeEmitter } from './fake-emitter.test-helper.ts';

export class FakeWindow implements BrowserWindowPort {
  readonly options: WindowOptions;
  readonly loads: string[] = [];
  readonly sent: unknown[][] = [];
  readonly #events = new FakeEmitter();
  url = '';
  destroyed = false;

  readonly webContents = {
    send: (...args: unknown[]) => void this.sent.push(args),
    on: this.#events.on,
  };

  constructor(options: WindowOptions) {
    this.options = options;
  }

  loadURL(url: string): Promise<void> {
    this.loads.push(url);
    this.arriveAt(url);
    return Promise.resolve();
  }

  /** As after `loadURL`, or when the person follows a link. */
  arriveAt(url: string): void {
    this.url = url;
    this.#events.emit('did-navigate', {}, url);
  }

  crash(reason: string): void {
    this.#events.emit('render-process-gone', {}, { reason, exitCode: 5 });
  }

  show(): void {
    return undefined;
  }

  focus(): void {
    return undefined;
  }

  isDestroyed(): boolean {
    return this.destroyed;
  }

  destroy(): void {
    this.destroyed = true;
  }
}

/** The class the double offers as `BrowserWindow`: it keeps its windows in `all`. */
export function createFakeWindowClass(all: FakeWindow[]): new (options: WindowOptions) => BrowserWindowPort {
  return class extends FakeWindow {
    constructor(options: WindowOptions) {
      super(options);
      all.push(this);
    }
  };
}

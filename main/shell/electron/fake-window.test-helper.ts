/** A window of the electron double: what was loaded into it and sent to it, and its process's end. */
import type { Rectangle } from '../../lifecycle/window-place.ts';
import type { BrowserWindowPort, WindowOptions } from './electron-port.ts';
import { FakeEmitter } from './fake-emitter.test-helper.ts';

type WindowEvent = 'close' | 'resized' | 'moved' | 'maximize' | 'unmaximize';

export class FakeWindow implements BrowserWindowPort {
  readonly options: WindowOptions;
  readonly loads: string[] = [];
  readonly sent: unknown[][] = [];
  readonly #events = new FakeEmitter();
  url = '';
  destroyed = false;
  maximized = false;
  minimized = false;
  bounds: Rectangle;

  readonly webContents = {
    send: (...args: unknown[]) => void this.sent.push(args),
    on: this.#events.on,
  };

  constructor(options: WindowOptions) {
    this.options = options;
    const { x = 0, y = 0, width, height } = options;
    this.bounds = { x, y, width, height };
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

  on(event: WindowEvent, listener: () => void): void {
    this.#events.on(event, listener);
  }

  /** The person did something to it. */
  tell(event: WindowEvent): void {
    this.#events.emit(event);
  }

  maximize(): void {
    this.maximized = true;
  }

  restore(): void {
    this.minimized = false;
  }

  isMinimized(): boolean {
    return this.minimized;
  }

  isMaximized(): boolean {
    return this.maximized;
  }

  getNormalBounds(): Rectangle {
    return this.bounds;
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

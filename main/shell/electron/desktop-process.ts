import type { DeepLink } from '../../lifecycle/deep-link.ts';
import type { ElectronAppPort } from './app-port.ts';
import type { LinkHandlers } from './links.ts';

/** The running program, as this process drives it. */
export interface RunningDesktop {
  /** Shows the window. */
  open(): Promise<void>;
  /** Shows the page a link from outside names. */
  follow(link: DeepLink): Promise<void>;
  /** Quits, or first asks in the window where something is open. */
  requestQuit(): Promise<void>;
  /** Resolves when every process it started has ended. */
  stop(): Promise<void>;
}

export interface DesktopProcessOptions {
  app: ElectronAppPort;
  /** Signals of the system; `process` in the product. */
  signals: { on(signal: 'SIGINT' | 'SIGTERM', listener: () => void): unknown };
  /** Links and second starts, in whichever way the system brings them. */
  links: { handle(handlers: LinkHandlers): void };
  /** False when the system started it at login: the tray shows it, the window waits. */
  opensWindow(): boolean;
  /** Called once, when Electron is ready and this is the only instance. `quit` ends the program. */
  start(quit: () => void): Promise<RunningDesktop>;
  /** Something failed that the person should know of: the start, the opening of the window, or the end. */
  onFailure(error: unknown): void;
}

const EXIT_FAILED = 1;

/**
 * The desktop program's process: one instance, a window that can be closed and opened again, an end that waits for the
 * engine. Call after `prepareElectron`.
 */
export async function runDesktopProcess(options: DesktopProcessOptions): Promise<void> {
  const { app, signals, links, start, onFailure } = options;
  await app.whenReady();
  // The instance that is there opens its window: it gets `second-instance`.
  if (!app.requestSingleInstanceLock()) return app.exit(0);

  let isQuitting = false;
  const starting = Promise.withResolvers<RunningDesktop>();
  // Its failure is told below, once; whoever waits for it has nothing to add.
  starting.promise.catch(() => undefined);

  const quit = (): void => {
    if (isQuitting) return;
    isQuitting = true;
    starting.promise
      .then((running) => running.stop())
      .then(
        () => app.exit(0),
        (error: unknown) => {
          onFailure(error);
          app.exit(EXIT_FAILED);
        },
      );
  };
  const withRunning = (act: (running: RunningDesktop) => Promise<void>): void => {
    if (isQuitting) return;
    starting.promise.then(act).catch(onFailure);
  };
  const open = (): void => withRunning((running) => running.open());

  // A closed window leaves the tray: trading goes on, and its menu, or a second start, opens the window again.
  app.on('window-all-closed', () => undefined);
  links.handle({ onLink: (link) => withRunning((running) => running.follow(link)), onStartedAgain: open });
  app.on('activate', open);
  app.on('before-quit', (event) => {
    event.preventDefault();
    withRunning((running) => running.requestQuit());
  });
  signals.on('SIGINT', quit);
  signals.on('SIGTERM', quit);

  try {
    starting.resolve(await start(quit));
  } catch (error) {
    starting.reject(error);
    // Else the end that waits for the start tells it.
    if (isQuitting) return;
    onFailure(error);
    return app.exit(EXIT_FAILED);
  }
  // A window that does not open is told, and is no reason to stop trading: the tray can open it again.
  if (options.opensWindow()) open();
}

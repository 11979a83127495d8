import type { AskedDialog, Route } from '../ipc/schema.ts';
import type { LogRecord } from '../diagnostics/log.ts';
import type { WindowHost } from '../shell/ports.ts';
import type { DeepLink } from './deep-link.ts';

/** Long enough for a browser to start; a window opened later than that was opened for something else. */
const ASK_VALID_MS = 60_000;

export interface AskingOptions {
  /** Undefined until the shell serves it. */
  window(): WindowHost | undefined;
  /** Something is open that quitting would close. */
  quitNeedsConfirm(): boolean;
  quit(): void;
  nowMs(): number;
  log(record: LogRecord): void;
}

/** What something outside of the window wants it to show: a dialog, a page. Nothing happens before the person acts there. */
export interface Asking {
  /** Opens a window with the dialog; windows that are open show it too. */
  dialog(dialog: AskedDialog): Promise<void>;
  /** Opens a window on the page; windows that are open go there too. */
  follow(link: DeepLink): Promise<void>;
  /** Quits, or first asks in the window; asked a second time within a minute, it quits: a window may not be to be had. */
  quit(): Promise<void>;
  /** A window shows this page: nobody has to be led there any more. */
  arrived(route: Route): void;
  /** What the window that opens now was opened for, once. */
  take(): { dialog?: AskedDialog; route?: Route };
}

export function createAsking(options: AskingOptions): Asking {
  let asked: { dialog?: AskedDialog; route?: Route; untilMs: number } | undefined;
  let quitAskedUntilMs = 0;

  async function dialog(wanted: AskedDialog): Promise<void> {
    asked = { dialog: wanted, untilMs: options.nowMs() + ASK_VALID_MS };
    await options.window()?.open();
    options.window()?.emit('app.dialog', wanted);
  }

  return {
    dialog,
    async follow({ route, isExact }) {
      if (!isExact) {
        options.log({
          level: 'warn',
          message: 'a link from outside asked for what is no page; the overview was opened',
        });
      }
      asked = { route, untilMs: options.nowMs() + ASK_VALID_MS };
      await options.window()?.open();
      options.window()?.emit('app.navigate', route);
    },
    async quit() {
      if (!options.quitNeedsConfirm() || options.nowMs() < quitAskedUntilMs) return options.quit();
      quitAskedUntilMs = options.nowMs() + ASK_VALID_MS;
      await dialog('quit');
    },
    arrived(route) {
      if (asked?.route && JSON.stringify(asked.route) === JSON.stringify(route)) asked = undefined;
    },
    take() {
      const { dialog: wanted, route } = (asked && options.nowMs() < asked.untilMs ? asked : undefined) ?? {};
      asked = undefined;
      return { ...(wanted && { dialog: wanted }), ...(route && { route }) };
    },
  };
}

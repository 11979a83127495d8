import type { Command, SpikeSensitivity } from '../../engine/protocol/messages.ts';
import { toWireError } from '../../engine/protocol/errors.ts';
import type { LogRecord } from '../diagnostics/log.ts';
import type { DesktopState, QuitPlan } from '../ipc/desktop-schema.ts';
import type { Route } from '../ipc/route-schema.ts';
import type { LoginItemState } from '../ipc/login-item-schema.ts';
import type { IpcHandlers } from '../ipc/server.ts';
import type { SettingsStore } from '../settings/settings.ts';
import type { LoginItem } from '../shell/login-item.ts';
import type { PowerHost } from '../shell/power.ts';
import type { Crash } from './crash-file.ts';
import type { WindowMemory } from './window-memory.ts';

type DesktopCall =
  | 'settings.startAtLogin'
  | 'settings.spikes'
  | 'settings.shell'
  | 'firstRun.dismiss'
  | 'window.page'
  | 'process.startAgain'
  | 'quit.preview'
  | 'quit.confirm';

export interface DesktopOptions {
  settings: SettingsStore;
  memory: WindowMemory;
  /** A window shows this page. */
  onPage(route: Route): void;
  folders: DesktopState['folders'];
  /** How the last run ended, if it ended by itself. */
  crash: Crash | undefined;
  loginItem: LoginItem | undefined;
  power(): PowerHost | undefined;
  engineSilentSinceAt(): number | undefined;
  command(command: Command): Promise<unknown>;
  startAgain(process: 'engine' | 'venues'): Promise<void>;
  quitPlan(): QuitPlan;
  quit(): void;
  /** `state()` changed. */
  onChange(): void;
  log(record: LogRecord): void;
}

/** The program's own settings and life-cycle, as the window sees and changes them. */
export interface Desktop {
  handlers: Pick<IpcHandlers, DesktopCall>;
  state(): DesktopState;
  /** Looks again at what others may have changed. */
  refresh(): Promise<void>;
  spikeSensitivity(): SpikeSensitivity;
}

const NO_LOGIN_ITEM: LoginItemState = {
  state: 'unavailable',
  reason: {
    code: 'HS_LOGIN_ITEM_NONE',
    message: 'The browser window of this system cannot be started at login.',
    remedy: 'Use the desktop window, or add Halfspread in the system’s own settings.',
  },
};

export function createDesktop(options: DesktopOptions): Desktop {
  const { settings, loginItem } = options;
  let startAtLogin: LoginItemState = NO_LOGIN_ITEM;
  const spikeSensitivity = () => settings.get().spikeSensitivity ?? 'usual';

  async function refresh(): Promise<void> {
    if (loginItem) startAtLogin = await loginItem.read();
  }

  return {
    refresh,
    spikeSensitivity,
    state: () => ({
      ...silence(options.engineSilentSinceAt()),
      startAtLogin,
      firstRun: settings.get().firstRunDone ? 'done' : 'show',
      spikeSensitivity: spikeSensitivity(),
      preferredShell: settings.get().preferredShell ?? 'desktop',
      folders: options.folders,
      sleep: options.power()?.availability().sleep ?? NO_POWER,
      ...(settings.setAside && { settingsSetAside: settings.setAside }),
      ...(options.crash && { crashed: options.crash }),
    }),
    handlers: {
      async 'settings.startAtLogin'({ enabled }) {
        if (!loginItem) return {};
        try {
          startAtLogin = await loginItem.set(enabled);
        } finally {
          await refresh();
          options.onChange();
        }
        return {};
      },
      async 'settings.spikes'({ sensitivity }) {
        await settings.set({ spikeSensitivity: sensitivity });
        options.onChange();
        // An engine that is not there gets it when it starts.
        options.command({ name: 'spikes.sensitivity', sensitivity }).catch((error: unknown) => {
          options.log({
            level: 'info',
            message: 'the engine takes the spike setting at its next start',
            detail: toWireError(error),
          });
        });
        return {};
      },
      async 'settings.shell'({ preferred }) {
        await settings.set({ preferredShell: preferred });
        options.onChange();
        return {};
      },
      async 'firstRun.dismiss'() {
        await settings.set({ firstRunDone: true });
        options.onChange();
        return {};
      },
      'window.page'({ route }) {
        options.memory.setRoute(route);
        options.onPage(route);
        return {};
      },
      'process.startAgain'({ process }) {
        options.log({ level: 'info', message: `${process}: started again as asked` });
        // Ending one that hangs takes its time; the states tell how it goes.
        options.startAgain(process).catch((error: unknown) => {
          options.log({ level: 'error', message: `${process} did not start again`, detail: toWireError(error) });
        });
        return {};
      },
      'quit.preview': () => options.quitPlan(),
      'quit.confirm'() {
        options.log({ level: 'info', message: 'quit, confirmed in the window', detail: options.quitPlan() });
        options.quit();
        return {};
      },
    },
  };
}

function silence(sinceAt: number | undefined): Pick<DesktopState, 'engineSilentSinceAt'> {
  return sinceAt === undefined ? {} : { engineSilentSinceAt: sinceAt };
}

const NO_POWER: DesktopState['sleep'] = {
  state: 'unavailable',
  reason: {
    code: 'HS_POWER_NONE',
    message: 'The browser window of this system does not hear of sleep.',
    remedy: 'Pause entries yourself before this machine sleeps, or use the desktop window.',
  },
};

/** What main needs from the shell it runs in. Two hosts fit: Electron, and plain Node with a browser. */
import type { IpcServer } from '../ipc/server.ts';
import type { AppState, IpcEventData, IpcEventName } from '../ipc/schema.ts';
import type { ProcessLauncher } from '../engines/launcher.ts';
import type { Notifier, NotifierHandlers } from '../notify/notifier.ts';
import type { Availability } from '../ipc/availability-schema.ts';
import type { Route } from '../ipc/route-schema.ts';
import type { WindowMemory } from '../lifecycle/window-memory.ts';
import type { TrayAction, TrayView } from '../tray/model.ts';
import type { LoginItem } from './login-item.ts';
import type { PowerEvent, PowerHost } from './power.ts';

export interface WindowHost {
  /** Shows the window, or prints and opens the link to it. */
  open(): Promise<void>;
  /** Sends an event to every open window; windows that are not there miss nothing, they start with a call. */
  emit<Name extends IpcEventName>(name: Name, data: IpcEventData<Name>): void;
  stop(): Promise<void>;
}

/** The icon beside the clock, where the desktop has one. A desktop without a tray changes nothing else. */
export interface TrayHost {
  /** Shows another picture, tooltip and menu. */
  show(view: TrayView): void;
  /** Takes the icon away. */
  stop(): void;
  /** Whether the desktop shows it. */
  availability(): Availability;
}

/** What a shell tells main, beside the window's calls. */
export interface ShellHandlers {
  /** Somebody outside asked for a page: it only navigates. */
  onRoute(route: Route): void;
}

export interface Shell {
  description: AppState['shell'];
  launcher: ProcessLauncher;
  /** Serves the window; its calls go to `server`. `memory`: where it was left. */
  serveWindow(server: IpcServer, handlers?: ShellHandlers, memory?: WindowMemory): Promise<WindowHost>;
  /** Notifications of the desktop; a shell without it leaves alerts to the inbox. */
  createNotifier?(handlers: NotifierHandlers): Notifier;
  /** The tray, empty until `show`; what is chosen in its menu goes to `onAction`. */
  createTray(onAction: (action: TrayAction) => void): TrayHost;
  /** Sleep and screen lock; a shell without it hears of neither. */
  createPower?(handlers: { onEvent(event: PowerEvent): void; onChange(): void }): PowerHost;
  /** Start at login; absent where the system has no way for this shell. */
  loginItem?: LoginItem;
  /** Where to save a file: asked, or chosen and told afterwards. Undefined when the person chose none. */
  chooseSavePath(suggestedName: string): Promise<string | undefined>;
}

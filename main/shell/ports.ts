/** What main needs from the shell it runs in. Two hosts fit: Electron, and plain Node with a browser. */
import type { IpcServer } from '../ipc/server.ts';
import type { AppState, IpcEventData, IpcEventName } from '../ipc/schema.ts';
import type { ProcessLauncher } from '../engines/launcher.ts';
import type { Notifier, NotifierHandlers } from '../notify/notifier.ts';
import type { TrayAction, TrayView } from '../tray/model.ts';

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
}

/** The window's process ended by itself. */
export interface WindowCrash {
  /** In the shell's words: "crashed", "oom", "killed" ... */
  reason: string;
  exitCode: number;
  /** `reload`: it is shown again; `standIn`: too often, a page says so; `leave`: that page ended too. */
  answer: 'reload' | 'standIn' | 'leave';
}

/** What a shell tells main, beside the window's calls. */
export interface ShellHandlers {
  /** Its window's process ended by itself. */
  onCrash(crash: WindowCrash): void;
  /** Something of the page was refused or failed, for the log: a link to an address that is not on the list. */
  onTrouble(message: string): void;
}

export interface Shell {
  description: AppState['shell'];
  launcher: ProcessLauncher;
  /** Serves the window; its calls go to `server`. */
  serveWindow(server: IpcServer, handlers?: ShellHandlers): Promise<WindowHost>;
  /** Asks the system's browser to open an https link of the allow-list. @throws HalfspreadError HS_EXTERNAL_LINK */
  openExternal(address: string): Promise<void>;
  /** Notifications of the desktop; a shell without it leaves alerts to the inbox. */
  createNotifier?(handlers: NotifierHandlers): Notifier;
  /** The tray, empty until `show`; what is chosen in its menu goes to `onAction`. */
  createTray(onAction: (action: TrayAction) => void): TrayHost;
}

/** What main needs from the shell it runs in. Two hosts fit: Electron, and plain Node with a browser. */
import type { IpcServer } from '../ipc/server.ts';
import type { PendingCode } from '../ipc/mode-schema.ts';
import type { AppState, IpcEventData, IpcEventName, Language } from '../ipc/schema.ts';
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

/** What a person is asked outside of the window, so that nothing a page does can answer it (security.md). */
export interface ConfirmRequest {
  language: Language;
  /** Names the act and its object. */
  title: string;
  /** What follows from it, one sentence or figure each. */
  lines: string[];
  /** Names the act: "Arm live trading". */
  confirm: string;
  /** The safe answer: "Stay disarmed". */
  cancel: string;
  /** Takes the question back: it resolves with false. */
  signal?: AbortSignal;
}

/** Where confirming is typing a code into the window that only the terminal shows. */
export interface CodeEntry {
  /** One listener: called with the question that waits, or undefined when none does any more. */
  onChange(listener: (pending: PendingCode | undefined) => void): void;
  pending(): PendingCode | undefined;
  /** Whether the code was right. @throws HalfspreadError HS_CONFIRM_OVER */
  enter(id: string, code: string): boolean;
  /** Declines the question. @throws HalfspreadError HS_CONFIRM_OVER */
  cancel(id: string): void;
}

export interface Shell {
  description: AppState['shell'];
  launcher: ProcessLauncher;
  /** Serves the window; its calls go to `server`. */
  serveWindow(server: IpcServer): Promise<WindowHost>;
  /** Notifications of the desktop; a shell without it leaves alerts to the inbox. */
  createNotifier?(handlers: NotifierHandlers): Notifier;
  /**
   * Asks outside of the window, one question at a time; resolves with whether the person agreed.
   * @throws HalfspreadError HS_CONFIRM_* when the question could not be asked, or was not answered rightly in time.
   */
  confirm(request: ConfirmRequest): Promise<boolean>;
  /** Only where `confirm` asks for a code. */
  codes?: CodeEntry;
  /** Asks the desktop to show a file in the program it has for it; false where that cannot work. */
  openFile(path: string): Promise<boolean>;
  /** The tray, empty until `show`; what is chosen in its menu goes to `onAction`. */
  createTray(onAction: (action: TrayAction) => void): TrayHost;
}

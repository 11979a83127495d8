/** What main needs from the shell it runs in. Two hosts fit: Electron, and plain Node with a browser. */
import type { WireError } from '../../engine/protocol/errors.ts';
import type { SecretPrompt } from '../ipc/key-schema.ts';
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

/** A secret to ask a person for. It never passes through the window; the window shows that and where it is asked for. */
export interface SecretRequest {
  /** What is asked for: "Paradex subkey (private key)". */
  title: Record<Language, string>;
  /** What it is used for, and what becomes of it. */
  detail: Record<Language, string>;
  /** Of a passphrase not even a fingerprint is shown. */
  kind: SecretPrompt['kind'];
  /** The secret in its usual form, or why it is not one; the person may then try again. */
  read(typed: string): { secret: string } | { refused: WireError };
  /** Ends the prompt from outside. */
  signal?: AbortSignal;
}

/**
 * Asks for one secret at a time. Resolves with undefined when the person cancelled or the signal ended it.
 * @throws HalfspreadError HS_SECRET_BUSY (another is being asked for), HS_SECRET_TIME (nobody answered in time)
 */
export type AskSecret = (request: SecretRequest) => Promise<string | undefined>;

/** How secrets reach this shell past the window. */
export interface SecretSource {
  /** For the window to say where to type. Read when a prompt begins. */
  ways(): SecretPrompt['ways'];
  /**
   * A prompt begins. What the person hands over goes to `offer`, whose answer says why it was not taken (then it may be
   * tried again); `cancel` when the person gives up there. Returns how to end it.
   */
  listen(
    prompt: SecretPrompt,
    on: { offer(typed: string): WireError | undefined; cancel(): void },
  ): { end(outcome: 'taken' | 'cancelled' | 'timeOver'): void };
  /** What the person copied; the clipboard is empty afterwards. Where there is the way `clipboard`. */
  takeClipboard?(): Promise<string>;
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
  createTray(onAction: (action: TrayAction, site?: string) => void): TrayHost;
  /** How a person hands over secrets here. */
  secrets: SecretSource;
}

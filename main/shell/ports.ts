/** What main needs from the shell it runs in. Two hosts fit: Electron, and plain Node with a browser. */
import type { WireError } from '../../engine/protocol/errors.ts';
import type { SecretPrompt } from '../ipc/key-schema.ts';
import type { IpcServer } from '../ipc/server.ts';
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

export interface Shell {
  description: AppState['shell'];
  launcher: ProcessLauncher;
  /** Serves the window; its calls go to `server`. */
  serveWindow(server: IpcServer): Promise<WindowHost>;
  /** Notifications of the desktop; a shell without it leaves alerts to the inbox. */
  createNotifier?(handlers: NotifierHandlers): Notifier;
  /** The tray, empty until `show`; what is chosen in its menu goes to `onAction`. */
  createTray(onAction: (action: TrayAction) => void): TrayHost;
  /** How a person hands over secrets here. */
  secrets: SecretSource;
}

/** What main needs from the shell it runs in. Two hosts fit: Electron, and plain Node with a browser. */
import type { WireError } from '../../engine/protocol/errors.ts';
import type { SecretPrompt } from '../ipc/key-schema.ts';
import type { IpcServer } from '../ipc/server.ts';
import type { PendingCode } from '../ipc/mode-schema.ts';
import type { AppState, IpcEventData, IpcEventName, Language } from '../ipc/schema.ts';
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
  /**
   * What the person copied, after a yes outside of the window; the clipboard is empty afterwards. Undefined: declined there.
   * Where there is the way `clipboard`.
   */
  takeClipboard?(prompt: SecretPrompt, language: Language): Promise<string | undefined>;
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
  /** Somebody outside asked for a page: it only navigates. */
  onRoute(route: Route): void;
  /** Its window's process ended by itself. */
  onCrash(crash: WindowCrash): void;
  /** Something of the page was refused or failed, for the log: a link to an address that is not on the list. */
  onTrouble(message: string): void;
}

export interface Shell {
  description: AppState['shell'];
  launcher: ProcessLauncher;
  /** Asks the system's browser to open an https link of the allow-list. @throws HalfspreadError HS_EXTERNAL_LINK */
  openExternal(address: string): Promise<void>;
  /** Serves the window; its calls go to `server`. `memory`: where it was left. */
  serveWindow(server: IpcServer, handlers?: ShellHandlers, memory?: WindowMemory): Promise<WindowHost>;
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
  /** How a person hands over secrets here. */
  secrets: SecretSource;
  /** Sleep and screen lock; a shell without it hears of neither. */
  createPower?(handlers: { onEvent(event: PowerEvent): void; onChange(): void }): PowerHost;
  /** Start at login; absent where the system has no way for this shell. */
  loginItem?: LoginItem;
  /** Where to save a file: asked, or chosen and told afterwards. Undefined when the person chose none. */
  chooseSavePath(suggestedName: string): Promise<string | undefined>;
}

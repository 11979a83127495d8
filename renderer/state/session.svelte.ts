/** The window's whole state: what main and the engine told it, and its link to them. */
import type { Command } from '../../engine/protocol/messages.ts';
import type { Snapshot } from '../../engine/protocol/model.ts';
import type { AlertsState } from '../../main/ipc/alert-schema.ts';
import type { KeysState, SecretPrompt } from '../../main/ipc/key-schema.ts';
import type { desktopCalls, DesktopState } from '../../main/ipc/desktop-schema.ts';
import type { ModesState, PendingCode } from '../../main/ipc/mode-schema.ts';
import type { SitesState } from '../../main/ipc/site-schema.ts';
import type {
  AppState,
  AskedDialog,
  IpcBridge,
  IpcCallName,
  IpcInput,
  IpcOutput,
  PracticeChoice,
} from '../../main/ipc/schema.ts';
import { openBridge } from '../bridge/bridge.ts';
import type { WindowLink } from '../bridge/socket-bridge.ts';
import { setLanguage } from '../i18n/locale.svelte.ts';
import { DeskStore } from './desk-store.ts';
import { failureOf, type Failure } from './failure.ts';
import { navigation } from './navigation.svelte.ts';

const REOPEN_AFTER_MS = 1000;

/** Calls about the program itself. */
export type DesktopCall = keyof typeof desktopCalls;

class Session {
  app = $state.raw<AppState>();
  snapshot = $state.raw<Snapshot>();
  /** Undefined until main has answered once. */
  alerts = $state.raw<AlertsState>();
  modes = $state.raw<ModesState>();
  /** A question that waits for the code the terminal shows. */
  pendingCode = $state.raw<PendingCode>();
  /** Undefined until main has answered once. */
  keys = $state.raw<KeysState>();
  /** A secret main asks for; it is handed over past the window. */
  prompt = $state.raw<SecretPrompt>();
  desktop = $state.raw<DesktopState>();
  /** Undefined until main has answered once. */
  sites = $state.raw<SitesState>();
  windowLink = $state.raw<WindowLink>({ state: 'connecting', attempt: 1 });
  /** A dialog that was asked for outside of the window, until it is shown. */
  asked = $state.raw<AskedDialog>();
  /** Why `app.open` failed, while it is tried again. */
  openFailure = $state.raw<Failure>();
  /** Unix ms, once a second: for ages and waits. */
  now = $state(Date.now());
  startedAt = Date.now();

  #bridge: IpcBridge | undefined;
  #opening = false;
  #store = new DeskStore({
    publish: (snapshot) => {
      this.snapshot = snapshot;
    },
    onGap: () => void this.open(),
    later: (callback, ms) => setTimeout(callback, ms),
  });

  /** Connects to main and starts following it. Called once. */
  start(): void {
    setInterval(() => {
      this.now = Date.now();
    }, 1000);
    this.#bridge = openBridge((link) => {
      const reconnected = link.state === 'ready' && this.windowLink.state === 'lost';
      this.windowLink = link;
      if (reconnected) void this.open();
    });
    this.#bridge.on('app.state', (app) => this.#setApp(app));
    this.#bridge.on('engine.snapshot', (snapshot) => this.#store.set(snapshot));
    this.#bridge.on('engine.event', ({ sequence, event }) => this.#store.apply(sequence, event));
    this.#bridge.on('alerts.state', (alerts) => (this.alerts = alerts));
    this.#bridge.on('keys.state', (keys) => (this.keys = keys));
    this.#bridge.on('secret.state', ({ prompt }) => (this.prompt = prompt));
    this.#bridge.on('desktop.state', (desktop) => (this.desktop = desktop));
    this.#bridge.on('sites.state', (sites) => (this.sites = sites));
    this.#bridge.on('app.navigate', (route) => navigation.go(route));
    this.#bridge.on('app.dialog', (dialog) => (this.asked = dialog));
    this.#bridge.on('modes.state', (modes) => (this.modes = modes));
    this.#bridge.on('confirm.asked', ({ pending }) => (this.pendingCode = pending));
    this.#bridge.on('modes.deskReplaced', () => {
      this.#store.clear();
      this.snapshot = undefined;
      this.startedAt = Date.now();
    });
    void this.open();
  }

  /** Fetches app state and snapshot; on failure shows why and tries again. */
  async open(): Promise<void> {
    if (!this.#bridge || this.#opening) return;
    this.#opening = true;
    try {
      const { app, snapshot, alerts, desktop, sites, dialog, route } = await this.#bridge.call('app.open', {});
      this.openFailure = undefined;
      this.#setApp(app);
      this.alerts = alerts;
      this.desktop = desktop;
      this.sites = sites;
      // A window with an address of its own stays where it is.
      if (route && window.location.hash === '') navigation.go(route);
      if (snapshot) this.#store.set(snapshot);
      if (dialog) this.asked = dialog;
      const { modes, pending } = await this.#bridge.call('modes.open', {});
      this.modes = modes;
      this.pendingCode = pending;
      await this.openKeys();
    } catch (error) {
      this.openFailure = failureOf(error);
      setTimeout(() => void this.open(), REOPEN_AFTER_MS);
    } finally {
      this.#opening = false;
    }
  }

  /** A call of main; what it changes comes back as an event. */
  call<Name extends IpcCallName>(name: Name, input: IpcInput<Name>): Promise<IpcOutput<Name>> {
    return this.#connected().call(name, input);
  }

  async command(command: Command): Promise<unknown> {
    return this.#connected().call('engine.command', command);
  }

  /** Reads, mutes, quietens; main answers with a new `alerts.state`. */
  async callAlerts<Name extends Extract<IpcCallName, `alerts.${string}`>>(
    name: Name,
    input: IpcInput<Name>,
  ): Promise<void> {
    await this.#connected().call(name, input);
  }

  /** What is known of the keys; main looks at their storage again. */
  async openKeys(): Promise<void> {
    const { keys, prompt } = await this.#connected().call('keys.open', {});
    this.keys = keys;
    this.prompt = prompt;
  }

  /** Starts something with keys or a prompt; main answers with a new `keys.state` or `secret.state`. */
  async callKeys<Name extends Exclude<Extract<IpcCallName, `keys.${string}` | `secret.${string}`>, 'keys.open'>>(
    name: Name,
    input: IpcInput<Name>,
  ): Promise<void> {
    await this.#connected().call(name, input);
  }

  async callDesktop<Name extends DesktopCall>(name: Name, input: IpcInput<Name>): Promise<IpcOutput<Name>> {
    return this.#connected().call(name, input);
  }

  async choosePractice(choice: PracticeChoice): Promise<void> {
    await this.#connected().call('practice.choose', choice);
  }

  /** Main remembers the setting and answers with a new app state; the picture follows at once. */
  async setSettings(settings: Partial<Pick<AppState, 'language' | 'theme'>>): Promise<void> {
    if (this.app) this.#setApp({ ...this.app, ...settings });
    await this.#connected().call('settings.set', settings);
  }

  #setApp(app: AppState): void {
    this.app = app;
    setLanguage(app.language);
  }

  #connected(): IpcBridge {
    if (!this.#bridge) throw new Error('HS_WINDOW_NOT_STARTED: the session was used before start()');
    return this.#bridge;
  }
}

export const session = new Session();

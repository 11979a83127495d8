import { join } from 'node:path';
import { HalfspreadError, toWireError } from '../engine/protocol/errors.ts';
import { applyEvent } from '../engine/protocol/apply.ts';
import type { UserFolders } from '../engine/protocol/folders.ts';
import type { Snapshot } from '../engine/protocol/model.ts';
import { checkChoice, listPractice, type Catalogue } from './engines/catalogue.ts';
import { createLocalDesk } from './engines/local-desk.ts';
import { enginePipePath } from './engines/pipe-path.ts';
import type { Programs } from './engines/programs.ts';
import { openAppSites } from './deploy/app-sites.ts';
import { operationAlert } from './deploy/operation-alert.ts';
import { createIpcServer, type IpcHandlers } from './ipc/server.ts';
import { openKeys, type Keys } from './keys/keys.ts';
import { createSecretDesk } from './keys/secret-desk.ts';
import type { AppState, AskedDialog, Language, PracticeChoice, Route } from './ipc/schema.ts';
import { openModes, type ModesPart } from './modes/open-modes.ts';
import type { KeyRing } from './keys/key-ring.ts';
import { createAlerts, type Alerts } from './notify/alerts.ts';
import { openInboxFile } from './notify/inbox-file.ts';
import { wallClock } from './notify/wall-clock.ts';
import { findRoot } from './root.ts';
import { openSettings } from './settings/settings.ts';
import { AUTHORIZED_COMMANDS, type Command } from '../engine/protocol/messages.ts';
import type { Shell, WindowHost } from './shell/ports.ts';
import { trayView, type TrayAction } from './tray/model.ts';

export interface AppOptions {
  programs: Programs;
  version: string;
  platform: string;
  folders: UserFolders;
  /** Of the machine; used until the operator chooses one. */
  language: Language;
  shell: Shell;
  /** The operator's trading keys; without it there is no live trading. */
  keys?: KeyRing;
  log(record: { level: 'info' | 'warn' | 'error'; message: string; detail?: unknown }): void;
  /** "Quit" was chosen: stop the app, then end the process. */
  onQuit(): void;
}

export interface App {
  window: WindowHost;
  state(): AppState;
  /** Resolves when every process has ended. */
  stop(): Promise<void>;
}

const DEFAULT_NETWORK = 'adsl-rural';
/** Long enough for a browser to start; a window opened later than that was opened for something else. */
const ASK_VALID_MS = 60_000;
const HOUR_MS = 3_600_000;

/** Puts main together: settings, practice desk, window. The window is served first: it shows how the rest starts. */
export async function startApp(options: AppOptions): Promise<App> {
  const { programs, folders, shell, log } = options;
  const settings = await openSettings(join(folders.config, 'settings.json'), Date.now);
  if (settings.setAside) log({ level: 'warn', message: settings.setAside.message, detail: settings.setAside });

  const inboxFile = await openInboxFile(join(folders.config, 'inbox.json'), Date.now);
  if (inboxFile.setAside) log({ level: 'warn', message: inboxFile.setAside.message, detail: inboxFile.setAside });

  let catalogue: Catalogue = { tapes: [], networks: [] };
  let snapshot: Snapshot | undefined;
  /** Undefined until the shell serves it: a call may come in before. */
  let window: WindowHost | undefined = undefined as WindowHost | undefined;
  const tray = shell.createTray(onTrayAction);
  /** The last view, to leave the desktop alone when nothing of it changed. */
  let trayShown = '';
  let asked: { dialog: AskedDialog; until: number } | undefined;

  const alerts: Alerts = createAlerts({
    inboxFile,
    settings,
    language: () => state().language,
    createNotifier: shell.createNotifier,
    clock: wallClock,
    onChange() {
      window?.emit('alerts.state', alerts.state());
      showTray();
    },
    onOpen: (tradeId, page) =>
      navigate(tradeId === undefined ? { page: page ?? 'alerts' } : { page: 'trade', tradeId }),
    log,
  });

  const secrets = createSecretDesk({
    source: shell.secrets,
    onChange: () => window?.emit('secret.state', { prompt: secrets.state() }),
  });
  const keys: Keys = await openKeys({
    folder: folders.config,
    programs,
    launcher: shell.launcher,
    platform: options.platform,
    environment: process.env,
    askSecret: secrets.ask,
    onChange: () => window?.emit('keys.state', keys.state()),
    alerts,
    isHeld: () => false,
    log,
  });

  const desk = createLocalDesk({
    programs,
    launcher: shell.launcher,
    pipePath: await enginePipePath(folders.sockets),
    onChange() {
      publishState();
      observe();
    },
    onSnapshot(next) {
      snapshot = next;
      window?.emit('engine.snapshot', next);
      modes.observe();
      alerts.adopt(next.spikes ?? []);
      observe();
      showTray();
    },
    onEvent(sequence, event) {
      if (!snapshot) return;
      snapshot = applyEvent(snapshot, sequence, event);
      window?.emit('engine.event', { sequence, event });
      if (event.type === 'spike') alerts.spike(event.spike);
      if (event.type === 'trading' || event.type === 'arming') observe();
      showTray();
    },
    onLog: (process, line) => log({ level: 'info', message: `${process}: ${line}` }),
  });

  const sites = await openAppSites({
    root: findRoot(import.meta.dirname),
    version: options.version,
    folders,
    secrets: {
      get: async (name) => keys.secrets().get(name),
      set: async (name, value) => keys.secrets().set(name, value),
      delete: async (name) => keys.secrets().delete(name),
    },
    askSecret: secrets.ask,
    snapshot: () => snapshot,
    onChange() {
      window?.emit('sites.state', sites.state());
      showTray();
    },
    onEnded(operation) {
      const server = sites.state().cloudServers.find(({ site }) => site === operation.site);
      const alert = operationAlert(operation, server?.price);
      if (alert) alerts.tell(alert);
    },
    log,
  });

  const modes: ModesPart = await openModes({
    programs,
    folders,
    shell,
    settings,
    desk,
    snapshot: () => snapshot,
    practiceChoice: currentChoice,
    keys: options.keys,
    language: () => state().language,
    now: Date.now,
    onChange() {
      window?.emit('modes.state', modes.state());
      showTray();
    },
    onDeskReplaced() {
      snapshot = undefined;
      window?.emit('modes.deskReplaced', {});
    },
    onCodeAsked: (pending) => window?.emit('confirm.asked', { pending }),
    log,
  });

  /** What was chosen last if it still exists, else the first tape over a rural line. */
  function currentChoice(): PracticeChoice {
    const chosen = settings.get().practice;
    const tape = catalogue.tapes.find(({ id }) => id === chosen?.tape) ?? catalogue.tapes[0];
    const network =
      catalogue.networks.find(({ id }) => id === chosen?.network) ??
      catalogue.networks.find(({ id }) => id === DEFAULT_NETWORK);
    return {
      tape: tape?.id ?? chosen?.tape ?? '',
      network: network?.id ?? chosen?.network ?? DEFAULT_NETWORK,
      fees: chosen?.fees ?? 'published',
    };
  }

  function state(): AppState {
    const { language, theme } = settings.get();
    return {
      version: options.version,
      platform: options.platform,
      shell: shell.description,
      language: language ?? options.language,
      theme: theme ?? 'system',
      ...desk.states(),
      practice: { choice: currentChoice(), ...catalogue },
    };
  }

  function observe(): void {
    alerts.observe({ states: desk.states(), snapshot });
    modes.observe();
  }

  /** Leads the windows to a page. Electron opens its window for it; a browser that is closed stays closed. */
  function navigate(route: Route): void {
    const opened = shell.description.kind === 'electron' ? window?.open() : undefined;
    Promise.resolve(opened).then(
      () => window?.emit('app.navigate', route),
      (error: unknown) => log({ level: 'warn', message: 'the window could not be opened', detail: toWireError(error) }),
    );
  }

  function publishState(): void {
    window?.emit('app.state', state());
    showTray();
  }

  function showTray(): void {
    const { mode, exposureUnknownSince } = modes.state();
    const view = trayView({
      app: state(),
      snapshot,
      mode,
      isExposureUnknown: exposureUnknownSince !== undefined,
      mutedUntil: alerts.state().mutedUntil,
      sites: sites.state(),
      nowMs: Date.now(),
    });
    const shown = JSON.stringify(view);
    if (shown === trayShown) return;
    trayShown = shown;
    tray.show(view);
  }

  /** Opens a window with the dialog; windows that are open show it too. The dialog says what would happen, and asks. */
  async function askInWindow(dialog: AskedDialog): Promise<void> {
    asked = { dialog, until: Date.now() + ASK_VALID_MS };
    await window?.open();
    window?.emit('app.dialog', dialog);
  }

  /** What the window that opens now was opened for, once. */
  function takeAsked(): AskedDialog | undefined {
    const dialog = asked && Date.now() < asked.until ? asked.dialog : undefined;
    asked = undefined;
    return dialog;
  }

  function onTrayAction(action: TrayAction, site?: string): void {
    doTrayAction(action, site).catch((error: unknown) =>
      log({ level: 'warn', message: `"${action}" from the tray did not happen`, detail: toWireError(error) }),
    );
  }

  async function doTrayAction(action: TrayAction, site = ''): Promise<void> {
    switch (action) {
      case 'open':
        return window?.open();
      case 'closeAll':
      case 'arm':
        return askInWindow(action);
      case 'disarm':
        return modes.disarm('operator');
      case 'pause':
      case 'start':
        await desk.command({ name: action });
        return;
      case 'mute':
        return alerts.mute(Date.now() + HOUR_MS);
      case 'unmute':
        return alerts.mute(undefined);
      case 'deploy':
        return askInWindow('deploy');
      case 'redeploy':
        await sites.handlers['sites.act']({ site, action: 'upgrade', override: false });
        return;
      case 'siteStart':
      case 'siteStop':
        await sites.handlers['sites.act']({ site, action: action === 'siteStart' ? 'start' : 'stop', override: false });
        return;
      case 'siteShow':
        await window?.open();
        return navigate({ page: 'sites' });
      case 'quit':
        return options.onQuit();
    }
  }

  const handlers: IpcHandlers = {
    ...modes.handlers,
    'app.open': () => ({
      app: state(),
      snapshot,
      alerts: alerts.state(),
      sites: sites.state(),
      dialog: takeAsked(),
    }),
    async 'settings.set'(change) {
      await settings.set(change);
      publishState();
      return {};
    },
    'engine.command'(command) {
      if (AUTHORIZED_COMMANDS.has(command.name)) throw needsPerson(command);
      return desk.command(command);
    },
    async 'practice.choose'(choice) {
      checkChoice(choice, catalogue);
      await settings.set({ practice: choice });
      publishState();
      await modes.practiceChanged();
      return {};
    },
    'alerts.read'({ ids }) {
      alerts.read(ids);
      return {};
    },
    async 'alerts.mute'({ until }) {
      await alerts.mute(until);
      return {};
    },
    async 'alerts.quiet'({ hours }) {
      await alerts.setQuietHours(hours);
      return {};
    },
    'keys.open'() {
      keys.refresh();
      return { keys: keys.state(), prompt: secrets.state() };
    },
    ...keys.handlers,
    ...secrets.handlers,
    ...sites.handlers,
  };

  const host = await shell.serveWindow(createIpcServer(handlers));
  window = host;
  showTray();
  keys.start();
  sites.start();

  const started = listPractice(shell.launcher, programs.practice).then(
    (listed) => {
      catalogue = listed;
      publishState();
      return modes.start();
    },
    (error: unknown) => {
      log({ level: 'error', message: 'no list of tapes and networks', detail: toWireError(error) });
      // The venues say themselves, with place and remedy, what keeps them from starting.
      return modes.start();
    },
  );

  return {
    window: host,
    state,
    async stop() {
      await started;
      secrets.stop();
      await sites.stop();
      await Promise.all([desk.stop(), keys.stop()]);
      await alerts.stop();
      tray.stop();
      await host.stop();
    },
  };
}

/** The window may not have such a command sent: a person confirms it outside of the window first. */
function needsPerson({ name }: Command): HalfspreadError {
  return new HalfspreadError(
    'HS_COMMAND_NEEDS_PERSON',
    `"${name}" is not sent for the window alone; nothing was done.`,
    'Arm from the dialog: it asks you outside of the window as well.',
  );
}

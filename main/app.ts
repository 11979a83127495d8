import { join } from 'node:path';
import { toWireError } from '../engine/protocol/errors.ts';
import type { UserFolders } from '../engine/protocol/folders.ts';
import { appHandlers } from './app-handlers.ts';
import { createDiagnostics } from './diagnostics/diagnostics.ts';
import type { Logs } from './diagnostics/logs.ts';
import type { LogRecord } from './diagnostics/log.ts';
import { chosenPractice, listPractice, type Catalogue } from './engines/catalogue.ts';
import { enginePipePath } from './engines/pipe-path.ts';
import type { Programs } from './engines/programs.ts';
import { loginItemAvailability, notificationsAvailability } from './ipc/availability.ts';
import type { QuitPlan } from './ipc/desktop-schema.ts';
import { openAppSites } from './deploy/app-sites.ts';
import type { SecretStore } from './deploy/ports.ts';
import { operationAlert } from './deploy/operation-alert.ts';
import { createIpcServer, type IpcHandlers } from './ipc/server.ts';
import { openDeviceIdentity } from './keys/device-identity.ts';
import { openKeys, type Keys } from './keys/keys.ts';
import { createSecretDesk } from './keys/secret-desk.ts';
import { openModes, type ModesPart } from './modes/open-modes.ts';
import { createVenueAccounts } from './keys/venue-accounts.ts';
import type { AppState, Language, PracticeChoice, Route } from './ipc/schema.ts';
import { createAsking } from './lifecycle/asking.ts';
import { takeCrash } from './lifecycle/crash-file.ts';
import type { DeepLink } from './lifecycle/deep-link.ts';
import { createDesktop } from './lifecycle/desktop.ts';
import { quitPlan } from './lifecycle/quit-plan.ts';
import { remoteEngines } from './lifecycle/remote-engines.ts';
import { shellEvents } from './lifecycle/shell-events.ts';
import { createSleepGuard } from './lifecycle/sleep-guard.ts';
import { sleepingDesk } from './lifecycle/sleep-rule.ts';
import { openWindowMemory } from './lifecycle/window-memory.ts';
import { createAlerts, type Alerts } from './notify/alerts.ts';
import { openInboxFile } from './notify/inbox-file.ts';
import { crashAlert, sleepAlert } from './notify/machine-situations.ts';
import { wallClock } from './notify/wall-clock.ts';
import { openPlace, type Place } from './place/open-place.ts';
import { findRoot } from './root.ts';
import { openSettings } from './settings/settings.ts';
import type { DisarmReason } from '../engine/protocol/arming.ts';
import type { PowerEvent } from './shell/power.ts';
import type { Shell, WindowHost } from './shell/ports.ts';
import { doTrayAction, type TrayTargets } from './tray/actions.ts';
import { trayView, type TrayAction } from './tray/model.ts';

export interface AppOptions {
  programs: Programs;
  version: string;
  platform: string;
  folders: UserFolders;
  /** Of the machine; used until the operator chooses one. */
  language: Language;
  shell: Shell;
  log(record: LogRecord): void;
  logs: Pick<Logs, 'folder' | 'redactor' | 'child'>;
  /** "Quit" was chosen: stop the app, then end the process. */
  onQuit(): void;
}

export interface App {
  window: WindowHost;
  state(): AppState;
  /** A link from outside: opens its page, and nothing more. */
  follow(link: DeepLink): Promise<void>;
  /** Quits, or first asks in the window where something is open; asked a second time, it quits. */
  requestQuit(): Promise<void>;
  quitPlan(): QuitPlan;
  /** Resolves when every process has ended. */
  stop(): Promise<void>;
}

/** Nobody watches then: live trading does not go on by itself. */
const DISARMS_AT: Partial<Record<PowerEvent, DisarmReason>> = { suspend: 'sleep', lockScreen: 'screenLocked' };
/** A hanging engine changes nothing that would make us look at it. */
const LOOK_PERIOD_MS = 5_000;

/** Puts main together: settings, practice desk, window. The window is served first: it shows how the rest starts. */
export async function startApp(options: AppOptions): Promise<App> {
  const { programs, folders, shell, log } = options;
  const settings = await openSettings(join(folders.config, 'settings.json'), Date.now);
  if (settings.setAside) log({ level: 'warn', message: settings.setAside.message, detail: settings.setAside });

  const memory = await openWindowMemory(join(folders.config, 'window-state.json'), Date.now, log);
  const crash = await takeCrash(options.logs.folder);

  const inboxFile = await openInboxFile(join(folders.config, 'inbox.json'), Date.now);
  if (inboxFile.setAside) log({ level: 'warn', message: inboxFile.setAside.message, detail: inboxFile.setAside });

  let catalogue: Catalogue = { tapes: [], networks: [] };
  /** Undefined until the shell serves it: a call may come in before. */
  let window: WindowHost | undefined = undefined as WindowHost | undefined;
  const tray = shell.createTray(onTrayAction);
  /** The last view, to leave the desktop alone when nothing of it changed. */
  let trayShown = '';

  const alerts: Alerts = createAlerts({
    inboxFile,
    settings,
    language,
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
    language,
    onChange: () => window?.emit('secret.state', { prompt: secrets.state() }),
  });
  /** Undefined until it is opened: keys come first, and ask it which of them are in use. */
  let openedModes = undefined as ModesPart | undefined;
  const keys: Keys = await openKeys({
    folder: folders.config,
    keychainScript: programs.keychain,
    launcher: shell.launcher,
    venues: createVenueAccounts(shell.launcher, programs.accounts),
    platform: options.platform,
    environment: process.env,
    askSecret: secrets.ask,
    onChange() {
      window?.emit('keys.state', keys.state());
      openedModes?.observe();
      openedDesk?.retryLinks();
    },
    alerts,
    isHeld: (record) => openedModes?.isHeld(record) ?? false,
    log,
  });

  /** Asked each time: which storage it is changes while the program runs. */
  const deviceSecrets: SecretStore = {
    get: async (name) => keys.secrets().get(name),
    set: async (name, value) => keys.secrets().set(name, value),
    delete: async (name) => keys.secrets().delete(name),
  };
  /** Undefined until it is opened: sites come first. */
  let openedDesk = undefined as Place | undefined;
  const sites = await openAppSites({
    root: findRoot(import.meta.dirname),
    version: options.version,
    folders,
    secrets: deviceSecrets,
    askSecret: secrets.ask,
    snapshot: () => openedDesk?.snapshot(),
    places: () => ({
      snapshotHere: openedDesk?.snapshotHere(),
      links: openedDesk?.siteLinks() ?? [],
      figures: openedDesk?.figures() ?? [],
    }),
    onChange() {
      window?.emit('sites.state', sites.state());
      openedDesk?.settle();
      showTray();
    },
    onEnded(operation) {
      const server = sites.state().cloudServers.find(({ site }) => site === operation.site);
      const alert = operationAlert(operation, server?.price);
      if (alert) alerts.tell(alert);
    },
    log,
  });

  const desk = await openPlace({
    folders,
    local: {
      programs,
      launcher: shell.launcher,
      pipePath: await enginePipePath(folders.sockets),
      spikeSensitivity: () => settings.get().spikeSensitivity ?? 'usual',
      onLog: (process, line) => options.logs.child(process, line),
    },
    sites: sites.registry,
    operations: sites,
    deploy: sites.access,
    identity: () => openDeviceIdentity(deviceSecrets),
    confirm: (request) => shell.confirm(request),
    language,
    onChange() {
      if (!openedModes) return;
      publishState();
      sites.changed();
      observe();
    },
    onSnapshot(next) {
      window?.emit('engine.snapshot', next);
      openedModes?.observe();
      alerts.adopt(next.spikes ?? []);
      observe();
      showTray();
    },
    onEvent(sequence, event) {
      window?.emit('engine.event', { sequence, event });
      if (event.type === 'spike') alerts.spike(event.spike);
      if (event.type === 'trading' || event.type === 'arming') observe();
      // What is open decides whether the mode may change.
      if (event.type === 'trade' || event.type === 'exposure') openedModes?.observe();
      showTray();
    },
    onMoved: () => window?.emit('modes.deskReplaced', {}),
    log,
  });
  openedDesk = desk;

  const planQuit = () =>
    quitPlan({
      states: desk.states(),
      isHere: desk.isHere(),
      snapshot: desk.snapshot(),
      remotes: remoteEngines(sites.state()),
      nowMs: Date.now(),
    });
  const asking = createAsking({
    window: () => window,
    quitNeedsConfirm: () => planQuit().needsConfirm,
    quit: options.onQuit,
    nowMs: Date.now,
    log,
  });
  const power = shell.createPower?.({ onEvent: onPower, onChange: publishDesktop });
  const sleepGuard = createSleepGuard({
    desk: () => sleepingDesk(desk.states(), desk.snapshot(), desk.isHere()),
    command: (command) => desk.command(command),
    power: () => power,
    tell: (what, tradeId) => alerts.tell(sleepAlert(what, tradeId)),
    log,
  });
  const desktop = createDesktop({
    settings,
    memory,
    onPage: (route) => asking.arrived(route),
    folders: { config: folders.config, data: folders.data, logs: options.logs.folder },
    crash: crash?.crash,
    loginItem: shell.loginItem,
    power: () => power,
    engineSilentSinceAt: () => alerts.engineSilentSinceAt(),
    command: (command) => desk.command(command),
    startAgain: (process) => desk.startAgain(process),
    quitPlan: planQuit,
    quit: options.onQuit,
    onChange: publishDesktop,
    log,
  });
  const diagnostics = createDiagnostics({
    version: options.version,
    logs: options.logs,
    dataFolder: join(folders.data, 'practice'),
    app: state,
    snapshot: desk.snapshot,
    settings: () => settings.get(),
    command: (command) => desk.command(command),
    async parts() {
      await desktop.refresh();
      const { startAtLogin, sleep } = desktop.state();
      const shown = alerts.state().desktop;
      return [
        { name: 'tray', availability: tray.availability() },
        { name: 'notifications', availability: notificationsAvailability(shown) },
        { name: 'sleep', availability: sleep },
        { name: 'lock', availability: power?.availability().lock ?? sleep },
        { name: 'startAtLogin', availability: loginItemAvailability(startAtLogin) },
      ];
    },
    choosePath: (suggestedName) => shell.chooseSavePath(suggestedName),
    log,
  });

  const modes = await openModes({
    programs,
    folders,
    shell,
    settings,
    desk,
    snapshot: desk.snapshot,
    practiceChoice: currentChoice,
    keys: keys.ring,
    language,
    now: Date.now,
    onChange() {
      window?.emit('modes.state', modes.state());
      showTray();
    },
    onDeskReplaced() {
      desk.forget();
      window?.emit('modes.deskReplaced', {});
    },
    onCodeAsked: (pending) => window?.emit('confirm.asked', { pending }),
    log,
  });
  openedModes = modes;
  const trayTargets: TrayTargets = {
    window: () => window,
    asking,
    desk,
    modes,
    sites,
    alerts,
    sleepGuard,
    nowMs: Date.now,
  };

  function currentChoice(): PracticeChoice {
    return chosenPractice(settings.get().practice, catalogue);
  }

  function language(): Language {
    return settings.get().language ?? options.language;
  }

  function state(): AppState {
    return {
      version: options.version,
      platform: options.platform,
      shell: shell.description,
      language: language(),
      theme: settings.get().theme ?? 'system',
      place: desk.place(),
      ...desk.states(),
      practice: { choice: currentChoice(), ...catalogue },
    };
  }

  function observe(): void {
    const wasSilent = alerts.engineSilentSinceAt() !== undefined;
    // What is still being opened looks for itself once it is.
    if (!openedModes) return;
    alerts.observe({ states: desk.states(), snapshot: desk.snapshot(), site: desk.site() });
    if (wasSilent !== (alerts.engineSilentSinceAt() !== undefined)) publishDesktop();
    sleepGuard.observe();
    diagnostics.observe();
    openedModes.observe();
  }

  function onPower(event: PowerEvent): void {
    log({ level: 'info', message: `power: ${event}` });
    sleepGuard.power(event);
    if (event === 'resume') openedDesk?.retryLinks();
    const reason = DISARMS_AT[event];
    // Before it is opened no engine runs, so nothing is armed; an engine on a server is not alone because this machine sleeps.
    if (reason === undefined || !openedModes || !desk.isHere()) return;
    openedModes.disarm(reason).catch((error: unknown) => {
      // Not armed, or asked for again as soon as the engine answers.
      log({ level: 'warn', message: `disarming at ${event}`, detail: toWireError(error) });
    });
  }

  function publishDesktop(): void {
    window?.emit('desktop.state', desktop.state());
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
    // An alert or a server may be told of while the parts are still being opened; the last of them is this one.
    if (!openedModes) return;
    const { mode, exposureUnknownSince } = openedModes.state();
    const view = trayView({
      app: state(),
      snapshot: desk.snapshot(),
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

  function onTrayAction(action: TrayAction, site?: string): void {
    doTrayAction(action, site, trayTargets).catch((error: unknown) =>
      log({ level: 'warn', message: `"${action}" from the tray did not happen`, detail: toWireError(error) }),
    );
  }

  const handlers: IpcHandlers = {
    ...modes.handlers,
    ...appHandlers({
      settings,
      memory,
      desk,
      modes,
      alerts,
      keys,
      secrets,
      desktop,
      sites,
      asking,
      sleepGuard,
      catalogue: () => catalogue,
      state,
      publishState,
    }),
    ...keys.handlers,
    ...secrets.handlers,
    ...desktop.handlers,
    ...diagnostics.handlers,
    ...sites.handlers,
    ...desk.handlers,
  };

  const host = await shell.serveWindow(createIpcServer(handlers), shellEvents({ asking, alerts, log }), memory);
  window = host;
  showTray();
  keys.start();
  sites.start();
  if (crash?.isNew) alerts.tell(crashAlert(crash.crash.error));
  const looking = setInterval(observe, LOOK_PERIOD_MS);

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
    follow: (link) => asking.follow(link),
    requestQuit: () => asking.quit(),
    quitPlan: planQuit,
    async stop() {
      clearInterval(looking);
      sleepGuard.stop();
      await started;
      secrets.stop();
      await sites.stop();
      await Promise.all([desk.stop(), keys.stop()]);
      power?.stop();
      diagnostics.stop();
      await alerts.stop();
      tray.stop();
      await host.stop();
      await memory.settled();
    },
  };
}

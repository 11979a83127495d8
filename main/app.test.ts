import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { PUBLISHED_ENDPOINTS } from '../engine/protocol/endpoints.ts';
import { userFolders } from '../engine/protocol/folders.ts';
import { readEngineRuntime } from '../engine/agent/runtime-file.ts';
import { startApp, type App } from './app.ts';
import { desktopStateSchema, type DesktopState } from './ipc/desktop-schema.ts';
import { writeCrash } from './lifecycle/crash-file.ts';
import type { LogRecord } from './diagnostics/log.ts';
import { openLogs, type Logs } from './diagnostics/logs.ts';
import { createRedactor } from './diagnostics/redact.ts';
import { alertsStateSchema, type AlertsState } from './ipc/alert-schema.ts';
import { modesStateSchema, type ModesState } from './ipc/mode-schema.ts';
import type { IpcServer } from './ipc/server.ts';
import { appStateSchema, type AppState } from './ipc/schema.ts';
import type { DesktopNotification } from './notify/notifier.ts';
import { launchNodeProcess } from './shell/browser/node-launcher.ts';
import type { Shell, ShellHandlers } from './shell/ports.ts';
import type { PowerEvent } from './shell/power.ts';
import type { TrayAction, TrayView } from './tray/model.ts';

/** Generous: the machine may be busy with other tests. */
const eventually = <Value>(look: () => Value) => expect.poll(look, { timeout: 15_000 });

let home: string;
let app: App;
let ipc: IpcServer;
let events: { name: string; data: unknown }[];
let shellHandlers: ShellHandlers | undefined;
let log: LogRecord[];
let trayViews: TrayView[];
let chooseInTray: (action: TrayAction) => void;
let quits: number;
let logs: Logs;
let shown: DesktopNotification[];
let tellPower: (event: PowerEvent) => void;
let powerAsked: string[];
let clickNotification: (category: string) => void;

/** Stands for the icon's removal among the views. */
const GONE: TrayView = { icon: 'off', title: 'gone', tooltip: [], menu: [] };

const shell: Shell = {
  description: { kind: 'browser' },
  launcher: launchNodeProcess,
  secrets: { ways: () => [], listen: () => ({ end: () => undefined }) },
  confirm: () => Promise.resolve(false),
  openFile: () => Promise.resolve(false),
  createTray(onAction) {
    chooseInTray = onAction;
    return {
      show: (view) => void trayViews.push(view),
      stop: () => void trayViews.push({ ...GONE }),
      availability: () => ({ state: 'available' }),
    };
  },
  chooseSavePath: (name) => Promise.resolve(join(home, name)),
  createPower({ onEvent }) {
    tellPower = onEvent;
    return {
      holdSleep: () => void powerAsked.push('hold'),
      allowSleep: () => void powerAsked.push('allow'),
      availability: () => ({ sleep: { state: 'available' }, lock: { state: 'available' } }),
      stop: () => undefined,
    };
  },
  createNotifier({ onOpen }) {
    clickNotification = onOpen;
    return {
      show: (notification) => Promise.resolve(void shown.push(notification)),
      close: () => undefined,
      stop: () => undefined,
    };
  },
  openExternal: () => Promise.resolve(),
  serveWindow(server, given) {
    ipc = server;
    shellHandlers = given;
    return Promise.resolve({
      open: () => Promise.resolve(),
      emit: (name, data) => void events.push({ name, data }),
      stop: () => Promise.resolve(),
    });
  },
};

function start(practice = join(import.meta.dirname, 'engines/fake-practice.test-helper.ts')): Promise<App> {
  return startApp({
    programs: {
      engine: join(import.meta.dirname, '../engine/agent/fake-engine.test-helper.ts'),
      practice,
      accounts: join(import.meta.dirname, '../engine/accounts/main.ts'),
      keychain: join(import.meta.dirname, 'keys/storage/keychain-program.ts'),
      configCheck: join(import.meta.dirname, '../engine/config/check-main.ts'),
    },
    version: '0.0.0',
    platform: 'linux',
    folders: userFolders('linux', { HALFSPREAD_HOME: home }, home),
    language: 'fr',
    shell,
    log: (record) => log.push(record),
    logs,
    onQuit: () => void quits++,
  });
}

const call = async (name: string, input: unknown) => {
  const answer = await ipc.answer(name, input);
  return answer.ok ? { output: answer.output } : { code: answer.error.code };
};
const isTrading = () => app.state().link.state === 'ready';

beforeEach(async () => {
  home = await mkdtemp(join(tmpdir(), 'hs-app-'));
  [events, log, trayViews, quits, shown] = [[], [], [], 0, []];
  powerAsked = [];
  logs = openLogs(join(home, 'data', 'logs'), createRedactor({ homeFolder: home }), 'info');
});
afterEach(async () => {
  await app.stop();
  logs.close();
  await rm(home, { recursive: true });
});

describe('app', () => {
  it('brings up venues, engine and link on the first tape, and gives the window everything in one call', async () => {
    app = await start();
    await eventually(isTrading).toBe(true);
    await eventually(() => events.some(({ name }) => name === 'engine.snapshot')).toBe(true);
    const opened = (await call('app.open', {})) as { output: { app: AppState; snapshot?: { trading: string } } };
    expect(opened.output.app).toMatchObject({
      language: 'fr',
      theme: 'system',
      engine: { state: 'running' },
      venues: { state: 'running' },
      practice: { choice: { tape: 'good', network: 'adsl-rural', fees: 'published' } },
    });
    expect(opened.output.snapshot?.trading).toBe('observing');
    expect(await call('engine.command', { name: 'start' })).toEqual({ output: { done: 'start', times: 1 } });
    await eventually(() => events.filter(({ name }) => name === 'engine.event').map(({ data }) => data)).toContainEqual(
      { sequence: 3, event: { type: 'trading', trading: 'trading' } },
    );
    const reopened = (await call('app.open', {})) as { output: { snapshot: { trading: string } } };
    expect(reopened.output.snapshot.trading).toBe('trading');
    // What the CLI goes by.
    expect((await readEngineRuntime(join(home, 'data', 'practice')))?.pid).toBe(opened.output.app.engine.pid);
  });

  it('shows every step of the start as a state that fits the schema', async () => {
    app = await start();
    await eventually(isTrading).toBe(true);
    const states = events.filter(({ name }) => name === 'app.state').map(({ data }) => appStateSchema.parse(data));
    const steps = states.map(({ venues, engine, link }) => `${venues.state} ${engine.state} ${link.state}`);
    const order = [
      'stopped stopped lost',
      'starting stopped connecting',
      'running starting connecting',
      'running running ready',
    ];
    expect(order.map((step) => steps.indexOf(step)).every((at, index, all) => at > (all[index - 1] ?? -1))).toBe(true);
  });

  it('keeps settings and the choice of tape, and refuses a tape that is not there', async () => {
    app = await start();
    await eventually(isTrading).toBe(true);
    expect(await call('settings.set', { theme: 'dark', language: 'en' })).toEqual({ output: {} });
    const choice = { tape: 'good', network: 'none', fees: 'zero' };
    expect(await call('practice.choose', { ...choice, tape: 'nope' })).toEqual({ code: 'HS_PRACTICE_CHOICE' });
    expect(await call('practice.choose', choice)).toEqual({ output: {} });
    await eventually(isTrading).toBe(true);
    expect(JSON.parse(await readFile(join(home, 'config', 'settings.json'), 'utf8'))).toEqual({
      version: 1,
      theme: 'dark',
      language: 'en',
      practice: choice,
    });
    expect(app.state()).toMatchObject({ theme: 'dark', language: 'en', practice: { choice } });
  });

  it('tells of a killed engine and of its return: to the desktop, and in the inbox the window opens with', async () => {
    app = await start();
    await eventually(isTrading).toBe(true);
    await eventually(() => events.some(({ name }) => name === 'engine.snapshot')).toBe(true);
    process.kill(app.state().engine.pid!, 'SIGKILL');
    await eventually(() => shown.map(({ title }) => title)).toEqual([
      'Le moteur s’est arrêté tout seul',
      'Le moteur est de retour',
    ]);
    const opened = (await call('app.open', {})) as { output: { alerts: AlertsState } };
    expect(opened.output.alerts).toMatchObject({ unread: 2, desktop: { state: 'shown' } });
    expect(await call('alerts.read', { ids: [1] })).toEqual({ output: {} });
    clickNotification('engine');
    const states = events
      .filter(({ name }) => name === 'alerts.state')
      .map(({ data }) => alertsStateSchema.parse(data));
    expect(states.at(-1)?.unread).toBe(0);
    await eventually(() => events.at(-1)).toEqual({ name: 'app.navigate', data: { page: 'alerts' } });
  });

  it('keeps mute and quiet hours, and sets an inbox it cannot read aside by name', async () => {
    await mkdir(join(home, 'config'));
    await writeFile(join(home, 'config', 'inbox.json'), 'not JSON');
    app = await start();
    expect(log.map(({ message }) => message).join()).toMatch(
      /list of alerts could not be used .*inbox\.json\.unreadable-/,
    );
    const hours = { fromMinute: 1320, toMinute: 420 };
    expect(await call('alerts.quiet', { hours })).toEqual({ output: {} });
    expect(await call('alerts.mute', { until: 'unmuted' })).toEqual({ output: {} });
    const settings = () => readFile(join(home, 'config', 'settings.json'), 'utf8').then(JSON.parse);
    expect(await settings()).toEqual({ version: 1, quietHours: hours, mutedUntil: 'unmuted' });
    expect(await call('alerts.quiet', { hours: { fromMinute: 5, toMinute: 5 } })).toEqual({ code: 'HS_IPC_INVALID' });
    expect(await call('alerts.mute', {})).toEqual({ output: {} });
    expect(await settings()).toEqual({ version: 1, quietHours: hours });
  });

  it('stays open and says what is wrong when the venues cannot even be asked for their tapes', async () => {
    app = await start(join(home, 'missing.ts'));
    await eventually(() => app.state().venues.state).toBe('restarting');
    expect(app.state().venues.error?.code).toBe('HS_PROCESS_START');
    expect(log.some(({ level }) => level === 'error')).toBe(true);
    expect(await call('engine.command', { name: 'start' })).toEqual({ code: 'HS_LINK_DOWN' });
  });

  it('shows every step in the tray, and does what is chosen there', async () => {
    app = await start();
    const titles = () => trayViews.map(({ title }) => title).filter((title, at, all) => title !== all[at - 1]);
    const titleOf = (state: string) => `Halfspread\u00a0: ${state}`;
    await eventually(titles).toContain(titleOf('observation, sans ordre'));
    chooseInTray('start');
    await eventually(() => titles().at(-1)).toBe(titleOf('en marché'));
    chooseInTray('pause');
    await eventually(() => titles().at(-1)).toBe(titleOf('entrées suspendues'));
    chooseInTray('quit');
    expect(quits).toBe(1);
    await app.stop();
    expect(trayViews.at(-1)).toEqual(GONE);
    chooseInTray('pause');
    await eventually(() => log.at(-1)?.message).toBe('"pause" from the tray did not happen');
  });

  it('shows the dialog in the window when close all is chosen in the tray, and closes nothing by itself', async () => {
    app = await start();
    await eventually(isTrading).toBe(true);
    const dialogOfOpened = async () => ((await call('app.open', {})) as { output: { dialog?: string } }).output.dialog;
    expect(await dialogOfOpened()).toBeUndefined();
    chooseInTray('closeAll');
    await eventually(() => events).toContainEqual({ name: 'app.dialog', data: 'closeAll' });
    expect(await dialogOfOpened()).toBe('closeAll');
    expect(await dialogOfOpened()).toBeUndefined();
    expect(log.filter(({ level }) => level !== 'info')).toEqual([]);
    // The fake engine would have refused it: there is nothing open.
    expect(await call('engine.command', { name: 'closeAll' })).toEqual({ code: 'HS_DESK_FLAT' });
  });

  it('mutes and unmutes alerts from the tray', async () => {
    app = await start();
    const labels = () => trayViews.at(-1)?.menu.flatMap((entry) => (entry.type === 'action' ? entry.action : [])) ?? [];
    chooseInTray('mute');
    await eventually(labels).toContain('unmute');
    chooseInTray('unmute');
    await eventually(labels).toContain('mute');
  });

  it('tells of a window that crashed, on the desktop, in the inbox and in the log', async () => {
    app = await start();
    await eventually(isTrading).toBe(true);
    shellHandlers?.onCrash({ reason: 'oom', exitCode: 5, answer: 'reload' });
    await eventually(() => shown).toMatchObject([
      { category: 'window', severity: 'warn', title: 'La fenêtre a planté et a été rouverte' },
    ]);
    shellHandlers?.onCrash({ reason: 'oom', exitCode: 5, answer: 'standIn' });
    // The page that stands in for it ended too: nothing more to tell.
    shellHandlers?.onCrash({ reason: 'oom', exitCode: 5, answer: 'leave' });
    const opened = (await call('app.open', {})) as { output: { alerts: AlertsState } };
    expect(opened.output.alerts.inbox.map(({ words }) => words.en.body)).toEqual([
      expect.stringContaining('not opened again by itself'),
      expect.stringContaining('went on (oom, 5)'),
    ]);
    expect(log.filter(({ level }) => level === 'error')).toHaveLength(3);
  });

  it('pauses entries before sleep and lets the machine sleep, and goes on afterwards', async () => {
    app = await start();
    await eventually(isTrading).toBe(true);
    await call('engine.command', { name: 'start' });
    await eventually(() => trayViews.at(-1)?.title).toContain('en marché');
    tellPower('suspend');
    await eventually(() => powerAsked).toEqual(['allow']);
    expect(trayViews.at(-1)?.title).toContain('entrées suspendues');
    tellPower('resume');
    await eventually(() => trayViews.at(-1)?.title).toContain('en marché');
    expect(powerAsked).toEqual(['allow', 'hold']);
  });

  it('says loudly when it cannot pause: the engine hangs', { timeout: 40_000 }, async () => {
    app = await start();
    await eventually(isTrading).toBe(true);
    await call('engine.command', { name: 'start' });
    const { pid } = app.state().engine;
    process.kill(pid!, 'SIGSTOP');
    tellPower('suspend');
    await eventually(() => shown.map(({ severity, title }) => `${severity} ${title}`)).toEqual([
      'critical Ce poste se met en veille sans que les entrées soient suspendues',
    ]);
    expect(powerAsked).toEqual(['allow']);
    process.kill(pid!, 'SIGCONT');
  });

  it('opens pages from outside, also in the window that opens then, and nothing but pages', async () => {
    app = await start();
    await eventually(isTrading).toBe(true);
    await app.follow({ route: { page: 'trade', tradeId: 12 }, isExact: true });
    expect(events).toContainEqual({ name: 'app.navigate', data: { page: 'trade', tradeId: 12 } });
    const routeOfOpened = async () => ((await call('app.open', {})) as { output: { route?: unknown } }).output.route;
    expect(await routeOfOpened()).toEqual({ page: 'trade', tradeId: 12 });
    await call('window.page', { route: { page: 'latency' } });
    expect(await routeOfOpened()).toEqual({ page: 'latency' });
    await app.follow({ route: { page: 'overview' }, isExact: false });
    expect(log.at(-1)?.message).toContain('no page');
    expect(app.state().engine.state).toBe('running');
  });

  it('tells the window of its settings and keeps what is changed', async () => {
    app = await start();
    const opened = (await call('app.open', {})) as { output: { desktop: DesktopState } };
    expect(opened.output.desktop).toMatchObject({
      firstRun: 'show',
      spikeSensitivity: 'usual',
      preferredShell: 'desktop',
      startAtLogin: { state: 'unavailable', reason: { code: 'HS_LOGIN_ITEM_NONE' } },
      folders: { data: join(home, 'data') },
    });
    await eventually(isTrading).toBe(true);
    for (const [name, input] of [
      ['settings.spikes', { sensitivity: 'high' }],
      ['settings.shell', { preferred: 'browser' }],
      ['firstRun.dismiss', {}],
    ] as const) {
      expect(await call(name, input)).toEqual({ output: {} });
    }
    const states = events
      .filter(({ name }) => name === 'desktop.state')
      .map(({ data }) => desktopStateSchema.parse(data));
    expect(states.at(-1)).toMatchObject({ firstRun: 'done', spikeSensitivity: 'high', preferredShell: 'browser' });
    const settings = JSON.parse(await readFile(join(home, 'config', 'settings.json'), 'utf8')) as unknown;
    expect(settings).toEqual({ version: 1, firstRunDone: true, spikeSensitivity: 'high', preferredShell: 'browser' });
  });

  it('shows a settings file it set aside, and how the last run ended, once as an alert', async () => {
    await mkdir(join(home, 'config'));
    await writeFile(join(home, 'config', 'settings.json'), '{"theme":"blue"}');
    writeCrash(join(home, 'data', 'logs'), 5, { code: 'HS_MAIN_CRASHED', message: 'm', remedy: 'r' });
    app = await start();
    const opened = (await call('app.open', {})) as { output: { desktop: DesktopState; alerts: AlertsState } };
    expect(opened.output.desktop).toMatchObject({
      settingsSetAside: { code: 'HS_SETTINGS_SET_ASIDE' },
      crashed: { at: 5, error: { code: 'HS_MAIN_CRASHED' } },
    });
    expect(opened.output.alerts.inbox.map(({ category }) => category)).toEqual(['machine.crash']);
  });

  it('leaves no process behind when stopped, also in the middle of the start', async () => {
    app = await start();
    await eventually(() => app.state().venues.pid).toBeGreaterThan(0);
    const { pid } = app.state().venues;
    await app.stop();
    expect(() => process.kill(pid!, 0)).toThrow('ESRCH');
    expect(app.state()).toMatchObject({ venues: { state: 'stopped' }, engine: { state: 'stopped' } });
  });

  it('changes to paper when all it needs is there, in a folder of its own, and comes back in it', async () => {
    const { production } = PUBLISHED_ENDPOINTS;
    const usable = (venue: 'paradex' | 'vest') => ({ venue, usable: true, steps: [], markets: [] });
    const probe = { at: 1, endpoints: production, venues: [usable('paradex'), usable('vest')] };
    await mkdir(join(home, 'data'), { recursive: true });
    await writeFile(join(home, 'data', 'probes.json'), JSON.stringify({ version: 1, probes: [probe] }));
    app = await start();
    await eventually(isTrading).toBe(true);
    const paper = { mode: 'paper', acceptUnknown: false };
    expect(await call('modes.choose', paper)).toEqual({ code: 'HS_MODE_REFUSED' });
    expect(await call('modes.prepare', {})).toEqual({ output: {} });
    expect(await call('modes.choose', paper)).toEqual({ output: {} });
    expect(events.map(({ name }) => name)).toContain('modes.deskReplaced');
    const paperEngine = () => readEngineRuntime(join(home, 'data', 'paper-production'));
    await eventually(async () => (await paperEngine())?.pid).toBe(app.state().engine.pid);
    expect(app.state().venues.state).toBe('stopped');
    const states = events.filter(({ name }) => name === 'modes.state');
    expect(modesStateSchema.parse(states.at(-1)?.data)).toMatchObject({
      mode: 'paper',
      waitsFor: [],
      isOutdated: false,
    });
    await app.stop();
    app = await start();
    await eventually(async () => (await paperEngine())?.pid).toBe(app.state().engine.pid);
    const opened = (await call('modes.open', {})) as { output: { modes: ModesState } };
    expect(opened.output.modes.mode).toBe('paper');
  });

  it('does not send for the window alone what a person must confirm', async () => {
    app = await start();
    await eventually(isTrading).toBe(true);
    const limits = { maxNotionalE8: 1, maxUnhedgedMs: 1, maxDayLossE8: 1 };
    expect(await call('engine.command', { name: 'arm', limits })).toEqual({ code: 'HS_COMMAND_NEEDS_PERSON' });
    expect(await call('arm.begin', { limits, typedNotionalUsd: 1e-8 })).toEqual({ code: 'HS_ARM_NOT_LIVE' });
    chooseInTray('disarm');
    expect(await call('arm.disarm', {})).toEqual({ output: {} });
  });
});

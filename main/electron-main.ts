/**
 * Entry of the Electron shell. `--probe` starts Electron and ends at once: the start script asks whether it can run.
 * `--cli ...` is the command line. Everything Electron takes only before it is ready happens while this is evaluated.
 */
import * as electron from 'electron';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { HalfspreadError, toWireError, type WireError } from '../engine/protocol/errors.ts';
import { userFolders } from '../engine/protocol/folders.ts';
import { startApp, type App } from './app.ts';
import { logLevelOf } from './diagnostics/log.ts';
import { openLogs } from './diagnostics/logs.ts';
import { createRedactor } from './diagnostics/redact.ts';
import { findPrograms } from './engines/programs.ts';
import { EXIT_CRASHED, guardAgainstCrash, offersNewStart } from './lifecycle/crash-guard.ts';
import { writeCrash } from './lifecycle/crash-file.ts';
import { findRoot } from './root.ts';
import { languageOf } from './settings/machine-language.ts';
import { runCli } from './shell/electron/cli-mode.ts';
import { runDesktopProcess, type RunningDesktop } from './shell/electron/desktop-process.ts';
import { createElectronShell } from './shell/electron/electron-shell.ts';
import { followLinks } from './shell/electron/links.ts';
import { HIDDEN_ARGUMENT } from './shell/electron/login-item.ts';
import { prepareElectron } from './shell/electron/prepare.ts';
import { startMode } from './shell/electron/start-mode.ts';
import { lockInstance } from './shell/instance-lock.ts';
import { wordsIn, type Words } from './text/words.ts';

const { app, dialog } = electron;
const AFTER_CRASH_ARGUMENT = '--after-crash';

const root = findRoot(import.meta.dirname);
const folders = userFolders(process.platform, process.env, homedir());
/** What starts this program again, by a link or at login. */
const command = app.isPackaged ? [process.env['APPIMAGE'] ?? process.execPath] : [process.execPath, root];

async function startDesktop(quit: () => void): Promise<RunningDesktop> {
  const language = languageOf({ LANG: app.getLocale() });
  const words = wordsIn(language);
  const lock = await lockInstance(folders.data, 'electron');
  if (!('release' in lock)) {
    throw new HalfspreadError(
      'HS_INSTANCE_TAKEN',
      words.text('start.taken', { pid: lock.heldBy?.pid ?? '?', folder: folders.data }),
      '',
    );
  }
  const redactor = createRedactor({ homeFolder: homedir() });
  const logs = openLogs(join(folders.data, 'logs'), redactor, logLevelOf(process.env));
  const log = logs.main.write;
  let running: App | undefined = undefined as App | undefined;
  guardAgainstCrash({
    source: process,
    log,
    remember: (error) => writeCrash(logs.folder, Date.now(), { ...error, message: redactor.text(error.message) }),
    stop: async () => running?.stop(),
    end: (error) => endAfterCrash(words, { ...error, message: redactor.text(error.message) }),
  });
  const started = await startApp({
    programs: findPrograms(root),
    version: app.getVersion(),
    platform: process.platform,
    folders,
    language,
    shell: createElectronShell({
      electron,
      distFolder: join(root, 'dist'),
      devTools: !app.isPackaged,
      platform: process.platform,
      language,
      environment: process.env,
      homeFolder: homedir(),
      startCommand: [...command, HIDDEN_ARGUMENT],
    }),
    log,
    logs,
    onQuit: quit,
  });
  running = started;
  return {
    open: () => started.window.open(),
    follow: (link) => started.follow(link),
    requestQuit: () => started.requestQuit(),
    async stop() {
      await started.stop();
      logs.close();
    },
  };
}

/** Offers one new start; the second crash soon after it is only told. */
function endAfterCrash(words: Words, { code, message }: WireError): void {
  const isSecondTry = process.argv.includes(AFTER_CRASH_ARGUMENT);
  const detail = `${message}\n(${code})`;
  if (offersNewStart({ isSecondTry, ranMs: process.uptime() * 1000 })) {
    const buttons = [words.text('crash.again'), words.text('quit.confirm')];
    const type = 'error';
    const chosen = dialog.showMessageBoxSync({
      type,
      message: words.text('crash.title'),
      detail,
      buttons,
      cancelId: 1,
    });
    if (chosen === 0)
      app.relaunch({ args: [...process.argv.slice(1), ...(isSecondTry ? [] : [AFTER_CRASH_ARGUMENT])] });
  } else dialog.showErrorBox(words.text('crash.title'), `${detail}\n${words.text('crash.twice')}`);
  app.exit(EXIT_CRASHED);
}

/** Started by the system at login: the tray, no window. */
function isAtLogin(): boolean {
  return (
    process.argv.includes(HIDDEN_ARGUMENT) ||
    (process.platform === 'darwin' && app.getLoginItemSettings().wasOpenedAtLogin)
  );
}

/** On standard error, and in a box: who started it by a click sees no terminal. */
function tellFailure({ code, message, remedy }: WireError): void {
  process.stderr.write(`${message}\n${remedy}\n(${code})\n`);
  electron.dialog.showErrorBox('Halfspread', `${message}\n\n${remedy}\n\n${code}`);
}

const mode = startMode({
  argv: process.argv,
  isPackaged: app.isPackaged,
  hasSwitch: (name) => app.commandLine.hasSwitch(name),
});
switch (mode.kind) {
  case 'cli':
    await runCli(process, () => import(pathToFileURL(join(root, 'dist/engine/cli.mjs')).href));
    break;
  case 'refused':
    tellFailure(mode.error);
    app.exit(1);
    break;
  case 'probe':
    prepareElectron(electron, join(folders.config, 'window'), process.platform);
    void app.whenReady().then(() => app.exit(0));
    break;
  case 'desktop':
    prepareElectron(electron, join(folders.config, 'window'), process.platform);
    void runDesktopProcess({
      app,
      signals: process,
      links: followLinks({ app, args: process.argv, startCommand: command }),
      opensWindow: () => !isAtLogin(),
      start: startDesktop,
      onFailure: (error) => tellFailure(toWireError(error)),
    });
}

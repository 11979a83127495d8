/** Entry of the Electron shell. `--probe` starts Electron and ends at once: the start script asks whether it can run. */
import * as electron from 'electron';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { toWireError } from '../engine/protocol/errors.ts';
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
import { APP_ID } from './shell/electron/app-id.ts';
import { APP_SCHEME, createElectronShell } from './shell/electron/electron-shell.ts';
import { followLinks } from './shell/electron/links.ts';
import { HIDDEN_ARGUMENT } from './shell/electron/login-item.ts';
import { lockInstance } from './shell/instance-lock.ts';
import { wordsIn } from './text/words.ts';

const { app, dialog, protocol } = electron;
const AFTER_CRASH_ARGUMENT = '--after-crash';

const root = findRoot(import.meta.dirname);
const folders = userFolders(process.platform, process.env, homedir());
const command = app.isPackaged
  ? [process.env['APPIMAGE'] ?? process.execPath]
  : [process.execPath, join(root, 'dist', 'main', 'electron-main.mjs')];

protocol.registerSchemesAsPrivileged([{ scheme: APP_SCHEME, privileges: { standard: true, secure: true } }]);
app.enableSandbox();
if (process.platform === 'win32') app.setAppUserModelId(APP_ID);
// A desk in a folder of its own is a program of its own: Electron's lock goes by this path.
app.setPath('userData', join(folders.config, 'electron'));
const isProbe = process.argv.includes('--probe');
const isFirst = isProbe || app.requestSingleInstanceLock();
const links = isProbe || !isFirst ? undefined : followLinks({ app, args: process.argv, startCommand: command });

async function main(): Promise<void> {
  await app.whenReady();
  // The first one got our arguments, and with them the link.
  if (isProbe || !isFirst) return app.exit(0);
  const language = languageOf({ LANG: app.getLocale() });
  const words = wordsIn(language);
  const lock = await lockInstance(folders.data, 'electron');
  if (!('release' in lock)) {
    dialog.showErrorBox(
      words.text('app.name'),
      words.text('start.taken', { pid: lock.heldBy?.pid ?? '?', folder: folders.data }),
    );
    return app.exit(1);
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
    end(error) {
      const isSecondTry = process.argv.includes(AFTER_CRASH_ARGUMENT);
      const detail = `${redactor.text(error.message)}\n(${error.code})`;
      if (offersNewStart({ isSecondTry, ranMs: process.uptime() * 1000 })) {
        const buttons = [words.text('crash.again'), words.text('quit.confirm')];
        const chosen = dialog.showMessageBoxSync({
          type: 'error',
          message: words.text('crash.title'),
          detail,
          buttons,
          cancelId: 1,
        });
        if (chosen === 0)
          app.relaunch({ args: [...process.argv.slice(1), ...(isSecondTry ? [] : [AFTER_CRASH_ARGUMENT])] });
      } else dialog.showErrorBox(words.text('crash.title'), `${detail}\n${words.text('crash.twice')}`);
      app.exit(EXIT_CRASHED);
    },
  });
  running = await startApp({
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
      environment: process.env,
      homeFolder: homedir(),
      startCommand: [...command, HIDDEN_ARGUMENT],
    }),
    log,
    logs,
    onQuit: () => void stop(),
  });
  const started = running;
  let stopping = false;
  const stop = async () => {
    if (stopping) return;
    stopping = true;
    await started.stop();
    logs.close();
    app.exit(0);
  };
  const complain = (error: unknown) =>
    log({ level: 'warn', message: 'the window could not be opened', detail: toWireError(error) });
  // A closed window leaves the tray: trading goes on, and its menu, or a second start, opens the window again.
  app.on('window-all-closed', () => undefined);
  app.on('activate', () => void started.window.open().catch(complain));
  app.on('before-quit', (event) => {
    event.preventDefault();
    if (!stopping) started.requestQuit().catch(complain);
  });
  process.on('SIGINT', () => void stop());
  process.on('SIGTERM', () => void stop());
  const isAtLogin =
    process.argv.includes(HIDDEN_ARGUMENT) ||
    (process.platform === 'darwin' && app.getLoginItemSettings().wasOpenedAtLogin);
  if (!isAtLogin) await started.window.open();
  links?.handle({
    onLink: (link) => void started.follow(link).catch(complain),
    onStartedAgain: () => void started.window.open().catch(complain),
  });
}

main().catch((error: unknown) => {
  const { code, message, remedy } = toWireError(error);
  process.stderr.write(`${message}\n${remedy}\n(${code})\n`);
  app.exit(1);
});

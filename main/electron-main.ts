/**
 * Entry of the Electron shell. `--probe` starts Electron and ends at once: the start script asks whether it can run.
 * `--cli ...` is the command line. Everything Electron takes only before it is ready happens while this is evaluated.
 */
import * as electron from 'electron';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { toWireError, type WireError } from '../engine/protocol/errors.ts';
import { userFolders } from '../engine/protocol/folders.ts';
import { startApp } from './app.ts';
import { openLog } from './diagnostics/log.ts';
import { findPrograms } from './engines/programs.ts';
import { findRoot } from './root.ts';
import { languageOf } from './settings/machine-language.ts';
import { runCli } from './shell/electron/cli-mode.ts';
import { runDesktopProcess, type RunningDesktop } from './shell/electron/desktop-process.ts';
import { createElectronShell } from './shell/electron/electron-shell.ts';
import { prepareElectron } from './shell/electron/prepare.ts';
import { startMode } from './shell/electron/start-mode.ts';

const { app } = electron;
const root = findRoot(import.meta.dirname);
const folders = userFolders(process.platform, process.env, homedir());

async function startDesktop(quit: () => void): Promise<RunningDesktop> {
  const language = languageOf({ LANG: app.getLocale() });
  const log = await openLog(join(folders.data, 'logs', 'main.log'));
  const running = await startApp({
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
    }),
    log: log.write,
    onQuit: quit,
  });
  return {
    open: () => running.window.open(),
    async stop() {
      await running.stop();
      await log.close();
    },
  };
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
      start: startDesktop,
      onFailure: (error) => tellFailure(toWireError(error)),
    });
}

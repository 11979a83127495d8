/** Entry of the Electron shell. `--probe` starts Electron and ends at once: the start script asks whether it can run. */
import * as electron from 'electron';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { toWireError } from '../engine/protocol/errors.ts';
import { userFolders } from '../engine/protocol/folders.ts';
import { startApp } from './app.ts';
import { openLog } from './diagnostics/log.ts';
import { findPrograms } from './engines/programs.ts';
import { findRoot } from './root.ts';
import { languageOf } from './settings/machine-language.ts';
import { APP_SCHEME, createElectronShell } from './shell/electron/electron-shell.ts';

const { app, protocol } = electron;

protocol.registerSchemesAsPrivileged([{ scheme: APP_SCHEME, privileges: { standard: true, secure: true } }]);
app.enableSandbox();

async function main(): Promise<void> {
  await app.whenReady();
  if (process.argv.includes('--probe')) return app.exit(0);
  if (!app.requestSingleInstanceLock()) return app.exit(0);
  const root = findRoot(import.meta.dirname);
  const folders = userFolders(process.platform, process.env, homedir());
  const log = await openLog(join(folders.data, 'logs', 'main.log'));
  const running = await startApp({
    programs: findPrograms(root),
    version: app.getVersion(),
    platform: process.platform,
    folders,
    language: languageOf({ LANG: app.getLocale() }),
    shell: createElectronShell({
      electron,
      distFolder: join(root, 'dist'),
      devTools: !app.isPackaged,
      platform: process.platform,
    }),
    log: log.write,
    onQuit: () => void stop(),
  });
  let stopping = false;
  const stop = async () => {
    if (stopping) return;
    stopping = true;
    await running.stop();
    await log.close();
    app.exit(0);
  };
  // A closed window leaves the tray: trading goes on, and its menu, or a second start, opens the window again.
  app.on('window-all-closed', () => undefined);
  app.on('second-instance', () => void running.window.open());
  app.on('before-quit', (event) => {
    event.preventDefault();
    void stop();
  });
  process.on('SIGINT', () => void stop());
  process.on('SIGTERM', () => void stop());
  await running.window.open();
}

main().catch((error: unknown) => {
  const { code, message, remedy } = toWireError(error);
  process.stderr.write(`${message}\n${remedy}\n(${code})\n`);
  app.exit(1);
});

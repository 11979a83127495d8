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
    shell: createElectronShell({ electron, distFolder: join(root, 'dist'), devTools: !app.isPackaged }),
    log: log.write,
  });
  await running.window.open();

  app.on('second-instance', () => void running.window.open());
  let stopping = false;
  const stop = async () => {
    if (stopping) return;
    stopping = true;
    await running.stop();
    await log.close();
    app.exit(0);
  };
  // Until the tray exists, closing the window is the way to stop; the engine is waited for.
  app.on('window-all-closed', () => void stop());
  app.on('before-quit', (event) => {
    event.preventDefault();
    void stop();
  });
  process.on('SIGINT', () => void stop());
  process.on('SIGTERM', () => void stop());
}

main().catch((error: unknown) => {
  const { code, message, remedy } = toWireError(error);
  process.stderr.write(`${message}\n${remedy}\n(${code})\n`);
  app.exit(1);
});

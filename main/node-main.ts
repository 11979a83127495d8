/** Entry of the browser shell: `node-main [--no-open] [--reason-code ... --reason-message ... --reason-remedy ...]`, started by build/start.mjs. */
import { readFile } from 'node:fs/promises';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { toWireError } from '../engine/protocol/errors.ts';
import { userFolders } from '../engine/protocol/folders.ts';
import { startApp } from './app.ts';
import { findPrograms } from './engines/programs.ts';
import { findRoot } from './root.ts';
import { openLog } from './diagnostics/log.ts';
import { languageOf } from './settings/machine-language.ts';
import { createBrowserShell } from './shell/browser/browser-shell.ts';
import { openBrowser } from './shell/browser/open-browser.ts';
import { openTerminal } from './shell/browser/terminal.ts';
import { linkOfRunningWindow } from './shell/browser/window-file.ts';

const { values } = parseArgs({
  options: {
    'no-open': { type: 'boolean', default: false },
    'reason-code': { type: 'string' },
    'reason-message': { type: 'string' },
    'reason-remedy': { type: 'string' },
  },
});
const mayOpen = !values['no-open'];
const print = (line: string) => void process.stdout.write(`${line}\n`);

async function main(): Promise<void> {
  const root = findRoot(import.meta.dirname);
  const { version } = JSON.parse(await readFile(join(root, 'package.json'), 'utf8')) as { version: string };
  const folders = userFolders(process.platform, process.env, homedir());

  const running = await linkOfRunningWindow(folders.data);
  if (running) {
    print(`Halfspread is already running (process ${running.pid}); here is a new link to it.`);
    print(`Halfspread: ${running.link}`);
    if (mayOpen) await openBrowser(running.link, process.env);
    return;
  }

  const log = await openLog(join(folders.data, 'logs', 'main.log'));
  const reason =
    values['reason-code'] === undefined
      ? undefined
      : {
          code: values['reason-code'],
          message: values['reason-message'] ?? '',
          remedy: values['reason-remedy'] ?? '',
        };
  let openWindow = (): void => undefined;
  const terminal = openTerminal(process.stdin, () => openWindow());
  const app = await startApp({
    programs: findPrograms(root),
    version,
    platform: process.platform,
    folders,
    language: languageOf(process.env),
    shell: createBrowserShell({
      root,
      version,
      dataFolder: folders.data,
      reason,
      openBrowser: mayOpen,
      environment: process.env,
      platform: process.platform,
      print,
      terminal,
      onTrayUnavailable: (reason) => log.write({ level: 'info', message: `no tray icon: ${reason}` }),
    }),
    log: log.write,
    onQuit: () => void stop(),
  });
  let stopping = false;
  const stop = async () => {
    if (stopping) return;
    stopping = true;
    print('Stopping: the engine first, then the practice venues.');
    await app.stop();
    await log.close();
    print('Stopped.');
    process.exit(0);
  };
  process.on('SIGINT', () => void stop());
  process.on('SIGTERM', () => void stop());
  process.on('SIGHUP', () => void stop());
  // The script that started us holds the other end: it is gone.
  process.on('disconnect', () => void stop());

  await app.window.open();
  openWindow = () => void app.window.open();
  print('Enter: a new link. Ctrl-C: stop.');
}

main().catch((error: unknown) => {
  const { code, message, remedy } = toWireError(error);
  process.stderr.write(`${message}\n${remedy}\n(${code})\n`);
  process.exit(1);
});

/** Entry of the browser shell: `node-main [--no-open] [--reason-code ... --reason-message ... --reason-remedy ...]`, started by build/start.mjs. */
import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { toWireError } from '../engine/protocol/errors.ts';
import { userFolders } from '../engine/protocol/folders.ts';
import { startApp, type App } from './app.ts';
import { logLevelOf } from './diagnostics/log.ts';
import { openLogs } from './diagnostics/logs.ts';
import { createRedactor } from './diagnostics/redact.ts';
import { findPrograms } from './engines/programs.ts';
import { EXIT_CRASHED, guardAgainstCrash } from './lifecycle/crash-guard.ts';
import { writeCrash } from './lifecycle/crash-file.ts';
import { quitSentence } from './lifecycle/quit-sentence.ts';
import { findRoot } from './root.ts';
import { languageOf } from './settings/machine-language.ts';
import { createBrowserShell } from './shell/browser/browser-shell.ts';
import { openBrowser } from './shell/browser/open-browser.ts';
import { lockOrJoin } from './shell/browser/second-start.ts';
import { openTerminal } from './shell/browser/terminal.ts';

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
// The terminal may be closed while we run: what is printed is then lost, and nothing else.
process.stdout.on('error', () => undefined);

async function main(): Promise<void> {
  const root = findRoot(import.meta.dirname);
  const { version } = JSON.parse(await readFile(join(root, 'package.json'), 'utf8')) as { version: string };
  const folders = userFolders(process.platform, process.env, homedir());

  const start = await lockOrJoin(folders.data, (holder) =>
    print(
      `Another Halfspread (${holder ? `process ${holder.pid}` : 'starting'}) has this data folder; waiting for it.`,
    ),
  );
  if ('link' in start) {
    print(`Halfspread is already running (process ${start.pid}); here is a new link to it.`);
    print(`Halfspread: ${start.link}`);
    if (mayOpen) await openBrowser(start.link, process.env);
    return;
  }

  const redactor = createRedactor({ homeFolder: homedir() });
  const logs = openLogs(join(folders.data, 'logs'), redactor, logLevelOf(process.env));
  const log = logs.main.write;
  let app: App | undefined = undefined as App | undefined;
  guardAgainstCrash({
    source: process,
    log,
    remember: (error) => writeCrash(logs.folder, Date.now(), { ...error, message: redactor.text(error.message) }),
    stop: async () => app?.stop(),
    end(error) {
      process.stderr.write(`${redactor.text(error.message)}\n${error.remedy}\n(${error.code})\n`);
      process.exit(EXIT_CRASHED);
    },
  });
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
  app = await startApp({
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
      homeFolder: homedir(),
      startCommand: startCommand(root),
      print,
      terminal,
      onTrayUnavailable: (why) => log({ level: 'info', message: `no tray icon: ${why}` }),
    }),
    log,
    logs,
    onQuit: () => void stop(),
  });
  const running = app;
  let stopping = false;
  const stop = async () => {
    if (stopping) return;
    stopping = true;
    print(quitSentence(running.quitPlan()));
    await running.stop();
    logs.close();
    start.release();
    print('Stopped.');
    process.exit(0);
  };
  process.on('SIGINT', () => void stop());
  process.on('SIGTERM', () => void stop());
  process.on('SIGHUP', () => void stop());
  // The script that started us holds the other end: it is gone.
  process.on('disconnect', () => void stop());

  await running.window.open();
  openWindow = () => void running.window.open();
  print('Enter: a new link. Ctrl-C: stop.');
}

/** From a checkout the start script also builds and chooses the shell. */
function startCommand(root: string): string[] {
  const script = join(root, 'build', 'start.mjs');
  if (existsSync(script)) return [process.execPath, script, '--hidden'];
  return [process.execPath, join(root, 'dist', 'main', 'node-main.mjs'), '--no-open'];
}

main().catch((error: unknown) => {
  const { code, message, remedy } = toWireError(error);
  process.stderr.write(`${message}\n${remedy}\n(${code})\n`);
  process.exit(1);
});

/** `npm start`: installs, builds, chooses the shell and runs Halfspread in practice mode. */
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { electronBinary, electronObstacle, probeElectron } from './electron-binary.mjs';
import {
  ensureBuild,
  ensureToolchain,
  pinnedNode,
  root,
  runEntry,
  runForeground,
  say,
  toolEnvironment,
  ToolchainError,
} from './toolchain.mjs';

const HELP = `npm start [-- options]
Starts Halfspread: the desktop window (Electron) where it can run, else the same window in a browser of this machine.
  --no-open   print the link to the window, open no browser (servers)
  --browser   use the browser even where Electron runs
  --desktop   use the desktop window even where the settings prefer the browser
  --hidden    open no window: as at login, the tray icon is there
  --dev       build again when a source changes, and start again with it
  --help      this text`;

/** As main/lifecycle/crash-guard.ts has them. */
const EXIT_CRASHED = 70;
const STABLE_AFTER_MS = 60_000;
const PREFERRED = {
  code: 'HS_SHELL_PREFERRED',
  message: 'The settings prefer the browser.',
  remedy: 'Choose the desktop window in the settings, or start with: npm start -- --desktop',
};

await runEntry(async () => {
  const options = readOptions();
  if (options.help) {
    console.log(HELP);
    return 0;
  }
  await ensureToolchain();
  ensureBuild({ force: options.dev });
  const shell = await chooseShell(options);
  const command = 'path' in shell ? electronCommand(shell.path, options) : browserCommand(shell.reason, options);
  if (options.dev) return (await import('./dev.mjs')).runWatched(command);
  // Electron offers the new start itself, in a window.
  return 'path' in shell ? runForeground(...command) : runWithNewStart(command);
});

function readOptions() {
  try {
    const flag = { type: 'boolean', default: false };
    const options = { 'no-open': flag, browser: flag, desktop: flag, hidden: flag, dev: flag, help: flag };
    return parseArgs({ options }).values;
  } catch (error) {
    throw new ToolchainError(error.message, HELP);
  }
}

/** Electron's path, or the reason for the browser shell (none when it was asked for). */
async function chooseShell(options) {
  if (options.browser || options['no-open']) return { reason: undefined };
  if (!options.desktop && prefersBrowser()) return { reason: PREFERRED };
  const obstacle = electronObstacle({
    platform: process.platform,
    environment: process.env,
    userId: process.getuid?.(),
  });
  if (obstacle) return { reason: obstacle };
  const binary = await electronBinary();
  if ('reason' in binary) return binary;
  const failed = probeElectron(binary.path);
  return failed ? { reason: failed } : binary;
}

function electronCommand(path, options) {
  const env = toolEnvironment();
  delete env.ELECTRON_RUN_AS_NODE;
  // The folder, not the script: Electron takes name and version from its package.json.
  return [path, [root, ...(options.hidden ? ['--hidden'] : [])], { env }];
}

function browserCommand(reason, options) {
  const args = [];
  if (reason) {
    say(
      `The desktop window cannot be used: ${reason.message}\n${reason.remedy}\nHalfspread opens in a browser instead.`,
    );
    args.push('--reason-code', reason.code, '--reason-message', reason.message, '--reason-remedy', reason.remedy);
  } else {
    say('Halfspread is shown in a browser, as asked for on the command line.');
  }
  if (options['no-open'] || options.hidden) args.push('--no-open');
  return [pinnedNode(), [join(root, 'dist/main/node-main.mjs'), ...args], { tether: true }];
}

/** Asked under the pinned Node: the rule where settings are kept is the program's own. */
function prefersBrowser() {
  const asked = spawnSync(pinnedNode(), [join(root, 'build/preferred-shell.ts')], { encoding: 'utf8' });
  return asked.status === 0 && asked.stdout.trim() === 'browser';
}

/** A program that ended by itself is offered one new start; one that then fails soon is not offered another. */
async function runWithNewStart(command) {
  for (let isSecondTry = false; ; isSecondTry = true) {
    const startedMs = performance.now();
    const code = await runForeground(...command);
    const failsAgain = isSecondTry && performance.now() - startedMs < STABLE_AFTER_MS;
    if (code !== EXIT_CRASHED || failsAgain || !process.stdin.isTTY) return code;
    say('Press Enter to start it again, or Ctrl-C to leave it.');
    if (!(await enterWasPressed())) return code;
  }
}

function enterWasPressed() {
  return new Promise((resolve) => {
    process.stdin.resume();
    process.stdin.once('data', () => {
      process.stdin.pause();
      resolve(true);
    });
    process.stdin.once('end', () => resolve(false));
    process.once('SIGINT', () => resolve(false));
  });
}

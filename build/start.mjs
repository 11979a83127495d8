/** `npm start`: installs, builds, chooses the shell and runs Halfspread in practice mode. */
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
  --dev       build again even if nothing changed
  --help      this text`;

await runEntry(async () => {
  const options = readOptions();
  if (options.help) {
    console.log(HELP);
    return 0;
  }
  await ensureToolchain();
  ensureBuild({ force: options.dev });
  const shell = await chooseShell(options);
  return 'path' in shell ? runElectron(shell.path) : runBrowserShell(shell.reason, options);
});

function readOptions() {
  try {
    const flag = { type: 'boolean', default: false };
    return parseArgs({ options: { 'no-open': flag, browser: flag, dev: flag, help: flag } }).values;
  } catch (error) {
    throw new ToolchainError(error.message, HELP);
  }
}

/** Electron's path, or the reason for the browser shell (none when it was asked for). */
async function chooseShell(options) {
  if (options.browser || options['no-open']) return { reason: undefined };
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

function runElectron(path) {
  const env = toolEnvironment();
  delete env.ELECTRON_RUN_AS_NODE;
  // The folder, not the script: Electron takes name and version from its package.json.
  return runForeground(path, [root], { env });
}

function runBrowserShell(reason, options) {
  const args = [];
  if (reason) {
    say(
      `The desktop window cannot be used: ${reason.message}\n${reason.remedy}\nHalfspread opens in a browser instead.`,
    );
    args.push('--reason-code', reason.code, '--reason-message', reason.message, '--reason-remedy', reason.remedy);
  } else {
    say('Halfspread is shown in a browser, as asked for on the command line.');
  }
  if (options['no-open']) args.push('--no-open');
  return runForeground(pinnedNode(), [join(root, 'dist/main/node-main.mjs'), ...args], { tether: true });
}

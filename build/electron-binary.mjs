/** Whether Electron can be used on this machine. Every "no" says why and what would change it. */
import { spawn, spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { pinnedNode, root, say, toolEnvironment } from './toolchain.mjs';

const DOWNLOAD_TIMEOUT_MS = 60_000;
const PROBE_TIMEOUT_MS = 5_000;
const PROGRESS_PERIOD_MS = 5_000;

/** @returns {{ code: string, message: string, remedy: string } | undefined} why Electron cannot even be tried */
export function electronObstacle({ platform, environment, userId }) {
  if (platform === 'linux' && userId === 0) {
    return {
      code: 'HS_SHELL_ROOT',
      message: 'Electron does not run as root without switching its sandbox off, which Halfspread never does.',
      remedy: 'Start Halfspread as an ordinary user to get the desktop window.',
    };
  }
  if (platform === 'linux' && !environment.DISPLAY && !environment.WAYLAND_DISPLAY) {
    return {
      code: 'HS_SHELL_NO_DISPLAY',
      message: 'No display is set (DISPLAY, WAYLAND_DISPLAY), so there is no place for a desktop window.',
      remedy: 'Start Halfspread inside a desktop session to get the desktop window.',
    };
  }
  return undefined;
}

/** The Electron program: already there, or downloaded within a minute. @returns {Promise<{ path: string } | { reason: object }>} */
export async function electronBinary() {
  const there = installedPath();
  if (there) return { path: there };
  say('Downloading Electron (about 110 MB, once, at most 60 s) ...');
  const why = await download();
  const path = installedPath();
  if (path) return { path };
  return {
    reason: {
      code: 'HS_SHELL_NO_BINARY',
      message: `Electron's program is not installed and could not be downloaded (${why}).`,
      remedy: 'Run "npx install-electron" on a connection that reaches github.com, or set ELECTRON_OVERRIDE_DIST_PATH.',
    },
  };
}

/** A program that gives a command a display of its own (Debian: xvfb). */
const XVFB = '/usr/bin/xvfb-run';

/**
 * Electron for the end-to-end tests, if it is there already and starts. `wrapper`: the beginning of a command that needs a
 * display. @returns {{ path: string, wrapper: string[] } | { reason: object }}
 */
export function electronForTests({ environment = process.env, userId = process.getuid?.() } = {}) {
  const path = installedPath();
  if (!path) {
    return {
      reason: {
        code: 'HS_SHELL_NO_BINARY',
        message: "Electron's program is not on this machine.",
        remedy: 'Where it is: ELECTRON_OVERRIDE_DIST_PATH=<unpacked Electron> npm run test:electron.',
      },
    };
  }
  const first = electronObstacle({ platform: process.platform, environment, userId });
  const needsXvfb = first?.code === 'HS_SHELL_NO_DISPLAY' && existsSync(XVFB);
  if (first && !needsXvfb) return { reason: first };
  const wrapper = needsXvfb ? [XVFB, '-a'] : [];
  const reason = probeElectron(path, wrapper);
  return reason ? { reason } : { path, wrapper };
}

/** Its program inside the unpacked folder, by system; Electron's installer writes it into path.txt. */
const PROGRAM_NAMES = { darwin: 'Electron.app/Contents/MacOS/Electron', win32: 'electron.exe' };

function installedPath() {
  const folder = join(root, 'node_modules', 'electron');
  const nameFile = join(folder, 'path.txt');
  const name = existsSync(nameFile) ? readFileSync(nameFile, 'utf8') : (PROGRAM_NAMES[process.platform] ?? 'electron');
  const path = join(process.env.ELECTRON_OVERRIDE_DIST_PATH ?? join(folder, 'dist'), name);
  return existsSync(path) ? path : undefined;
}

/** @returns {Promise<string>} how it ended */
function download() {
  const startedAtMs = Date.now();
  const seconds = () => Math.round((Date.now() - startedAtMs) / 1000);
  const child = spawn(pinnedNode(), [join(root, 'node_modules/electron/install.js')], {
    stdio: ['ignore', 2, 'pipe'],
    env: toolEnvironment(),
  });
  let lastLine = '';
  child.stderr.setEncoding('utf8').on('data', (text) => {
    lastLine = /^\S*Error:.*$/m.exec(text)?.[0] ?? lastLine;
  });
  const progress = setInterval(() => say(`  still downloading, ${seconds()} s`), PROGRESS_PERIOD_MS);
  const timeout = setTimeout(() => child.kill('SIGKILL'), DOWNLOAD_TIMEOUT_MS);
  return new Promise((resolve) => {
    const end = (how) => {
      clearInterval(progress);
      clearTimeout(timeout);
      resolve(how);
    };
    child.once('error', (error) => end(error.message));
    child.once('close', (code, signal) =>
      end(signal ? `not finished after ${seconds()} s` : lastLine || `its installer ended with code ${code}`),
    );
  });
}

/** Starts Electron for a moment: `--probe` ends with code 0 as soon as it is ready. @returns {object | undefined} the reason if not */
export function probeElectron(path, wrapper = [], timeoutMs = PROBE_TIMEOUT_MS) {
  const environment = toolEnvironment();
  delete environment.ELECTRON_RUN_AS_NODE;
  const command = [...wrapper, path, root, '--probe'];
  const run = spawnSync(command[0], command.slice(1), {
    env: environment,
    encoding: 'utf8',
    timeout: timeoutMs,
    killSignal: 'SIGKILL',
  });
  if (run.status === 0) return undefined;
  const late = `no answer within ${timeoutMs / 1000} s`;
  const why = run.error?.code === 'ETIMEDOUT' ? late : lastLineOf(run.stderr) || `code ${run.status}`;
  return {
    code: 'HS_SHELL_PROBE',
    message: `Electron is installed but does not start here (${why}).`,
    remedy: 'Install the libraries Electron needs (on Debian: libgtk-3-0 libnss3 libasound2), then start again.',
  };
}

function lastLineOf(text) {
  return (text ?? '').trim().split('\n').at(-1)?.slice(0, 200);
}

/**
 * What the entry scripts need before anything else runs: packages, Node 24, a fresh build. Node's own modules only, and
 * nothing newer than Node 20 has, because this runs on whatever Node the machine came with. Talks on standard error.
 */
import { spawn, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

export const root = fileURLToPath(new URL('..', import.meta.url));
const NODE_MAJOR = 24;
const installedMarker = join(root, 'node_modules', '.package-lock.json');
/** Hash of the lockfile the packages were installed from: a fresh checkout has new times and the same packages. */
const lockMarker = join(root, 'node_modules', '.halfspread-lock');
const builtMarker = join(root, 'dist', 'built.json');

/** A failure the person at the terminal can mend: printed without a stack. */
export class ToolchainError extends Error {
  constructor(message, remedy) {
    super(message);
    this.remedy = remedy;
  }
}

export function say(text) {
  process.stderr.write(`${text}\n`);
}

/** Runs an entry script's work; a ToolchainError ends the process with its text and code 1. */
export async function runEntry(work) {
  try {
    process.exitCode = await work();
  } catch (error) {
    if (!(error instanceof ToolchainError)) throw error;
    say(`${error.message}\n${error.remedy}`);
    process.exitCode = 1;
  }
}

/** Installs packages when they are absent or older than the lockfile, and asserts Node 24. */
export async function ensureToolchain() {
  if (!packagesAreCurrent()) installPackages();
  pinnedNode();
}

function packagesAreCurrent() {
  if (!existsSync(installedMarker)) return false;
  if (existsSync(lockMarker)) return readFileSync(lockMarker, 'utf8') === lockHash();
  return statSync(installedMarker).mtimeMs >= statSync(join(root, 'package-lock.json')).mtimeMs;
}

function lockHash() {
  return createHash('sha256')
    .update(readFileSync(join(root, 'package-lock.json')))
    .digest('hex');
}

function installPackages() {
  say('Installing packages (npm ci), once after each change of package-lock.json ...');
  // Quiet about packages that want a newer Node than npm's: they run under the pinned one.
  const run = spawnSync('npm', ['ci', '--no-audit', '--no-fund', '--loglevel=error'], {
    cwd: root,
    // Standard output belongs to the script that called us.
    stdio: ['ignore', 2, 2],
    shell: process.platform === 'win32',
  });
  if (run.error || run.status !== 0) {
    throw new ToolchainError(
      `npm ci failed (${run.error?.message ?? `code ${run.status}`}).`,
      'See its output above; check the connection to the package registry, then try again.',
    );
  }
  writeFileSync(lockMarker, lockHash());
}

let foundNode;

/**
 * The Node everything runs under: the one pinned as a package, else this machine's if it is recent enough.
 * @throws ToolchainError with the one-line fix
 */
export function pinnedNode() {
  if (foundNode) return foundNode;
  const pinned = join(root, 'node_modules', `node-${process.platform}-${process.arch}`, 'bin', 'node');
  foundNode = [pinned, process.execPath].find((path) => existsSync(path) && majorOf(path) === NODE_MAJOR);
  if (foundNode) return foundNode;
  throw new ToolchainError(
    `Halfspread needs Node ${NODE_MAJOR}; this is ${process.version} and no pinned one is installed.`,
    `Fix: npm ci --include=optional   (or install Node ${NODE_MAJOR} and put it first in PATH)`,
  );
}

function majorOf(path) {
  if (path === process.execPath) return Number(process.versions.node.split('.')[0]);
  const run = spawnSync(path, ['--version'], { encoding: 'utf8' });
  return run.status === 0 ? Number(/^v(\d+)/.exec(run.stdout)?.[1]) : undefined;
}

/** The environment of children: the pinned Node and the packages' programs come first. */
export function toolEnvironment() {
  const separator = process.platform === 'win32' ? ';' : ':';
  return { ...process.env, PATH: `${join(root, 'node_modules', '.bin')}${separator}${process.env.PATH ?? ''}` };
}

/** Builds into dist/ when a source is newer than the last complete build. */
export function ensureBuild({ force = false } = {}) {
  if (!force && !buildIsStale()) return;
  say('Building (first start, or sources changed) ...');
  const run = spawnSync(pinnedNode(), ['build/bundle.mjs'], {
    cwd: root,
    stdio: ['ignore', 2, 2],
    env: toolEnvironment(),
  });
  if (run.status !== 0) throw new ToolchainError('The build failed.', 'See its output above.');
}

function buildIsStale() {
  if (!existsSync(builtMarker)) return true;
  const builtAtMs = statSync(builtMarker).mtimeMs;
  const sources = ['engine', 'main', 'renderer', 'package-lock.json', 'build/bundle.mjs', 'build/resources'];
  return sources.some((name) => isNewer(join(root, name), builtAtMs));
}

/** Folders count too: their time changes when a file in them is removed. Tests are in no bundle. */
function isNewer(path, thanMs) {
  const state = statSync(path);
  if (!state.isDirectory()) return !/\.(test|test-helper)\.ts$/.test(path) && state.mtimeMs > thanMs;
  return state.mtimeMs > thanMs || readdirSync(path).some((name) => isNewer(join(path, name), thanMs));
}

/**
 * Runs a program in the foreground until it ends and returns its exit code. Signals go on to it, and we wait: it stops
 * its own children first. `tether`: an IPC channel whose end tells it that we are gone.
 */
export function runForeground(program, args, { tether = false, env = toolEnvironment() } = {}) {
  const child = spawn(program, args, { stdio: ['inherit', 'inherit', 'inherit', ...(tether ? ['ipc'] : [])], env });
  const forward = ['SIGINT', 'SIGTERM', 'SIGHUP'].map((signal) => {
    // Ctrl-C reaches the whole foreground group; a second signal of the same kind does no harm there.
    const handler = () => child.kill(signal);
    process.on(signal, handler);
    return () => process.off(signal, handler);
  });
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('exit', (code, signal) => {
      for (const stop of forward) stop();
      resolve(code ?? (signal === 'SIGINT' ? 130 : 1));
    });
  });
}

import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openAskpass, type SshSecrets } from './askpass.ts';
import { sshConfig, TARGET_ALIAS } from './config.ts';
import { sshFailure, sshMissing } from './failure.ts';
import type { SshTarget } from './target.ts';

export interface SshLoginOptions {
  target: SshTarget;
  knownHostsFile: string;
  secrets: SshSecrets;
}

/** A logged-in ssh that stays. */
export interface SshLogin {
  child: ChildProcess;
  /** What ssh wrote to standard error so far; only its end is kept. */
  stderr(): string;
}

const READY = 'halfspread-ready';
const LOGIN_TIMEOUT_MS = 45_000;
const END_MS = 500;
const MAX_KEPT = 65_536;
const FOLDER = 'hs-ssh-';

/** A folder of its own for one ssh, with its configuration; those of programs that were killed are removed on the way. */
export async function makeSshFolder({ target, knownHostsFile, secrets }: SshLoginOptions): Promise<string> {
  const asks = secrets.password !== undefined || secrets.passphrase !== undefined;
  const passwordOnly = secrets.password !== undefined && target.identityFile === undefined;
  const config = sshConfig({ target, knownHostsFile, asks, passwordOnly });
  await sweepFolders();
  const folder = await mkdtemp(join(tmpdir(), `${FOLDER}${process.pid}-`));
  await writeFile(join(folder, 'config'), config, { mode: 0o600 });
  return folder;
}

/**
 * Starts ssh with the configuration in `folder` and resolves when the far shell has answered. The process lives on our pipe:
 * when this program dies, however it dies, ssh ends with it.
 * @param more further options of ssh, before the host
 * @throws HalfspreadError HS_SSH_..., or the signal's reason
 */
export async function startLogin(
  { target, secrets }: SshLoginOptions,
  folder: string,
  more: string[],
  signal: AbortSignal,
): Promise<SshLogin> {
  const askFolder = await mkdtemp(join(folder, 'ask-'));
  const askpass = await openAskpass(askFolder, secrets, 1 + target.jump.length);
  try {
    const child = spawn(
      'ssh',
      ['-F', join(folder, 'config'), ...more, '--', TARGET_ALIAS, `echo ${READY}; exec cat >/dev/null`],
      { env: { ...process.env, ...askpass?.environment }, stdio: ['pipe', 'pipe', 'pipe'], windowsHide: true },
    );
    // Written to by nobody; it breaks when ssh ends first.
    child.stdin.on('error', () => child.kill());
    let stderr = '';
    child.stderr.setEncoding('utf8').on('data', (text: string) => (stderr = (stderr + text).slice(-MAX_KEPT)));
    const login = { child, stderr: () => stderr };
    await loggedIn(login, target.host, signal);
    return login;
  } finally {
    await askpass?.close();
    await rm(askFolder, { recursive: true, force: true });
  }
}

/** Ends a login and waits until its process is gone. */
export async function endLogin({ child }: SshLogin): Promise<void> {
  if (!isAlive(child)) return;
  const ended = once(child, 'close');
  child.stdin?.end();
  // It ends by itself unless a command there still runs.
  const asked = setTimeout(() => void child.kill('SIGTERM'), END_MS);
  const forced = setTimeout(() => void child.kill('SIGKILL'), 4 * END_MS);
  await ended;
  clearTimeout(asked);
  clearTimeout(forced);
}

export function isAlive(child: ChildProcess | undefined): boolean {
  return child !== undefined && child.exitCode === null && child.signalCode === null;
}

async function loggedIn({ child, stderr }: SshLogin, host: string, signal: AbortSignal): Promise<void> {
  const done = Promise.withResolvers<undefined>();
  let stdout = '';
  child.stdout!.setEncoding('utf8').on('data', (text: string) => {
    stdout = (stdout + text).slice(-MAX_KEPT);
    if (stdout.split('\n').some((line) => line.trim() === READY)) done.resolve(undefined);
  });
  child.once('error', (error) => done.reject('code' in error && error.code === 'ENOENT' ? sshMissing(error) : error));
  child.once('close', () => done.reject(signal.aborted ? signal.reason : sshFailure(stderr(), host)));
  const onAbort = () => void child.kill('SIGTERM');
  signal.addEventListener('abort', onAbort, { once: true });
  const timer = setTimeout(() => {
    done.reject(sshFailure('Connection timed out during login', host));
    child.kill('SIGKILL');
  }, LOGIN_TIMEOUT_MS);
  try {
    signal.throwIfAborted();
    await done.promise;
  } catch (error) {
    child.kill('SIGKILL');
    throw error;
  } finally {
    clearTimeout(timer);
    signal.removeEventListener('abort', onAbort);
  }
}

/** Folders of programs that were killed: configuration only, no secret, but nobody else removes them. */
async function sweepFolders(): Promise<void> {
  for (const name of await readdir(tmpdir())) {
    const pid = new RegExp(`^${FOLDER}(\\d+)-`).exec(name)?.[1];
    if (pid !== undefined && !processExists(Number(pid))) {
      await rm(join(tmpdir(), name), { recursive: true, force: true });
    }
  }
}

function processExists(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'EPERM';
  }
}

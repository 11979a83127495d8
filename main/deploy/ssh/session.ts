import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Readable } from 'node:stream';
import { openAskpass, type SshSecrets } from './askpass.ts';
import { runChild, type ChildResult } from './child.ts';
import { sshConfig, TARGET_ALIAS } from './config.ts';
import { sshFailure, sshMissing } from './failure.ts';
import type { SshTarget } from './target.ts';

export interface SshSessionOptions {
  target: SshTarget;
  knownHostsFile: string;
  secrets: SshSecrets;
  signal: AbortSignal;
}

export interface ExecOptions {
  input?: string | Readable | undefined;
  signal: AbortSignal;
  timeoutMs: number;
  onLine?: ((line: string) => void) | undefined;
}

/** A logged-in connection on which commands run; one TCP connection for all of them where the client can share it. */
export interface SshSession {
  /**
   * Runs a command line (build it with shellCommand) and resolves with its exit code and output.
   * @throws HalfspreadError HS_SSH_... when the connection, not the command, failed
   */
  exec(command: string, options: ExecOptions): Promise<ChildResult>;
  close(): Promise<void>;
}

const READY = 'halfspread-ready';
const LOGIN_TIMEOUT_MS = 45_000;
const CLOSE_MS = 500;
const FOLDER = 'hs-ssh-';

/**
 * Logs in. The connection's process lives on our pipe: when this program dies, however it dies, ssh ends with it.
 * @throws HalfspreadError HS_SSH_...
 */
export async function openSshSession(options: SshSessionOptions): Promise<SshSession> {
  await sweepFolders();
  const folder = await mkdtemp(join(tmpdir(), `${FOLDER}${process.pid}-`));
  const session = new SharedSession(options, folder);
  try {
    await session.connect(options.signal);
  } catch (error) {
    await session.close();
    throw error;
  }
  return session;
}

class SharedSession implements SshSession {
  private readonly options: SshSessionOptions;
  private readonly folder: string;
  private readonly shares = process.platform !== 'win32';
  private master: ChildProcess | undefined;

  constructor(options: SshSessionOptions, folder: string) {
    this.options = options;
    this.folder = folder;
  }

  async connect(signal: AbortSignal): Promise<void> {
    const { target, knownHostsFile, secrets } = this.options;
    const asks = secrets.password !== undefined || secrets.passphrase !== undefined;
    const passwordOnly = secrets.password !== undefined && target.identityFile === undefined;
    await writeFile(this.path('config'), sshConfig({ target, knownHostsFile, asks, passwordOnly }), { mode: 0o600 });
    // Used over the shared connection only: without it, ssh must not quietly make one of its own.
    await writeFile(this.path('shared'), 'Host *\n  ProxyCommand exit 1\n  LogLevel ERROR\n  RequestTTY no\n');
    if (this.shares) await this.startMaster(signal);
  }

  private async startMaster(signal: AbortSignal): Promise<void> {
    const { target, secrets } = this.options;
    const askFolder = await mkdtemp(join(this.folder, 'ask-'));
    const askpass = await openAskpass(askFolder, secrets, 1 + target.jump.length);
    try {
      const child = spawn(
        'ssh',
        [
          ...['-F', this.path('config'), '-o', 'ControlMaster=yes', '-o', `ControlPath=${this.path('c')}`],
          ...['--', TARGET_ALIAS, `echo ${READY}; exec cat >/dev/null`],
        ],
        { env: { ...process.env, ...askpass?.environment }, stdio: ['pipe', 'pipe', 'pipe'], windowsHide: true },
      );
      // Written to by nobody; it breaks when ssh ends first.
      child.stdin.on('error', () => child.kill());
      await loggedIn(child, target.host, signal);
      this.master = child;
    } finally {
      await askpass?.close();
      await rm(askFolder, { recursive: true, force: true });
    }
  }

  async exec(command: string, options: ExecOptions): Promise<ChildResult> {
    if (this.shares && !isAlive(this.master)) await this.startMaster(options.signal);
    const args = this.shares
      ? ['-F', this.path('shared'), '-o', 'ControlMaster=no', '-o', `ControlPath=${this.path('c')}`]
      : ['-F', this.path('config')];
    const result = await runChild('ssh', [...args, '--', TARGET_ALIAS, command], options);
    if (result.code === 255 || result.code === null) throw sshFailure(result.stderr, this.options.target.host);
    return result;
  }

  async close(): Promise<void> {
    const { master } = this;
    this.master = undefined;
    if (master && isAlive(master)) {
      const ended = once(master, 'close');
      master.stdin?.end();
      // It ends by itself unless a command there still runs.
      const asked = setTimeout(() => void master.kill('SIGTERM'), CLOSE_MS);
      const forced = setTimeout(() => void master.kill('SIGKILL'), 4 * CLOSE_MS);
      await ended;
      clearTimeout(asked);
      clearTimeout(forced);
    }
    await rm(this.folder, { recursive: true, force: true });
  }

  private path(name: string): string {
    return join(this.folder, name);
  }
}

function isAlive(child: ChildProcess | undefined): boolean {
  return child !== undefined && child.exitCode === null && child.signalCode === null;
}

/** Resolves when the far shell has answered. @throws HalfspreadError HS_SSH_..., or the signal's reason */
async function loggedIn(child: ChildProcess, host: string, signal: AbortSignal): Promise<void> {
  const done = Promise.withResolvers<undefined>();
  let stdout = '';
  let stderr = '';
  child.stdout!.setEncoding('utf8').on('data', (text: string) => {
    stdout = (stdout + text).slice(-65_536);
    if (stdout.split('\n').some((line) => line.trim() === READY)) done.resolve(undefined);
  });
  child.stderr!.setEncoding('utf8').on('data', (text: string) => (stderr = (stderr + text).slice(-65_536)));
  child.once('error', (error) => done.reject('code' in error && error.code === 'ENOENT' ? sshMissing(error) : error));
  child.once('close', () => done.reject(signal.aborted ? signal.reason : sshFailure(stderr, host)));
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

import { rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Readable } from 'node:stream';
import { runChild, type ChildResult } from './child.ts';
import { TARGET_ALIAS } from './config.ts';
import { sshFailure } from './failure.ts';
import { endLogin, isAlive, makeSshFolder, startLogin, type SshLogin, type SshLoginOptions } from './login.ts';

export interface SshSessionOptions extends SshLoginOptions {
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

/**
 * Logs in. The connection's process lives on our pipe: when this program dies, however it dies, ssh ends with it.
 * @throws HalfspreadError HS_SSH_...
 */
export async function openSshSession(options: SshSessionOptions): Promise<SshSession> {
  const session = new SharedSession(options, await makeSshFolder(options));
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
  private master: SshLogin | undefined;

  constructor(options: SshSessionOptions, folder: string) {
    this.options = options;
    this.folder = folder;
  }

  async connect(signal: AbortSignal): Promise<void> {
    // Used over the shared connection only: without it, ssh must not quietly make one of its own.
    await writeFile(this.path('shared'), 'Host *\n  ProxyCommand exit 1\n  LogLevel ERROR\n  RequestTTY no\n');
    if (this.shares) await this.startMaster(signal);
  }

  private async startMaster(signal: AbortSignal): Promise<void> {
    const share = ['-o', 'ControlMaster=yes', '-o', `ControlPath=${this.path('c')}`];
    this.master = await startLogin(this.options, this.folder, share, signal);
  }

  async exec(command: string, options: ExecOptions): Promise<ChildResult> {
    if (this.shares && !isAlive(this.master?.child)) await this.startMaster(options.signal);
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
    if (master) await endLogin(master);
    await rm(this.folder, { recursive: true, force: true });
  }

  private path(name: string): string {
    return join(this.folder, name);
  }
}

import { spawn } from 'node:child_process';
import type { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { HalfspreadError } from '../../../engine/protocol/errors.ts';
import { sshMissing } from './failure.ts';

export interface ChildOptions {
  environment?: NodeJS.ProcessEnv;
  /** Given to standard input, which is then closed. */
  input?: string | Readable | undefined;
  signal: AbortSignal;
  timeoutMs: number;
  onLine?: ((line: string) => void) | undefined;
}

export interface ChildResult {
  code: number | null;
  stdout: string;
  stderr: string;
}

/** More than any of our commands prints; the rest is dropped. */
const MAX_KEPT = 1024 * 1024;

/**
 * Runs one of OpenSSH's programs to its end, argument by argument, without a shell.
 * @throws the signal's reason when aborted; HalfspreadError HS_SSH_MISSING, HS_SSH_TIMEOUT
 */
export async function runChild(program: string, args: string[], options: ChildOptions): Promise<ChildResult> {
  options.signal.throwIfAborted();
  const child = spawn(program, args, {
    env: options.environment ?? process.env,
    stdio: [options.input === undefined ? 'ignore' : 'pipe', 'pipe', 'pipe'],
    windowsHide: true,
  });
  let stdout = '';
  let stderr = '';
  let rest = '';
  child.stdout?.setEncoding('utf8').on('data', (text: string) => {
    if (stdout.length < MAX_KEPT) stdout += text;
    if (!options.onLine) return;
    const lines = (rest + text).split('\n');
    rest = lines.pop() ?? '';
    for (const line of lines) options.onLine(line);
  });
  child.stderr?.setEncoding('utf8').on('data', (text: string) => {
    if (stderr.length < MAX_KEPT) stderr += text;
  });

  const ended = Promise.withResolvers<number | null>();
  child.once('error', (error) => ended.reject(isMissing(error) ? sshMissing(error) : error));
  child.once('close', (code) => ended.resolve(code));
  let timedOut = false;
  const timer = setTimeout(() => {
    timedOut = true;
    child.once('exit', (code) => ended.resolve(code));
    child.kill('SIGKILL');
  }, options.timeoutMs);
  // Not "close": a shared connection holds our pipes for as long as the command there runs on.
  const onAbort = () => {
    child.once('exit', (code) => ended.resolve(code));
    child.kill('SIGTERM');
  };
  options.signal.addEventListener('abort', onAbort, { once: true });
  const fed =
    child.stdin && options.input !== undefined ? feed(child.stdin, options.input) : Promise.resolve(undefined);
  try {
    const code = await ended.promise;
    options.signal.throwIfAborted();
    if (timedOut) {
      throw new HalfspreadError(
        'HS_SSH_TIMEOUT',
        `The server took longer than ${Math.round(options.timeoutMs / 1000)} s for one command.`,
        'Try again; what was done so far is kept.',
      );
    }
    const inputError = await fed;
    if (code === 0 && inputError) throw inputError;
    return { code, stdout, stderr };
  } finally {
    clearTimeout(timer);
    options.signal.removeEventListener('abort', onAbort);
    if (options.signal.aborted || timedOut) for (const pipe of child.stdio) pipe?.destroy();
  }
}

/** Resolves with what broke the pipe: a child that ended first tells why itself. */
async function feed(stdin: NodeJS.WritableStream, input: string | Readable): Promise<Error | undefined> {
  try {
    await pipeline(typeof input === 'string' ? [input] : input, stdin);
    return undefined;
  } catch (error) {
    return error instanceof Error ? error : new Error(String(error));
  }
}

function isMissing(error: Error): boolean {
  return 'code' in error && error.code === 'ENOENT';
}

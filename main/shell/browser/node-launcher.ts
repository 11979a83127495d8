import { spawn } from 'node:child_process';
import { Writable } from 'node:stream';
import type { ProcessLauncher } from '../../engines/launcher.ts';
import { createLineReader } from '../../engines/line-reader.ts';

/**
 * Children as plain Node processes. Standard input stays open as long as this process lives: its end tells the child
 * that its parent is gone. They lead no process group of their own, but Ctrl-C must reach them through us only.
 */
export const launchNodeProcess: ProcessLauncher = (spec, handlers) => {
  const args = [...spec.args, ...(spec.endWithInputArg === undefined ? [] : [spec.endWithInputArg])];
  const child = spawn(process.execPath, [spec.script, ...args], {
    stdio: ['pipe', 'pipe', 'pipe', spec.handover === undefined ? 'ignore' : 'pipe'],
    detached: process.platform !== 'win32',
    windowsHide: true,
  });
  let ended = false;
  const end = (code: number | null, signal: string | null, error?: Error) => {
    if (ended) return;
    ended = true;
    handlers.onExit(code, signal, error);
  };
  child.on('error', (error) => end(null, null, error));
  // 'close', not 'exit': the last lines of a dying process are read first.
  child.on('close', (code, signal) => end(code, signal));
  child.stdout?.setEncoding('utf8').on('data', createLineReader(handlers.onStdoutLine));
  child.stderr?.setEncoding('utf8').on('data', createLineReader(handlers.onStderrLine));
  const handover = child.stdio[3];
  if (handover instanceof Writable) {
    // A child that died before reading says so by its exit.
    handover.on('error', () => undefined);
    handover.end(`${JSON.stringify(spec.handover)}\n`);
  }
  child.stdin?.on('error', () => undefined);
  return {
    get pid() {
      return child.pid;
    },
    terminate: () => void child.kill('SIGTERM'),
    kill: () => void child.kill('SIGKILL'),
  };
};

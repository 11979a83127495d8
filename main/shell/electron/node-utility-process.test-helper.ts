/**
 * Electron's `utilityProcess` played by plain Node processes, as far as its children see it: a `parentPort`, no standard
 * input, no descriptor 3, no end of its own when nothing is left to do.
 */
import { fork } from 'node:child_process';
import type { ElectronPort, UtilityProcessPort } from './electron-port.ts';

/** Worker threads of the child evaluate it too, and are left as they are. */
const SHIM = `if (process.channel) {
  process.parentPort = { once: (_event, tell) => process.once('message', (data) => tell({ data })) };
  process.channel.unref();
  setInterval(() => undefined, 1e9);
}`;

export class NodeUtilityProcess implements Pick<ElectronPort, 'utilityProcess'> {
  /** Process ids of all children there were. */
  readonly pids: number[] = [];

  readonly utilityProcess = {
    fork: (script: string, args: string[]): UtilityProcessPort => {
      const child = fork(script, args, {
        stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
        execArgv: ['--import', `data:text/javascript,${encodeURIComponent(SHIM)}`],
      });
      if (child.pid !== undefined) this.pids.push(child.pid);
      return {
        pid: child.pid,
        stdout: child.stdout,
        stderr: child.stderr,
        on: (_event, listener) => child.on('close', (code, signal) => listener(code ?? (signal === null ? 0 : 1))),
        postMessage: (message) => void child.send(message as object),
        kill: () => child.kill('SIGTERM'),
      };
    },
  };
}

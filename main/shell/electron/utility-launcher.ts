import type { ProcessLauncher } from '../../engines/launcher.ts';
import { createLineReader } from '../../engines/line-reader.ts';
import type { ElectronPort } from './electron-port.ts';

/**
 * Children as Electron utility processes: the packaged program cannot run itself as Node (RunAsNode is fused off). They
 * have no extra descriptors and no standard input, so what is handed over is their first `parentPort` message; Electron
 * itself ends them when this process ends.
 */
export function createUtilityLauncher(electron: Pick<ElectronPort, 'utilityProcess'>): ProcessLauncher {
  return (spec, handlers) => {
    const child = electron.utilityProcess.fork(spec.script, spec.args, {
      serviceName: `halfspread ${spec.name}`,
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    child.stdout?.setEncoding('utf8').on('data', createLineReader(handlers.onStdoutLine));
    child.stderr?.setEncoding('utf8').on('data', createLineReader(handlers.onStderrLine));
    child.on('exit', (code) => handlers.onExit(code, null));
    if (spec.handover !== undefined) child.postMessage(spec.handover);
    return {
      get pid() {
        return child.pid;
      },
      terminate: () => void child.kill(),
      kill: () => {
        if (child.pid !== undefined) process.kill(child.pid, 'SIGKILL');
      },
    };
  };
}

import { spawn, type ChildProcess } from 'node:child_process';
import { createInterface } from 'node:readline';

/** Holds sleep back while it is held: logind then waits up to InhibitDelayMaxSec (5 s as it comes) for us. */
export interface SleepInhibitor {
  /** Resolves with whether sleep now waits for us. */
  hold(): Promise<boolean>;
  release(): void;
}

const HELD = 'held';

/**
 * The lock is a file descriptor that comes over D-Bus, which Node cannot receive. systemd's own tool holds it while its
 * command runs: `cat` ends with its standard input, which is ours, so that no lock outlives this process.
 */
export function createSleepInhibitor(
  environment: Record<string, string | undefined>,
  onProblem: (reason: string) => void,
): SleepInhibitor {
  let holder: ChildProcess | undefined;

  function release(): void {
    holder?.stdin?.end();
    holder = undefined;
  }

  return {
    hold() {
      release();
      const child = spawn(
        'systemd-inhibit',
        [
          '--what=sleep',
          '--mode=delay',
          '--who=Halfspread',
          '--why=Entries are paused before this machine sleeps',
          'sh',
          '-c',
          `echo ${HELD}; exec cat`,
        ],
        { stdio: ['pipe', 'pipe', 'pipe'], env: environment },
      );
      holder = child;
      let complaint = '';
      child.stderr.setEncoding('utf8').on('data', (text: string) => (complaint = `${complaint}${text}`.slice(0, 500)));
      // Its end says what is to be said.
      child.stdin.on('error', () => undefined);
      return new Promise((resolve) => {
        createInterface({ input: child.stdout }).on('line', (line) => line === HELD && resolve(true));
        const failed = (reason: string) => {
          if (holder === child) {
            holder = undefined;
            onProblem(reason);
          }
          resolve(false);
        };
        child.once('error', (error) => failed(error.message));
        child.once('exit', (code) => failed(complaint.trim() || `systemd-inhibit ended with ${code}`));
      });
    },
    release,
  };
}

import { spawn, type ChildProcess } from 'node:child_process';

/** What systemd is told of the service (sd_notify(3)); nothing where there is no systemd. */
export interface ServiceManager {
  ready(status: string): void;
  stopping(): void;
  close(): void;
}

/** A state is told again this often within WatchdogSec, so that one late turn does not end the service. */
const PINGS_PER_WATCHDOG_PERIOD = 3;
/** Reads one state a line; the tool is systemd's own, because Node cannot write a datagram to a Unix socket. */
const RELAY = 'while read -r state; do systemd-notify "$state"; done';

/**
 * The watchdog is fed from this event loop, so a loop that hangs is noticed. The unit needs `NotifyAccess=all`: the messages
 * come from a process beside this one, which was started once and costs the loop nothing afterwards.
 */
export function connectServiceManager(
  environment: Record<string, string | undefined>,
  timers: { every(periodMs: number, fn: () => void): () => void },
  onProblem: (message: string) => void,
): ServiceManager {
  const { NOTIFY_SOCKET: notifySocket, WATCHDOG_USEC: watchdogUs } = environment;
  if (notifySocket === undefined || notifySocket === '') {
    return { ready: () => undefined, stopping: () => undefined, close: () => undefined };
  }
  const relay: ChildProcess = spawn('sh', ['-c', RELAY], {
    stdio: ['pipe', 'ignore', 'pipe'],
    env: { PATH: environment['PATH'], NOTIFY_SOCKET: notifySocket },
  });
  relay.on('error', (error) => onProblem(error.message));
  relay.stderr?.on('data', (text: Buffer) => onProblem(text.toString().trim()));
  relay.stdin?.on('error', (error) => onProblem(error.message));
  const tell = (state: string) => void relay.stdin?.write(`${state}\n`);
  let stopFeeding: () => void = () => undefined;

  return {
    ready(status) {
      tell('READY=1');
      tell(`STATUS=${status}`);
      const periodMs = Number(watchdogUs) / 1000 / PINGS_PER_WATCHDOG_PERIOD;
      if (periodMs > 0) stopFeeding = timers.every(periodMs, () => tell('WATCHDOG=1'));
    },
    stopping: () => tell('STOPPING=1'),
    close() {
      stopFeeding();
      relay.stdin?.end();
    },
  };
}

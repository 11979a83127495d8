import type { Desk } from '../desk.ts';
import type { Env } from '../env.ts';
import { say } from './output.ts';

const PROGRESS_MS = 10_000;

/** Why a run is over: its time, Ctrl-C, or what `others` resolve or reject with. Nothing of it keeps the process alive then. */
export async function endOfRun<Other = never>(
  env: Env,
  forMs: number | undefined,
  others: Promise<Other>[] = [],
): Promise<string | Other> {
  const ended = Promise.withResolvers<string>();
  const interrupt = (): void => ended.resolve('interrupted');
  process.on('SIGINT', interrupt);
  process.on('SIGTERM', interrupt);
  const cancel = forMs === undefined ? undefined : env.timers.after(forMs, () => ended.resolve('the run is over'));
  try {
    return await Promise.race([ended.promise, ...others]);
  } finally {
    cancel?.();
  }
}

/** A line on standard error every ten seconds. Returns what stops it. */
export function reportProgress(desk: Desk, env: Env, forMs: number | undefined): () => void {
  const startedMs = env.clock.monotonicMs();
  const total = forMs === undefined ? '' : ` of ${(forMs / 1000).toFixed(0)} s`;
  return env.timers.every(PROGRESS_MS, () => {
    const { statistics, largestSpreadBps, trading } = desk.snapshot();
    const seconds = ((env.clock.monotonicMs() - startedMs) / 1000).toFixed(0);
    say(
      `${seconds} s${total}: ${trading}, ${statistics.entries} entries, ${statistics.exits} exits, largest spread ${largestSpreadBps?.toFixed(2) ?? '?'} bps`,
    );
  });
}

import { HalfspreadError } from '../../../engine/protocol/errors.ts';
import { lockInstance, type InstanceHolder } from '../instance-lock.ts';
import { linkOfRunningWindow } from './window-file.ts';

export type StartOutcome = { release(): void } | { link: string; pid: number };

/** The other one may be starting, or closing its position before it ends (30 s). */
const WAIT_MS = 45_000;
const LOOK_EVERY_MS = 200;
const SAY_AFTER_MS = 2_000;

/**
 * Takes the data folder for this start, or gets a link from the window that has it already. Of two that start at the same
 * moment the second waits for the first one's link; one that ends makes room.
 * @throws HalfspreadError HS_ALREADY_RUNNING, and what lockInstance throws
 */
export async function lockOrJoin(
  dataFolder: string,
  onWait: (holder: InstanceHolder | undefined) => void,
): Promise<StartOutcome> {
  const startedMs = performance.now();
  let hasSaid = false;
  for (;;) {
    const lock = await lockInstance(dataFolder, 'browser');
    if ('release' in lock) return lock;
    const { heldBy } = lock;
    if (heldBy?.shell === 'electron') throw alreadyRunning(dataFolder, heldBy, 'is open as a desktop window');
    const running = await linkOfRunningWindow(dataFolder);
    if (running) return running;
    const waitedMs = performance.now() - startedMs;
    if (waitedMs > WAIT_MS) throw alreadyRunning(dataFolder, heldBy, 'gives no link to its window');
    if (!hasSaid && waitedMs > SAY_AFTER_MS) {
      hasSaid = true;
      onWait(heldBy);
    }
    await new Promise((resolve) => setTimeout(resolve, LOOK_EVERY_MS));
  }
}

function alreadyRunning(dataFolder: string, holder: InstanceHolder | undefined, why: string): HalfspreadError {
  const who = holder ? `process ${holder.pid}` : 'another process';
  return new HalfspreadError(
    'HS_ALREADY_RUNNING',
    `Halfspread already runs on ${dataFolder} (${who}) and ${why}.`,
    'Use that one, quit it first, or name another folder with HALFSPREAD_HOME.',
  );
}

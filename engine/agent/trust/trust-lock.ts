import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { HalfspreadError } from '../../core/errors.ts';
import { lockDataFolder, type FolderLock } from '../folder-lock.ts';

const WAIT_MS = 50;
const TRIES = 100;

/** Runs `change` while no other process changes devices or identity of this state folder. */
export async function withTrustLock<Value>(stateFolder: string, change: () => Promise<Value>): Promise<Value> {
  const lock = await lockPatiently(join(stateFolder, 'lock'));
  try {
    return await change();
  } finally {
    await lock.release();
  }
}

async function lockPatiently(folder: string): Promise<FolderLock> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      const lock = await lockDataFolder(folder);
      // Another process that came in the same moment may have taken it for a dead one's.
      if (await lock.isHeld()) return lock;
      await lock.release();
    } catch (error) {
      const isHeld = error instanceof HalfspreadError && error.code === 'HS_DATA_IN_USE';
      if (!isHeld || attempt >= TRIES) throw error;
      await wait(WAIT_MS);
    }
  }
}

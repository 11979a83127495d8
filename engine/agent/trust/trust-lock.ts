import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { HalfspreadError } from '../../core/errors.ts';
import { lockDataFolder } from '../folder-lock.ts';

const WAIT_MS = 50;
const TRIES = 100;

/** Runs `change` while no other process changes devices or identity of this state folder. */
export async function withTrustLock<Value>(stateFolder: string, change: () => Promise<Value>): Promise<Value> {
  const release = await lockPatiently(join(stateFolder, 'lock'));
  try {
    return await change();
  } finally {
    await release();
  }
}

async function lockPatiently(folder: string): Promise<() => Promise<void>> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await lockDataFolder(folder);
    } catch (error) {
      const isHeld = error instanceof HalfspreadError && error.code === 'HS_DATA_IN_USE';
      if (!isHeld || attempt >= TRIES) throw error;
      await wait(WAIT_MS);
    }
  }
}

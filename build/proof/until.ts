import { setTimeout as wait } from 'node:timers/promises';

const LOOK_EVERY_MS = 20;

/** Looks until `look` gives something. @throws naming what was waited for */
export async function until<T>(what: string, timeoutMs: number, look: () => Promise<T | undefined>): Promise<T> {
  const deadline = performance.now() + timeoutMs;
  for (;;) {
    const found = await look();
    if (found !== undefined) return found;
    if (performance.now() > deadline) throw new Error(`waited ${timeoutMs} ms in vain for ${what}`);
    await wait(LOOK_EVERY_MS);
  }
}

import { randomBytes } from 'node:crypto';
import type { Clock, Env, Random, Timers } from './env.ts';
import { nodeDisk } from './node/disk.ts';
import { createNodeNetwork } from './node/network.ts';

const clock: Clock = {
  monotonicMs: () => performance.now(),
  wallMs: () => performance.timeOrigin + performance.now() + wallCorrectionMs(),
};

/**
 * `timeOrigin + now()` has sub-ms resolution but never steps; the system clock steps. Their difference is re-read at most
 * once a second, so that wall time keeps its resolution and still follows a stepped clock.
 */
let correctionMs = 0;
let correctionReadAtMs = Number.NEGATIVE_INFINITY;
function wallCorrectionMs(): number {
  const nowMs = performance.now();
  if (nowMs - correctionReadAtMs > 1000) {
    correctionReadAtMs = nowMs;
    const differenceMs = Date.now() - (performance.timeOrigin + nowMs);
    // Date.now() is truncated to whole ms: only a real step counts.
    correctionMs = Math.abs(differenceMs) > 2 ? differenceMs : 0;
  }
  return correctionMs;
}

const timers: Timers = {
  after(delayMs, fn) {
    const dueMs = performance.now() + delayMs;
    let handle = setTimeout(fire, delayMs);
    function fire(): void {
      // Node drops the fraction of a delay and counts from its loop's cached time, so it may call almost 1 ms early.
      const earlyMs = dueMs - performance.now();
      if (earlyMs > 0) handle = setTimeout(fire, earlyMs);
      else fn();
    }
    return () => clearTimeout(handle);
  },
  every(periodMs, fn) {
    const startMs = performance.now();
    let tick = 1;
    let handle = setTimeout(run, periodMs);
    function run(): void {
      // Ticks that were missed while the loop was blocked are skipped, the schedule stays.
      tick = Math.max(tick + 1, Math.ceil((performance.now() - startMs) / periodMs));
      handle = setTimeout(run, Math.max(0, startMs + tick * periodMs - performance.now()));
      fn();
    }
    return () => clearTimeout(handle);
  },
};

const random: Random = {
  next: () => randomBytes(6).readUIntBE(0, 6) / 2 ** 48,
  bytes: (length) => randomBytes(length),
};

/** The engine's door to the real machine. */
export function createNodeEnv(): Env & { close(): Promise<void> } {
  const network = createNodeNetwork(clock);
  return { clock, timers, random, disk: nodeDisk, network, close: () => network.close() };
}

import { readFile } from 'node:fs/promises';
import { monitorEventLoopDelay } from 'node:perf_hooks';
import type { Percentiles } from '../../engine/protocol/model.ts';

const RESOLUTION_MS = 20;

/** How late this process's event loop is. The histogram counts from one timer to the next: the period is taken off. */
export function watchLoopDelay(): { read(): Percentiles; stop(): void } {
  const histogram = monitorEventLoopDelay({ resolution: RESOLUTION_MS });
  histogram.enable();
  const late = (nanoseconds: number) => Math.max(0, nanoseconds / 1e6 - RESOLUTION_MS);
  return {
    read() {
      if (histogram.count === 0) return { n: 0 };
      const at = (percentile: number) => late(histogram.percentile(percentile));
      return {
        n: histogram.count,
        p10: at(10),
        p50: at(50),
        p90: at(90),
        p95: at(95),
        p99: at(99),
        max: late(histogram.max),
      };
    },
    stop: () => void histogram.disable(),
  };
}

/** Memory of another process that is in RAM, in bytes; undefined where the system does not tell without a tool. */
export async function residentBytes(pid: number): Promise<number | undefined> {
  if (process.platform !== 'linux') return undefined;
  try {
    const kilobytes = /^VmRSS:\s+(\d+) kB$/m.exec(await readFile(`/proc/${pid}/status`, 'utf8'))?.[1];
    return kilobytes === undefined ? undefined : Number(kilobytes) * 1024;
  } catch {
    // It has ended since.
    return undefined;
  }
}

/** Remembers when each process was first seen with its number: its supervisor does not tell. */
export class StartTimes {
  readonly #seen = new Map<string, { pid: number; sinceMs: number }>();

  observe(name: string, pid: number | undefined, nowMs: number): void {
    if (pid === undefined) this.#seen.delete(name);
    else if (this.#seen.get(name)?.pid !== pid) this.#seen.set(name, { pid, sinceMs: nowMs });
  }

  uptimeMs(name: string, nowMs: number): number | undefined {
    const seen = this.#seen.get(name);
    return seen && nowMs - seen.sinceMs;
  }
}

import type { Clock, Timers } from '../env.ts';
import type { PracticeHost } from '../practice/host.ts';
import { DeadlineHeap } from '../practice/timing/deadline-heap.ts';

/** After so many events the run lets Node's event loop turn once, so that signals and real I/O are still served. */
const EVENTS_PER_LOOP_TURN = 2048;

/**
 * A clock that jumps from event to event. Events run in order of time, equal times in order of insertion; between two
 * events every pending promise callback runs, so async code behaves as on a machine of infinite speed.
 */
export class VirtualTime {
  private readonly heap = new DeadlineHeap();
  private currentUs = 0;
  private held = 0;
  private eventCount = 0;

  /** Microseconds since the start, a whole number. */
  nowUs(): number {
    return this.currentUs;
  }

  /** Number of events run so far. */
  events(): number {
    return this.eventCount;
  }

  /** Calls `fn` at `atUs` (now when past). Returns a function that cancels it. */
  at(atUs: number, fn: () => void): () => void {
    const entry = this.heap.add(Math.max(this.currentUs, Math.ceil(atUs)), fn);
    return () => {
      entry.cancelled = true;
    };
  }

  /** Stops the clock until real work (a real disk, a worker) has answered, so that its duration does not matter. */
  async hold<T>(work: Promise<T>): Promise<T> {
    this.held++;
    try {
      return await work;
    } finally {
      this.held--;
    }
  }

  /**
   * Runs events until the clock reaches `until` (microseconds) or `until()` is true, or none is left. What an event
   * throws ends the run and rejects.
   */
  async run(until: number | (() => boolean)): Promise<void> {
    const untilUs = typeof until === 'number' ? until : Number.POSITIVE_INFINITY;
    for (;;) {
      await this.settle();
      if (typeof until === 'function' && until()) return;
      const next = this.heap.peek();
      if (!next || next.atUs > untilUs) {
        if (Number.isFinite(untilUs)) this.currentUs = Math.max(this.currentUs, untilUs);
        return;
      }
      this.heap.pop();
      this.currentUs = next.atUs;
      this.eventCount++;
      next.fn();
    }
  }

  /** Resolves when all promise callbacks have run and nothing holds the clock. */
  private async settle(): Promise<void> {
    // Node runs a nextTick callback only when the microtask queue is empty: this waits for whole chains of promises.
    await new Promise<void>((resolve) => process.nextTick(resolve));
    if (this.held > 0 || this.eventCount % EVENTS_PER_LOOP_TURN === 0) {
      do await new Promise<void>((resolve) => setImmediate(resolve));
      while (this.held > 0);
    }
  }
}

export function virtualClock(time: VirtualTime, startWallMs: number): Clock {
  return {
    monotonicMs: () => time.nowUs() / 1000,
    wallMs: () => startWallMs + time.nowUs() / 1000,
  };
}

export function virtualTimers(time: VirtualTime): Timers {
  return {
    after: (delayMs, fn) => time.at(time.nowUs() + delayMs * 1000, fn),
    every: (periodMs, fn) => {
      let dueUs = time.nowUs() + periodMs * 1000;
      let cancel = (): void => undefined;
      const tick = (): void => {
        dueUs += periodMs * 1000;
        cancel = time.at(dueUs, tick);
        fn();
      };
      cancel = time.at(dueUs, tick);
      return () => cancel();
    },
  };
}

/** The venues' side of the same clock. */
export function virtualPracticeHost(time: VirtualTime, startWallMs: number, random: () => number): PracticeHost {
  const startUs = startWallMs * 1000;
  return {
    nowUs: () => startUs + time.nowUs(),
    schedule: (atUs, fn) => time.at(atUs - startUs, fn),
    random,
  };
}

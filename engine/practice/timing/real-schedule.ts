import { DeadlineHeap } from './deadline-heap.ts';

/** Calls due within this time are made now: timers of whole milliseconds then err both ways instead of always late. */
const EARLY_TOLERANCE_US = 500;

/**
 * Calls at absolute times of this machine's clock, with one armed timer. Node's timers have whole milliseconds, so a wait
 * is rounded down and what is left is waited for again; late calls never shift later ones. A call may come half a
 * millisecond early, but then the clock reads its deadline: nobody who asks can see it.
 */
export class RealSchedule {
  private readonly heap = new DeadlineHeap();
  private timer: NodeJS.Timeout | undefined;
  private armedForUs = Number.POSITIVE_INFINITY;
  private running = false;
  /** Deadline of the latest call made. */
  private reachedUs = 0;

  /** Microseconds since the epoch, whole; monotonic, so it does not follow later steps of the wall clock. */
  nowUs(): number {
    return Math.max(this.reachedUs, Math.floor((performance.timeOrigin + performance.now()) * 1000));
  }

  /** Calls `fn` at `atUs`, in the next turn when past; never inside this call. Returns a function that cancels it. */
  at(atUs: number, fn: () => void): () => void {
    const entry = this.heap.add(atUs, fn);
    if (!this.running && atUs < this.armedForUs) this.arm();
    return () => {
      entry.cancelled = true;
    };
  }

  /** Drops everything that is pending. */
  stop(): void {
    this.heap.clear();
    clearTimeout(this.timer);
    this.armedForUs = Number.POSITIVE_INFINITY;
  }

  private arm(): void {
    clearTimeout(this.timer);
    const next = this.heap.peek();
    this.armedForUs = next?.atUs ?? Number.POSITIVE_INFINITY;
    if (!next) return;
    const waitMs = Math.max(0, Math.floor((next.atUs - this.nowUs()) / 1000));
    this.timer = setTimeout(() => this.runDue(), waitMs);
  }

  private runDue(): void {
    this.running = true;
    try {
      for (let next = this.heap.peek(); next; next = this.heap.peek()) {
        if (next.atUs > this.nowUs() + EARLY_TOLERANCE_US) break;
        this.heap.pop();
        this.reachedUs = Math.max(this.reachedUs, Math.ceil(next.atUs));
        next.fn();
      }
    } finally {
      this.running = false;
      this.arm();
    }
  }
}

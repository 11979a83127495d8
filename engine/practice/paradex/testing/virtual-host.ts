import type { PracticeHost } from '../../host.ts';

interface Timer {
  atUs: number;
  order: number;
  fn: () => void;
}

/** A host on a clock that a test moves by hand. */
export class VirtualHost implements PracticeHost {
  private timeUs: number;
  private lastOrder = 0;
  private timers: Timer[] = [];

  constructor(startUs: number) {
    this.timeUs = startUs;
  }

  nowUs(): number {
    return this.timeUs;
  }

  schedule(atUs: number, fn: () => void): () => void {
    const timer = { atUs: Math.max(atUs, this.timeUs), order: ++this.lastOrder, fn };
    this.timers.push(timer);
    return () => {
      this.timers = this.timers.filter((other) => other !== timer);
    };
  }

  random(): number {
    return 0.5;
  }

  /** Runs everything due in the next `us`, in time order. */
  advance(us: number): void {
    const endUs = this.timeUs + us;
    for (;;) {
      const next = this.timers
        .filter(({ atUs }) => atUs <= endUs)
        .sort((a, b) => a.atUs - b.atUs || a.order - b.order)[0];
      if (next === undefined) break;
      this.timers = this.timers.filter((timer) => timer !== next);
      this.timeUs = next.atUs;
      next.fn();
    }
    this.timeUs = endUs;
  }

  pendingTimers(): number {
    return this.timers.length;
  }
}

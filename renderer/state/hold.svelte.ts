/** Holding down for a while: what must not happen by a slip needs a hand that stays. Letting go takes it back. */

export interface HoldOptions {
  holdMs: number;
  onheld: () => void;
  /** Monotonic ms. */
  now?: () => number;
  /** Calls once at the next picture. */
  nextFrame?: (callback: () => void) => void;
}

export class Hold {
  /** Share of the time that is over, 0 to 1. */
  progress = $state(0);
  #options: Required<HoldOptions>;
  #sinceMs: number | undefined;

  constructor(options: HoldOptions) {
    this.#options = {
      now: () => performance.now(),
      nextFrame: (callback) => void requestAnimationFrame(callback),
      ...options,
    };
  }

  get isHeld(): boolean {
    return this.#sinceMs !== undefined;
  }

  start(): void {
    if (this.#sinceMs !== undefined) return;
    const sinceMs = this.#options.now();
    this.#sinceMs = sinceMs;
    this.#options.nextFrame(() => this.#step(sinceMs));
  }

  /** Nothing happens. */
  cancel(): void {
    this.#sinceMs = undefined;
    this.progress = 0;
  }

  #step(sinceMs: number): void {
    // Let go meanwhile; perhaps held again since.
    if (this.#sinceMs !== sinceMs) return;
    this.progress = Math.min(1, (this.#options.now() - sinceMs) / this.#options.holdMs);
    if (this.progress < 1) return this.#options.nextFrame(() => this.#step(sinceMs));
    this.cancel();
    this.#options.onheld();
  }
}

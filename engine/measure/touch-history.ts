/** Best bid and ask as one venue told them. */
export interface Touch {
  bidE8: number;
  askE8: number;
  /** Monotonic ms of reception. */
  receivedAtMs: number;
  /** Venue's own time in its clock; NaN where it does not stamp. */
  venueTimeMs: number;
}

/**
 * The latest touches of one venue, to find the touch an order met: by the venue's time where it stamps its book, else by
 * when we heard of it (then the result is an estimate and must be marked so). Bounded: the oldest fall out.
 */
export class TouchHistory {
  private readonly bidE8: Float64Array;
  private readonly askE8: Float64Array;
  private readonly receivedAtMs: Float64Array;
  private readonly venueTimeMs: Float64Array;
  private readonly capacity: number;
  private written = 0;

  /** Changes of the touch kept; 4,096 are some 20 s of the busiest recorded feed (192 a second). */
  constructor(capacity = 4096) {
    this.capacity = capacity;
    this.bidE8 = new Float64Array(capacity);
    this.askE8 = new Float64Array(capacity);
    this.receivedAtMs = new Float64Array(capacity);
    this.venueTimeMs = new Float64Array(capacity);
  }

  /** Keeps the touch if it differs from the latest. Hot path: no allocation. */
  record(bidE8: number, askE8: number, receivedAtMs: number, venueTimeMs: number): void {
    if (this.written > 0) {
      const last = (this.written - 1) % this.capacity;
      if (this.bidE8[last] === bidE8 && this.askE8[last] === askE8) return;
    }
    const slot = this.written % this.capacity;
    this.bidE8[slot] = bidE8;
    this.askE8[slot] = askE8;
    this.receivedAtMs[slot] = receivedAtMs;
    this.venueTimeMs[slot] = venueTimeMs;
    this.written++;
  }

  /** The touch we knew at `atMs` (monotonic): the last received at or before it. Undefined when older than the history. */
  knownAt(atMs: number): Touch | undefined {
    return this.latest(this.receivedAtMs, (time) => time <= atMs);
  }

  /**
   * The touch an order matched at the venue's time `venueTimeMs` met: the last one stamped strictly before, since the
   * match itself may have changed the touch. Ask once the feed has delivered that time; undefined where nothing is stamped.
   */
  atVenueBefore(venueTimeMs: number): Touch | undefined {
    return this.latest(this.venueTimeMs, (time) => time < venueTimeMs);
  }

  /**
   * Estimate for a venue that does not stamp its book: the touch heard of just before `confirmedAtMs` (t8), since the
   * book update before the match and the confirmation travel the same line.
   */
  heardBefore(confirmedAtMs: number): Touch | undefined {
    return this.latest(this.receivedAtMs, (time) => time < confirmedAtMs);
  }

  private latest(times: Float64Array, matches: (timeMs: number) => boolean): Touch | undefined {
    const oldest = Math.max(0, this.written - this.capacity);
    for (let index = this.written - 1; index >= oldest; index--) {
      const slot = index % this.capacity;
      if (!matches(times[slot]!)) continue;
      return {
        bidE8: this.bidE8[slot]!,
        askE8: this.askE8[slot]!,
        receivedAtMs: this.receivedAtMs[slot]!,
        venueTimeMs: this.venueTimeMs[slot]!,
      };
    }
    return undefined;
  }
}

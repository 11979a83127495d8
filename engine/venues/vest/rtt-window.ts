const CAPACITY = 64;

/** The last 64 round trips of one connection, ms. */
export class RttWindow {
  private readonly samples = new Float64Array(CAPACITY);
  private written = 0;

  add(roundTripMs: number): void {
    this.samples[this.written++ % CAPACITY] = roundTripMs;
  }

  clear(): void {
    this.written = 0;
  }

  /** Nearest-rank percentiles of what is in the window; empty before the first sample. */
  report(): { rttP50Ms?: number; rttP95Ms?: number; jitterMs?: number; rttSamples: number } {
    const rttSamples = Math.min(this.written, CAPACITY);
    if (rttSamples === 0) return { rttSamples };
    const sorted = this.samples.slice(0, rttSamples).sort();
    const rttP50Ms = sorted[Math.ceil(0.5 * rttSamples) - 1]!;
    const rttP95Ms = sorted[Math.ceil(0.95 * rttSamples) - 1]!;
    return { rttP50Ms, rttP95Ms, jitterMs: rttP95Ms - rttP50Ms, rttSamples };
  }
}

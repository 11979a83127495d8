const WINDOW = 256;

export interface RoundTripSummary {
  rttP50Ms?: number;
  rttP95Ms?: number;
  jitterMs?: number;
  rttSamples: number;
}

/** The newest round trips of one connection, bounded. */
export class RoundTrips {
  private readonly values = new Float64Array(WINDOW);
  private count = 0;

  add(roundTripMs: number): void {
    this.values[this.count++ % WINDOW] = roundTripMs;
  }

  /** Forgets all of them: what was measured while connections were being opened is not their round trip. */
  clear(): void {
    this.count = 0;
  }

  /** One of the round trips held, each as likely; undefined before the first. @param random in [0, 1) */
  draw(random: number): { ms: number; samples: number } | undefined {
    const held = Math.min(this.count, WINDOW);
    return held === 0 ? undefined : { ms: this.values[Math.floor(random * held)]!, samples: held };
  }

  /** Nearest-rank percentiles of what is held; no figures before the first round trip. */
  summary(): RoundTripSummary {
    const held = Math.min(this.count, WINDOW);
    if (held === 0) return { rttSamples: 0 };
    const sorted = this.values.slice(0, held).sort();
    const at = (quantile: number): number => sorted[Math.max(0, Math.ceil(quantile * held) - 1)]!;
    return { rttP50Ms: at(0.5), rttP95Ms: at(0.95), jitterMs: at(0.95) - at(0.5), rttSamples: held };
  }
}

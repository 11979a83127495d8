/** How late signature checks came against the processing time they are modelled to fit into. */
export interface LatenessReport {
  checks: number;
  late: number;
  p99Ms: number;
  maxMs: number;
}

const WINDOW = 4096;

/** Rolling window of the last checks; memory stays bounded. */
export class LatenessRecorder {
  private readonly lateMs: number[] = [];
  private next = 0;
  private checks = 0;
  private late = 0;
  private maxMs = 0;

  record(lateUs: number): void {
    const lateMs = Math.max(0, lateUs / 1000);
    this.lateMs[this.next] = lateMs;
    this.next = (this.next + 1) % WINDOW;
    this.checks++;
    if (lateMs > 0) this.late++;
    this.maxMs = Math.max(this.maxMs, lateMs);
  }

  report(): LatenessReport {
    const sorted = this.lateMs.toSorted((a, b) => a - b);
    const p99Ms = sorted[Math.min(sorted.length - 1, Math.ceil(sorted.length * 0.99) - 1)] ?? 0;
    return { checks: this.checks, late: this.late, p99Ms, maxMs: this.maxMs };
  }
}

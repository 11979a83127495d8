/** What a part of the proof is given. */
export interface PartOptions {
  seed: number;
  /** Length of each real-time run. */
  seconds: number;
  kills: number;
  frames: number;
  say(text: string): void;
  cancelled: AbortSignal;
}

/** What a part found: figures for a person and a script, and every claim that did not hold. */
export interface PartResult {
  ok: boolean;
  /** What the part shows and what it does not. */
  bounds: string;
  figures: unknown;
  faults: string[];
}

export interface Part {
  title: string;
  run(options: PartOptions): Promise<PartResult>;
}

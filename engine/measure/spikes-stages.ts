import { median } from 'simple-statistics';

/** Who owns the milliseconds of a leg: the way out, the venue, the way back, our own code before the order left. */
export type StageName = 'lineOut' | 'venue' | 'lineBack' | 'ours';
/** ms; a stage the venue does not stamp is absent. */
export type StageTimes = Partial<Record<StageName, number>>;

export interface MovedStage {
  name: StageName;
  /** By how much it is above its own median, ms. */
  movedMs: number;
}

const STAGES: readonly StageName[] = ['lineOut', 'venue', 'lineBack', 'ours'];
const WINDOW_SAMPLES = 60;
/** Fewer say nothing about what is usual. */
const MIN_SAMPLES = 10;

/** What each stage of one leg usually takes, and which of them stands out in a sample. */
export class StageBaselines {
  private readonly windows: Record<StageName, number[]> = { lineOut: [], venue: [], lineBack: [], ours: [] };

  /** Adds a sample taken while nothing was unusual. */
  learn(times: StageTimes): void {
    for (const stage of STAGES) {
      const time = times[stage];
      if (time === undefined) continue;
      const window = this.windows[stage];
      window.push(time);
      if (window.length > WINDOW_SAMPLES) window.shift();
    }
  }

  /** What was usual is so no more. */
  forget(): void {
    for (const stage of STAGES) this.windows[stage].length = 0;
  }

  /** The stage furthest above its own median; undefined when none is above, or none is known well enough. */
  mostMoved(times: StageTimes): MovedStage | undefined {
    let most: MovedStage | undefined;
    for (const name of STAGES) {
      const time = times[name];
      const window = this.windows[name];
      if (time === undefined || window.length < MIN_SAMPLES) continue;
      const movedMs = time - median(window);
      if (movedMs > (most?.movedMs ?? 0)) most = { name, movedMs };
    }
    return most;
  }
}

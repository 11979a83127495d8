/**
 * Merged updates of one market, compact: update i has the levels levelStart[i] .. levelStart[i + 1], asks from
 * askStart[i] on. Update 0 is the snapshot of the whole book at time 0, all others list levels that changed.
 */
export interface UpdateColumns {
  count: number;
  /** Microseconds since the tape's start, never decreasing. */
  timeUs: Float64Array;
  levelStart: Uint32Array;
  askStart: Uint32Array;
  /** 1 when best bid or best ask (price or size) changed by the update. */
  touchChanged: Uint8Array;
  levelTick: Uint32Array;
  /** Absolute size; 0 = the level is gone. */
  levelSteps: Uint32Array;
}

/** Grows UpdateColumns one update at a time. */
export class UpdateWriter {
  private readonly timeUs: number[] = [];
  private readonly levelStart: number[] = [];
  private readonly askStart: number[] = [];
  private readonly touchChanged: number[] = [];
  private readonly levelTick: number[] = [];
  private readonly levelSteps: number[] = [];

  /** Levels are given as flat pairs [tick, steps, tick, steps, ...]. Updates without levels are not kept. */
  add(timeUs: number, bids: number[], asks: number[], touchChanged: boolean): void {
    if (bids.length === 0 && asks.length === 0) return;
    this.timeUs.push(timeUs);
    this.touchChanged.push(touchChanged ? 1 : 0);
    this.levelStart.push(this.levelTick.length);
    this.addLevels(bids);
    this.askStart.push(this.levelTick.length);
    this.addLevels(asks);
  }

  finish(): UpdateColumns {
    return {
      count: this.timeUs.length,
      timeUs: Float64Array.from(this.timeUs),
      levelStart: Uint32Array.from([...this.levelStart, this.levelTick.length]),
      askStart: Uint32Array.from(this.askStart),
      touchChanged: Uint8Array.from(this.touchChanged),
      levelTick: Uint32Array.from(this.levelTick),
      levelSteps: Uint32Array.from(this.levelSteps),
    };
  }

  private addLevels(pairs: number[]): void {
    for (let i = 0; i < pairs.length; i += 2) {
      this.levelTick.push(pairs[i]!);
      this.levelSteps.push(pairs[i + 1]!);
    }
  }
}

/**
 * One side of a book as an array with one cell per tick of a fixed price band: setting a level is one store, walking
 * best-first is a scan. Right for replaying a recording, whose price range is known beforehand.
 */
export class DenseSide {
  readonly steps: Uint32Array;
  readonly lowestTick: number;
  /** Tick of the best level; NaN when the side is empty. */
  bestTick = Number.NaN;
  /** +1 walks up (asks), -1 walks down (bids). */
  readonly away: 1 | -1;

  constructor(side: 'bids' | 'asks', lowestTick: number, highestTick: number) {
    this.away = side === 'asks' ? 1 : -1;
    this.lowestTick = lowestTick;
    this.steps = new Uint32Array(highestTick - lowestTick + 1);
  }

  contains(tick: number): boolean {
    const index = tick - this.lowestTick;
    return index >= 0 && index < this.steps.length;
  }

  sizeAt(tick: number): number {
    return this.steps[tick - this.lowestTick] ?? 0;
  }

  isBetter(tick: number, than: number): boolean {
    return (tick - than) * this.away < 0;
  }

  /** Sets the absolute size of a level inside the band; 0 removes it. */
  set(tick: number, steps: number): void {
    this.steps[tick - this.lowestTick] = steps;
    if (steps > 0) {
      if (Number.isNaN(this.bestTick) || this.isBetter(tick, this.bestTick)) this.bestTick = tick;
    } else if (tick === this.bestTick) {
      this.bestTick = this.nextLevel(tick + this.away);
    }
  }

  /** First tick with a size at or behind `tick`; NaN when there is none. */
  nextLevel(tick: number): number {
    const { steps, away } = this;
    for (let index = tick - this.lowestTick; index >= 0 && index < steps.length; index += away) {
      if (steps[index]! > 0) return index + this.lowestTick;
    }
    return Number.NaN;
  }

  clear(): void {
    this.steps.fill(0);
    this.bestTick = Number.NaN;
  }
}

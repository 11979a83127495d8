import type { Direction } from './types.ts';

/** Thresholds in bps (config percent x 100). An exit threshold may be negative. */
export interface SignalConfig {
  spreadEntryBps: number;
  /** A spread above this is bad data, not an opportunity; Infinity switches the check off. */
  spreadEntryMaxBps: number;
  /** Consecutive ticks at or above the entry threshold, the crossing one included; at least 1. */
  entryConfirmTicks: number;
  spreadExitBps: number;
  exitConfirmTicks: number;
  /** No entry for this long after `startCooldown`. */
  cooldownMs: number;
}

/** FLAT looks for entries, a direction (of the open position) looks for its exit, BUSY (episode running) for neither. */
export type SignalPosition = 'FLAT' | 'BUSY' | Direction;

/**
 * ENTER_*: the threshold is confirmed; repeated on every tick while it holds, so that a refused entry can still be taken.
 * COOLDOWN: it would be an entry but for the cooldown. ABSURD: first tick of a spread above the maximum.
 */
export type SignalDecision = 'NONE' | 'ENTER_A_OVER_B' | 'ENTER_B_OVER_A' | 'EXIT' | 'COOLDOWN' | 'ABSURD';

/** What led to the latest ENTER, COOLDOWN or EXIT decision. Owned and rewritten by the signal: copy what you keep. */
export interface SignalEvidence {
  /** Counts the times a threshold was crossed: the same number is the same opportunity. */
  opportunity: number;
  direction: Direction;
  /** When the threshold was first crossed, and the spread then (operator's "detection"). */
  detectedAtMs: number;
  detectedSpreadBps: number;
  /** When the last confirm tick came, and the spread of the latest tick. */
  confirmedAtMs: number;
  spreadBps: number;
}

export interface Signal {
  readonly evidence: Readonly<SignalEvidence>;
  /** Largest spread of any direction seen while looking for entries, absurd ones left out; NaN before the first. */
  readonly largestSpreadBps: number;
  /**
   * One market-data tick. Synchronous, no allocation. NaN spreads (an empty book side) reset what they concern.
   * @param nowMs monotonic receive time of the frame that caused the tick
   */
  onTick(nowMs: number, aOverBBps: number, bOverABps: number, position: SignalPosition): SignalDecision;
  startCooldown(nowMs: number): void;
  /** Monotonic ms; -Infinity before the first cooldown. */
  readonly cooldownUntilMs: number;
}

/** Thresholds, confirm ticks, cooldown and the absurd-spread check of product.md 3, for both directions at once. */
export function createSignal(config: SignalConfig): Signal {
  return new ThresholdSignal(config);
}

/** Counts consecutive ticks on one threshold. */
class Crossing {
  ticks = 0;
  opportunity = 0;
  detectedAtMs = Number.NaN;
  detectedSpreadBps = Number.NaN;
  confirmedAtMs = Number.NaN;

  /** True when `spreadBps` has now been at or above the threshold for `confirmTicks` ticks in a row. */
  tick(nowMs: number, spreadBps: number, thresholdBps: number, confirmTicks: number, signal: ThresholdSignal): boolean {
    if (!(spreadBps >= thresholdBps)) {
      this.ticks = 0;
      return false;
    }
    if (this.ticks === 0) {
      this.opportunity = signal.nextOpportunity();
      this.detectedAtMs = nowMs;
      this.detectedSpreadBps = spreadBps;
    }
    this.ticks++;
    if (this.ticks === confirmTicks) this.confirmedAtMs = nowMs;
    return this.ticks >= confirmTicks;
  }
}

class ThresholdSignal implements Signal {
  readonly evidence: SignalEvidence = {
    opportunity: 0,
    direction: 'AOverB',
    detectedAtMs: Number.NaN,
    detectedSpreadBps: Number.NaN,
    confirmedAtMs: Number.NaN,
    spreadBps: Number.NaN,
  };
  largestSpreadBps = Number.NaN;
  cooldownUntilMs = Number.NEGATIVE_INFINITY;
  private readonly config: SignalConfig;
  private readonly aOverB = new Crossing();
  private readonly bOverA = new Crossing();
  private readonly exit = new Crossing();
  private opportunities = 0;
  private absurd = false;

  constructor(config: SignalConfig) {
    this.config = config;
  }

  nextOpportunity(): number {
    return ++this.opportunities;
  }

  startCooldown(nowMs: number): void {
    this.cooldownUntilMs = nowMs + this.config.cooldownMs;
  }

  onTick(nowMs: number, aOverBBps: number, bOverABps: number, position: SignalPosition): SignalDecision {
    if (position === 'FLAT') {
      this.exit.ticks = 0;
      return this.lookForEntry(nowMs, aOverBBps, bOverABps);
    }
    this.aOverB.ticks = 0;
    this.bOverA.ticks = 0;
    if (position === 'BUSY') {
      this.exit.ticks = 0;
      return 'NONE';
    }
    const { spreadExitBps, exitConfirmTicks } = this.config;
    const reverseBps = position === 'AOverB' ? bOverABps : aOverBBps;
    if (!this.exit.tick(nowMs, reverseBps, spreadExitBps, exitConfirmTicks, this)) return 'NONE';
    this.write(this.exit, position, reverseBps);
    return 'EXIT';
  }

  private lookForEntry(nowMs: number, aOverBBps: number, bOverABps: number): SignalDecision {
    const { spreadEntryBps, spreadEntryMaxBps, entryConfirmTicks } = this.config;
    if (aOverBBps > spreadEntryMaxBps || bOverABps > spreadEntryMaxBps) {
      this.aOverB.ticks = 0;
      this.bOverA.ticks = 0;
      const first = !this.absurd;
      this.absurd = true;
      return first ? 'ABSURD' : 'NONE';
    }
    this.absurd = false;
    const bestBps = bOverABps > aOverBBps || Number.isNaN(aOverBBps) ? bOverABps : aOverBBps;
    if (bestBps > this.largestSpreadBps || Number.isNaN(this.largestSpreadBps)) this.largestSpreadBps = bestBps;
    const enterA = this.aOverB.tick(nowMs, aOverBBps, spreadEntryBps, entryConfirmTicks, this);
    const enterB = this.bOverA.tick(nowMs, bOverABps, spreadEntryBps, entryConfirmTicks, this);
    if (!enterA && !enterB) return 'NONE';
    const takeA = enterA && (!enterB || aOverBBps >= bOverABps);
    if (takeA) this.write(this.aOverB, 'AOverB', aOverBBps);
    else this.write(this.bOverA, 'BOverA', bOverABps);
    if (nowMs < this.cooldownUntilMs) return 'COOLDOWN';
    return takeA ? 'ENTER_A_OVER_B' : 'ENTER_B_OVER_A';
  }

  private write(crossing: Crossing, direction: Direction, spreadBps: number): void {
    const evidence = this.evidence;
    evidence.opportunity = crossing.opportunity;
    evidence.direction = direction;
    evidence.detectedAtMs = crossing.detectedAtMs;
    evidence.detectedSpreadBps = crossing.detectedSpreadBps;
    evidence.confirmedAtMs = crossing.confirmedAtMs;
    evidence.spreadBps = spreadBps;
  }
}

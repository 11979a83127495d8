import { hashedUniform } from '../timing/seeded-random.ts';

/**
 * One-way delay of one direction of a line. The jitter is bounded, skewed to the right, and its median is exactly 0,
 * so that half of all delays lie below `medianMs`.
 */
export interface DelayProfile {
  medianMs: number;
  /** Largest gain against the median. */
  jitterBelowMs: number;
  /** Largest loss against the median; reached rarely. */
  jitterAboveMs: number;
}

/** How long one value of the jitter holds: queues of a line fill and empty over tenths of a second, not per packet. */
const JITTER_SLOT_US = 50_000;

/** Steepness of the right tail: with 4, p95 of the jitter is at two thirds of its bound and p75 at one sixteenth. */
const TAIL_POWER = 4;

/** Jitter in ms at quantile `u` in [0, 1): linear below the median, a polynomial tail above it. */
export function jitterMs(profile: DelayProfile, u: number): number {
  if (u < 0.5) return -profile.jitterBelowMs * (1 - 2 * u);
  return profile.jitterAboveMs * (2 * u - 1) ** TAIL_POWER;
}

/**
 * The delay of what enters one direction at `atUs`, in microseconds. A function of time and seed alone: it does not
 * matter how many messages pass, and everything on the line at that moment shares it.
 */
export function delayUs(profile: DelayProfile, seed: number, atUs: number): number {
  if (profile.jitterAboveMs === 0 && profile.jitterBelowMs === 0) return Math.round(profile.medianMs * 1000);
  const slot = Math.floor(atUs / JITTER_SLOT_US);
  return Math.round((profile.medianMs + jitterMs(profile, hashedUniform(seed, slot))) * 1000);
}

/** One direction of a connection: delays by the profile and never lets anything overtake what entered before it. */
export class FifoDelay {
  private readonly profile: DelayProfile;
  private readonly seed: number;
  private lastUs = 0;

  constructor(profile: DelayProfile, seed: number) {
    this.profile = profile;
    this.seed = seed;
  }

  /** When something that enters at `atUs` comes out. */
  arrivalUs(atUs: number): number {
    this.lastUs = Math.max(this.lastUs, atUs + delayUs(this.profile, this.seed, atUs));
    return this.lastUs;
  }
}

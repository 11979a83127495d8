/** What the system tells of its own state, the same on every shell. */
import type { Availability } from '../ipc/availability-schema.ts';

export const POWER_EVENTS = ['suspend', 'resume', 'lockScreen', 'unlockScreen'] as const;
export type PowerEvent = (typeof POWER_EVENTS)[number];

export interface PowerHost {
  /** Asks the system to wait for us before it sleeps: from the start, and again after each sleep. */
  holdSleep(): void;
  /** What had to be done before sleep is done. */
  allowSleep(): void;
  /** Whether sleep is heard of and waits for us, and whether a locked screen is. */
  availability(): { sleep: Availability; lock: Availability };
  stop(): void;
}

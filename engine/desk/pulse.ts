import { errorMessage } from '../core/errors.ts';
import type { Env } from '../env.ts';

const SPREAD_PERIOD_MS = 250;
const STATE_PERIOD_MS = 1_000;
const LOOP_DELAY_PERIOD_MS = 50;

export interface PulseWork {
  /** Four times a second: the spread series, the tape's end. */
  spread(): void;
  /** Once a second: venues and exposure. */
  state(): void;
  /** How late a timer fired: what market data and orders would have waited, ms. */
  loopDelay(lateMs: number): void;
  fault(code: `HS_${string}`, message: string): void;
}

/** Starts the desk's periodic work; a fault in it is told and does not end it. Returns what stops it. */
export function startPulse(env: Env, work: PulseWork): () => void {
  const guarded = (task: () => void) => (): void => {
    try {
      task();
    } catch (error) {
      work.fault('HS_DESK_FAULT', errorMessage(error));
    }
  };
  const cancels = [
    env.timers.every(
      SPREAD_PERIOD_MS,
      guarded(() => work.spread()),
    ),
    env.timers.every(
      STATE_PERIOD_MS,
      guarded(() => work.state()),
    ),
  ];
  let cancelDelay = (): void => undefined;
  const watchDelay = (): void => {
    const dueMs = env.clock.monotonicMs() + LOOP_DELAY_PERIOD_MS;
    cancelDelay = env.timers.after(LOOP_DELAY_PERIOD_MS, () => {
      work.loopDelay(env.clock.monotonicMs() - dueMs);
      watchDelay();
    });
  };
  watchDelay();
  return () => {
    for (const cancel of cancels) cancel();
    cancelDelay();
  };
}

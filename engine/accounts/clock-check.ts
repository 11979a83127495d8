import { HalfspreadError } from '../core/errors.ts';

/** Beyond it, expiry dates and validity windows are judged wrongly. Less is measured and allowed for by the clients. */
const MAX_CLOCK_ERROR_MS = 60_000;

/**
 * @param offsetMs the venue's clock minus this machine's
 * @throws HalfspreadError HS_CLOCK_OFF
 */
export function checkClock(venue: string, offsetMs: number): void {
  if (Math.abs(offsetMs) <= MAX_CLOCK_ERROR_MS) return;
  throw new HalfspreadError(
    'HS_CLOCK_OFF',
    `This machine’s clock is ${describeClock(offsetMs)} ${venue}’s.`,
    'Let the system set its time by itself (network time), then try again: dates of keys are judged by this clock.',
  );
}

/** "12 ms behind", "2 h ahead of" */
export function describeClock(offsetMs: number): string {
  return `${duration(Math.abs(offsetMs))} ${offsetMs > 0 ? 'behind' : 'ahead of'}`;
}

function duration(ms: number): string {
  if (ms < 10_000) return `${Math.round(ms)} ms`;
  if (ms < 120_000) return `${Math.round(ms / 1_000)} s`;
  return ms < 7_200_000 ? `${Math.round(ms / 60_000)} min` : `${Math.round(ms / 3_600_000)} h`;
}

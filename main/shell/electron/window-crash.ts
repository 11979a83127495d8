/** A window whose process died is loaded again; one that keeps dying is left alone and says so. Pure. */

export const MOST_RELOADS = 3;
export const RELOAD_WINDOW_MS = 5 * 60_000;

export interface CrashHistory {
  /** Unix ms of the reloads within the window of time. */
  reloadedAt: readonly number[];
}

export const NO_CRASH: CrashHistory = { reloadedAt: [] };

/**
 * - `reload`: show the window again
 * - `standIn`: too often; show the page that says so
 * - `leave`: that page died too, or the process ended as it should
 */
export type CrashAnswer = 'reload' | 'standIn' | 'leave';

/** @param reason Electron's `RenderProcessGoneDetails.reason` */
export function onWindowGone(
  history: CrashHistory,
  gone: { reason: string; showsStandIn: boolean },
  nowMs: number,
): { history: CrashHistory; answer: CrashAnswer } {
  if (gone.reason === 'clean-exit' || gone.showsStandIn) return { history, answer: 'leave' };
  const recent = history.reloadedAt.filter((at) => nowMs - at < RELOAD_WINDOW_MS);
  if (recent.length >= MOST_RELOADS) return { history: { reloadedAt: recent }, answer: 'standIn' };
  return { history: { reloadedAt: [...recent, nowMs] }, answer: 'reload' };
}

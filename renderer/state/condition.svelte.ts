/** Whether the figures on screen can be trusted now: one answer for all panes. */
import { duration, text } from '../i18n/locale.svelte.ts';
import { formatTime } from '../i18n/numbers.ts';
import type { Failure } from './failure.ts';
import { obstacleText } from '../modes/obstacles.ts';
import { session } from './session.svelte.ts';

export type Condition =
  | { kind: 'ready' }
  | { kind: 'loading'; forMs: number }
  | { kind: 'error'; failure: Failure; retried: boolean }
  | { kind: 'stale'; ageMs: number; reason: string };

/** Reads the session: use inside a template or `$derived`. */
export function currentCondition(): Condition {
  const { app, modes, snapshot, windowLink, openFailure, now } = session;
  if (!snapshot) {
    const blocked = [app?.engine, app?.venues].find((each) => each?.state === 'blocked' && each.error);
    if (blocked?.error) return { kind: 'error', failure: blocked.error, retried: false };
    const waits = modes?.waitsFor[0];
    if (modes && waits) {
      const message = text('modes.waits', { mode: text(`modes.name.${modes.mode}`) });
      return {
        kind: 'error',
        failure: { code: 'HS_MODE_WAITS', message, remedy: obstacleText(waits) },
        retried: false,
      };
    }
    if (openFailure) return { kind: 'error', failure: openFailure, retried: true };
    return { kind: 'loading', forMs: Math.max(0, now - session.startedAt) };
  }
  if (windowLink.state === 'lost') {
    return stale(windowLink.lastSeenAt ?? snapshot.at, 'pane.stale.window');
  }
  if (app && app.link.state !== 'ready') {
    return stale(app.link.lastSeenAt ?? snapshot.at, 'pane.stale.link');
  }
  return { kind: 'ready' };
}

function stale(sinceAt: number, reason: 'pane.stale.window' | 'pane.stale.link'): Condition {
  return {
    kind: 'stale',
    ageMs: Math.max(0, session.now - sinceAt),
    reason: text(reason, { time: `${formatTime(sinceAt)} UTC` }),
  };
}

/** "try 6 in 8 s": the wait until `nextTryAt`, never negative. */
export function waitUntil(nextTryAt: number): string {
  return duration(Math.ceil(Math.max(0, nextTryAt - session.now) / 1000) * 1000);
}

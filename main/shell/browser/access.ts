import { randomBytes, timingSafeEqual } from 'node:crypto';

/** An unused link dies after this time; a new one is a key press away. */
const LINK_LIFETIME_MS = 10 * 60_000;
const MAX_REMEMBERED_LINKS = 64;
const MAX_SESSIONS = 32;
/** Good until before any time. */
const SPENT = Number.NEGATIVE_INFINITY;

export type LinkOutcome = { cookie: string } | { refused: 'spent' | 'unknown' };

/** One-time links and the browser sessions they were exchanged for. In memory: a restart ends all of them. */
export interface Access {
  /** The secret part of a new link. */
  newLinkToken(): string;
  /** Exchanges a link for a session; works once. */
  redeem(token: string): LinkOutcome;
  hasSession(cookie: string | undefined): boolean;
}

export function createAccess(nowMs: () => number): Access {
  /** token -> time it is good until, or SPENT. Oldest first. */
  const links = new Map<string, number>();
  const sessions = new Set<string>();
  return {
    newLinkToken() {
      const token = newSecret();
      links.set(token, nowMs() + LINK_LIFETIME_MS);
      dropOldest(links, MAX_REMEMBERED_LINKS);
      return token;
    },
    redeem(token) {
      const goodUntilMs = links.get(token);
      if (goodUntilMs === undefined) return { refused: 'unknown' };
      if (goodUntilMs < nowMs()) return { refused: 'spent' };
      links.set(token, SPENT);
      const cookie = newSecret();
      sessions.add(cookie);
      dropOldest(sessions, MAX_SESSIONS);
      return { cookie };
    },
    hasSession: (cookie) => cookie !== undefined && sessions.has(cookie),
  };
}

export function newSecret(): string {
  return randomBytes(32).toString('base64url');
}

/** Compares without telling by its time how much was right. */
export function sameSecret(a: string, b: string): boolean {
  const [left, right] = [Buffer.from(a), Buffer.from(b)];
  return left.length === right.length && timingSafeEqual(left, right);
}

function dropOldest(entries: Map<string, unknown> | Set<string>, max: number): void {
  for (const key of entries.keys()) {
    if (entries.size <= max) return;
    entries.delete(key);
  }
}

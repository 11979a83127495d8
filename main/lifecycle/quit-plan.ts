/** What quitting would end and what would go on. Pure. */
import type { Snapshot, TradingState } from '../../engine/protocol/model.ts';
import { holdsPositions, openTrades } from '../../engine/protocol/reading.ts';
import type { QuitPlan } from '../ipc/desktop-schema.ts';
import type { AppState, ProcessState } from '../ipc/schema.ts';
import { SILENT_AFTER_MS } from '../notify/desk-situations.ts';

/** The desk's own bound for closing its position (engine/desk.ts). */
export const CLOSES_WITHIN_MS = 30_000;

export interface QuitPicture {
  states: Pick<AppState, 'engine' | 'link'>;
  /** The desk's engine is one of this machine; those on servers are in `remotes`. */
  isHere: boolean;
  /** May be an older one while the engine is away. */
  snapshot: Snapshot | undefined;
  remotes: QuitPlan['remotes'];
  /** Unix ms. */
  nowMs: number;
}

export function quitPlan({ states, isHere, snapshot, remotes, nowMs }: QuitPicture): QuitPlan {
  const engine = isHere ? engineNow(states, snapshot, nowMs) : 'none';
  const isThere = engine !== 'none';
  const mode = snapshot?.desk.mode ?? 'practice';
  const holds = isThere && snapshot !== undefined && holdsPositions(snapshot);
  // One that trades real money, or of which nothing is known, is not ended by a single click.
  const isArmed = engine === 'trading' && mode === 'live';
  return {
    engine,
    mode,
    openTrades: isThere && snapshot ? openTrades(snapshot).length : 0,
    holdsPositions: holds,
    closesWithinMs: CLOSES_WITHIN_MS,
    remotes,
    needsConfirm: holds || isArmed || engine === 'unknown',
  };
}

function engineNow(
  { engine, link }: QuitPicture['states'],
  snapshot: Snapshot | undefined,
  nowMs: number,
): QuitPlan['engine'] {
  if (!isProcessThere(engine.state)) return 'none';
  if (!snapshot) return engine.state === 'running' ? 'unknown' : 'idle';
  // What was last heard of it may not be so any more.
  const isSilent = link.lastSeenAt !== undefined && nowMs - link.lastSeenAt > SILENT_AFTER_MS;
  if (link.state !== 'ready' || isSilent) return 'unknown';
  return opensTrades(snapshot.trading) ? 'trading' : 'idle';
}

function isProcessThere(state: ProcessState['state']): boolean {
  switch (state) {
    case 'stopped':
    case 'restarting':
    case 'blocked':
      return false;
    case 'starting':
    case 'running':
    case 'stopping':
      return true;
  }
}

function opensTrades(trading: TradingState): boolean {
  switch (trading) {
    case 'trading':
      return true;
    case 'starting':
    case 'observing':
    case 'paused':
    case 'halted':
    case 'stopped':
    case 'locked':
      return false;
  }
}

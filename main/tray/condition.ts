/**
 * What the tray has to tell, on two axes that are never mixed: trading (engine <-> venues) and link (desktop <-> engine).
 * A lost link says nothing about trading: the last state heard of stays.
 */
import type { Snapshot, TradingState } from '../../engine/protocol/model.ts';
import type { AppState } from '../ipc/schema.ts';
import type { TrayIcon } from './icon.ts';

/** The engine's word, or why there is no engine to give it. */
export type TradingCondition =
  | TradingState
  /** Live, and at rest until somebody arms it. */
  | 'disarmed'
  /** The desk goes to another place: one engine ends, then another starts. */
  | 'moving'
  | 'noEngine'
  | 'engineStarting'
  | 'engineStopping'
  /** Engine or venues ended by themselves and are being started again. */
  | 'recovering'
  /** Engine or venues do not start: a person is needed. */
  | 'blocked';

/** Only while an engine runs that can be linked to. */
export type LinkCondition = { state: 'ready' } | { state: 'lost'; lastSeenAt?: number };

export interface TrayCondition {
  trading: TradingCondition;
  link: LinkCondition | undefined;
}

export function trayCondition(
  { engine, venues, link, place }: AppState,
  snapshot: Snapshot | undefined,
): TrayCondition {
  if (place.moving) return { trading: 'moving', link: undefined };
  const processes = [engine, venues];
  const isUp = engine.state === 'running' && link.state !== 'connecting';
  if (isUp && snapshot) {
    const isDisarmed = snapshot.trading === 'paused' && snapshot.arming?.state === 'disarmed';
    return {
      trading: isDisarmed ? 'disarmed' : snapshot.trading,
      link: link.state === 'ready' ? { state: 'ready' } : { state: 'lost', lastSeenAt: link.lastSeenAt },
    };
  }
  const trading = (): TradingCondition => {
    if (processes.some(({ state }) => state === 'blocked')) return 'blocked';
    if (processes.some(({ state }) => state === 'stopping')) return 'engineStopping';
    const isComing = processes.some(({ state }) => state === 'starting') || engine.state === 'running';
    // `attempt`: it ended by itself before, not long ago.
    const hasFailed = processes.some(({ state, attempt = 0 }) => state === 'restarting' || attempt > 0);
    if (hasFailed) return 'recovering';
    return isComing || (venues.state === 'running' && engine.state === 'stopped') ? 'engineStarting' : 'noEngine';
  };
  return { trading: trading(), link: undefined };
}

/** The trading axis picks the shape. `isTroubled`: it goes on, but somebody should look soon. */
export function trayIcon(trading: TradingCondition, isTroubled: boolean): TrayIcon {
  switch (trading) {
    case 'noEngine':
    case 'engineStarting':
    case 'engineStopping':
    case 'stopped':
      return 'off';
    case 'moving':
      return 'handover';
    case 'locked':
      return 'locked';
    case 'starting':
      return 'observing';
    case 'observing':
    case 'paused':
    case 'disarmed':
      return isTroubled ? 'warning' : 'observing';
    case 'trading':
      return isTroubled ? 'warning' : 'trading';
    case 'recovering':
      return 'warning';
    case 'halted':
    case 'blocked':
      return 'error';
  }
}

/** What a desk holds, as far as main can know: decides whether it may be left for another mode. Pure. */
import type { Mode, Snapshot } from '../../engine/protocol/model.ts';
import { holdsPositions } from '../../engine/protocol/reading.ts';
import type { AppState } from '../ipc/schema.ts';

export type Exposed = 'flat' | 'open' | 'unknown';

/** @param snapshot the latest of this desk; older than now while the link is lost */
export function exposedNow(
  mode: Mode,
  { engine, link }: Pick<AppState, 'engine' | 'link'>,
  snapshot: Snapshot | undefined,
): Exposed {
  const isCurrent = engine.state === 'running' && link.state === 'ready' && snapshot !== undefined;
  if (isCurrent && !(mode === 'live' && snapshot.trading === 'starting'))
    return holdsAnything(snapshot) ? 'open' : 'flat';
  // Nothing real is held by a desk of practice or paper; what it simulated ends with its engine.
  if (mode !== 'live') return engine.state === 'running' && snapshot && holdsAnything(snapshot) ? 'open' : 'flat';
  return 'unknown';
}

export function holdsAnything(snapshot: Snapshot): boolean {
  return holdsPositions(snapshot) || snapshot.exposure.ordersInDoubt > 0;
}

/** A live desk that was armed, or held something, when it was last heard of. */
export function hadAtStake(snapshot: Snapshot | undefined): boolean {
  return snapshot?.desk.mode === 'live' && (snapshot.arming?.state === 'armed' || holdsAnything(snapshot));
}

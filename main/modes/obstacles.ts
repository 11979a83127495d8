/** What stands before a mode. Pure: the same list is shown in the window and asked before anything is switched. */
import type { VenueProbe } from '../../engine/protocol/accounts.ts';
import type { VenueEndpoints, VenueName } from '../../engine/protocol/endpoints.ts';
import { HalfspreadError } from '../../engine/protocol/errors.ts';
import type { Mode } from '../../engine/protocol/model.ts';
import { venueName } from '../../engine/protocol/reading.ts';
import type { ModeObstacle } from '../ipc/mode-schema.ts';
import type { Exposed } from './exposure.ts';
import { mixesMoney } from './endpoints.ts';

const VENUES: readonly VenueName[] = ['vest', 'paradex'];

export interface ModeFacts {
  /** Undefined while an address cannot be used. */
  endpoints: VenueEndpoints | undefined;
  /** What the latest probe of these addresses found. */
  probed(venue: VenueName): VenueProbe | undefined;
  hasKey(venue: VenueName): boolean;
  hasConfig: boolean;
}

/** What a desk of `mode` lacks, whatever runs now. */
export function lacking(mode: Mode, facts: ModeFacts): ModeObstacle[] {
  if (mode === 'practice') return [];
  const { endpoints } = facts;
  if (!endpoints) return [{ code: 'addressInvalid' }];
  const found: ModeObstacle[] = [];
  if (mode === 'live' && mixesMoney(endpoints)) found.push({ code: 'moneyMixed' });
  for (const venue of VENUES) {
    const probe = facts.probed(venue);
    if (!probe) found.push({ code: 'probeMissing', venue });
    else if (!probe.usable) found.push({ code: 'probeNotUsable', venue });
  }
  if (!facts.hasConfig) found.push({ code: 'configMissing' });
  if (mode === 'live') found.push(...VENUES.filter((venue) => !facts.hasKey(venue)).map(keyMissing));
  return found;
}

/** What keeps the desk that runs from being left. */
export function holdingBack(exposed: Exposed, isArmed: boolean): ModeObstacle[] {
  if (isArmed) return [{ code: 'armed' }];
  if (exposed === 'open') return [{ code: 'notFlat' }];
  return exposed === 'unknown' ? [{ code: 'exposureUnknown' }] : [];
}

function keyMissing(venue: VenueName): ModeObstacle {
  return { code: 'keyMissing', venue };
}

/** HS_MODE_REFUSED: nothing was changed. */
export function modeRefused(mode: Mode, { code, venue }: ModeObstacle): HalfspreadError {
  const [why, remedy] = wordsOf(code, venue === undefined ? '' : venueName(venue));
  return new HalfspreadError('HS_MODE_REFUSED', `The mode is not changed to ${mode}: ${why}.`, remedy);
}

function wordsOf(code: ModeObstacle['code'], venue: string): [why: string, remedy: string] {
  switch (code) {
    case 'notFlat':
      return ['positions, trades or orders are open', 'Close all, then change the mode.'];
    case 'exposureUnknown':
      return [
        'the live engine does not answer, so what is open is not known',
        'Look at both venues yourself; then say that you did, and change the mode.',
      ];
    case 'armed':
      return ['live trading is armed', 'Disarm it first.'];
    case 'addressInvalid':
      return ['an address of a venue cannot be used', 'Correct the addresses.'];
    case 'moneyMixed':
      return [
        'one venue is the testnet and the other is not, so that one leg would be real and unhedged',
        'Choose the same network for both.',
      ];
    case 'probeMissing':
      return [`${venue} has not been probed at this address`, 'Probe the venues.'];
    case 'probeNotUsable':
      return [
        `what answers as ${venue} is not an API this program can trade with`,
        'Look at the steps of the probe; choose another address.',
      ];
    case 'configMissing':
      return ['the desk has no valid config', 'Correct the config file and reload it.'];
    case 'keyMissing':
      return [`there is no key for ${venue}`, 'Add one under Risk and keys.'];
  }
}

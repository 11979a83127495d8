/** Which keys are there to trade live with, in one answer. Pure. */
import type { VenueName } from '../../engine/protocol/endpoints.ts';
import type { KeyRecord, KeysState } from '../../main/ipc/key-schema.ts';

/** One network (or own address) and what stands in the way of signing orders there. */
export interface NetworkVerdict {
  network: KeyRecord['endpoint']['network'];
  missing: VenueName[];
  ended: VenueName[];
}

const VENUES: readonly VenueName[] = ['paradex', 'vest'];

/**
 * By network of the keys in use, in the order of the list; a key whose secret is not there counts as missing. Own addresses
 * count as one network.
 */
export function networkVerdicts(keys: KeysState['keys'], now: number): NetworkVerdict[] {
  const used = keys.filter(({ record }) => record.inUse);
  const networks = [...new Set(used.map(({ record }) => record.endpoint.network))];
  return networks.map((network) => {
    const there = used
      .filter(({ record, presence }) => record.endpoint.network === network && presence === 'there')
      .map(({ record }) => record);
    const ofVenue = (venue: VenueName) => there.filter((record) => record.venue === venue);
    return {
      network,
      missing: VENUES.filter((venue) => ofVenue(venue).length === 0),
      ended: VENUES.filter((venue) =>
        ofVenue(venue).some(({ expiresAt }) => expiresAt !== undefined && expiresAt <= now),
      ),
    };
  });
}

import type { VenueName } from '../../../engine/protocol/endpoints.ts';
import type { Place } from './floor.ts';

/**
 * Where the venues' matching engines stand. Paradex: AWS Tokyo. Vest: no source says (traffic enters through Cloudflare, so
 * a ping shows the edge); nothing is predicted for it, it is measured from the server once there is one.
 */
export const VENUE_PLACES: Record<VenueName, (Place & { city: string }) | undefined> = {
  paradex: { city: 'Tokyo', latitude: 35.68, longitude: 139.77 },
  vest: undefined,
};

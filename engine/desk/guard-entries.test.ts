import { describe, expect, it } from 'vitest';
import { createVirtualEnv } from '../simulation/virtual-env.ts';
import type { OrderRequest, PreparedOrder, VenueListener } from '../venues/venue.ts';
import { guardEntries } from './guard-entries.ts';
import { ScriptedVenue } from './scripted-venue.test-helper.ts';

const listener: VenueListener = {
  onBook: () => undefined,
  onMarketDataStatus: () => undefined,
  onOrder: () => undefined,
  onFill: () => undefined,
  onConnection: () => undefined,
  onNotice: () => undefined,
};
const entry: OrderRequest = { symbol: 'BTC', side: 'BUY', sizeE8: 1e6, limitPriceE8: 6e12, reduceOnly: false };

describe('the lock before the socket', () => {
  const { env } = createVirtualEnv({ seed: 1, startWallMs: 0, routes: new Map() });
  let armed = true;
  let id = 0;
  const venue = new ScriptedVenue(env, 'vest', 'rest', { next: () => ++id }, listener);
  const guarded = guardEntries(venue, () => armed);
  const prepared = (request: OrderRequest) => guarded.prepare(request) as PreparedOrder;

  it('lets entries through while armed, and neither builds nor sends one after', () => {
    armed = true;
    const waiting = prepared(entry);
    guarded.send(prepared(entry));
    armed = false;
    expect(() => prepared(entry)).toThrow(expect.objectContaining({ code: 'HS_DISARMED' }));
    // Signed before, sent after: the signature took that long.
    expect(() => guarded.send(waiting)).toThrow(expect.objectContaining({ code: 'HS_DISARMED' }));
    expect(venue.orders).toHaveLength(1);
  });

  it('always lets a reduce-only order through', () => {
    armed = false;
    guarded.send(prepared({ ...entry, side: 'SELL', reduceOnly: true }));
    expect(venue.orders).toHaveLength(2);
  });
});

import type { VenueCapabilities } from '../venue.ts';

/** What Vest v2 can and cannot do. */
export const VEST_CAPABILITIES: VenueCapabilities = {
  orderTransport: 'rest',
  clientOrderIds: true,
  stampsMarketData: false,
  sequencedMarketData: false,
  stampsOrders: true,
  takerDelayMs: 0,
  quoteCurrency: 'USDC',
};

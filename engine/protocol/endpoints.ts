/** Where the venues of paper and live mode are. Pure schemas, shared by main (settings), the accounts program and the engine. */
import { z } from 'zod';

export const VENUE_NAMES = ['paradex', 'vest'] as const;
export const venueNameSchema = z.enum(VENUE_NAMES);
export type VenueName = z.infer<typeof venueNameSchema>;

/** `testnet` is Vest's development environment; `custom`: addresses of the operator's own, such as practice venues. */
export const venueNetworkSchema = z.enum(['production', 'testnet', 'custom']);
export type VenueNetwork = z.infer<typeof venueNetworkSchema>;

/** An address as people paste it: with or without a slash at its end. */
const baseUrlSchema = z.url({ protocol: /^https?$/ }).overwrite((url) => url.replace(/\/+$/, ''));

export const paradexEndpointSchema = z.strictObject({
  network: venueNetworkSchema,
  /** Ends in /v1; a slash behind it is dropped. */
  restUrl: baseUrlSchema,
  wsUrl: z.url({ protocol: /^wss?$/ }),
});
export type ParadexEndpoint = z.infer<typeof paradexEndpointSchema>;

export const vestEndpointSchema = z.strictObject({
  network: venueNetworkSchema,
  /** Up to and with the version: ends in /v2; a slash behind it is dropped. */
  restUrl: baseUrlSchema,
  /** With its version query: ".../ws-api?version=1.0". */
  wsUrl: z.url({ protocol: /^wss?$/ }),
  /** EIP-712 contract a registration is signed for; differs between production and development. */
  verifyingContract: z.string().regex(/^0x[0-9a-fA-F]{40}$/),
});
export type VestEndpoint = z.infer<typeof vestEndpointSchema>;

export const venueEndpointsSchema = z.strictObject({ paradex: paradexEndpointSchema, vest: vestEndpointSchema });
export type VenueEndpoints = z.infer<typeof venueEndpointsSchema>;

/** The venues' published addresses (venues/paradex.md 2, venues/vest.md 2.1). */
export const PUBLISHED_ENDPOINTS: Record<'production' | 'testnet', VenueEndpoints> = {
  production: {
    paradex: {
      network: 'production',
      restUrl: 'https://api.prod.paradex.trade/v1',
      wsUrl: 'wss://ws.api.prod.paradex.trade/v1',
    },
    vest: {
      network: 'production',
      restUrl: 'https://server-prod.hz.vestmarkets.com/v2',
      wsUrl: 'wss://ws-prod.hz.vestmarkets.com/ws-api?version=1.0',
      verifyingContract: '0x919386306C47b2Fe1036e3B4F7C40D22D2461a23',
    },
  },
  testnet: {
    paradex: {
      network: 'testnet',
      restUrl: 'https://api.testnet.paradex.trade/v1',
      wsUrl: 'wss://ws.api.testnet.paradex.trade/v1',
    },
    vest: {
      network: 'testnet',
      restUrl: 'https://server-dev.hz.vestmarkets.com/v2',
      wsUrl: 'wss://ws-dev.hz.vestmarkets.com/ws-api?version=1.0',
      verifyingContract: '0x8E4D87AEf4AC4D5415C35A12319013e34223825B',
    },
  },
};

/**
 * DeskInfo.network of real venues: "production", "testnet", "custom 127.0.0.1:7100"; both venues by name when they differ.
 * Figures of different labels never mix, so a custom one carries its address.
 */
export function networkLabel({ paradex, vest }: VenueEndpoints): string {
  const label = ({ network, restUrl }: ParadexEndpoint | VestEndpoint): string =>
    network === 'custom' ? `custom ${hostOf(restUrl)}` : network;
  const [a, b] = [label(paradex), label(vest)];
  return a === b ? a : `paradex ${a}, vest ${b}`;
}

/** Host and port; the schemas have checked that it is a URL. */
function hostOf(url: string): string {
  return url.replace(/^\w+:\/\//, '').replace(/\/.*$/, '');
}

/** From what the operator chose to addresses that may be used, and the name a set of addresses goes by. */
import { createHash } from 'node:crypto';
import {
  PUBLISHED_ENDPOINTS,
  type ParadexEndpoint,
  type VenueEndpoints,
  type VenueName,
  type VenueNetwork,
  type VestEndpoint,
} from '../../engine/protocol/endpoints.ts';
import { HalfspreadError } from '../../engine/protocol/errors.ts';
import { venueName } from '../../engine/protocol/reading.ts';
import type { EndpointsChoice } from '../ipc/endpoint-schema.ts';

export const DEFAULT_ENDPOINTS: EndpointsChoice = {
  paradex: { network: 'production' },
  vest: { network: 'production' },
};

/** @throws HalfspreadError HS_ENDPOINT_INVALID naming venue and field. */
export function resolveEndpoints(choice: EndpointsChoice): VenueEndpoints {
  return { paradex: paradexEndpoint(choice.paradex), vest: vestEndpoint(choice.vest) };
}

function paradexEndpoint({ network, custom }: EndpointsChoice['paradex']): ParadexEndpoint {
  if (network !== 'custom') return PUBLISHED_ENDPOINTS[network].paradex;
  const restUrl = address('paradex', 'REST', custom?.restUrl, ['https:', 'http:']);
  if (!restUrl.endsWith('/v1')) throw invalid('paradex', 'REST', 'it must end in /v1');
  return { network, restUrl, wsUrl: address('paradex', 'WebSocket', custom?.wsUrl, ['wss:', 'ws:']) };
}

function vestEndpoint({ network, custom }: EndpointsChoice['vest']): VestEndpoint {
  if (network !== 'custom') return PUBLISHED_ENDPOINTS[network].vest;
  const restUrl = address('vest', 'REST', custom?.restUrl, ['https:', 'http:']);
  if (!/\/v\d+$/.test(restUrl)) throw invalid('vest', 'REST', 'it must end in its version, such as /v2');
  const contract = custom?.verifyingContract.trim() ?? '';
  if (contract !== '' && !/^0x[0-9a-fA-F]{40}$/.test(contract)) {
    throw invalid('vest', 'contract', 'it must be 0x and 40 hex digits, or empty');
  }
  return {
    network,
    restUrl,
    wsUrl: address('vest', 'WebSocket', custom?.wsUrl, ['wss:', 'ws:']),
    verifyingContract: contract === '' ? PUBLISHED_ENDPOINTS.production.vest.verifyingContract : contract,
  };
}

/** @param protocols the encrypted one, then the plain one */
function address(venue: VenueName, field: string, text: string | undefined, protocols: [string, string]): string {
  const trimmed = text?.trim().replace(/\/+$/, '') ?? '';
  if (trimmed === '') throw invalid(venue, field, 'it is empty');
  if (!URL.canParse(trimmed)) throw invalid(venue, field, 'it is no address');
  const url = new URL(trimmed);
  const [encrypted, plain] = protocols;
  if (url.protocol !== encrypted && url.protocol !== plain) {
    throw invalid(venue, field, `it must begin with ${encrypted}//`);
  }
  if (url.protocol === plain && !isLoopback(url.hostname)) {
    throw invalid(venue, field, `${plain}// is readable by everybody on the way and allowed on this machine only`);
  }
  if (url.username !== '' || url.password !== '') throw invalid(venue, field, 'it must not contain a name or password');
  if (url.hash !== '') throw invalid(venue, field, 'it must not contain #');
  return trimmed;
}

/** Names that cannot lead anywhere else: no name is resolved to find out. */
function isLoopback(hostname: string): boolean {
  return hostname === 'localhost' || hostname === '[::1]' || /^127(\.\d{1,3}){3}$/.test(hostname);
}

/** "api.prod.paradex.trade", "127.0.0.1:7100": what is shown beside the network. */
export function hostOf(endpoint: { restUrl: string }): string {
  return new URL(endpoint.restUrl).host;
}

export function sameEndpoints(a: VenueEndpoints, b: VenueEndpoints): boolean {
  return JSON.stringify(canonical(a)) === JSON.stringify(canonical(b));
}

/** Real money at one venue against play money at the other: one leg would not be hedged at all. */
export function mixesMoney({ paradex, vest }: VenueEndpoints): boolean {
  return paradex.network !== vest.network && (paradex.network === 'testnet' || vest.network === 'testnet');
}

/**
 * Folder of everything one desk keeps, below the data folder: one for each mode, network and account, so that histories
 * never mix: "live-production-1f2e3d4c". @param accounts of a live desk
 */
export function deskFolderName(mode: 'paper' | 'live', endpoints: VenueEndpoints, accounts: string[] = []): string {
  const { paradex, vest } = endpoints;
  const networks = paradex.network === vest.network ? paradex.network : `${paradex.network}-${vest.network}`;
  const isPublished = (network: VenueNetwork) => network !== 'custom';
  const told = [
    ...(isPublished(paradex.network) && isPublished(vest.network) ? [] : canonical(endpoints)),
    ...accounts.map((account) => account.toLowerCase()),
  ];
  if (told.length === 0) return `${mode}-${networks}`;
  return `${mode}-${networks}-${createHash('sha256').update(JSON.stringify(told)).digest('hex').slice(0, 8)}`;
}

function canonical({ paradex, vest }: VenueEndpoints): string[] {
  return [
    paradex.network,
    paradex.restUrl,
    paradex.wsUrl,
    vest.network,
    vest.restUrl,
    vest.wsUrl,
    vest.verifyingContract.toLowerCase(),
  ];
}

function invalid(venue: VenueName, field: string, why: string): HalfspreadError {
  return new HalfspreadError(
    'HS_ENDPOINT_INVALID',
    `The ${field} address of ${venueName(venue)} cannot be used: ${why}. Nothing was changed.`,
    'Correct it, or choose a published network.',
  );
}

import type { EndpointRequest } from '../../host.ts';
import type { Refusal } from '../exchange/state.ts';
import type { Trader } from '../order-entry.ts';
import type { Grant } from '../tokens.ts';
import type { ParadexVenue } from '../venue.ts';
import type { WireValue } from '../wire-json.ts';

/** One REST request on its way to its handler. */
export interface RestCall {
  venue: ParadexVenue;
  request: EndpointRequest;
  query: URLSearchParams;
  /** Values of the `:name` parts of the path, decoded. */
  path: Record<string, string>;
  /** `undefined` sends an empty body. */
  reply(status: number, body: WireValue | undefined): void;
  refuse(refusal: Refusal): void;
}

/** A request with a good token. */
export interface PrivateCall extends RestCall {
  grant: Grant;
  trader: Trader;
}

export interface Route {
  method: string;
  /** Below /v1, e.g. "/orders/:order_id". */
  path: string;
  handle: { access: 'public'; run(call: RestCall): void } | { access: 'private'; run(call: PrivateCall): void };
}

export function publicRoute(method: string, path: string, run: (call: RestCall) => void): Route {
  return { method, path, handle: { access: 'public', run } };
}

export function privateRoute(method: string, path: string, run: (call: PrivateCall) => void): Route {
  return { method, path, handle: { access: 'private', run } };
}

/** JSON body as an object, {} when there is none; undefined when it is anything else. */
export function bodyObject(request: EndpointRequest): Record<string, unknown> | undefined {
  const body = request.body === '' ? {} : parsedBody(request);
  return typeof body === 'object' && body !== null && !Array.isArray(body)
    ? (body as Record<string, unknown>)
    : undefined;
}

/** JSON body as a list; undefined when it is anything else. */
export function bodyArray(request: EndpointRequest): unknown[] | undefined {
  const body = parsedBody(request);
  return Array.isArray(body) ? body : undefined;
}

/** Undefined when the body is no JSON. */
function parsedBody(request: EndpointRequest): unknown {
  try {
    return JSON.parse(request.body) as unknown;
  } catch {
    return undefined;
  }
}

import type { EndpointRequest, EndpointResponse } from '../../host.ts';
import { refusal, type Refusal } from '../exchange/state.ts';
import type { RateScope } from '../rate-limits.ts';
import type { ParadexVenue } from '../venue.ts';
import { wireJson, type WireValue } from '../wire-json.ts';
import { ACCOUNT_ROUTES } from './account-routes.ts';
import { AUTH_ROUTES } from './auth-routes.ts';
import type { RestCall, Route } from './call.ts';
import { ORDER_ROUTES } from './order-routes.ts';
import { PUBLIC_ROUTES } from './public-routes.ts';
import { SUBKEY_ROUTES } from './subkey-routes.ts';

const BASE_PATH = '/v1';

const ROUTES = [...PUBLIC_ROUTES, ...AUTH_ROUTES, ...ORDER_ROUTES, ...ACCOUNT_ROUTES, ...SUBKEY_ROUTES].map(
  (route) => ({ route, parts: route.path.split('/') }),
);

/** Answers one REST request; `respond` is called exactly once, possibly later. */
export function handleRest(
  venue: ParadexVenue,
  request: EndpointRequest,
  respond: (response: EndpointResponse) => void,
): void {
  let rateHeaders: Record<string, string> = {};
  const reply = (status: number, body: WireValue | undefined): void => {
    const contentType: Record<string, string> =
      body === undefined ? {} : { 'content-type': 'application/json; charset=utf-8' };
    respond({
      status,
      headers: { ...contentType, ...rateHeaders },
      body: body === undefined ? '' : wireJson(body),
    });
  };
  const refuse = ({ status, code, message }: Refusal): void => reply(status, { error: code, message, data: null });
  const isWithinRate = (scope: RateScope, owner?: string): boolean => {
    const { enforcesRateLimits, rateLimitError } = venue.state.switches;
    if (!enforcesRateLimits) return true;
    const answer = venue.rates.take(scope, owner);
    rateHeaders = answer.headers;
    if (!answer.allowed) refuse(refusal(rateLimitError, 'rate limit exceeded', 429));
    return answer.allowed;
  };
  const [path = '', query = ''] = request.path.split('?', 2);
  const found = path.startsWith(`${BASE_PATH}/`) ? find(request.method, path.slice(BASE_PATH.length)) : undefined;
  if (found === undefined) {
    refuse(refusal('NOT_FOUND', `${request.method} ${path} is not served by the practice venue`, 404));
    return;
  }
  const call: RestCall = { venue, request, query: new URLSearchParams(query), path: found.values, reply, refuse };
  const { handle } = found.route;
  if (handle.access === 'public') {
    if (isWithinRate(publicScope(request.method, found.route.path))) handle.run(call);
    return;
  }
  const bearer = /^Bearer (\S+)$/.exec(request.headers.authorization ?? '')?.[1];
  const grant = bearer === undefined ? undefined : venue.tokens.find(bearer, venue.nowS());
  if (grant === undefined) {
    const message = bearer === undefined ? 'missing or malformed jwt' : 'invalid or expired jwt';
    refuse(refusal('UNAUTHORIZED_ERROR', message, 401));
    return;
  }
  const isOrderChange = request.method !== 'GET' && found.route.path.startsWith('/orders');
  if (!isWithinRate(isOrderChange ? 'orders' : 'privateReads', grant.account)) return;
  handle.run({ ...call, grant, trader: { account: grant.account, orderClass: grant.orderClass } });
}

function publicScope(method: string, path: string): RateScope {
  if (method !== 'POST') return 'public';
  return path.startsWith('/auth') ? 'auth' : 'onboarding';
}

function find(method: string, path: string): { route: Route; values: Record<string, string> } | undefined {
  const parts = path.split('/');
  for (const { route, parts: pattern } of ROUTES) {
    if (route.method !== method || pattern.length !== parts.length) continue;
    const values = match(pattern, parts);
    if (values !== undefined) return { route, values };
  }
  return undefined;
}

/** Values of the `:name` parts, or undefined when the path is another one. */
function match(pattern: string[], parts: string[]): Record<string, string> | undefined {
  const values: Record<string, string> = {};
  for (const [index, expected] of pattern.entries()) {
    const part = parts[index]!;
    if (expected.startsWith(':')) values[expected.slice(1)] = decode(part);
    else if (expected !== part) return undefined;
  }
  return values;
}

/** Percent-decoded; a part that is not valid percent-encoding stays as it is and simply names nothing. */
function decode(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    return part;
  }
}

import { z } from 'zod';
import { HalfspreadError } from '../core/errors.ts';
import type { Clock } from '../env.ts';
import type { VestEndpoint } from '../protocol/endpoints.ts';
import { parseBody } from '../venues/vest/rest.ts';
import { VestClock } from '../venues/vest/venue-clock.ts';
import { exchangeInfoSchema, type VestExchangeInfo } from '../venues/vest/wire.ts';
import { checkClock } from './clock-check.ts';
import { hostOf, type VenueLine } from './venue-line.ts';

const REQUEST_TIMEOUT_MS = 5_000;
/** What v3 tells of a symbol and v2 does not (vest.md 3.1). */
const V3_FIELDS = ['displaySymbol', 'minTickSize', 'defaultTickSize', 'tickSizes', 'makerFee', 'tradingStatus'];
const symbolsSchema = z.looseObject({ symbols: z.array(z.looseObject({ symbol: z.string() })).min(1) });

/** What answers at a Vest address. */
export interface RecognisedVest {
  info: VestExchangeInfo;
  /** The venue's clock minus this machine's, ms, from the HTTP date (1 s grain); undefined without one. */
  offsetMs: number | undefined;
}

/**
 * Asks GET /exchangeInfo and says which generation it is that answers; only v2 is returned.
 * @throws HalfspreadError HS_VEST_V3, HS_VEST_NOT_V2, and VenueLine's
 */
export async function recogniseVest(
  env: { clock: Clock },
  line: VenueLine,
  endpoint: VestEndpoint,
): Promise<RecognisedVest> {
  const { clock } = env;
  const url = `${endpoint.restUrl}/exchangeInfo`;
  const headers = { xrestservermm: 'restserver0' };
  const sentAtMs = clock.monotonicMs();
  const response = await line.request({ method: 'GET', url, headers, timeoutMs: REQUEST_TIMEOUT_MS }).catch(
    // No JSON under the v2 path: what answers may still be the v3 gateway.
    async (error: unknown) => {
      if (error instanceof HalfspreadError && error.code === 'HS_VENUE_NOT_API' && (await answersV3(line, endpoint))) {
        throw v3(endpoint.restUrl);
      }
      throw error;
    },
  );
  const body = parseBody(response.body);
  if (isV3(body)) throw v3(endpoint.restUrl);
  const info = exchangeInfoSchema.safeParse(body);
  if (response.status >= 300 || !info.success) {
    throw (await answersV3(line, endpoint)) ? v3(endpoint.restUrl) : notV2(url, response.status);
  }
  const samples = new VestClock(clock);
  samples.addAnswer(sentAtMs, response.receivedAtMs, response.headers['date']);
  const offset = samples.offset();
  const localMs = clock.wallMs() - clock.monotonicMs();
  return { info: info.data, offsetMs: offset && offset.offsetMs - localMs };
}

/** @throws HalfspreadError HS_CLOCK_OFF */
export function checkVestClock({ offsetMs }: RecognisedVest): void {
  if (offsetMs !== undefined) checkClock('Vest', offsetMs);
}

export function isV3(body: unknown): boolean {
  const parsed = symbolsSchema.safeParse(body);
  return parsed.success && parsed.data.symbols.some((symbol) => V3_FIELDS.some((field) => field in symbol));
}

/** Halfspread's reason not to trade on v3 (vest.md 1). */
export function v3(url: string): HalfspreadError {
  return new HalfspreadError(
    'HS_VEST_V3',
    `Vest’s new gateway (API v3) answers at ${hostOf(url)}. Halfspread does not trade on it: v3 is unpublished, it takes ` +
      'orders on a login token instead of your own signature, and Vest’s terms restrict programs on it.',
    'Trading on Vest needs its v2 API. Use an address that answers as v2, or keep to practice and paper mode.',
  );
}

function notV2(url: string, status: number): HalfspreadError {
  return new HalfspreadError(
    'HS_VEST_NOT_V2',
    `What answers at ${hostOf(url)} (HTTP ${status} to ${new URL(url).pathname}) is not Vest’s v2 API.`,
    'Check the address; it ends in /v2. Vest may have switched v2 off.',
  );
}

/** The v3 path on the same host; no other host is ever asked. */
async function answersV3(line: VenueLine, endpoint: VestEndpoint): Promise<boolean> {
  const url = new URL('/v3/exchangeInfo', endpoint.restUrl).href;
  try {
    return isV3(parseBody((await line.request({ method: 'GET', url, timeoutMs: REQUEST_TIMEOUT_MS })).body));
  } catch (error) {
    if (error instanceof HalfspreadError) return false;
    throw error;
  }
}

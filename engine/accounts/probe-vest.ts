import { HalfspreadError } from '../core/errors.ts';
import type { VestEndpoint } from '../protocol/endpoints.ts';
import { frameText } from '../venues/vest/frame.ts';
import { socketUrl } from '../venues/vest/market-data.ts';
import { VestRest, parseBody } from '../venues/vest/rest.ts';
import { VestClock } from '../venues/vest/venue-clock.ts';
import { depthSchema, errorIn } from '../venues/vest/wire.ts';
import { checkVestClock, recogniseVest, v3 } from './vest-recognise.ts';
import { describeClock } from './clock-check.ts';
import type { ProbeEnv, ProbeFindings } from './probe.ts';
import type { ProbeSteps } from './probe-steps.ts';
import { converse } from './stream-check.ts';
import { hostOf, type VenueLine } from './venue-line.ts';

const REQUEST_TIMEOUT_MS = 5_000;
const DEPTH_LIMIT = 5;
const SUBSCRIBE_ID = 1;
/** Vest's answers to a private read without a key: no key, no group, no parameter. */
const KEYLESS_CODES = new Set([1002, 1146, 1130]);
/** Busy at all hours; markets of shares and currencies sleep. */
const PREFERRED_MARKET = 'BTC-PERP';

/** Markets, one book, whether accounts are served at all, and one market's book over the WebSocket. */
export async function probeVest(
  env: ProbeEnv,
  line: VenueLine,
  steps: ProbeSteps,
  endpoint: VestEndpoint,
  found: ProbeFindings,
): Promise<void> {
  const vest = await steps
    .run(
      'GET /exchangeInfo',
      () => recogniseVest(env, line, endpoint),
      ({ info }) => `Markets in the form of v2: ${info.symbols.length}.`,
    )
    .catch((error: unknown) => {
      if (error instanceof HalfspreadError && error.code === 'HS_VEST_V3') found.generation = 'v3';
      throw error;
    });
  found.generation = 'v2';
  found.markets = vest.info.symbols.map(({ symbol }) => symbol).sort();
  const symbol = found.markets.includes(PREFERRED_MARKET) ? PREFERRED_MARKET : found.markets[0];
  if (symbol === undefined) {
    throw new HalfspreadError('HS_VENUE_NO_MARKETS', 'Vest lists no market here.', 'Check the address.');
  }
  await steps.attempt(
    'clock',
    () => Promise.resolve(checkVestClock(vest)),
    () => describeVestClock(vest.offsetMs),
  );
  const settings = { restUrl: endpoint.restUrl, accountGroup: 0, requestTimeoutMs: REQUEST_TIMEOUT_MS };
  const rest = new VestRest({ clock: env.clock, network: line }, settings, new VestClock(env.clock), () => undefined);
  await steps.run(
    `GET /depth ${symbol}`,
    () => rest.call(depthSchema, 'GET', '/depth', { symbol, limit: DEPTH_LIMIT }),
    ({ bids, asks }) => `${bids.length} bids, ${asks.length} asks.`,
  );
  await steps.run(
    'GET /account without a key',
    () => accountsAreServed(env, line, endpoint),
    () => 'Refused for want of an API key, so the account side of v2 is there. No key was sent.',
  );
  await steps
    .run(
      `WebSocket ${symbol}@depth`,
      () => hearDepth(env, line, endpoint, symbol),
      ({ openedAfterMs, heardAfterMs }) =>
        `Open after ${openedAfterMs.toFixed(0)} ms, first book after ${heardAfterMs.toFixed(0)} ms.`,
    )
    .catch((error: unknown) => {
      if (error instanceof HalfspreadError && error.code === 'HS_VEST_V3') found.generation = 'v3';
      throw error;
    });
  found.usable = true;
}

function describeVestClock(offsetMs: number | undefined): string {
  if (offsetMs === undefined) return 'Vest’s answers carry no date.';
  // The date has no fractions of a second.
  if (Math.abs(offsetMs) < 1_000) return 'This machine’s clock agrees with Vest’s to the second.';
  return `This machine’s clock is ${describeClock(offsetMs)} Vest’s.`;
}

/**
 * v2's public data outlives its trading (vest.md 1). A read of an account without a key tells whether there are accounts:
 * they refuse it. Whether orders are taken, only an order could tell.
 */
async function accountsAreServed({ clock }: ProbeEnv, line: VenueLine, { restUrl }: VestEndpoint): Promise<void> {
  const url = `${restUrl}/account?time=${Math.floor(clock.wallMs())}`;
  const headers = { xrestservermm: 'restserver0' };
  const { status, body } = await line.request({ method: 'GET', url, headers, timeoutMs: REQUEST_TIMEOUT_MS });
  const refusal = errorIn(parseBody(body));
  if (status === 401 || status === 403 || (refusal !== undefined && KEYLESS_CODES.has(refusal.code))) return;
  throw new HalfspreadError(
    'HS_VEST_PUBLIC_ONLY',
    'Vest’s v2 API still shows markets here, but its account side does not answer as v2: nothing can be traded on it.',
    'Paper mode can use its prices. For live trading Vest must offer v2 accounts again.',
  );
}

/** Ends with the first book. v3 answers a subscription in a form of its own. */
function hearDepth(env: ProbeEnv, line: VenueLine, { wsUrl }: VestEndpoint, symbol: string) {
  const channel = `${symbol}@depth`;
  return converse(env, line, {
    url: socketUrl({ wsUrl, accountGroup: 0 }),
    say: JSON.stringify({ method: 'SUBSCRIBE', params: [channel], id: SUBSCRIBE_ID }),
    hear(frame) {
      const text = typeof frame === 'string' ? frame : frameText(frame);
      const message = text === undefined ? undefined : parseBody(text);
      if (typeof message !== 'object' || message === null) return undefined;
      if ('subscription_outcomes' in message) throw v3(wsUrl);
      const refusal = errorIn(message);
      if (refusal) {
        throw new HalfspreadError(
          'HS_VEST_STREAM_REFUSED',
          `Vest refuses the subscription to ${channel} at ${hostOf(wsUrl)}: ${refusal.msg} (${refusal.code}).`,
          'If this repeats, Vest changed its protocol and Halfspread needs an update.',
        );
      }
      const isBook = 'channel' in message && message.channel === channel && 'data' in message;
      return isBook && depthSchema.safeParse(message.data).success ? true : undefined;
    },
  });
}

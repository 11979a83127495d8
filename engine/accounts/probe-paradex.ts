import { HalfspreadError } from '../core/errors.ts';
import type { ParadexEndpoint } from '../protocol/endpoints.ts';
import { SBE_QUERY } from '../venues/paradex/market-data.ts';
import { ParadexRest, ParadexRestError, fetchSystemConfig, fetchSystemState } from '../venues/paradex/rest.ts';
import { isPush, parseRpcMessage } from '../venues/paradex/rpc.ts';
import { SBE_TEMPLATE, templateIdOf } from '../venues/paradex/sbe.ts';
import type { Market, SystemConfig } from '../venues/paradex/wire.ts';
import { checkClock, describeClock } from './clock-check.ts';
import { paradexFailure } from './paradex-errors.ts';
import { checkChain, venueClockOffset } from './paradex-login.ts';
import type { ProbeEnv, ProbeFindings } from './probe.ts';
import type { ProbeSteps } from './probe-steps.ts';
import { converse } from './stream-check.ts';
import { hostOf, type VenueLine } from './venue-line.ts';

const SUBSCRIBE_ID = 1;
/** Busy at all hours, so that its first message tells something. */
const PREFERRED_MARKET = 'BTC-USD-PERP';

/** Configuration, state, clock, markets, and one market's prices over the WebSocket. */
export async function probeParadex(
  env: ProbeEnv,
  line: VenueLine,
  steps: ProbeSteps,
  endpoint: ParadexEndpoint,
  found: ProbeFindings,
): Promise<void> {
  const { restUrl } = endpoint;
  const rest = new ParadexRest(line, restUrl);
  const config = await steps.run(
    'GET /system/config',
    () => readConfig(line, restUrl),
    ({ starknet_chain_id, environment }) => `Chain ${starknet_chain_id}, environment ${environment ?? 'not told'}.`,
  );
  found.generation = 'v1';
  if (endpoint.network !== 'custom') {
    await steps.run(
      'network',
      () => Promise.resolve(checkChain(endpoint.network, config)),
      () => `The chain is ${endpoint.network}’s.`,
    );
  }
  await steps.run(
    'GET /system/state',
    () => fetchSystemState(line, restUrl),
    ({ status }) => `State ${status}${status === 'ok' ? '' : ': orders are refused or restricted for now'}.`,
  );
  await steps.attempt(
    'GET /system/time',
    async () => {
      const offsetMs = await venueClockOffset(env, rest);
      checkClock('Paradex', offsetMs);
      return offsetMs;
    },
    (offsetMs) => `This machine’s clock is ${describeClock(offsetMs)} Paradex’s.`,
  );
  const perpetuals = await steps.run(
    'GET /markets',
    () => readPerpetuals(rest),
    ({ length }) => `Perpetual markets: ${length}.`,
  );
  found.markets = perpetuals.map(({ symbol }) => symbol).sort();
  const symbol = found.markets.includes(PREFERRED_MARKET) ? PREFERRED_MARKET : found.markets[0]!;
  await steps.run(
    `WebSocket bbo.${symbol}`,
    () => hearTouch(env, line, endpoint, symbol),
    ({ openedAfterMs, heardAfterMs }) =>
      `Open after ${openedAfterMs.toFixed(0)} ms, first prices after ${heardAfterMs.toFixed(0)} ms.`,
  );
  found.usable = true;
}

async function readConfig(line: VenueLine, restUrl: string): Promise<SystemConfig> {
  try {
    return await fetchSystemConfig(line, restUrl);
  } catch (error) {
    const refused = error instanceof ParadexRestError ? paradexFailure(error, '') : error;
    const isOtherApi =
      refused instanceof ParadexRestError ||
      (refused instanceof HalfspreadError && refused.code === 'HS_PARADEX_MESSAGE');
    if (!isOtherApi) throw refused;
    throw new HalfspreadError(
      'HS_PARADEX_NOT_V1',
      `What answers at ${hostOf(restUrl)} is not Paradex’s v1 API.`,
      'Check the address; it ends in /v1.',
      { cause: error },
    );
  }
}

async function readPerpetuals(rest: ParadexRest): Promise<Market[]> {
  const perpetuals = (await rest.markets()).filter(({ asset_kind: kind }) => kind === 'PERP');
  if (perpetuals.length > 0) return perpetuals;
  throw new HalfspreadError(
    'HS_VENUE_NO_MARKETS',
    'Paradex lists no perpetual market here.',
    'Check the address; try again later.',
  );
}

/** Ends with the first binary price message: an acknowledged subscription may still be silent (paradex.md 8.2). */
function hearTouch(env: ProbeEnv, line: VenueLine, { wsUrl }: ParadexEndpoint, symbol: string) {
  const url = `${wsUrl}${wsUrl.includes('?') ? '&' : '?'}${SBE_QUERY}`;
  const params = { channel: `bbo.${symbol}` };
  return converse(env, line, {
    url,
    say: JSON.stringify({ jsonrpc: '2.0', method: 'subscribe', params, id: SUBSCRIBE_ID }),
    hear(frame) {
      if (typeof frame !== 'string') return templateIdOf(frame) === SBE_TEMPLATE.bbo || undefined;
      const message = parseRpcMessage(frame);
      if (!isPush(message) && message.error) {
        throw new HalfspreadError(
          'HS_PARADEX_STREAM_REFUSED',
          `Paradex refuses the subscription to ${params.channel}: ${message.error.message} (${message.error.code}).`,
          'If this repeats, Paradex changed its protocol and Halfspread needs an update.',
        );
      }
      return undefined;
    },
  });
}

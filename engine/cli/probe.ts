import type { ZodError } from 'zod';
import { probeVenues } from '../accounts/probe.ts';
import { HalfspreadError } from '../core/errors.ts';
import { createNodeEnv } from '../node-env.ts';
import type { VenueProbe } from '../protocol/accounts.ts';
import { PUBLISHED_ENDPOINTS, venueEndpointsSchema, type VenueEndpoints } from '../protocol/endpoints.ts';
import { EXIT, printJson } from './output.ts';

export interface ProbeCommandOptions {
  network?: string;
  paradexRest?: string;
  paradexWs?: string;
  vestRest?: string;
  vestWs?: string;
  vestContract?: string;
  json: boolean;
}

/** Options of addresses of one's own, by the endpoint field they fill. */
const ADDRESS_OPTIONS = {
  'paradex.restUrl': '--paradex-rest',
  'paradex.wsUrl': '--paradex-ws',
  'vest.restUrl': '--vest-rest',
  'vest.wsUrl': '--vest-ws',
  'vest.verifyingContract': '--vest-contract',
} as const;

/** `halfspread probe`: resolves with exit code 0 when both venues answer with an API this product trades on, else 1. */
export async function probeCommand(options: ProbeCommandOptions): Promise<number> {
  const endpoints = endpointsOf(options);
  const env = createNodeEnv();
  try {
    const result = await probeVenues(env, endpoints);
    if (options.json) printJson(result);
    else for (const venue of result.venues) console.log(describe(venue));
    return result.venues.every(({ usable }) => usable) ? EXIT.ok : EXIT.failed;
  } finally {
    await env.close();
  }
}

/** @throws HalfspreadError HS_BAD_ENDPOINT */
export function endpointsOf(options: Omit<ProbeCommandOptions, 'json'>): VenueEndpoints {
  const { network, paradexRest, paradexWs, vestRest, vestWs, vestContract } = options;
  const addresses = [paradexRest, paradexWs, vestRest, vestWs, vestContract];
  const hasAddresses = addresses.some((address) => address !== undefined);
  if (network !== undefined && hasAddresses)
    throw badEndpoint('--network and addresses of your own exclude each other');
  if (!hasAddresses) return publishedEndpoints(network ?? 'production');
  const missing = Object.values(ADDRESS_OPTIONS).filter((_option, index) => addresses[index] === undefined);
  if (missing.length > 0) throw badEndpoint(`${missing.join(', ')} missing`);
  const parsed = venueEndpointsSchema.safeParse({
    paradex: { network: 'custom', restUrl: paradexRest, wsUrl: paradexWs },
    vest: { network: 'custom', restUrl: vestRest, wsUrl: vestWs, verifyingContract: vestContract },
  });
  if (parsed.success) return parsed.data;
  throw badEndpoint(problemOf(parsed.error));
}

function publishedEndpoints(network: string): VenueEndpoints {
  if (network === 'production' || network === 'testnet') return PUBLISHED_ENDPOINTS[network];
  throw badEndpoint(`there is no network "${network}"`);
}

function problemOf(error: ZodError): string {
  const issue = error.issues[0]!;
  const field = issue.path.join('.');
  const option = Object.entries(ADDRESS_OPTIONS).find(([name]) => name === field)?.[1] ?? field;
  return `${option}: ${issue.message}`;
}

function badEndpoint(problem: string): HalfspreadError {
  return new HalfspreadError(
    'HS_BAD_ENDPOINT',
    `The venues’ addresses cannot be used: ${problem}.`,
    `Give --network production, --network testnet, or all of ${Object.values(ADDRESS_OPTIONS).join(', ')}.`,
  );
}

function describe({ venue, usable, generation, steps, markets, roundTripMs, error }: VenueProbe): string {
  const head = [
    venue === 'paradex' ? 'Paradex' : 'Vest',
    generation === undefined ? 'no known API' : `API ${generation}`,
    usable ? 'usable' : 'NOT usable',
    roundTripMs === undefined ? '' : `round trip ${roundTripMs.toFixed(1)} ms`,
    `markets ${markets.length}`,
  ];
  const lines = steps.map(
    ({ what, ok, detail, ms }) => `  ${ok ? 'ok    ' : 'FAILED'} ${ms.toFixed(0).padStart(5)} ms  ${what}: ${detail}`,
  );
  const failure = error === undefined ? [] : [`  ${error.code}: ${error.message}`, `  What to do: ${error.remedy}`];
  return [head.filter((part) => part !== '').join(', '), ...lines, ...failure].join('\n');
}

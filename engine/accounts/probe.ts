import type { Env } from '../env.ts';
import type { AccountsResult, VenueProbe } from '../protocol/accounts.ts';
import { type VenueEndpoints, type VenueName } from '../protocol/endpoints.ts';
import { toWireError } from '../protocol/errors.ts';
import { probeParadex } from './probe-paradex.ts';
import { ProbeSteps } from './probe-steps.ts';
import { probeVest } from './probe-vest.ts';
import { VenueLine } from './venue-line.ts';

/** With the program's own start the whole stays below 20 s. */
const PROBE_TIMEOUT_MS = 17_000;
/** Bound of the schema. */
const MAX_MARKETS = 500;

export type ProbeEnv = Pick<Env, 'clock' | 'timers' | 'network'>;

/** What a venue's probe has found so far; filled in as it goes, so that a failure keeps what came before it. */
export interface ProbeFindings {
  usable: boolean;
  generation?: string;
  markets: string[];
}

/** Read-only, without keys: asks both venues at once which API generation answers. Never rejects for what a venue does. */
export async function probeVenues(env: ProbeEnv, endpoints: VenueEndpoints): Promise<AccountsResult<'probe'>> {
  const venues = await Promise.all([
    probeVenue(env, 'paradex', 'Paradex', (line, steps, found) =>
      probeParadex(env, line, steps, endpoints.paradex, found),
    ),
    probeVenue(env, 'vest', 'Vest', (line, steps, found) => probeVest(env, line, steps, endpoints.vest, found)),
  ]);
  return { venues };
}

async function probeVenue(
  env: ProbeEnv,
  venue: VenueName,
  title: string,
  probe: (line: VenueLine, steps: ProbeSteps, found: ProbeFindings) => Promise<void>,
): Promise<VenueProbe> {
  const line = new VenueLine(env, title, PROBE_TIMEOUT_MS);
  const steps = new ProbeSteps(env.clock);
  const found: ProbeFindings = { usable: false, markets: [] };
  let error: VenueProbe['error'];
  try {
    await probe(line, steps, found);
    if (steps.firstFailure !== undefined) error = toWireError(steps.firstFailure);
  } catch (cause) {
    error = toWireError(cause);
  }
  const { usable, generation, markets } = found;
  const roundTripMs = line.medianRoundTripMs();
  return {
    venue,
    usable: usable && error === undefined,
    ...(generation === undefined ? {} : { generation }),
    steps: steps.list,
    markets: markets.slice(0, MAX_MARKETS),
    ...(roundTripMs === undefined ? {} : { roundTripMs }),
    ...(error === undefined ? {} : { error }),
  };
}

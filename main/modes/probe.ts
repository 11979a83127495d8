import { z } from 'zod';
import { venueProbeSchema, type VenueProbe } from '../../engine/protocol/accounts.ts';
import { venueEndpointsSchema, type VenueEndpoints, type VenueName } from '../../engine/protocol/endpoints.ts';
import { toWireError, type WireError } from '../../engine/protocol/errors.ts';
import type { LogRecord } from '../diagnostics/log.ts';
import type { ProbeState } from '../ipc/mode-schema.ts';
import type { StoredJson } from '../settings/stored-json.ts';
import { sameEndpoints } from './endpoints.ts';

/** Results are kept for so many sets of addresses. */
const MAX_KEPT = 6;

const keptProbeSchema = z.strictObject({
  at: z.number(),
  endpoints: venueEndpointsSchema,
  venues: z.array(venueProbeSchema),
});

/** `probes.json`: newest first. */
export const probesFileSchema = z.strictObject({ version: z.literal(1), probes: z.array(keptProbeSchema) });
export type ProbesFile = z.infer<typeof probesFileSchema>;

export interface ProbesOptions {
  /** Asks both venues, read-only. */
  ask(endpoints: VenueEndpoints, signal: AbortSignal): Promise<{ venues: VenueProbe[] }>;
  file: Pick<StoredJson<ProbesFile>, 'found' | 'replace'>;
  now(): number;
  onChange(): void;
  log(record: LogRecord): void;
}

/** What answers at the venues' addresses: asked once, remembered with its age. */
export interface Probes {
  state(endpoints: VenueEndpoints | undefined): ProbeState;
  /** What the latest probe of these addresses found of a venue. */
  found(endpoints: VenueEndpoints, venue: VenueName): VenueProbe | undefined;
  /** Starts one, in place of one that runs; resolves when it is over, with the outcome in `state`. */
  run(endpoints: VenueEndpoints): Promise<void>;
  cancel(): void;
}

export function createProbes(options: ProbesOptions): Probes {
  let kept = options.file.found?.probes ?? [];
  let running: { endpoints: VenueEndpoints; sinceAt: number; abort: AbortController } | undefined;
  let failed: { endpoints: VenueEndpoints; error: WireError } | undefined;

  const resultFor = (endpoints: VenueEndpoints) => kept.find((probe) => sameEndpoints(probe.endpoints, endpoints));

  async function keep(probe: ProbesFile['probes'][number]): Promise<void> {
    const others = kept.filter((other) => !sameEndpoints(other.endpoints, probe.endpoints));
    kept = [probe, ...others].slice(0, MAX_KEPT);
    try {
      await options.file.replace({ version: 1, probes: kept });
    } catch (error) {
      // It counts for this run all the same.
      options.log({ level: 'warn', message: toWireError(error).message });
    }
  }

  return {
    state(endpoints) {
      if (!endpoints) return {};
      const result = resultFor(endpoints);
      const isRunning = running !== undefined && sameEndpoints(running.endpoints, endpoints);
      const hasFailed = failed !== undefined && sameEndpoints(failed.endpoints, endpoints);
      return {
        ...(isRunning && { runningSince: running?.sinceAt }),
        ...(result && { result: { at: result.at, venues: result.venues } }),
        ...(hasFailed && { error: failed?.error }),
      };
    },
    found: (endpoints, venue) => resultFor(endpoints)?.venues.find((probe) => probe.venue === venue),
    async run(endpoints) {
      running?.abort.abort();
      const mine = { endpoints, sinceAt: options.now(), abort: new AbortController() };
      running = mine;
      failed = undefined;
      options.onChange();
      try {
        const { venues } = await options.ask(endpoints, mine.abort.signal);
        await keep({ at: options.now(), endpoints, venues });
      } catch (error) {
        // One that was stopped says nothing about the venues.
        if (!mine.abort.signal.aborted) failed = { endpoints, error: toWireError(error) };
      }
      if (running === mine) running = undefined;
      options.onChange();
    },
    cancel: () => running?.abort.abort(),
  };
}

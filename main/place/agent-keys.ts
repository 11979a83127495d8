import { z } from 'zod';
import { toWireError } from '../../engine/protocol/errors.ts';
import type { DeskLaunchInput } from '../../engine/protocol/launch.ts';
import type { SpikeSensitivity } from '../../engine/protocol/messages.ts';
import type { LogRecord } from '../diagnostics/log.ts';
import { launchOf, type DeskPlan, type LocalDesk } from '../engines/local-desk.ts';
import type { Terms } from '../engines/terms.ts';
import type { Site } from '../ipc/site-schema.ts';
import { venuesNotReady } from './refusals.ts';
import type { LinkedAgent } from './site-links.ts';
import type { VenueAccess } from './venue-access.ts';

export interface AgentKeysOptions {
  local: Pick<LocalDesk, 'venues'>;
  terms: Pick<Terms, 'current'>;
  venueAccess: VenueAccess;
  spikeSensitivity(): SpikeSensitivity | undefined;
  log(record: LogRecord): void;
}

/** What is done to an agent on behalf of the desk: it gets its desk and keys, loses them, hears who may trade. */
export interface AgentKeys {
  /** @throws HalfspreadError HS_PLACE_VENUES, HS_TUNNEL_..., of the keychain, of the link, or as the agent gives it */
  unlock(agent: LinkedAgent, plan: DeskPlan): Promise<void>;
  /** @returns whether it is flat @throws HalfspreadError of the link, or as the agent gives it */
  lock(agent: LinkedAgent): Promise<boolean>;
  /** Should its keys come back by another way, an agent that does not hold the term only reads. */
  tellTerm(agent: LinkedAgent): Promise<void>;
  /** Whether its practice desk was given the venues that run here now. */
  knowsVenues(): boolean;
  /** It does not reach the practice venues it was given any more. */
  forgetVenues(): void;
}

const lockAnswerSchema = z.object({ flat: z.boolean() });

export function createAgentKeys(options: AgentKeysOptions): AgentKeys {
  const { local, terms, venueAccess, log } = options;
  let venuesThere: unknown;

  /** The trading keys are fetched here, and go nowhere but into the agent's seal. */
  async function launchAt(site: Site, plan: DeskPlan, venues: unknown): Promise<DeskLaunchInput> {
    if (plan.mode !== 'practice') return launchOf(plan, undefined);
    if (venues === undefined) throw venuesNotReady();
    return launchOf(plan, await venueAccess.describeFor(site, venues));
  }

  return {
    async unlock({ site, link }, plan) {
      const venues = local.venues();
      const desk = await launchAt(site, plan, venues);
      await link.unlock({ desk, term: terms.current().term });
      venuesThere = venues;
      log({ level: 'info', message: `the agent on ${site.name} was unlocked (${plan.mode})` });
      const sensitivity = options.spikeSensitivity();
      if (sensitivity) await link.command({ name: 'spikes.sensitivity', sensitivity });
    },
    async lock({ site, link }) {
      const { flat } = lockAnswerSchema.parse(await link.command({ name: 'lock' }));
      log({ level: 'info', message: `the agent on ${site.name} was locked (${flat ? 'flat' : 'NOT flat'})` });
      return flat;
    },
    async tellTerm(agent) {
      if (agent.link.state().state !== 'ready') return;
      agent.term = terms.current().term;
      try {
        await agent.link.command({ name: 'term.set', granted: terms.current() }, true);
      } catch (error) {
        // It is locked, and is told again at the next connection.
        log({ level: 'warn', message: `${agent.site.name} was not told of the term`, detail: toWireError(error) });
      }
    },
    knowsVenues: () => venuesThere !== undefined && venuesThere === local.venues(),
    forgetVenues: () => void (venuesThere = undefined),
  };
}

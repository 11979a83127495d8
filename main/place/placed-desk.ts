import { setTimeout as delay } from 'node:timers/promises';
import { toWireError, type WireError } from '../../engine/protocol/errors.ts';
import type { Command } from '../../engine/protocol/messages.ts';
import type { Snapshot } from '../../engine/protocol/model.ts';
import { LOCAL_HOLDER } from '../../engine/protocol/term.ts';
import type { LogRecord } from '../diagnostics/log.ts';
import { backoffMs } from '../engines/backoff.ts';
import { linkDown } from '../engines/link.ts';
import type { DeskPlan, LocalDesk } from '../engines/local-desk.ts';
import type { Terms } from '../engines/terms.ts';
import type { DeskPlace, MoveStage, SiteLink } from '../ipc/place-schema.ts';
import type { ProcessState } from '../ipc/schema.ts';
import type { Site } from '../ipc/site-schema.ts';
import { exposedNow, holdsAnything } from '../modes/exposure.ts';
import type { AgentKeys } from './agent-keys.ts';
import type { LinkMemory } from './link-memory.ts';
import * as refusals from './refusals.ts';
import type { LinkedAgent, SiteLinks } from './site-links.ts';
import type { VenueAccess } from './venue-access.ts';

export interface PlacedDeskOptions {
  local: LocalDesk;
  links: SiteLinks;
  memory: LinkMemory;
  terms: Terms;
  keys: AgentKeys;
  venueAccess: Pick<VenueAccess, 'release'>;
  /** Asks a person outside of the window whether this site's agent may have keys that trade real money. */
  confirmLive(site: Site): Promise<boolean>;
  /** Whether a deploy or another operation works on this site now. */
  isBusy(site: string): boolean;
  /** False when the list of sites could not be read: a site that is missing from it may still have an engine. */
  isListWhole: boolean;
  /** Whether the latest look over SSH, made after this moment (Unix ms), found the service there stopped. */
  wasStopped(site: string, since: number): boolean;
  /** Whether the service there is known, from a look over SSH made now, not to run. @throws HalfspreadError of the look */
  isStopped(site: string): Promise<boolean>;
  /** The latest of the desk, wherever it runs. */
  snapshot(): Snapshot | undefined;
  onChange(): void;
  /** The desk runs at another place now: what was known of it is of the old one. @param there what its agent last said */
  onMoved(there: Snapshot | undefined): void;
  now(): number;
  log(record: LogRecord): void;
}

/**
 * The one desk of this program, wherever it runs: on this machine, or on a server of the list of sites. Who holds the highest
 * term is its place (engine/protocol/term.ts); an engine elsewhere is ended before another one is given the right.
 */
export interface PlacedDesk extends Pick<
  LocalDesk,
  'states' | 'start' | 'choose' | 'command' | 'startAgain' | 'venues' | 'stop'
> {
  place(): DeskPlace;
  /** Whether its engine, if there is to be one, runs on this machine. */
  isHere(): boolean;
  /** Name of the site the desk is to be at; undefined: this machine. */
  site(): string | undefined;
  siteLinks(): SiteLink[];
  /** Begins a move; the rest is in `place()`. @throws HalfspreadError HS_MOVE_..., nothing was changed then */
  move(site: string | undefined): void;
  /** @throws HalfspreadError HS_PLACE_HERE, HS_LINK_DOWN, HS_MOVE_NOT_FLAT, HS_MOVE_ARMED, or as the agent gives it */
  lock(): Promise<void>;
  /** @throws HalfspreadError HS_PLACE_HERE, HS_LINK_DOWN, HS_PLACE_..., or as the agent gives it */
  unlock(): Promise<void>;
  /** The agent does not reach the practice venues it was given any more. */
  venuesLost(): void;
  /** Links, venues or operations changed: an agent that is locked and should not be is unlocked. */
  settle(): void;
  /** Of the agent the desk is at. */
  owns(agent: Pick<LinkedAgent, 'site'>): boolean;
}

/** An unlock that failed is tried again by itself, soon at first: an agent that has just come up may not be ready. */
const UNLOCK_AGAIN = { baseMs: 2_000, maxMs: 60_000 };
/** At the end, for an unlock or a lock that is under way. */
const LAST_WAIT_MS = 5_000;

export function createPlacedDesk(options: PlacedDeskOptions): PlacedDesk {
  const { local, links, memory, terms, keys, log } = options;
  let plan: DeskPlan | undefined;
  let moving: DeskPlace['moving'];
  let failure: WireError | undefined;
  /** Unlocking or locking: one of them at a time. */
  let changing: Promise<void> | undefined;
  let mayUnlockAt = 0;
  let failures = 0;
  let retry: NodeJS.Timeout | undefined;
  let stopped = false;

  const holder = () => terms.current().holder;
  const isHere = () => terms.mayTradeHere();
  const agentThere = () => (isHere() ? undefined : links.ofAgent(holder()));

  /** Also while there is no link yet. */
  const siteThere = () => (isHere() ? undefined : links.siteOf(holder())?.name);

  function fail(what: string, error: unknown): void {
    failure = toWireError(error);
    log({ level: 'error', message: what, detail: failure });
    options.onChange();
  }

  async function unlock(agent: LinkedAgent): Promise<void> {
    if (!plan) throw refusals.notStarted();
    await keys.unlock(agent, plan);
  }

  /** Runs alone; a failure is kept for the window. */
  function change(what: string, work: () => Promise<void>): Promise<void> {
    const done = work().then(
      () => {
        failure = undefined;
        failures = 0;
      },
      (error: unknown) => {
        mayUnlockAt = options.now() + backoffMs(UNLOCK_AGAIN, ++failures, Math.random);
        fail(what, error);
        throw error;
      },
    );
    const settled = done
      .catch(() => undefined)
      .then(() => {
        changing = undefined;
        options.onChange();
        settle();
      });
    changing = settled;
    options.onChange();
    return done;
  }

  /** What stands against leaving the present place; a live desk leaves nothing behind. */
  function demandMovable(): void {
    const snapshot = options.snapshot();
    const states = desk.states();
    if (plan?.mode !== 'live') return;
    // Then leaving it needs the proof that it does not run.
    if (!isHere() && states.link.state !== 'ready') return;
    const runs = states.engine.state !== 'stopped' && states.engine.state !== 'blocked';
    if (!runs || snapshot?.trading === 'locked') return;
    if (snapshot?.arming?.state === 'armed') throw refusals.stillArmed();
    const exposed = exposedNow('live', states, snapshot);
    if (exposed === 'unknown') throw refusals.deskUnknown();
    if (exposed === 'open') throw refusals.notFlat('positions are open, or an order is in doubt');
  }

  function demandReady(site: string): LinkedAgent {
    if (options.isBusy(site)) throw refusals.siteBusy(site);
    const agent = links.ofSite(site);
    const { state, error } = links.stateOf(site);
    if (!agent?.snapshot || state !== 'ready') throw refusals.noLink(site, error?.message);
    if (agent.snapshot.trading !== 'locked') throw refusals.occupied(site);
    return agent;
  }

  /** Ends the engine at the present place; it must not be able to trade when this resolves. */
  async function leave(): Promise<void> {
    if (isHere()) {
      await local.setEngineHere(false);
      const last = options.snapshot();
      if (last?.desk.mode === 'live' && holdsAnything(last)) throw refusals.notFlat('it did not close everything');
      return undefined;
    }
    const name = siteThere();
    if (name === undefined) {
      if (!options.isListWhole) throw refusals.listNotWhole();
      // Its site was removed, and with it, proven, its engine.
      return undefined;
    }
    const agent = agentThere();
    if (agent?.link.state().state !== 'ready') {
      if (await options.isStopped(name)) return undefined;
      throw refusals.unreachable(name);
    }
    if (agent.snapshot?.trading === 'locked') return undefined;
    const isFlat = await keys.lock(agent);
    if (!isFlat && plan?.mode === 'live') throw refusals.notFlat(`the agent on ${name} closed what it could`);
  }

  async function enter(to: LinkedAgent | undefined): Promise<void> {
    const before = agentThere();
    const granted = await terms.grant(to?.site.agent.agentId ?? LOCAL_HOLDER);
    failure = undefined;
    keys.forgetVenues();
    options.onMoved(to?.snapshot);
    log({ level: 'info', message: `term ${granted.term}: the desk runs ${to ? `at ${to.site.name}` : 'here'}` });
    if (before) await keys.tellTerm(before);
    if (to) await unlock(to);
    else await local.setEngineHere(true);
  }

  function settle(): void {
    if (stopped || changing || moving) return;
    for (const agent of links.all()) {
      if (agent.link.state().state !== 'ready' || agent.term === undefined) continue;
      terms.heard(agent.term);
      if (agent.term < terms.current().term && agent.site.agent.agentId !== holder()) void keys.tellTerm(agent);
    }
    const agent = agentThere();
    if (!agent || !plan || agent.link.state().state !== 'ready' || !agent.snapshot) return;
    const { site, snapshot } = agent;
    if (options.isBusy(site.name) || memory.of(site.agent).staysLocked) return;
    const waitMs = mayUnlockAt - options.now();
    if (waitMs > 0) {
      clearTimeout(retry);
      retry = setTimeout(settle, waitMs);
      return;
    }
    const isPractice = plan.mode === 'practice';
    // Practice waits for its venues; they tell when they run.
    if (isPractice && local.venues() === undefined) return;
    if (snapshot.trading === 'locked') {
      void change(`the agent on ${site.name} could not be unlocked`, () => unlock(agent)).catch(() => undefined);
    } else if (isPractice && snapshot.desk.mode === 'practice' && !keys.knowsVenues()) {
      // Its venues are gone: they are of this program, and began anew.
      void change(`the agent on ${site.name} could not be given the new practice venues`, async () => {
        await keys.lock(agent);
        await unlock(agent);
      }).catch(() => undefined);
    }
  }

  /** The agent the desk is at, ready to be told something. */
  function here(): LinkedAgent {
    if (isHere()) throw refusals.nothingToLock();
    const agent = agentThere();
    if (!agent) throw refusals.placeGone();
    if (agent.link.state().state !== 'ready') throw linkDown();
    return agent;
  }

  /** After whatever is under way. */
  async function afterOthers(): Promise<void> {
    while (changing) await changing;
  }

  function remember(site: Site, staysLocked: boolean): Promise<void> {
    return memory.note(site.agent, { staysLocked });
  }

  function engineThere(): ProcessState {
    if (siteThere() === undefined) return { state: 'blocked', restarts: 0, error: toWireError(refusals.placeGone()) };
    const agent = agentThere();
    const link = agent?.link.state();
    if (agent && link?.state !== 'ready' && options.wasStopped(agent.site.name, link?.lastSeenAt ?? 0)) {
      return { state: 'stopped', restarts: 0 };
    }
    return { state: agent?.snapshot ? 'running' : 'starting', restarts: 0 };
  }

  const desk: PlacedDesk = {
    states() {
      const states = local.states();
      if (isHere()) return states;
      const site = siteThere();
      const link = site === undefined ? { state: 'lost' as const, rtt: { n: 0 }, attempt: 0 } : links.stateOf(site);
      return { engine: engineThere(), venues: states.venues, link };
    },
    site: siteThere,
    isHere,
    owns: (agent) => !isHere() && agent.site.agent.agentId === holder(),
    place() {
      const site = siteThere();
      return {
        ...(site !== undefined && { site }),
        ...(!isHere() && site === undefined && { isGone: true }),
        ...(moving && { moving }),
        ...(failure && { error: failure }),
      };
    },
    siteLinks: () =>
      links.all().map(({ site, link, snapshot, term }): SiteLink => ({
        site: site.name,
        link: link.state(),
        ...(term !== undefined && { term }),
        ...(snapshot && {
          trading: snapshot.trading,
          mode: snapshot.desk.mode,
          engineVersion: snapshot.desk.engineVersion,
          isFlat: !holdsAnything(snapshot),
        }),
        holdsDesk: !isHere() && site.agent.agentId === holder(),
        isUnlocking: changing !== undefined && site.agent.agentId === holder(),
        staysLocked: memory.of(site.agent).staysLocked,
      })),
    start(first) {
      plan = first;
      local.start(first, isHere());
      settle();
    },
    async choose(next) {
      if (isHere()) {
        plan = next;
        return local.choose(next);
      }
      await afterOthers();
      // Before anything is changed: an agent that cannot be reached keeps its desk.
      const agent = here();
      await change(`the agent on ${agent.site.name} did not change its desk`, async () => {
        if (agent.snapshot?.trading !== 'locked') await keys.lock(agent);
        plan = next;
        await local.choose(next);
      });
    },
    venues: () => local.venues(),
    command(command: Command, authorize) {
      if (isHere()) return local.command(command, authorize);
      return agentThere()?.link.command(command, authorize) ?? Promise.reject(linkDown());
    },
    startAgain(process) {
      const site = siteThere();
      if (process === 'engine' && !isHere()) return Promise.reject(refusals.notOnThisMachine(site ?? holder()));
      return local.startAgain(process);
    },
    move(name) {
      if (moving || changing) throw refusals.moveUnderWay();
      if (name === siteThere() && !(name === undefined && !isHere())) return;
      const to = name === undefined ? undefined : demandReady(name);
      if (!plan) throw refusals.notStarted();
      demandMovable();
      const startedAt = options.now();
      const at = (stage: MoveStage) => {
        moving = { ...(name !== undefined && { to: name }), stage, startedAt };
        options.onChange();
      };
      const asks = plan.mode === 'live' && to !== undefined;
      at(asks ? 'confirming' : 'leaving');
      const work = async () => {
        if (asks) {
          if (!(await options.confirmLive(to.site))) return;
          // It may have taken minutes.
          demandReady(to.site.name);
          demandMovable();
          at('leaving');
        }
        await leave();
        at('entering');
        if (to) await remember(to.site, false);
        await enter(to);
      };
      change(`the desk did not get ${name === undefined ? 'here' : `to ${name}`}`, work)
        // Kept for the window by `change`.
        .catch(() => (isHere() ? local.setEngineHere(true) : undefined))
        .finally(() => {
          moving = undefined;
          options.onChange();
          settle();
        })
        .catch((error: unknown) => fail('the engine here was not started again', error));
    },
    async lock() {
      await afterOthers();
      const agent = here();
      demandMovable();
      await remember(agent.site, true);
      await change(`the agent on ${agent.site.name} was not locked`, async () => void (await keys.lock(agent)));
    },
    async unlock() {
      await afterOthers();
      const agent = here();
      await remember(agent.site, false);
      if (agent.snapshot?.trading !== 'locked') return;
      await change(`the agent on ${agent.site.name} was not unlocked`, () => unlock(agent));
    },
    venuesLost() {
      keys.forgetVenues();
      settle();
    },
    settle,
    async stop() {
      stopped = true;
      clearTimeout(retry);
      await Promise.race([changing, delay(LAST_WAIT_MS, undefined, { ref: false })]);
      const agent = agentThere();
      // Its venues end with this program.
      if (agent?.snapshot?.desk.mode === 'practice' && agent.snapshot.trading !== 'locked') {
        await keys
          .lock(agent)
          .catch((error: unknown) =>
            log({ level: 'warn', message: `${agent.site.name} was not locked at the end`, detail: toWireError(error) }),
          );
      }
      await local.stop();
      links.stop();
      await options.venueAccess.release();
    },
  };
  return desk;
}

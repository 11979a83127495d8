import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { emptySnapshot } from '../../engine/agent/fake-desk.test-helper.ts';
import { PUBLISHED_ENDPOINTS } from '../../engine/protocol/endpoints.ts';
import { HalfspreadError } from '../../engine/protocol/errors.ts';
import type { Mode, Snapshot, TradingState } from '../../engine/protocol/model.ts';
import type { DeskPlan, LocalDesk } from '../engines/local-desk.ts';
import type { RemoteEngineLink } from '../engines/remote-link.ts';
import { openTerms, type Terms } from '../engines/terms.ts';
import type { LinkState } from '../ipc/schema.ts';
import { sampleSite } from '../ipc/sample-site.test-helper.ts';
import type { AgentKeys } from './agent-keys.ts';
import { openLinkMemory, type LinkMemory } from './link-memory.ts';
import { createPlacedDesk, type PlacedDesk } from './placed-desk.ts';
import type { LinkedAgent, SiteLinks } from './site-links.ts';

const PRACTICE: DeskPlan = {
  mode: 'practice',
  choice: { tape: 't', network: 'adsl-rural', fees: 'zero' },
  dataFolder: '/none',
};
const LIVE: DeskPlan = {
  mode: 'live',
  endpoints: PUBLISHED_ENDPOINTS.testnet,
  config: { text: 'bots: []', path: 'desk.yaml' },
  dataFolder: '/none',
  keys: () => Promise.reject(new Error('nobody asks')),
};
const linkState = (state: LinkState['state']): LinkState => ({ state, rtt: { n: 0 }, attempt: 0 });

let folder: string;
let terms: Terms;
let memory: LinkMemory;
/** What was done, in order. */
let done: string[];
let agents: Map<string, FakeAgent>;
let local: FakeLocal;
let shown: Snapshot | undefined;
let busy: Set<string>;
let service: Map<string, boolean>;
let isListWhole: boolean;
let desk: PlacedDesk;
let unlockFails: HalfspreadError | undefined;
let lockAnswer: boolean;
let agrees: boolean;
let now: number;

interface FakeAgent extends LinkedAgent {
  state: LinkState['state'];
}
interface FakeLocal extends LocalDesk {
  runs: boolean;
  description: object | undefined;
}

function snapshotOf(trading: TradingState, mode: Mode = 'practice', change: Partial<Snapshot> = {}): Snapshot {
  const base = emptySnapshot('boot');
  return { ...base, trading, desk: { ...base.desk, mode }, ...change };
}

/** An agent on a site of this name, linked and locked. */
function deployed(name: string): FakeAgent {
  const site = sampleSite(name);
  site.agent = { ...site.agent, agentId: name.padEnd(43, 'A') };
  const agent: FakeAgent = {
    site,
    state: 'ready',
    snapshot: snapshotOf('locked'),
    term: 0,
    link: { state: () => linkState(agent.state) } as RemoteEngineLink,
  };
  agents.set(name, agent);
  return agent;
}

function fakeLocal(): FakeLocal {
  const self: FakeLocal = {
    runs: false,
    description: { start: 1 },
    states: () => ({
      engine: { state: self.runs ? 'running' : 'stopped', restarts: 0 },
      venues: { state: 'running', restarts: 0 },
      link: linkState(self.runs ? 'ready' : 'lost'),
    }),
    start(_plan, hasEngine = true) {
      self.runs = hasEngine;
      done.push(hasEngine ? 'engine here' : 'no engine here');
    },
    choose: (plan) => Promise.resolve(void done.push(`chosen ${plan.mode}`)),
    setEngineHere(hasEngine) {
      self.runs = hasEngine;
      done.push(hasEngine ? 'engine here' : 'engine here ended');
      return Promise.resolve();
    },
    venues: () => self.description,
    command: (command) => Promise.resolve(void done.push(`here: ${command.name}`)),
    startAgain: (process) => Promise.resolve(void done.push(`again: ${process}`)),
    stop: () => Promise.resolve(void done.push('local stopped')),
  };
  return self;
}

function fakeKeys(): AgentKeys {
  let venues: unknown;
  return {
    async unlock(agent, plan) {
      if (unlockFails) throw unlockFails;
      done.push(`unlock ${agent.site.name} (${plan.mode}, term ${terms.current().term})`);
      agent.snapshot = snapshotOf('trading', plan.mode);
      venues = local.venues();
      await Promise.resolve();
    },
    lock(agent) {
      done.push(`lock ${agent.site.name}`);
      agent.snapshot = snapshotOf('locked');
      return Promise.resolve(lockAnswer);
    },
    tellTerm(agent) {
      agent.term = terms.current().term;
      return Promise.resolve(void done.push(`term told to ${agent.site.name}`));
    },
    knowsVenues: () => venues === local.venues(),
    forgetVenues: () => (venues = undefined),
  };
}

function fakeLinks(): SiteLinks {
  const byAgent = (agentId: string) => [...agents.values()].find(({ site }) => site.agent.agentId === agentId);
  return {
    ofSite: (name) => agents.get(name),
    ofAgent: byAgent,
    siteOf: (agentId) => byAgent(agentId)?.site,
    all: () => [...agents.values()],
    stateOf: (name) => linkState(agents.get(name)?.state ?? 'lost'),
    retryNow: () => undefined,
    stop: () => undefined,
  };
}

async function open(): Promise<PlacedDesk> {
  [terms, memory] = await Promise.all([
    openTerms(join(folder, 'term.json')),
    openLinkMemory(join(folder, 'links.json'), Date.now),
  ]);
  local = fakeLocal();
  return createPlacedDesk({
    local,
    links: fakeLinks(),
    memory,
    terms,
    keys: fakeKeys(),
    venueAccess: { release: () => Promise.resolve() },
    confirmLive: (site) => Promise.resolve(void done.push(`asked about ${site.name}`)).then(() => agrees),
    isBusy: (site) => busy.has(site),
    isListWhole,
    wasStopped: (site) => service.get(site) === false,
    isStopped: (site) => Promise.resolve(service.get(site) === false),
    snapshot: () => shown,
    onChange: () => undefined,
    onMoved: (there) => {
      shown = there;
    },
    now: () => now,
    log: () => undefined,
  });
}

/** Moves, and waits until that is over. */
async function move(site: string | undefined): Promise<void> {
  desk.move(site);
  await expect.poll(() => desk.place().moving).toBeUndefined();
}
const errorCode = () => desk.place().error?.code;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'hs-place-'));
  [done, agents, busy, service] = [[], new Map(), new Set(), new Map()];
  [shown, unlockFails, lockAnswer, isListWhole, agrees, now] = [undefined, undefined, true, true, true, 1_000_000];
  desk = await open();
});
afterEach(async () => {
  await desk.stop();
  await rm(folder, { recursive: true });
});

describe('a move', () => {
  it('ends the engine here before another is given the right, on disk, and then its keys', async () => {
    deployed('tyo');
    desk.start(PRACTICE);
    expect(desk.place()).toEqual({});
    await move('tyo');
    expect(done).toEqual(['engine here', 'engine here ended', 'unlock tyo (practice, term 1)']);
    expect(desk.place()).toEqual({ site: 'tyo' });
    expect(JSON.parse(await readFile(join(folder, 'term.json'), 'utf8'))).toMatchObject({ term: 1, holder: /^tyo/ });
    expect(desk.states().engine.state).toBe('running');
  });

  it('is still made after a restart of the program: no engine starts here', async () => {
    deployed('tyo');
    desk.start(LIVE);
    shown = snapshotOf('paused', 'live');
    await move('tyo');
    done.length = 0;
    desk = await open();
    desk.start(LIVE);
    // It traded on without this program: nothing is done to it.
    expect(done).toEqual(['no engine here']);
    expect(desk.siteLinks()).toMatchObject([{ site: 'tyo', holdsDesk: true, trading: 'trading' }]);
  });

  it('back locks the agent, takes the right from it and tells it, and only then starts the engine here', async () => {
    deployed('tyo');
    desk.start(PRACTICE);
    await move('tyo');
    done.length = 0;
    await move(undefined);
    expect(done).toEqual(['lock tyo', 'term told to tyo', 'engine here']);
    expect(desk.place()).toEqual({});
  });

  it('leads from one server to another', async () => {
    deployed('tyo');
    deployed('fra');
    desk.start(PRACTICE);
    await move('tyo');
    done.length = 0;
    await move('fra');
    expect(done).toEqual(['lock tyo', 'term told to tyo', 'unlock fra (practice, term 2)']);
  });

  it.each<[string, string, (agent: FakeAgent) => void]>([
    ['its agent is not reached', 'HS_MOVE_NO_LINK', (agent) => (agent.state = 'lost')],
    ['its agent has not said anything yet', 'HS_MOVE_NO_LINK', (agent) => (agent.snapshot = undefined)],
    ['another desk runs there', 'HS_MOVE_OCCUPIED', (agent) => (agent.snapshot = snapshotOf('trading', 'live'))],
    ['something works on it', 'HS_MOVE_BUSY', () => busy.add('tyo')],
  ])('is refused when %s, and nothing is changed', (_why, code, spoil) => {
    spoil(deployed('tyo'));
    desk.start(PRACTICE);
    expect(() => desk.move('tyo')).toThrow(expect.objectContaining({ code }));
    expect(done).toEqual(['engine here']);
  });

  const armed = { arming: { state: 'armed', sinceAt: 1, reason: { code: 'c', message: 'm' } } } as const;
  const open_ = { exposure: { ...emptySnapshot('x').exposure, ordersInDoubt: 1 } };
  it.each<[string, string, Snapshot | undefined]>([
    ['armed', 'HS_MOVE_ARMED', snapshotOf('trading', 'live', armed)],
    ['not flat', 'HS_MOVE_NOT_FLAT', snapshotOf('paused', 'live', open_)],
    ['not known', 'HS_MOVE_UNKNOWN', undefined],
  ])('of a live desk that is %s is refused', (_what, code, snapshot) => {
    deployed('tyo');
    desk.start(LIVE);
    shown = snapshot;
    expect(() => desk.move('tyo')).toThrow(expect.objectContaining({ code }));
    expect(done).toEqual(['engine here']);
  });

  it('of a live desk asks a person first, outside of the window; a no changes nothing and is no error', async () => {
    deployed('tyo');
    desk.start(LIVE);
    shown = snapshotOf('paused', 'live');
    agrees = false;
    await move('tyo');
    expect(done).toEqual(['engine here', 'asked about tyo']);
    expect(desk.place()).toEqual({});
    agrees = true;
    await move('tyo');
    expect(done.slice(2)).toEqual(['asked about tyo', 'engine here ended', 'unlock tyo (live, term 1)']);
  });

  it('of a live desk looks again after the answer: it may have been armed meanwhile', async () => {
    deployed('tyo');
    desk.start(LIVE);
    shown = snapshotOf('paused', 'live');
    desk.move('tyo');
    shown = snapshotOf('trading', 'live', armed);
    await expect.poll(() => desk.place().moving).toBeUndefined();
    expect(errorCode()).toBe('HS_MOVE_ARMED');
    expect(desk.place().site).toBeUndefined();
    expect(done).not.toContain('engine here ended');
  });

  it('is refused before there is a desk, and while another is under way', () => {
    deployed('tyo');
    expect(() => desk.move('tyo')).toThrow(expect.objectContaining({ code: 'HS_PLACE_NO_DESK' }));
    desk.start(PRACTICE);
    desk.move('tyo');
    expect(() => desk.move(undefined)).toThrow(expect.objectContaining({ code: 'HS_MOVE_RUNNING' }));
  });

  it('that cannot give the agent its keys stays made, says why, and is tried again by itself', async () => {
    const agent = deployed('tyo');
    desk.start(PRACTICE);
    unlockFails = new HalfspreadError('HS_TUNNEL_REFUSED', 'm', 'r');
    await move('tyo');
    expect(desk.place()).toMatchObject({ site: 'tyo', error: { code: 'HS_TUNNEL_REFUSED' } });
    expect(local.runs).toBe(false);
    unlockFails = undefined;
    desk.settle();
    expect(done).not.toContain('unlock tyo (practice, term 1)');
    now += 60_000;
    desk.settle();
    await expect.poll(() => agent.snapshot?.trading).toBe('trading');
    await expect.poll(errorCode).toBeUndefined();
  });

  it('back from an agent that is not reached needs the proof that it does not run', async () => {
    const agent = deployed('tyo');
    desk.start(LIVE);
    shown = snapshotOf('paused', 'live');
    await move('tyo');
    agent.state = 'lost';
    await move(undefined);
    expect(errorCode()).toBe('HS_MOVE_UNREACHABLE');
    expect(desk.place().site).toBe('tyo');
    expect(local.runs).toBe(false);
    service.set('tyo', false);
    await move(undefined);
    expect(desk.place()).toEqual({});
    expect(local.runs).toBe(true);
  });

  it('of a live desk that did not close everything at its end goes back to where it was', async () => {
    deployed('tyo');
    desk.start(LIVE);
    shown = snapshotOf('paused', 'live');
    const ending = local.setEngineHere;
    local.setEngineHere = (hasEngine) => {
      if (!hasEngine) shown = snapshotOf('paused', 'live', open_);
      return ending(hasEngine);
    };
    await move('tyo');
    expect(errorCode()).toBe('HS_MOVE_NOT_FLAT');
    expect(done).toEqual(['engine here', 'asked about tyo', 'engine here ended', 'engine here']);
    expect(terms.mayTradeHere()).toBe(true);
  });
});

describe('a site that is gone', () => {
  async function goneAfterMove(): Promise<void> {
    deployed('tyo');
    desk.start(PRACTICE);
    await move('tyo');
    agents.clear();
  }

  it('keeps every engine from trading until a person moves the desk', async () => {
    await goneAfterMove();
    expect(desk.place()).toEqual({ isGone: true });
    expect(desk.states().engine).toMatchObject({ state: 'blocked', error: { code: 'HS_PLACE_GONE' } });
    await move(undefined);
    expect(desk.place()).toEqual({});
    expect(local.runs).toBe(true);
  });

  it('is not believed to be gone when the list of sites could not be read', async () => {
    isListWhole = false;
    desk = await open();
    await goneAfterMove();
    await move(undefined);
    expect(errorCode()).toBe('HS_MOVE_LIST');
    expect(local.runs).toBe(false);
  });
});

describe('an agent at the desk’s place', () => {
  let agent: FakeAgent;
  beforeEach(async () => {
    agent = deployed('tyo');
    desk.start(PRACTICE);
    await move('tyo');
    done.length = 0;
  });
  const restarted = () => {
    agent.snapshot = snapshotOf('locked');
    desk.settle();
  };

  it('gets its keys again after a restart, under the same term', async () => {
    restarted();
    await expect.poll(() => done).toEqual(['unlock tyo (practice, term 1)']);
  });

  it('does not while a deploy works on it, but as soon as that is over', async () => {
    busy.add('tyo');
    restarted();
    expect(done).toEqual([]);
    busy.clear();
    desk.settle();
    await expect.poll(() => done).toEqual(['unlock tyo (practice, term 1)']);
  });

  it('stays locked when a person locked it, also after a restart of either side, until it is unlocked', async () => {
    await desk.lock();
    restarted();
    expect(desk.siteLinks()).toMatchObject([{ staysLocked: true, trading: 'locked' }]);
    desk = await open();
    desk.start(PRACTICE);
    desk.settle();
    expect(done).toEqual(['lock tyo', 'no engine here']);
    await desk.unlock();
    expect(done).toEqual(['lock tyo', 'no engine here', 'unlock tyo (practice, term 1)']);
  });

  it('is given the new practice venues when they began anew', async () => {
    local.description = { start: 2 };
    desk.settle();
    await expect.poll(() => done).toEqual(['lock tyo', 'unlock tyo (practice, term 1)']);
  });

  it('gets the commands; the engine of this machine is not started beside it', async () => {
    agent.link.command = (command) => Promise.resolve(`there: ${command.name}`);
    expect(await desk.command({ name: 'pause' })).toBe('there: pause');
    await expect(desk.startAgain('engine')).rejects.toMatchObject({ code: 'HS_PLACE_ELSEWHERE' });
    await desk.startAgain('venues');
    expect(done).toEqual(['again: venues']);
  });

  it('keeps its desk when another mode is chosen and it is not reached', async () => {
    agent.state = 'lost';
    await expect(desk.choose(LIVE)).rejects.toMatchObject({ code: 'HS_LINK_DOWN' });
    expect(done).toEqual([]);
    agent.state = 'ready';
    await desk.choose(LIVE);
    await expect.poll(() => done).toEqual(['lock tyo', 'chosen live', 'unlock tyo (live, term 1)']);
  });

  it('of practice is locked when this program ends, of live it trades on', async () => {
    await desk.choose(LIVE);
    await expect.poll(() => agent.snapshot?.desk.mode).toBe('live');
    done.length = 0;
    await desk.stop();
    expect(done).toEqual(['local stopped']);
  });
});

it('locks a practice agent at the end: its venues end too', async () => {
  deployed('tyo');
  desk.start(PRACTICE);
  await move('tyo');
  done.length = 0;
  await desk.stop();
  expect(done).toEqual(['lock tyo', 'local stopped']);
});

it('says that the engine is stopped when a look found it so after it was last heard of', async () => {
  const agent = deployed('tyo');
  desk.start(PRACTICE);
  await move('tyo');
  agent.state = 'lost';
  expect(desk.states().engine.state).toBe('running');
  service.set('tyo', false);
  expect(desk.states().engine.state).toBe('stopped');
});

it('tells an agent that was away that the right went to another engine', async () => {
  const tyo = deployed('tyo');
  deployed('fra');
  desk.start(PRACTICE);
  tyo.state = 'lost';
  await move('fra');
  done.length = 0;
  tyo.state = 'ready';
  desk.settle();
  expect(done).toEqual(['term told to tyo']);
  desk.settle();
  expect(done).toEqual(['term told to tyo']);
});

it('has nothing to lock or unlock while it is here', async () => {
  desk.start(PRACTICE);
  await expect(desk.lock()).rejects.toMatchObject({ code: 'HS_PLACE_HERE' });
  await expect(desk.unlock()).rejects.toMatchObject({ code: 'HS_PLACE_HERE' });
});

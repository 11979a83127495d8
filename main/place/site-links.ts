import { applyEvent } from '../../engine/protocol/apply.ts';
import { toWireError, type WireError } from '../../engine/protocol/errors.ts';
import type { DeskEvent, Snapshot } from '../../engine/protocol/model.ts';
import type { SitesRegistry } from '../deploy/sites.ts';
import type { LogRecord } from '../diagnostics/log.ts';
import type { DeviceIdentity } from '../engines/remote-carrier.ts';
import { connectRemoteEngine, type RemoteEngineLink } from '../engines/remote-link.ts';
import type { LinkState } from '../ipc/schema.ts';
import type { Site } from '../ipc/site-schema.ts';
import type { LinkMemory } from './link-memory.ts';

/** A deployed agent and the link to it. */
export interface LinkedAgent {
  site: Site;
  link: RemoteEngineLink;
  /** The latest; older than now while the link is lost. */
  snapshot: Snapshot | undefined;
  /** Highest term it said it knows. */
  term: number | undefined;
}

/** One that has said something. */
export type SpokenAgent = LinkedAgent & { snapshot: Snapshot };

export interface SiteLinksOptions {
  sites: Pick<SitesRegistry, 'list' | 'onChange'>;
  memory: LinkMemory;
  /** This computer to the agents; asked for when there is a site. @throws HalfspreadError where the keychain cannot be used */
  identity(): Promise<DeviceIdentity>;
  /** A link, or what its agent last said, changed. */
  onChange(): void;
  onSnapshot(agent: SpokenAgent): void;
  onEvent(agent: SpokenAgent, sequence: number, event: DeskEvent): void;
  log(record: LogRecord): void;
}

/** Links to the agents of all sites: each is kept up as long as its site is in the list. */
export interface SiteLinks {
  ofSite(name: string): LinkedAgent | undefined;
  ofAgent(agentId: string): LinkedAgent | undefined;
  /** Of the list of sites, also without a link. */
  siteOf(agentId: string): Site | undefined;
  all(): LinkedAgent[];
  /** The link's state; why there is none where this computer has no identity yet. */
  stateOf(site: string): LinkState;
  /** Tries now: the machine woke up, its network came back, or keys can be read again. */
  retryNow(): void;
  stop(): void;
}

const DOWN: LinkState = { state: 'connecting', rtt: { n: 0 }, attempt: 0 };

export function createSiteLinks(options: SiteLinksOptions): SiteLinks {
  const { sites, memory, log } = options;
  const agents = new Map<string, LinkedAgent>();
  let identity: DeviceIdentity | undefined;
  let opening = false;
  /** Why this computer cannot prove who it is. */
  let failure: WireError | undefined;
  let stopped = false;

  function learn(site: Site, change: Parameters<LinkMemory['note']>[1]): void {
    memory.note(site.agent, change).catch((error: unknown) => {
      log({
        level: 'error',
        message: `what the link to ${site.name} learned was not kept`,
        detail: toWireError(error),
      });
    });
  }

  function connect(site: Site, own: DeviceIdentity): void {
    const { pins, protocol } = memory.of(site.agent);
    const target = {
      host: site.host,
      port: site.agent.port,
      serverPins: pins,
      serverPublicKey: site.agent.publicKey,
      identity: own,
      role: 'operate' as const,
      ...(protocol > 0 && { lowestProtocol: protocol }),
    };
    const link = connectRemoteEngine(target, {
      onState() {
        const standing = agent.link.agent();
        if (standing) agent.term = standing.term;
        options.onChange();
      },
      onSnapshot(snapshot) {
        agent.snapshot = snapshot;
        options.onSnapshot({ ...agent, snapshot });
      },
      onEvent(sequence, event) {
        if (!agent.snapshot) return;
        const snapshot = applyEvent(agent.snapshot, sequence, event);
        agent.snapshot = snapshot;
        options.onEvent({ ...agent, snapshot }, sequence, event);
      },
      onPins: (next) => learn(site, { pins: next }),
      onProtocol: (next) => learn(site, { protocol: next }),
      onProblem: (error) =>
        log({ level: 'warn', message: `certificates of ${site.name} were not learned`, detail: toWireError(error) }),
    });
    const agent: LinkedAgent = { site, link, snapshot: undefined, term: undefined };
    agents.set(site.name, agent);
  }

  /** One link for each site in the list; a site that is reached another way is connected to anew. */
  function sync(): void {
    if (stopped) return;
    const list = sites.list();
    for (const [name, agent] of agents) {
      const now = list.find((site) => site.name === name);
      if (now && isSameTarget(now, agent.site)) {
        agent.site = now;
        continue;
      }
      agent.link.stop();
      agents.delete(name);
    }
    const missing = list.filter(({ name }) => !agents.has(name));
    if (missing.length === 0) return;
    const own = identity;
    if (own) for (const site of missing) connect(site, own);
    else openIdentity();
  }

  function openIdentity(): void {
    if (opening) return;
    opening = true;
    options.identity().then(
      (opened) => {
        opening = false;
        identity = opened;
        failure = undefined;
        sync();
        options.onChange();
      },
      (error: unknown) => {
        opening = false;
        failure = toWireError(error);
        log({ level: 'warn', message: 'no identity for links to servers', detail: failure });
        options.onChange();
      },
    );
  }

  const stopListening = sites.onChange(sync);
  // Not before the caller has what this returns: links tell of themselves at once.
  queueMicrotask(sync);
  return {
    ofSite: (name) => agents.get(name),
    ofAgent: (agentId) => [...agents.values()].find(({ site }) => site.agent.agentId === agentId),
    siteOf: (agentId) => sites.list().find(({ agent }) => agent.agentId === agentId),
    all: () => [...agents.values()],
    stateOf: (name) => agents.get(name)?.link.state() ?? { ...DOWN, ...(failure && { state: 'lost', error: failure }) },
    retryNow() {
      if (!identity) sync();
      for (const { link } of agents.values()) link.retryNow();
    },
    stop() {
      stopped = true;
      stopListening();
      for (const { link } of agents.values()) link.stop();
    },
  };
}

function isSameTarget(a: Site, b: Site): boolean {
  const { agentId, port, publicKey, spkiPin } = a.agent;
  const other = b.agent;
  return (
    a.host === b.host &&
    port === other.port &&
    agentId === other.agentId &&
    publicKey === other.publicKey &&
    spkiPin === other.spkiPin
  );
}

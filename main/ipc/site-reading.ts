/** The list of sites out of their state: what is deployed, what is half done, what costs. Pure; for window and tray. */
import type { CloudServerView } from './cloud-schema.ts';
import type { SiteLink } from './place-schema.ts';
import type { Operation, Outlook, Site, SiteLookup, SitesState, Unfinished } from './site-schema.ts';

/** Everything known of one name. */
export interface SiteEntry {
  name: string;
  site?: Site;
  unfinished?: Unfinished;
  cloudServer?: CloudServerView;
  /** The one that runs, else the latest that ended and was not dismissed. */
  operation?: Operation;
  lookup?: SiteLookup;
  /** To its agent. */
  link?: SiteLink;
  outlook?: Outlook;
}

/** Sites first, then what only an operation, a journal or a cloud knows of; a look at a server is no site. */
export function siteEntries(state: SitesState): SiteEntry[] {
  const names = new Set([
    ...state.sites.map(({ name }) => name),
    ...state.operations.filter(isOfSite).map(({ site }) => site),
    ...state.unfinished.map(({ site }) => site),
    ...state.cloudServers.map(({ site }) => site),
  ]);
  return [...names].map((name) => {
    const of = <Item extends { site: string }>(items: readonly Item[]) => items.find(({ site }) => site === name);
    return {
      name,
      site: state.sites.find((site) => site.name === name),
      unfinished: of(state.unfinished),
      cloudServer: of(state.cloudServers),
      operation: of(state.operations.filter(({ kind }) => kind !== 'look')),
      lookup: of(state.lookups),
      link: of(state.links),
      outlook: of(state.outlooks),
    };
  });
}

function isOfSite({ kind }: Operation): boolean {
  return kind !== 'look';
}

/** What an entry is, for picture and words; the most urgent first. */
export type SiteCondition =
  | 'working'
  | 'failed'
  | 'unfinished'
  | 'costsOnly'
  | 'gone'
  | 'unknown'
  | 'unreached'
  | 'down'
  | 'stopped'
  | 'silent'
  | 'locked'
  | 'ready';

export function siteCondition({ site, unfinished, cloudServer, operation, lookup, link }: SiteEntry): SiteCondition {
  if (operation?.state === 'running') return 'working';
  if (!site) {
    if (unfinished || cloudServer) {
      if (operation?.state === 'failed') return 'failed';
      return unfinished || operation ? 'unfinished' : 'costsOnly';
    }
    return operation?.state === 'done' ? 'gone' : 'failed';
  }
  if (operation?.state === 'failed') return 'failed';
  if (unfinished) return 'unfinished';
  // A link that is up knows more than the latest look over SSH.
  if (link?.link.state === 'ready' && link.trading !== undefined) return link.trading === 'locked' ? 'locked' : 'ready';
  if (!lookup?.status) return lookup?.error ? 'unreached' : 'unknown';
  if (lookup.error) return 'unreached';
  const { service, agent } = lookup.status;
  switch (service) {
    case 'failed':
    case 'absent':
    case 'restarting':
      return 'down';
    case 'stopped':
      return 'stopped';
    case 'running':
      if (!agent) return 'silent';
      return agent.locked ? 'locked' : 'ready';
  }
}

/** The list of sites out of main's state: what is deployed, what is half done, what costs. Pure. */
import type { CloudServerView } from '../../main/ipc/cloud-schema.ts';
import type {
  Operation,
  OperationStep,
  Outlook,
  Site,
  SiteLookup,
  SitesState,
  Unfinished,
} from '../../main/ipc/site-schema.ts';

/** Everything known of one name. */
export interface SiteEntry {
  name: string;
  site?: Site;
  unfinished?: Unfinished;
  cloudServer?: CloudServerView;
  /** The one that runs, else the latest that ended and was not dismissed. */
  operation?: Operation;
  lookup?: SiteLookup;
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

export function siteCondition({ site, unfinished, cloudServer, operation, lookup }: SiteEntry): SiteCondition {
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

/** Steps of an operation and how far it is: the step that runs, or the first that is not over. */
export function stepProgress(steps: readonly OperationStep[]): {
  number: number;
  count: number;
  current?: OperationStep;
} {
  const isOver = ({ state }: OperationStep) => state === 'done' || state === 'unchanged' || state === 'undone';
  const over = steps.filter(isOver).length;
  const current =
    steps.find(({ state }) => state === 'running' || state === 'undoing' || state === 'failed') ??
    steps.find((step) => !isOver(step));
  const number = current ? steps.indexOf(current) + 1 : steps.length;
  return { number: Math.max(number, Math.min(over, steps.length)), count: steps.length, ...(current && { current }) };
}

/** Total a month of every currency among the servers. */
export function totalCosts(servers: readonly CloudServerView[]): { currency: string; amount: number }[] {
  const totals = new Map<string, number>();
  for (const { price } of servers) {
    totals.set(price.currency, (totals.get(price.currency) ?? 0) + Number(price.amount));
  }
  return [...totals].map(([currency, amount]) => ({ currency, amount }));
}

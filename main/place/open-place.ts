import { join } from 'node:path';
import type { UserFolders } from '../../engine/protocol/folders.ts';
import type { DeskEvent, Snapshot } from '../../engine/protocol/model.ts';
import type { AppSites } from '../deploy/app-sites.ts';
import type { DeployPorts } from '../deploy/ports.ts';
import type { SitesRegistry } from '../deploy/sites.ts';
import type { LogRecord } from '../diagnostics/log.ts';
import { createLocalDesk, type LocalDeskOptions } from '../engines/local-desk.ts';
import { openTerms } from '../engines/terms.ts';
import type { DeviceIdentity } from '../engines/remote-carrier.ts';
import type { PlaceFigures } from '../ipc/place-schema.ts';
import type { ServiceState } from '../ipc/site-schema.ts';
import type { Language } from '../ipc/schema.ts';
import type { Shell } from '../shell/ports.ts';
import type { IpcHandlers } from '../ipc/server.ts';
import { createAgentKeys } from './agent-keys.ts';
import { openFigures } from './figures.ts';
import { moveQuestion } from './move-question.ts';
import { openLinkMemory } from './link-memory.ts';
import { createPlacedDesk, type PlacedDesk } from './placed-desk.ts';
import { createSiteLinks } from './site-links.ts';
import { createVenueAccess } from './venue-access.ts';

export interface OpenPlaceOptions {
  folders: Pick<UserFolders, 'config' | 'data'>;
  local: Omit<LocalDeskOptions, 'onChange' | 'onSnapshot' | 'onEvent'>;
  sites: SitesRegistry;
  operations: Pick<AppSites, 'isBusy' | 'serviceOf' | 'seen'>;
  deploy: Pick<DeployPorts, 'knownHosts' | 'secrets'>;
  identity(): Promise<DeviceIdentity>;
  confirm: Shell['confirm'];
  language(): Language;
  /** States or place changed. */
  onChange(): void;
  /** Of the desk, wherever it runs. */
  onSnapshot(snapshot: Snapshot): void;
  onEvent(sequence: number, event: DeskEvent): void;
  /** It runs at another place now; what was known of it is of the old one. `onSnapshot` follows where there is one already. */
  onMoved(): void;
  log(record: LogRecord): void;
}

export interface Place extends PlacedDesk {
  /** Another desk comes: what is known of this one is of no use any more. */
  forget(): void;
  handlers: Pick<IpcHandlers, Extract<keyof IpcHandlers, `place.${string}`>>;
  /** The latest of the desk, wherever it runs; an older one while its engine is away. */
  snapshot(): Snapshot | undefined;
  figures(): PlaceFigures[];
  /** The latest of this machine's engine, also after it ended. */
  snapshotHere(): Snapshot | undefined;
  /** The machine woke up, its network came back, or its keys can be read. */
  retryLinks(): void;
}

/**
 * Opens what is kept of the places and puts the desk together: engine here, links to the agents, and who of them may trade.
 * @throws HalfspreadError HS_TERM_FILE, HS_LINKS_READ, HS_FIGURES_READ
 */
export async function openPlace(options: OpenPlaceOptions): Promise<Place> {
  const { folders, sites, operations, log } = options;
  const folder = join(folders.data, 'deploy');
  const [terms, memory, figures] = await Promise.all([
    openTerms(join(folders.config, 'term.json')),
    openLinkMemory(join(folder, 'links.json'), Date.now),
    openFigures(join(folder, 'figures.json'), Date.now, log),
  ]);
  if (memory.setAside) log({ level: 'warn', message: memory.setAside.message, detail: memory.setAside });
  let snapshot: Snapshot | undefined;
  let snapshotHere: Snapshot | undefined;

  function changed(): void {
    desk.settle();
    options.onChange();
  }

  function show(next: Snapshot): void {
    snapshot = next;
    figures.note(desk.site(), next);
    options.onSnapshot(next);
  }

  function follow(next: Snapshot, sequence: number, event: DeskEvent): void {
    snapshot = next;
    if (event.type === 'statistics') figures.note(desk.site(), next);
    options.onEvent(sequence, event);
  }

  const local = createLocalDesk({
    ...options.local,
    onChange: changed,
    onSnapshot(next) {
      snapshotHere = next;
      if (desk.isHere()) show(next);
    },
    onEvent(sequence, event, next) {
      snapshotHere = next;
      if (desk.isHere()) follow(next, sequence, event);
    },
  });
  const links = createSiteLinks({
    sites,
    memory,
    identity: options.identity,
    onChange: changed,
    onSnapshot(agent) {
      if (desk.owns(agent)) show(agent.snapshot);
      changed();
    },
    onEvent(agent, sequence, event) {
      if (desk.owns(agent)) follow(agent.snapshot, sequence, event);
      if (event.type === 'trading') changed();
    },
    log,
  });
  const venueAccess = createVenueAccess({ deploy: options.deploy, onLost: () => desk.venuesLost(), log });
  const desk: PlacedDesk = createPlacedDesk({
    local,
    links,
    memory,
    terms,
    keys: createAgentKeys({
      local,
      terms,
      venueAccess,
      spikeSensitivity: () => options.local.spikeSensitivity?.(),
      log,
    }),
    venueAccess,
    confirmLive: (site) => options.confirm(moveQuestion(options.language(), site)),
    isBusy: operations.isBusy,
    wasStopped(site, since) {
      const seen = operations.seen(site);
      return seen !== undefined && seen.at > since && isStoppedService(seen.service);
    },
    isListWhole: sites.setAside === undefined,
    async isStopped(site) {
      return isStoppedService(await operations.serviceOf(site));
    },
    snapshot: () => snapshot,
    onChange: options.onChange,
    onMoved(there) {
      snapshot = undefined;
      options.onMoved();
      if (there) show(there);
    },
    now: Date.now,
    log,
  });

  return {
    ...desk,
    snapshot: () => snapshot,
    figures: figures.list,
    snapshotHere: () => snapshotHere,
    forget: () => (snapshot = undefined),
    retryLinks: links.retryNow,
    async stop() {
      await desk.stop();
      await figures.save();
    },
    handlers: {
      'place.move'({ site }) {
        desk.move(site);
        return {};
      },
      async 'place.lock'() {
        await desk.lock();
        return {};
      },
      async 'place.unlock'() {
        await desk.unlock();
        return {};
      },
    },
  };
}

function isStoppedService(service: ServiceState): boolean {
  return service === 'stopped' || service === 'absent';
}

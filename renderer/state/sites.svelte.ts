/** What the person does with sites: which one is looked at, what was asked of main and failed, which dialog is open. */
import type { IpcCallName, IpcInput, IpcOutput } from '../../main/ipc/schema.ts';
import type { Operation, PlannedStep, SiteAction, SitesState } from '../../main/ipc/site-schema.ts';
import { failureOf, type Failure } from './failure.ts';
import { session } from './session.svelte.ts';
import { siteEntries, type SiteEntry } from '../../main/ipc/site-reading.ts';

/** This machine in the list of sites: no site has such a name. */
export const THIS_MACHINE = 'THIS MACHINE';

export type SiteDialog =
  | { name: 'act'; site: string; action: Exclude<SiteAction, 'start'> }
  | { name: 'undo'; site: string }
  | { name: 'deleteServer'; site: string }
  | { name: 'plan'; steps: PlannedStep[]; target: string };

export type SiteTab = 'state' | 'doctor' | 'log';

class SitesView {
  /** Name of the entry that is shown; gone names fall back to the first. */
  #chosen = $state.raw<string>();
  tab = $state.raw<SiteTab>('state');
  /** Which figures are shown below; undefined: what there is most of. */
  figures = $state.raw<'distance' | 'trading'>();
  dialog = $state.raw<SiteDialog>();
  isAdding = $state(false);
  /** The call that is under way, and the one that failed last. */
  busy = $state.raw<IpcCallName>();
  failed = $state.raw<{ call: IpcCallName; failure: Failure }>();

  get state(): SitesState | undefined {
    return session.sites;
  }

  get entries(): SiteEntry[] {
    return session.sites ? siteEntries(session.sites) : [];
  }

  /** The name that is shown: the chosen one, else the one something works on or that failed, else the first. */
  get chosen(): string {
    const { entries } = this;
    if (this.#chosen === THIS_MACHINE || entries.some(({ name }) => name === this.#chosen)) {
      return this.#chosen ?? THIS_MACHINE;
    }
    const inState = (state: Operation['state']) => entries.find(({ operation }) => operation?.state === state)?.name;
    return inState('running') ?? inState('failed') ?? entries[0]?.name ?? THIS_MACHINE;
  }

  get entry(): SiteEntry | undefined {
    return this.entries.find(({ name }) => name === this.chosen);
  }

  choose(name: string): void {
    if (name !== this.chosen) this.tab = 'state';
    this.#chosen = name;
    this.failed = undefined;
  }

  /** The next or previous entry of the list, this machine last. */
  move(by: 1 | -1): void {
    const names = [...this.entries.map(({ name }) => name), THIS_MACHINE];
    const at = names.indexOf(this.chosen) + by;
    const name = names[Math.max(0, Math.min(names.length - 1, at))];
    if (name !== undefined) this.choose(name);
  }

  /** Asks main; a refusal is shown on the page. @returns undefined when it was refused */
  async ask<Name extends IpcCallName>(name: Name, input: IpcInput<Name>): Promise<IpcOutput<Name> | undefined> {
    this.busy = name;
    this.failed = undefined;
    try {
      return await session.call(name, input);
    } catch (error) {
      this.failed = { call: name, failure: failureOf(error) };
      return undefined;
    } finally {
      this.busy = undefined;
    }
  }

  /** Moves the desk there; the operation that led to it has served. */
  async moveTo(site: string, operationId: string): Promise<void> {
    const isBegun = await this.ask('place.move', { site });
    if (isBegun) void this.ask('sites.dismiss', { operationId });
  }

  act(site: string, action: SiteAction, override = false): void {
    this.dialog = undefined;
    void this.ask('sites.act', { site, action, override });
  }
}

export const sitesView = new SitesView();

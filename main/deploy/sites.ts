import { z } from 'zod';
import { HalfspreadError, type WireError } from '../../engine/protocol/errors.ts';
import { siteSchema, type Site } from '../ipc/site-schema.ts';
import { openStoredJson } from '../settings/stored-json.ts';

/** The servers this machine has deployed to. What is in it is public: names, addresses, pins; never a secret. */
export interface SitesRegistry {
  /** Set when the file could not be used at start and was kept aside. */
  readonly setAside: WireError | undefined;
  list(): readonly Site[];
  get(name: string): Site | undefined;
  /** @throws HalfspreadError HS_SITE_UNKNOWN */
  need(name: string): Site;
  /** Durable when it resolves. */
  put(site: Site): Promise<void>;
  remove(name: string): Promise<void>;
  onChange(listener: () => void): () => void;
}

const fileSchema = z.strictObject({ version: z.literal(1), sites: z.array(siteSchema).max(200) });

/** Opens config/sites.json. @throws HalfspreadError HS_SITES_READ */
export async function openSites(path: string, nowMs: () => number): Promise<SitesRegistry> {
  const file = await openStoredJson({
    path,
    schema: fileSchema,
    noun: 'list of sites',
    codes: { read: 'HS_SITES_READ', write: 'HS_SITES_WRITE', setAside: 'HS_SITES_SET_ASIDE' },
    without: 'Halfspread starts with an empty one; the servers themselves are as they were',
    nowMs,
  });
  let sites: Site[] = file.found?.sites ?? [];
  const listeners = new Set<() => void>();

  async function replace(next: Site[]): Promise<void> {
    await file.replace({ version: 1, sites: next });
    sites = next;
    for (const listener of listeners) listener();
  }

  const get = (name: string) => sites.find((site) => site.name === name);
  return {
    setAside: file.setAside,
    list: () => sites,
    get,
    need(name) {
      const site = get(name);
      if (site) return site;
      const known = sites.map((other) => other.name).join(', ');
      throw new HalfspreadError(
        'HS_SITE_UNKNOWN',
        `There is no site "${name}".`,
        known === '' ? 'None has been deployed yet: halfspread deploy HOST.' : `Sites are: ${known}.`,
      );
    },
    put: (site) =>
      replace([...sites.filter((other) => other.name !== site.name), site].sort((a, b) => (a.name < b.name ? -1 : 1))),
    remove: (name) => replace(sites.filter((other) => other.name !== name)),
    onChange(listener) {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
  };
}

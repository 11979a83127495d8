import { toWireError } from '../../engine/protocol/errors.ts';
import type { SiteLookup, SiteStatus } from '../ipc/site-schema.ts';

/** The latest looks at deployed sites, a few at a time: each is an SSH login. */
export interface SiteLookups {
  views(): SiteLookup[];
  /** Looks in the background; one that is under way is not begun again. */
  look(site: string): void;
  forget(site: string): void;
}

const AT_ONCE = 2;

export function createSiteLookups(options: {
  status(site: string): Promise<SiteStatus>;
  nowMs(): number;
  onChange(): void;
}): SiteLookups {
  const views = new Map<string, SiteLookup>();
  const waiting: string[] = [];
  let underWay = 0;

  function next(): void {
    while (underWay < AT_ONCE) {
      const site = waiting.shift();
      if (site === undefined) return;
      underWay++;
      void lookNow(site);
    }
  }

  async function lookNow(site: string): Promise<void> {
    const before = views.get(site);
    try {
      const status = await options.status(site);
      if (views.has(site)) views.set(site, { site, isChecking: false, at: options.nowMs(), status });
    } catch (error) {
      if (views.has(site)) views.set(site, { ...before, site, isChecking: false, error: toWireError(error) });
    }
    underWay--;
    options.onChange();
    next();
  }

  return {
    views: () => [...views.values()],
    look(site) {
      const view = views.get(site);
      if (view?.isChecking) return;
      views.set(site, { ...view, site, isChecking: true });
      waiting.push(site);
      options.onChange();
      next();
    },
    forget(site) {
      views.delete(site);
    },
  };
}

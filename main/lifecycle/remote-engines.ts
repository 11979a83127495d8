import type { QuitPlan } from '../ipc/desktop-schema.ts';
import type { SitesState } from '../ipc/site-schema.ts';

/** Engines on servers that go on when this program ends, as far as the last look told. */
export function remoteEngines({ sites, lookups }: Pick<SitesState, 'sites' | 'lookups'>): QuitPlan['remotes'] {
  return sites.flatMap(({ name }): QuitPlan['remotes'] => {
    const look = lookups.find(({ site }) => site === name);
    const status = look?.error === undefined ? look?.status : undefined;
    if (!status) return [{ name, state: 'unknown' }];
    switch (status.service) {
      case 'stopped':
      case 'absent':
      case 'failed':
        return [];
      case 'running':
      case 'restarting':
        if (!status.agent) return [{ name, state: 'unknown' }];
        return [{ name, state: status.agent.trading === 'trading' ? 'trading' : 'idle' }];
    }
  });
}

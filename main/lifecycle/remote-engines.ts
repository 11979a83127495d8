import type { QuitPlan } from '../ipc/desktop-schema.ts';
import type { SitesState } from '../ipc/site-schema.ts';

/** Engines on servers that go on when this program ends: as their links tell, else as the last look told. */
export function remoteEngines({
  sites,
  lookups,
  links,
}: Pick<SitesState, 'sites' | 'lookups' | 'links'>): QuitPlan['remotes'] {
  return sites.flatMap(({ name }): QuitPlan['remotes'] => {
    const link = links.find(({ site, link: { state } }) => site === name && state === 'ready');
    if (link?.trading !== undefined) {
      if (link.trading === 'locked') return [{ name, state: 'locked' }];
      if (link.mode === 'practice') return [{ name, state: 'practice' }];
      return [{ name, state: link.trading === 'trading' ? 'trading' : 'idle' }];
    }
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
        if (status.agent.locked) return [{ name, state: 'locked' }];
        return [{ name, state: status.agent.trading === 'trading' ? 'trading' : 'idle' }];
    }
  });
}

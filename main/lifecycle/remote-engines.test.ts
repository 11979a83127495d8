import { expect, it } from 'vitest';
import type { ServiceState, SiteLookup, SitesState } from '../ipc/site-schema.ts';
import { sampleLink, sampleSite } from '../ipc/sample-site.test-helper.ts';
import { remoteEngines } from './remote-engines.ts';

const ERROR = { code: 'HS_SSH_TIMEOUT', message: 'm', remedy: 'r' };

function told(change: Partial<SiteLookup>, ...services: [ServiceState, 'trading' | 'locked' | undefined][]) {
  const names = services.map((_service, index) => `tyo-${index + 1}`);
  const lookups = services.map(
    ([service, trading], index) =>
      ({
        site: names[index]!,
        isChecking: false,
        status: {
          name: names[index]!,
          service,
          releases: [],
          ...(trading && { agent: { trading, locked: trading === 'locked' } }),
        },
        ...change,
      }) as SiteLookup,
  );
  const sites: SitesState['sites'] = names.map((name) => sampleSite(name));
  return remoteEngines({ sites, lookups, links: [] }).map(({ state }) => state);
}

it('says of each server’s engine whether it trades, runs, or is not known; one that is stopped does not go on', () => {
  expect(
    told({}, ['running', 'trading'], ['running', 'locked'], ['restarting', undefined], ['stopped', undefined]),
  ).toEqual(['trading', 'locked', 'unknown']);
});

it('takes an older status for nothing where the latest look failed, and a server never looked at for unknown', () => {
  expect(told({ error: ERROR }, ['running', 'trading'], ['stopped', undefined])).toEqual(['unknown', 'unknown']);
  expect(remoteEngines({ sites: [sampleSite('fra-2')], lookups: [], links: [] })).toEqual([
    { name: 'fra-2', state: 'unknown' },
  ]);
});

it('believes the link before a look, and tells of practice that it ends with its venues', () => {
  const linked = (trading: 'trading' | 'locked', mode: 'practice' | 'live') =>
    remoteEngines({
      sites: [sampleSite('tyo-1')],
      lookups: [],
      links: [sampleLink('tyo-1', { trading, mode })],
    })[0]?.state;
  expect(linked('trading', 'live')).toBe('trading');
  expect(linked('locked', 'live')).toBe('locked');
  expect(linked('trading', 'practice')).toBe('practice');
});

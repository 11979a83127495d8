import { describe, expect, it } from 'vitest';
import { fakeSitesState } from './fake-handlers.test-helper.ts';
import { sampleSite } from './sample-site.test-helper.ts';
import { siteCondition, siteEntries, type SiteEntry } from './site-reading.ts';
import type { Operation, SiteStatus, Unfinished } from './site-schema.ts';

const operation = (change: Partial<Operation>): Operation => ({
  id: '1',
  site: 'tyo',
  kind: 'deploy',
  state: 'running',
  startedAt: 0,
  steps: [],
  ...change,
});
const unfinished: Unfinished = { site: 'tyo', host: 'h', kind: 'deploy', startedAt: 0 };
const server = {
  site: 'tyo',
  provider: 'lightsail' as const,
  title: 'Lightsail',
  region: 'r',
  plan: 'p',
  price: { amount: '7.00', currency: 'USD' },
  state: 'exists' as const,
  createdAt: 0,
};
const status = (change: Partial<SiteStatus>): SiteEntry => ({
  name: 'tyo',
  site: sampleSite('tyo'),
  lookup: {
    site: 'tyo',
    isChecking: false,
    at: 1,
    status: { name: 'tyo', service: 'running', releases: [], ...change },
  },
});

describe('the list of sites', () => {
  it('has what is deployed, half done, under way or costing, each once', () => {
    const entries = siteEntries({
      ...fakeSitesState,
      sites: [sampleSite('a')],
      operations: [operation({ site: 'b' }), operation({ site: 'a', kind: 'upgrade' })],
      unfinished: [
        { ...unfinished, site: 'b' },
        { ...unfinished, site: 'c' },
      ],
      cloudServers: [{ ...server, site: 'd' }],
    });
    expect(entries.map(({ name }) => name)).toEqual(['a', 'b', 'c', 'd']);
    expect(entries[0]?.operation?.kind).toBe('upgrade');
  });

  it('has no entry for a server somebody only looked at', () => {
    expect(siteEntries({ ...fakeSitesState, operations: [operation({ kind: 'look' })] })).toEqual([]);
  });
});

describe('what an entry is', () => {
  it.each<[string, SiteEntry]>([
    ['working', { name: 'tyo', operation: operation({}), unfinished, cloudServer: server }],
    ['failed', { name: 'tyo', operation: operation({ state: 'failed' }), unfinished }],
    ['failed', { name: 'tyo', operation: operation({ state: 'failed' }), site: sampleSite('tyo') }],
    ['unfinished', { name: 'tyo', unfinished }],
    ['unfinished', { name: 'tyo', operation: operation({ state: 'stopped' }), cloudServer: server }],
    ['unfinished', { name: 'tyo', site: sampleSite('tyo'), unfinished: { ...unfinished, kind: 'upgrade' } }],
    ['costsOnly', { name: 'tyo', cloudServer: server }],
    ['gone', { name: 'tyo', operation: operation({ kind: 'undo', state: 'done' }) }],
    ['unknown', { name: 'tyo', site: sampleSite('tyo') }],
    [
      'unreached',
      {
        name: 'tyo',
        site: sampleSite('tyo'),
        lookup: { site: 'tyo', isChecking: false, error: { code: 'HS_SSH_TIMEOUT', message: '', remedy: '' } },
      },
    ],
    ['down', status({ service: 'failed' })],
    ['stopped', status({ service: 'stopped' })],
    ['silent', status({})],
  ])('%s', (condition, entry) => {
    expect(siteCondition(entry)).toBe(condition);
  });
});

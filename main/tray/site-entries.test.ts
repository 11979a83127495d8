import { describe, expect, it } from 'vitest';
import { fakeSitesState } from '../ipc/fake-handlers.test-helper.ts';
import type { Operation, SiteLookup, SitesState } from '../ipc/site-schema.ts';
import { sampleSite } from '../ipc/sample-site.test-helper.ts';
import { wordsIn } from '../text/words.ts';
import { siteTrayEntries } from './site-entries.ts';

const entriesOf = (change: Partial<SitesState>, language: 'en' | 'fr' = 'en') =>
  siteTrayEntries({ ...fakeSitesState, version: '0.2.0', ...change }, wordsIn(language));
const running: SiteLookup = {
  site: 'tokyo-1',
  isChecking: false,
  at: 1,
  status: { name: 'tokyo-1', service: 'running', releases: [] },
};

describe('sites in the tray', () => {
  it('offer to deploy, also where there is none and before anything is known', () => {
    expect(siteTrayEntries(undefined, wordsIn('en'))).toMatchObject([
      { action: 'deploy', label: 'Deploy to VPS…', isEnabled: true },
    ]);
    expect(entriesOf({})).toHaveLength(1);
  });

  it('are redeployed in one click, which says what it brings', () => {
    const entries = entriesOf({ sites: [sampleSite('tokyo-1')], lookups: [running] });
    expect(entries[1]).toMatchObject({
      action: 'redeploy',
      site: 'tokyo-1',
      label: 'Redeploy tokyo-1 (0.1.0 to 0.2.0)',
      isEnabled: true,
    });
    expect(entriesOf({ sites: [sampleSite('tokyo-1')] }, 'fr')[1]).toMatchObject({
      label: 'Redéployer tokyo-1 (0.1.0 vers 0.2.0)',
    });
  });

  it('have a menu each: what runs can be stopped, what is stopped can be started', () => {
    const menuOf = (lookup: SiteLookup) => entriesOf({ sites: [sampleSite('tokyo-1')], lookups: [lookup] })[2];
    expect(menuOf(running)).toMatchObject({
      type: 'menu',
      id: 'tokyo-1',
      label: 'tokyo-1: no answer',
      entries: [
        { action: 'siteShow' },
        { action: 'siteStart', isEnabled: false },
        { action: 'siteStop', isEnabled: true },
      ],
    });
    const stopped = { ...running, status: { name: 'tokyo-1', service: 'stopped' as const, releases: [] } };
    expect(menuOf(stopped)).toMatchObject({
      label: 'tokyo-1: stopped',
      entries: [{}, { isEnabled: true }, { isEnabled: false }],
    });
  });

  it('let nothing be chosen while something works on them', () => {
    const operation: Operation = {
      id: '1',
      site: 'tokyo-1',
      kind: 'upgrade',
      state: 'running',
      startedAt: 0,
      steps: [],
    };
    const entries = entriesOf({ sites: [sampleSite('tokyo-1')], lookups: [running], operations: [operation] });
    expect(entries[1]).toMatchObject({ isEnabled: false });
    expect(entries[2]).toMatchObject({
      label: 'tokyo-1: upgrading',
      entries: [{ isEnabled: true }, { isEnabled: false }, { isEnabled: false }],
    });
  });

  it('show what costs without being a site', () => {
    const cloudServers: SitesState['cloudServers'] = [
      {
        site: 'fsn-1',
        provider: 'hetzner',
        title: 'Hetzner',
        region: 'fsn1',
        plan: 'cx23',
        price: { amount: '4.75', currency: 'EUR' },
        state: 'making',
        createdAt: 0,
      },
    ];
    expect(entriesOf({ cloudServers })[1]).toMatchObject({ label: 'fsn-1: costs', entries: [{ action: 'siteShow' }] });
  });
});

/** Sites -> entries of the tray's menu: deploy, redeploy in one click, and a menu for each site. Pure. */
import type { TradingState } from '../../engine/protocol/model.ts';
import { siteCondition, siteEntries, type SiteEntry } from '../ipc/site-reading.ts';
import type { SitesState } from '../ipc/site-schema.ts';
import type { TextKey } from '../text/catalogue.ts';
import type { Words } from '../text/words.ts';
import type { TrayEntry } from './model.ts';

/** More of them would push everything else out of the menu; each site's own menu has it too. */
const REDEPLOYS_AT_TOP = 3;

export function siteTrayEntries(state: SitesState | undefined, words: Words): TrayEntry[] {
  const deploy: TrayEntry = {
    type: 'action',
    action: 'deploy',
    label: words.text('sites.tray.deploy'),
    isEnabled: true,
  };
  const entries = state ? siteEntries(state) : [];
  const deployed = entries.filter(({ site }) => site !== undefined);
  return [
    deploy,
    ...deployed.slice(0, REDEPLOYS_AT_TOP).map((entry) => redeploy(entry, state?.version ?? '', words)),
    ...entries.map((entry): TrayEntry => ({
      type: 'menu',
      id: entry.name,
      label: words.text('sites.tray.site', { site: entry.name, state: stateText(entry, words) }),
      entries: ownEntries(entry, words),
    })),
  ];
}

/** Never over an agent that is not flat: main asks it first, and refuses. */
function redeploy(entry: SiteEntry, version: string, words: Words): TrayEntry {
  const { name, site } = entry;
  const from = site?.version ?? '';
  return {
    type: 'action',
    action: 'redeploy',
    site: name,
    label:
      from === version
        ? words.text('sites.tray.redeploy', { site: name })
        : words.text('sites.tray.upgrade', { site: name, from, to: version }),
    isEnabled: siteCondition(entry) !== 'working',
  };
}

function ownEntries(entry: SiteEntry, words: Words): TrayEntry[] {
  const { name } = entry;
  const show: TrayEntry = {
    type: 'action',
    action: 'siteShow',
    site: name,
    label: words.text('sites.tray.show'),
    isEnabled: true,
  };
  if (!entry.site) return [show];
  const isFree = siteCondition(entry) !== 'working';
  // Not looked at yet: either may be what is wanted, and neither does harm.
  const service = entry.lookup?.status?.service;
  return [
    show,
    {
      type: 'action',
      action: 'siteStart',
      site: name,
      label: words.text('sites.tray.start'),
      isEnabled: isFree && service !== 'running',
    },
    {
      type: 'action',
      action: 'siteStop',
      site: name,
      label: words.text('sites.tray.stop'),
      isEnabled: isFree && service !== 'stopped' && service !== 'absent',
    },
  ];
}

function stateText(entry: SiteEntry, words: Words): string {
  const agent = entry.lookup?.status?.agent;
  const condition = siteCondition(entry);
  switch (condition) {
    case 'working':
      return words.text(`sites.working.${entry.operation?.kind ?? 'action'}`);
    case 'costsOnly':
      return words.text('sites.tag.costs');
    case 'ready':
      if (entry.link?.holdsDesk && entry.link.trading) {
        return words.text('place.tag.desk', { state: words.text(TRADING_TEXTS[entry.link.trading]) });
      }
      return agent?.holdsTerm ? words.text('sites.tag.term', { term: agent.term }) : words.text('sites.tag.observes');
    default:
      return words.text(`sites.tag.${condition}`);
  }
}

const TRADING_TEXTS = {
  starting: 'trading.starting',
  observing: 'trading.observing',
  trading: 'tray.state.trading',
  paused: 'trading.paused',
  halted: 'trading.halted',
  stopped: 'trading.stopped',
  locked: 'trading.locked',
} as const satisfies Record<TradingState, TextKey>;

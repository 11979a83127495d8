import { alerts } from './en/alerts.ts';
import { deploy } from './en/deploy.ts';
import { desktop } from './en/desktop.ts';
import { frame } from './en/frame.ts';
import { keys } from './en/keys.ts';
import { latency } from './en/latency.ts';
import { modes } from './en/modes.ts';
import { overview } from './en/overview.ts';
import { place } from './en/place.ts';
import { siteWizard } from './en/site-wizard.ts';
import { sites } from './en/sites.ts';
import { sitesSaid } from './en/sites-said.ts';
import { slippage } from './en/slippage.ts';
import { trades } from './en/trades.ts';
import { tray } from './en/tray.ts';

/**
 * English: the catalogue every other language must match key by key, one file per part of the window. `{name}` is filled
 * in, `**words**` are set in bold, keys ending in `.one` / `.other` are the two plural forms of one text.
 */
export const en = {
  ...frame,
  ...overview,
  ...latency,
  ...trades,
  ...slippage,
  ...alerts,
  ...tray,
  ...keys,
  ...modes,
  ...desktop,
  ...deploy,
  ...sites,
  ...siteWizard,
  ...place,
  ...sitesSaid,
} as const;

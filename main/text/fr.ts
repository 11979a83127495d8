import type { Catalogue } from './catalogue.ts';
import { alerts } from './fr/alerts.ts';
import { deploy } from './fr/deploy.ts';
import { desktop } from './fr/desktop.ts';
import { frame } from './fr/frame.ts';
import { keys } from './fr/keys.ts';
import { latency } from './fr/latency.ts';
import { modes } from './fr/modes.ts';
import { overview } from './fr/overview.ts';
import { place } from './fr/place.ts';
import { siteWizard } from './fr/site-wizard.ts';
import { sites } from './fr/sites.ts';
import { sitesSaid } from './fr/sites-said.ts';
import { slippage } from './fr/slippage.ts';
import { trades } from './fr/trades.ts';
import { tray } from './fr/tray.ts';

/** French. Trade, slippage, spread and walk stay as they are (design/ui README, "Numbers and words"). */
export const fr: Catalogue = {
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
};

/**
 * Development only (`npx vite -c renderer/vite.config.ts`, then /sample/): the product build has no way here.
 * `?sites=failed&lang=fr&theme=light` chooses what is shown.
 */
import { sampleAlerts } from './alerts.ts';
import { sampleAnswers, sampleDesktop } from './desktop.ts';
import { createFakeBridge } from './fake-bridge.ts';
import { sampleKeys } from './keys.ts';
import { modeAnswers, sampleModes } from './modes.ts';
import { SAMPLE_SITES, sampleSiteAnswers, sampleSites } from './sites.ts';
import { sampleApp, sampleSnapshot } from './snapshot.ts';

const wanted = new URLSearchParams(window.location.search);
const app = sampleApp({
  language: wanted.get('lang') === 'fr' ? 'fr' : 'en',
  theme: wanted.get('theme') === 'light' ? 'light' : 'dark',
  ...(['moved', 'locked'].includes(wanted.get('sites') ?? '') && { place: { site: 'tokyo-1' } }),
});
const kind = SAMPLE_SITES.find((each) => each === wanted.get('sites')) ?? 'idle';
window.halfspread = createFakeBridge(
  app,
  sampleSnapshot(),
  sampleAlerts(),
  {
    ...sampleAnswers,
    'keys.open': { keys: sampleKeys() },
    ...modeAnswers({ state: sampleModes() }),
    ...sampleSiteAnswers,
  },
  sampleDesktop({ firstRun: 'show' }),
  sampleSites(kind),
);
await import('../main.ts');

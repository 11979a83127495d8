/** Development only (`npx vite -c renderer/vite.config.ts`, then /sample/): the product build has no way here. */
import { sampleAlerts } from './alerts.ts';
import { sampleAnswers, sampleDesktop } from './desktop.ts';
import { createFakeBridge } from './fake-bridge.ts';
import { sampleKeys } from './keys.ts';
import { modeAnswers, sampleModes } from './modes.ts';
import { sampleApp, sampleSnapshot } from './snapshot.ts';

window.halfspread = createFakeBridge(
  sampleApp(),
  sampleSnapshot(),
  sampleAlerts(),
  { ...sampleAnswers, 'keys.open': { keys: sampleKeys() }, ...modeAnswers({ state: sampleModes() }) },
  sampleDesktop({ firstRun: 'show' }),
);
await import('../main.ts');

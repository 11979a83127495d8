/** Development only (`npx vite -c renderer/vite.config.ts`, then /sample/): the product build has no way here. */
import { sampleAlerts } from './alerts.ts';
import { sampleAnswers, sampleDesktop } from './desktop.ts';
import { createFakeBridge } from './fake-bridge.ts';
import { sampleApp, sampleSnapshot } from './snapshot.ts';

window.halfspread = createFakeBridge(
  sampleApp(),
  sampleSnapshot(),
  sampleAlerts(),
  sampleAnswers,
  sampleDesktop({ firstRun: 'show' }),
);
await import('../main.ts');

/** Development only (`npx vite -c renderer/vite.config.ts`, then /sample/): the product build has no way here. */
import { sampleAlerts } from './alerts.ts';
import { createFakeBridge } from './fake-bridge.ts';
import { sampleKeys } from './keys.ts';
import { sampleApp, sampleSnapshot } from './snapshot.ts';

window.halfspread = createFakeBridge(sampleApp(), sampleSnapshot(), sampleAlerts(), sampleKeys());
await import('../main.ts');

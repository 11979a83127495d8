/** Plays the engine's program through the states a tray shows, one step for each SIGUSR2. */
import type { DeskEvent } from '../protocol/model.ts';
import { createNodeEnv } from '../node-env.ts';
import { startAgent } from './agent.ts';
import { createFakeDesk } from './fake-desk.test-helper.ts';
import { onParentGone, readLaunch } from './parent.ts';

const spike = {
  metric: 'orderToConfirm',
  venue: 'paradex',
  startedAt: 1,
  tradeId: 1,
  value: 798,
  baseline: 386,
  threshold: 500,
  n: 40,
  samples: 2,
} as const;
const STEPS: DeskEvent[] = [
  { type: 'trading', trading: 'trading' },
  { type: 'spike', spike },
  { type: 'spike', spike: { ...spike, ended: { at: 2, tradeId: 2, outcome: 'over' } } },
  { type: 'trading', trading: 'halted', reason: { code: 'HS_DOUBT_UNRESOLVED', message: 'An order stays in doubt.' } },
];

const { cookie, devicePublicKey, options } = await readLaunch();
const desk = createFakeDesk(`boot-${process.pid}`);
const agent = await startAgent({
  desk,
  env: createNodeEnv(),
  pipePath: options.pipePath,
  cookie,
  devicePublicKey,
  agentId: 'staged',
  version: '0.0.0',
  dataFolder: options.dataFolder,
});
process.on('SIGUSR2', () => {
  const step = STEPS.shift();
  if (step) desk.emit(step);
});
process.stdout.write(`${JSON.stringify(agent.ready)}\n`);
process.on('SIGTERM', () => void agent.stop().then(() => process.exit(0)));
onParentGone(() => process.exit(0));

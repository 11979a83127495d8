import { expect, test } from 'vitest';
import { spikeConfigs } from '../../engine/measure/spikes-sensitivity.ts';
import { spikeSensitivitySchema } from '../../engine/protocol/messages.ts';
import { SPIKE_RULES } from './spike-rules.ts';

test.each(spikeSensitivitySchema.options)('the rules shown for %s are those the engine goes by', (sensitivity) => {
  const { slippage, latency } = spikeConfigs(sensitivity);
  expect(SPIKE_RULES[sensitivity]).toEqual({
    sigmas: latency.enterSigmas,
    latencyShare: latency.leastRiseShare,
    latencyRiseMs: latency.leastRise,
    slippageRiseBps: slippage.leastRise,
  });
  expect(slippage.enterSigmas).toBe(latency.enterSigmas);
});

import type { SpikeSensitivity } from '../protocol/messages.ts';
import { LATENCY_SPIKES, SLIPPAGE_SPIKES, type SpikeConfig } from './spikes-series.ts';

export interface SpikeConfigs {
  slippage: SpikeConfig;
  latency: SpikeConfig;
}

/**
 * What the operator's choice means. `usual` is what the noise tests were made for; `low` wants a rise that nobody can
 * miss, `high` one that a person would only see in the figures, at the price of a false start now and then.
 */
export function spikeConfigs(sensitivity: SpikeSensitivity): SpikeConfigs {
  switch (sensitivity) {
    case 'low':
      return {
        slippage: { ...SLIPPAGE_SPIKES, enterSigmas: 10, leastRise: 2 },
        latency: { ...LATENCY_SPIKES, enterSigmas: 10, leastRise: 20, leastRiseShare: 0.5 },
      };
    case 'usual':
      return { slippage: SLIPPAGE_SPIKES, latency: LATENCY_SPIKES };
    case 'high':
      return {
        slippage: { ...SLIPPAGE_SPIKES, enterSigmas: 4, leastRise: 0.5 },
        latency: { ...LATENCY_SPIKES, enterSigmas: 4, leastRise: 3, leastRiseShare: 0.12 },
      };
  }
}

import type { SpikeSensitivity } from '../../engine/protocol/messages.ts';

/** What each choice means, in the engine's own numbers (engine/measure/spikes-sensitivity.ts); a test holds them equal. */
export const SPIKE_RULES: Record<
  SpikeSensitivity,
  { sigmas: number; latencyShare: number; latencyRiseMs: number; slippageRiseBps: number }
> = {
  low: { sigmas: 10, latencyShare: 0.5, latencyRiseMs: 20, slippageRiseBps: 2 },
  usual: { sigmas: 6, latencyShare: 0.25, latencyRiseMs: 5, slippageRiseBps: 1 },
  high: { sigmas: 4, latencyShare: 0.12, latencyRiseMs: 3, slippageRiseBps: 0.5 },
};

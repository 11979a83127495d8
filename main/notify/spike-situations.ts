import type { Spike } from '../../engine/protocol/model.ts';
import type { AlertDraft } from './alert-draft.ts';
import { spikeWords } from './spike-words.ts';

/** Metrics that spike now, by the category they are told under. */
export type SpikesTold = Readonly<Record<string, readonly Spike['metric'][]>>;

/** Slippage is one subject; the latencies of one venue are one: its answer and its confirmation are late together. */
export function spikeCategory(spike: Pick<Spike, 'metric' | 'venue'>): string {
  return spike.metric === 'slippage' ? 'spike.slippage' : `spike.latency.${spike.venue ?? ''}`;
}

/** What to tell of a spike's start or end: the first start of its category and the last end. Pure. */
export function tellSpike(told: SpikesTold, spike: Spike): { told: SpikesTold; alert?: AlertDraft } {
  const category = spikeCategory(spike);
  const before = told[category] ?? [];
  const others = before.filter((metric) => metric !== spike.metric);
  const now = spike.ended ? others : [...others, spike.metric];
  const next = { told: { ...told, [category]: now } };
  const isNews = spike.ended ? before.length > 0 && now.length === 0 : before.length === 0;
  if (!isNews) return next;
  return {
    ...next,
    alert: {
      group: 'spikes',
      category,
      severity: spike.ended?.outcome === 'over' ? 'info' : 'warn',
      words: spikeWords(spike),
      tradeId: spike.ended?.tradeId ?? spike.tradeId,
    },
  };
}

/**
 * Takes over the spikes of a whole snapshot (another engine, another line) without telling them again.
 * @returns the categories that were told and last no more: their notifications are out of date
 */
export function adoptSpikes(told: SpikesTold, spikes: readonly Spike[]): { told: SpikesTold; outdated: string[] } {
  const now: Record<string, Spike['metric'][]> = {};
  for (const spike of spikes) (now[spikeCategory(spike)] ??= []).push(spike.metric);
  const outdated = Object.keys(told).filter((category) => (told[category]?.length ?? 0) > 0 && !now[category]);
  return { told: now, outdated };
}

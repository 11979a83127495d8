import type { VenueId } from '../core/types.ts';
import { spikeConfigs, type SpikeConfigs } from './spikes-sensitivity.ts';
import { SpikeSeries, type SeriesChange } from './spikes-series.ts';
import { StageBaselines, type MovedStage, type StageTimes } from './spikes-stages.ts';

export type LatencyMetric = 'orderToConfirm' | 'orderToAck';
export type SpikeMetric = 'slippage' | LatencyMetric;

/** What one finished episode measured. */
export interface EpisodeSample {
  /** Unix ms of its signal. */
  at: number;
  slippageBps?: number;
  legs: readonly LegSample[];
}

export interface LegSample {
  venue: VenueId;
  orderToConfirmMs?: number;
  orderToAckMs?: number;
  stages: StageTimes;
}

/** A spike of one (metric, venue) that starts or ends; slippage belongs to both legs and has no venue. */
export type SpikeChange = SeriesChange & { metric: SpikeMetric; venue?: VenueId; stage?: MovedStage };

const LATENCY_METRICS: readonly LatencyMetric[] = ['orderToConfirm', 'orderToAck'];

interface LegWatch {
  series: Record<LatencyMetric, SpikeSeries>;
  stages: StageBaselines;
  /** What had moved when the running spikes began: told again at their end. */
  moved: Partial<Record<LatencyMetric, MovedStage>>;
}

/** Slippage of episodes and latency of legs, each against its own baseline. Bounded: one series per metric and venue. */
export class SpikeDetector {
  private readonly slippage: SpikeSeries;
  private configs: SpikeConfigs;
  private readonly legs = new Map<VenueId, LegWatch>();

  constructor(configs: SpikeConfigs = spikeConfigs('usual')) {
    this.configs = configs;
    this.slippage = new SpikeSeries(configs.slippage);
  }

  /** From the next sample on. */
  configure(configs: SpikeConfigs): void {
    this.configs = configs;
    this.slippage.configure(configs.slippage);
    for (const { series } of this.legs.values()) {
      for (const metric of LATENCY_METRICS) series[metric].configure(configs.latency);
    }
  }

  /** Spikes this episode starts or ends, slippage first. Call once per episode, in order. */
  add(sample: EpisodeSample): SpikeChange[] {
    const changes: SpikeChange[] = [];
    if (sample.slippageBps !== undefined) {
      const change = this.slippage.add(sample.slippageBps, sample.at);
      if (change) changes.push({ ...change, metric: 'slippage' });
    }
    for (const leg of sample.legs) changes.push(...this.addLeg(leg, sample.at));
    return changes;
  }

  private addLeg(leg: LegSample, at: number): SpikeChange[] {
    const watch = this.watchOf(leg.venue);
    const changes: SpikeChange[] = [];
    for (const metric of LATENCY_METRICS) {
      const value = metric === 'orderToConfirm' ? leg.orderToConfirmMs : leg.orderToAckMs;
      const change = value === undefined ? undefined : watch.series[metric].add(value, at);
      if (!change) continue;
      if (change.phase === 'start') watch.moved[metric] = watch.stages.mostMoved(leg.stages);
      else if (change.outcome === 'newNormal') watch.stages.forget();
      changes.push({ ...change, metric, venue: leg.venue, stage: watch.moved[metric] });
    }
    if (!LATENCY_METRICS.some((metric) => watch.series[metric].isSpiking)) watch.stages.learn(leg.stages);
    return changes;
  }

  private watchOf(venue: VenueId): LegWatch {
    let watch = this.legs.get(venue);
    if (!watch) {
      const { latency } = this.configs;
      watch = {
        series: { orderToConfirm: new SpikeSeries(latency), orderToAck: new SpikeSeries(latency) },
        stages: new StageBaselines(),
        moved: {},
      };
      this.legs.set(venue, watch);
    }
    return watch;
  }
}

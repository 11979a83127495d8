import { spikeConfigs } from '../measure/spikes-sensitivity.ts';
import { SpikeDetector, type EpisodeSample, type SpikeChange } from '../measure/spikes.ts';
import type { SpikeSensitivity } from '../protocol/messages.ts';
import type { Episode, LegRecord, Spike } from '../protocol/model.ts';
import type { OperatorLog } from './operator-log.ts';

/** Watches finished episodes for spikes of slippage and latency; the clients hear of each start and end, as does the log. */
export class SpikeWatch {
  private readonly detector: SpikeDetector;
  private readonly log: OperatorLog;
  private readonly publish: (spike: Spike) => void;
  /** Spikes that last, by metric and venue. */
  private readonly running = new Map<string, Spike>();

  constructor(log: OperatorLog, publish: (spike: Spike) => void, sensitivity: SpikeSensitivity = 'usual') {
    this.detector = new SpikeDetector(spikeConfigs(sensitivity));
    this.log = log;
    this.publish = publish;
  }

  /** From the next measurement on; baselines and spikes that last stay. */
  setSensitivity(sensitivity: SpikeSensitivity): void {
    this.detector.configure(spikeConfigs(sensitivity));
  }

  /** Takes an episode of an earlier run into the baselines without telling anyone. Oldest first, before any `add`. */
  learn(tradeId: number, episode: Episode): void {
    for (const change of this.detector.add(sampleOf(episode))) this.track(tradeId, episode.signalAt, change);
  }

  /** Call once per episode that is over. */
  add(tradeId: number, episode: Episode): void {
    for (const change of this.detector.add(sampleOf(episode))) {
      const spike = this.track(tradeId, episode.signalAt, change);
      this.log.write(spike.ended ? 'SPIKE_ENDED' : 'SPIKE_STARTED', logFields(tradeId, spike));
      this.publish(spike);
    }
  }

  /** Spikes that last: after `learn`, those an earlier run left. */
  active(): Spike[] {
    return [...this.running.values()];
  }

  private track(tradeId: number, at: number, change: SpikeChange): Spike {
    const { metric, venue, stage, figures } = change;
    const key = `${metric} ${venue ?? ''}`;
    const started = this.running.get(key);
    const spike: Spike = { metric, venue, stage, ...figures, tradeId: started?.tradeId ?? tradeId };
    if (change.phase === 'end') {
      this.running.delete(key);
      return { ...spike, ended: { at, tradeId, outcome: change.outcome } };
    }
    this.running.set(key, spike);
    return spike;
  }
}

function sampleOf(episode: Episode): EpisodeSample {
  return {
    at: episode.signalAt,
    slippageBps: episode.slippageBps,
    legs: episode.legs.map((leg) => ({
      venue: leg.venue,
      orderToConfirmMs: leg.orderToConfirmMs,
      orderToAckMs: leg.orderToAckMs,
      stages: stagesOf(leg),
    })),
  };
}

/** The parts of a leg as the statistics take them: out, venue, back; ours is what went by before the bytes left. */
function stagesOf({ stamps }: LegRecord): EpisodeSample['legs'][number]['stages'] {
  const { t4, t5, t8 } = stamps;
  const published = stamps.t7 ?? stamps.t6;
  const between = (later?: number, earlier?: number) =>
    later === undefined || earlier === undefined ? undefined : later - earlier;
  return { ours: t4, lineOut: between(t5, t4), venue: between(published, t5), lineBack: between(t8, published) };
}

function logFields(tradeId: number, spike: Spike): Record<string, unknown> {
  const unit = spike.metric === 'slippage' ? 'bps' : 'ms';
  return {
    trade_id: tradeId,
    metric: spike.metric,
    exchange: spike.venue,
    [`value_${unit}`]: spike.value,
    [`baseline_${unit}`]: spike.baseline,
    [`threshold_${unit}`]: spike.threshold,
    n: spike.n,
    samples: spike.samples,
    stage: spike.stage?.name,
    stage_moved_ms: spike.stage?.movedMs,
    outcome: spike.ended?.outcome,
  };
}

import { median } from 'simple-statistics';

/**
 * When a series of measurements is called a spike. Sigma is robust: 1.4826 x MAD, which equals the standard deviation on
 * normal noise. Median and MAD are taken instead of an EWMA because latencies are heavy-tailed: one stalled order would
 * pull an EWMA's mean and variance at once, raise the threshold and hide the next one; MAD bears up to half its window.
 */
export interface SpikeConfig {
  /** Samples the baseline remembers; the oldest fall out. */
  windowSamples: number;
  /** No spike is told before the baseline has this many: under 20 the MAD itself is off by a third. */
  minSamples: number;
  /** A sample is high from baseline + this many sigmas on. */
  enterSigmas: number;
  /** A rise under this is never a spike, in the series' unit ... */
  leastRise: number;
  /** ... nor one under this share of the baseline: not worth a person's attention. */
  leastRiseShare: number;
  /** A spike starts when this many ... */
  enterNeeded: number;
  /** ... of the latest so many samples are high: one stalled order is not a spike. */
  enterOf: number;
  /** It ends after this many samples in a row under the leave threshold: baseline + half the rise that starts one. */
  leaveAfter: number;
  /** A spike this many samples long is the new normal: it ends and its samples become the baseline. */
  adoptAfter: number;
  /** From the end of a spike until the next may start. */
  cooldownMs: number;
}

const COMMON = {
  windowSamples: 60,
  minSamples: 20,
  enterSigmas: 6,
  enterNeeded: 2,
  enterOf: 3,
  leaveAfter: 5,
  adoptAfter: 40,
  cooldownMs: 60_000,
};

/** Order to acknowledgement and order to confirm, ms. */
export const LATENCY_SPIKES: SpikeConfig = { ...COMMON, leastRise: 5, leastRiseShare: 0.25 };
/** Slippage of an episode, bps; its baseline may be zero or less, so that a share of it means nothing. */
export const SLIPPAGE_SPIKES: SpikeConfig = { ...COMMON, leastRise: 1, leastRiseShare: 0 };

/** MAD of normal noise x this = its standard deviation. */
const MAD_TO_SIGMA = 1.4826;

/** The figures of a spike, all in the series' unit. */
export interface SpikeFigures {
  startedAt: number;
  /** Median of the high samples at the start, of all its samples at the end. */
  value: number;
  baseline: number;
  threshold: number;
  /** Samples in the baseline. */
  n: number;
  /** Samples of the spike itself. */
  samples: number;
}

export type SeriesChange =
  { phase: 'start'; figures: SpikeFigures } | { phase: 'end'; figures: SpikeFigures; outcome: 'over' | 'newNormal' };

interface Running {
  figures: SpikeFigures;
  leaveBelow: number;
  /** At most `adoptAfter`. */
  values: number[];
  lowInARow: number;
}

/** One measured quantity: feed it in order, it tells when a spike starts and ends. Memory is bounded by its config. */
export class SpikeSeries {
  private config: SpikeConfig;
  private readonly window: number[] = [];
  private readonly latest: number[] = [];
  private running: Running | undefined;
  private quietUntil = Number.NEGATIVE_INFINITY;

  constructor(config: SpikeConfig) {
    this.config = config;
  }

  /** From the next sample on; the baseline and a spike that lasts stay. */
  configure(config: SpikeConfig): void {
    this.config = config;
  }

  get isSpiking(): boolean {
    return this.running !== undefined;
  }

  /** @param at Unix ms of the measurement; only the cooldown goes by it. */
  add(value: number, at: number): SeriesChange | undefined {
    return this.running ? this.during(this.running, value, at) : this.between(value, at);
  }

  private between(value: number, at: number): SeriesChange | undefined {
    const { config, window, latest } = this;
    keep(latest, value, config.enterOf);
    const start = window.length >= config.minSamples && at >= this.quietUntil ? this.judge(at) : undefined;
    if (start) {
      this.running = start;
      latest.length = 0;
      return { phase: 'start', figures: start.figures };
    }
    keep(window, value, config.windowSamples);
    return undefined;
  }

  /** The spike the latest samples make, if they make one. */
  private judge(at: number): Running | undefined {
    const { config, window, latest } = this;
    const baseline = median(window);
    const sigma = MAD_TO_SIGMA * median(window.map((sample) => Math.abs(sample - baseline)));
    const rise = Math.max(config.enterSigmas * sigma, config.leastRise, config.leastRiseShare * Math.abs(baseline));
    const high = latest.filter((sample) => sample > baseline + rise);
    if (high.length < config.enterNeeded) return undefined;
    const figures = {
      startedAt: at,
      value: median(high),
      baseline,
      threshold: baseline + rise,
      n: window.length,
      samples: high.length,
    };
    return { figures, leaveBelow: baseline + rise / 2, values: high, lowInARow: 0 };
  }

  private during(running: Running, value: number, at: number): SeriesChange | undefined {
    const { config } = this;
    running.values.push(value);
    running.lowInARow = value < running.leaveBelow ? running.lowInARow + 1 : 0;
    const isOver = running.lowInARow >= config.leaveAfter;
    if (!isOver && running.values.length < config.adoptAfter) return undefined;
    const ofSpike = isOver ? running.values.slice(0, -config.leaveAfter) : running.values;
    this.running = undefined;
    this.quietUntil = at + config.cooldownMs;
    if (isOver) {
      for (const low of running.values.slice(-config.leaveAfter)) keep(this.window, low, config.windowSamples);
    } else {
      this.window.splice(0, this.window.length, ...running.values.slice(-config.windowSamples));
    }
    return {
      phase: 'end',
      outcome: isOver ? 'over' : 'newNormal',
      figures: { ...running.figures, value: median(ofSpike), samples: ofSpike.length },
    };
  }
}

function keep(list: number[], value: number, most: number): void {
  list.push(value);
  if (list.length > most) list.shift();
}

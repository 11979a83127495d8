import type { VenueId } from '../core/types.ts';
import { describeDistribution, seededRandom } from '../measure/distribution.ts';
import { LatencyHistogram } from '../measure/histogram.ts';
import { TimeBuckets } from '../measure/time-buckets.ts';
import type { Episode, Statistics, Trade } from '../protocol/model.ts';

const BUCKET_MS = 5_000;
const MAX_BUCKETS = 120;
const MAX_VALUES = 2_000;

const LEG_STAGES = [
  'orderToAck',
  'orderToConfirm',
  'signalToOrder',
  'sign',
  'lineOut',
  'venueTime',
  'lineBack',
] as const;
type LegHistograms = Record<(typeof LEG_STAGES)[number], LatencyHistogram>;

/** Values of one quantity kept for distributions: bounded, the oldest fall out. */
class Values {
  readonly list: number[] = [];
  add(value: number | undefined): void {
    if (value === undefined) return;
    this.list.push(value);
    if (this.list.length > MAX_VALUES) this.list.shift();
  }
}

/** Sums up finished episodes and trades; memory is bounded for any run length. */
export class DeskStatistics {
  private readonly legs = new Map<VenueId, LegHistograms>();
  private readonly buckets = new TimeBuckets(BUCKET_MS, MAX_BUCKETS);
  private readonly detectionToSignal = new LatencyHistogram();
  readonly loopDelay = new LatencyHistogram();
  private readonly slippage = new Values();
  private readonly orderToAck = new Values();
  private readonly slippageEntry = new Values();
  private readonly slippageExit = new Values();
  private readonly split = new Map<VenueId, { delay: Values; walk: Values }>();
  private entries = 0;
  private exits = 0;
  private unwound = 0;
  private grossE8 = 0;
  private feesE8 = 0;
  private netE8 = 0;
  private readonly missedCount: () => number;

  constructor(venues: readonly VenueId[], missedCount: () => number) {
    this.missedCount = missedCount;
    for (const venue of venues) {
      const stages = Object.fromEntries(LEG_STAGES.map((stage) => [stage, new LatencyHistogram()])) as LegHistograms;
      this.legs.set(venue, stages);
      this.split.set(venue, { delay: new Values(), walk: new Values() });
    }
  }

  /** Adds an episode that is over; call once per episode. */
  addEpisode(episode: Episode): void {
    if (episode.kind === 'entry' && episode.state === 'complete') this.entries++;
    if (episode.kind === 'exit' && episode.state === 'complete') this.exits++;
    this.detectionToSignal.record(episode.detectionToSignalMs);
    this.slippage.add(episode.slippageBps);
    this.orderToAck.add(episode.orderToAckMs);
    (episode.kind === 'entry' ? this.slippageEntry : this.slippageExit).add(episode.slippageBps);
    for (const leg of episode.legs) {
      const histograms = this.legs.get(leg.venue);
      if (!histograms) continue;
      const { stamps } = leg;
      const published = stamps.t7 ?? stamps.t6;
      histograms.orderToAck.record(leg.orderToAckMs);
      histograms.orderToConfirm.record(leg.orderToConfirmMs);
      histograms.signalToOrder.record(stamps.t4);
      histograms.sign.record(leg.signature === 'onDemand' ? leg.signMs : undefined);
      histograms.lineOut.record(difference(stamps.t5, stamps.t4));
      histograms.venueTime.record(difference(published, stamps.t5));
      histograms.lineBack.record(difference(stamps.t8, published));
      this.buckets.record(episode.signalAt, leg.venue, 'orderToAck', leg.orderToAckMs);
      this.buckets.record(episode.signalAt, leg.venue, 'orderToConfirm', leg.orderToConfirmMs);
      this.split.get(leg.venue)?.delay.add(leg.cost?.delayBps);
      this.split.get(leg.venue)?.walk.add(leg.cost?.walkBps);
    }
  }

  /** Adds a trade that is flat with all its fills known; call once per trade. */
  addTrade(trade: Trade): void {
    if (trade.exit === undefined && trade.netE8 !== undefined) this.unwound++;
    this.grossE8 += trade.grossE8 ?? 0;
    this.feesE8 += trade.feesE8 ?? 0;
    this.netE8 += trade.netE8 ?? 0;
  }

  build(): Statistics {
    const describe = (values: Values) => describeDistribution(values.list, { random: seededRandom(1) });
    return {
      entries: this.entries,
      exits: this.exits,
      missed: this.missedCount(),
      unwound: this.unwound,
      grossE8: this.grossE8,
      feesE8: this.feesE8,
      netE8: this.netE8,
      slippage: describe(this.slippage),
      orderToAck: describe(this.orderToAck),
      slippageByLeg: [...this.split].map(([venue, { delay, walk }]) => ({
        venue,
        delay: describe(delay),
        walk: describe(walk),
      })),
      slippageEntry: describe(this.slippageEntry),
      slippageExit: describe(this.slippageExit),
      slippageValues: [...this.slippage.list],
      latency: [...this.legs].map(([venue, stages]) => ({
        venue,
        orderToAck: stages.orderToAck.percentiles(),
        orderToConfirm: stages.orderToConfirm.percentiles(),
        signalToOrder: stages.signalToOrder.percentiles(),
        sign: stages.sign.percentiles(),
        lineOut: stages.lineOut.percentiles(),
        venueTime: stages.venueTime.percentiles(),
        lineBack: stages.lineBack.percentiles(),
      })),
      latencyBuckets: this.buckets.list(),
      detectionToSignal: this.detectionToSignal.percentiles(),
      loopDelay: this.loopDelay.percentiles(),
    };
  }
}

function difference(later: number | undefined, earlier: number | undefined): number | undefined {
  return later === undefined || earlier === undefined ? undefined : later - earlier;
}

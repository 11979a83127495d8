import type { VenueId } from '../core/types.ts';
import type { LatencyBucket } from '../protocol/model.ts';
import { LatencyHistogram } from './histogram.ts';

type BucketedStage = 'orderToConfirm' | 'orderToAck';

interface Cell {
  orderToConfirm: LatencyHistogram;
  orderToAck: LatencyHistogram;
}

/**
 * Latency over time: one histogram per bucket, venue and stage, so that every bucket's percentiles are its own. When
 * `maxBuckets` is passed, neighbours are merged pairwise and buckets become twice as long: any run length fits.
 */
export class TimeBuckets {
  private lengthMs: number;
  private readonly maxBuckets: number;
  private buckets = new Map<number, Map<VenueId, Cell>>();

  /** @param lengthMs first length of a bucket; bounds are its multiples since the Unix epoch */
  constructor(lengthMs: number, maxBuckets: number) {
    this.lengthMs = lengthMs;
    this.maxBuckets = maxBuckets;
  }

  /** @param at Unix ms of the measured event */
  record(at: number, venue: VenueId, stage: BucketedStage, durationMs: number | undefined): void {
    if (durationMs === undefined) return;
    this.cell(Math.floor(at / this.lengthMs), venue)[stage].record(durationMs);
    while (this.buckets.size > this.maxBuckets) this.halve();
  }

  /** Oldest first; times without any value have no bucket. */
  list(): LatencyBucket[] {
    const { lengthMs } = this;
    return [...this.buckets.entries()]
      .sort(([a], [b]) => a - b)
      .flatMap(([index, cells]) =>
        [...cells.entries()].map(([venue, cell]) => ({
          startAt: index * lengthMs,
          lengthMs,
          venue,
          orderToConfirm: cell.orderToConfirm.percentiles(),
          orderToAck: cell.orderToAck.percentiles(),
        })),
      );
  }

  private cell(index: number, venue: VenueId): Cell {
    let cells = this.buckets.get(index);
    if (!cells) this.buckets.set(index, (cells = new Map()));
    let cell = cells.get(venue);
    if (!cell) {
      // 1 % steps: a chart's precision, at an eighth of the memory.
      cell = { orderToConfirm: new LatencyHistogram(2), orderToAck: new LatencyHistogram(2) };
      cells.set(venue, cell);
    }
    return cell;
  }

  private halve(): void {
    const finer = this.buckets;
    this.buckets = new Map();
    this.lengthMs *= 2;
    for (const [index, cells] of finer) {
      for (const [venue, { orderToConfirm, orderToAck }] of cells) {
        const cell = this.cell(Math.floor(index / 2), venue);
        cell.orderToConfirm.merge(orderToConfirm);
        cell.orderToAck.merge(orderToAck);
      }
    }
  }
}

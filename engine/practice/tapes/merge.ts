import { DenseSide } from './dense-book.ts';
import { UpdateWriter, type UpdateColumns } from './columns.ts';
import type { BboRows, DepthMessage } from './recording.ts';

/** Price range kept, in ticks. Levels far from the market are recorded too (1000 USD bids) and would only cost memory. */
export interface PriceBand {
  lowestTick: number;
  highestTick: number;
}

/** Half a percent beyond the extremes of the touch: far more than any order of the desk can walk. */
const BAND_MARGIN = 0.005;

export function priceBand(bbo: BboRows): PriceBand {
  let lowest = Number.POSITIVE_INFINITY;
  let highest = 0;
  for (let i = 0; i < bbo.count; i++) {
    lowest = Math.min(lowest, bbo.bidTick[i]!);
    highest = Math.max(highest, bbo.askTick[i]!);
  }
  return { lowestTick: Math.floor(lowest * (1 - BAND_MARGIN)), highestTick: Math.ceil(highest * (1 + BAND_MARGIN)) };
}

/** Time at which the book is first complete: the snapshot is in and a best quote not older than it. Recorder's clock. */
export function firstCompleteUs(bbo: BboRows, depth: DepthMessage[] | undefined): number {
  if (!depth) return bbo.timeUs[0]!;
  const snapshotId = depth[0]!.lastId;
  let row = 0;
  while (row < bbo.count - 1 && bbo.updateId[row]! < snapshotId) row++;
  return bbo.timeUs[row]!;
}

/**
 * Merges best quotes and depth of one stream by update id. Depth is conflated (usdm: 19 messages/s against 192 best
 * quotes/s) and arrives later than the quotes it covers, so a depth message takes its place, and its time, between the
 * quotes around its last update id. Between depth messages a quote sets its touch and prunes the levels before it.
 *
 * @param startUs,endUs the tape's window in the recorder's clock; times of the result count from `startUs`.
 */
export function mergeStream(
  bbo: BboRows,
  depth: DepthMessage[] | undefined,
  band: PriceBand,
  startUs: number,
  endUs: number,
): UpdateColumns {
  const bids = new MergeSide('bids', band, depth !== undefined);
  const asks = new MergeSide('asks', band, depth !== undefined);
  const writer = new UpdateWriter();
  const completeId = depth ? depth[0]!.lastId : 0;
  let complete = false;
  let started = false;
  let nextDepth = 0;

  const startBefore = (timeUs: number): void => {
    if (started || !complete || timeUs <= startUs) return;
    started = true;
    writer.add(0, bids.allLevels(), asks.allLevels(), true);
  };
  const applied = (timeUs: number): void => {
    const bidChanges = bids.takeChanges();
    const askChanges = asks.takeChanges();
    if (started)
      writer.add(timeUs - startUs, bidChanges.levels, askChanges.levels, bidChanges.touch || askChanges.touch);
  };
  const applyDepth = (message: DepthMessage): void => {
    bids.applyDepth(message.bids, message.kind === 'snapshot');
    asks.applyDepth(message.asks, message.kind === 'snapshot');
  };

  for (let row = 0; row < bbo.count; row++) {
    const id = bbo.updateId[row]!;
    const timeUs = bbo.timeUs[row]!;
    let placeUs = row > 0 ? bbo.timeUs[row - 1]! : timeUs;
    for (; depth && nextDepth < depth.length && depth[nextDepth]!.lastId < id; nextDepth++) {
      placeUs = Math.max(placeUs, Math.min(depth[nextDepth]!.timeUs, timeUs));
      if (placeUs > endUs) break;
      startBefore(placeUs);
      applyDepth(depth[nextDepth]!);
      applied(placeUs);
    }
    if (timeUs > endUs) break;
    startBefore(timeUs);
    bids.setTouch(bbo.bidTick[row]!, bbo.bidSteps[row]!);
    asks.setTouch(bbo.askTick[row]!, bbo.askSteps[row]!);
    if (depth && depth[nextDepth]?.lastId === id) applyDepth(depth[nextDepth++]!);
    complete ||= id >= completeId;
    applied(timeUs);
  }
  startBefore(Number.POSITIVE_INFINITY);
  return writer.finish();
}

/** One side while merging: the book, the touch as last quoted, and what changed since it was last asked. */
class MergeSide {
  private readonly book: DenseSide;
  private readonly hasDepth: boolean;
  private touchTick = Number.NaN;
  private changes: number[] = [];
  private bestTickBefore = Number.NaN;
  private bestStepsBefore = 0;

  constructor(side: 'bids' | 'asks', band: PriceBand, hasDepth: boolean) {
    this.book = new DenseSide(side, band.lowestTick, band.highestTick);
    this.hasDepth = hasDepth;
  }

  /** The quote's level becomes the best one: whatever was better is gone. 0 steps (floored away) removes it as well. */
  setTouch(tick: number, steps: number): void {
    const { book } = this;
    while (book.isBetter(book.bestTick, tick)) this.change(book.bestTick, 0);
    if (!this.hasDepth && !Number.isNaN(book.bestTick) && book.bestTick !== tick) this.change(book.bestTick, 0);
    this.change(tick, steps);
    this.touchTick = tick;
  }

  /** Levels behind the quoted touch; the touch itself and anything before it is the quotes' business. */
  applyDepth(levels: number[], isSnapshot: boolean): void {
    const { book, touchTick } = this;
    if (isSnapshot) {
      const touchSteps = book.sizeAt(touchTick);
      book.clear();
      book.set(touchTick, touchSteps);
    }
    for (let i = 0; i < levels.length; i += 2) {
      const tick = levels[i]!;
      if (tick !== touchTick && !book.isBetter(tick, touchTick)) this.change(tick, levels[i + 1]!);
    }
  }

  takeChanges(): { levels: number[]; touch: boolean } {
    const levels = this.changes;
    if (levels.length > 0) this.changes = [];
    const bestSteps = this.book.sizeAt(this.book.bestTick);
    const touch = !Object.is(this.book.bestTick, this.bestTickBefore) || bestSteps !== this.bestStepsBefore;
    this.bestTickBefore = this.book.bestTick;
    this.bestStepsBefore = bestSteps;
    return { levels, touch };
  }

  allLevels(): number[] {
    const levels: number[] = [];
    const { book } = this;
    for (let tick = book.bestTick; !Number.isNaN(tick); tick = book.nextLevel(tick + book.away)) {
      levels.push(tick, book.sizeAt(tick));
    }
    return levels;
  }

  private change(tick: number, steps: number): void {
    if (this.book.sizeAt(tick) === steps) return;
    this.book.set(tick, steps);
    this.changes.push(tick, steps);
  }
}

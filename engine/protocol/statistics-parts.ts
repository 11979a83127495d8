/**
 * Statistics on their way to a client: their two long lists (all slippage values, all latency buckets: 80 KB at most) hardly
 * change from one event to the next, so only what is new of them is sent, and of much that is new only so much at a time:
 * on a slow link a trade would wait for the rest. The client's session puts them together again.
 */
import { z } from 'zod';
import type { LatencyBucket, Statistics } from './model.ts';

/** From (inclusive) and to (exclusive): this part of the list the client has stays, and comes before what is sent. */
const rangeSchema = z.tuple([z.number().int().min(0), z.number().int().min(0)]);
type Range = z.infer<typeof rangeSchema>;

export const keptListsSchema = z.strictObject({ slippageValues: rangeSchema, latencyBuckets: rangeSchema });
export type KeptLists = z.infer<typeof keptListsSchema>;

export interface StatisticsPart {
  /** What is sent: the figures as they are now, and the next part of each list. */
  part: Statistics;
  /** Absent when the client has nothing yet. */
  kept: KeptLists | undefined;
  /** What the client has then. */
  then: Statistics;
  isComplete: boolean;
}

/** So many list values may have fallen out at the front since the client's; more are sent anew. */
const MAX_SHIFT = 200;

/**
 * The next message that brings a client nearer to `wanted`.
 * @param known what it has; undefined when that is not known
 * @param maxListChars of list entries as JSON; one entry at least is sent
 */
export function nextStatisticsPart(
  known: Statistics | undefined,
  wanted: Statistics,
  maxListChars: number,
): StatisticsPart {
  const values = listPart(known?.slippageValues ?? [], wanted.slippageValues, Object.is, maxListChars);
  const left = maxListChars - values.chars;
  const buckets = listPart(known?.latencyBuckets ?? [], wanted.latencyBuckets, isSameBucket, left);
  return {
    part: { ...wanted, slippageValues: values.sent, latencyBuckets: buckets.sent },
    kept: known && { slippageValues: values.kept, latencyBuckets: buckets.kept },
    then: { ...wanted, slippageValues: values.then, latencyBuckets: buckets.then },
    isComplete: values.isComplete && buckets.isComplete,
  };
}

/** What a client has after a part; undefined when it lacks what the part builds on. */
export function joinStatistics(
  known: Statistics | undefined,
  part: Statistics,
  kept: KeptLists | undefined,
): Statistics | undefined {
  if (!kept) return part;
  if (!known || kept.slippageValues[1] > known.slippageValues.length) return undefined;
  if (kept.latencyBuckets[1] > known.latencyBuckets.length) return undefined;
  return {
    ...part,
    slippageValues: [...known.slippageValues.slice(...kept.slippageValues), ...part.slippageValues],
    latencyBuckets: [...known.latencyBuckets.slice(...kept.latencyBuckets), ...part.latencyBuckets],
  };
}

interface ListPart<Entry> {
  kept: Range;
  sent: Entry[];
  then: Entry[];
  chars: number;
  isComplete: boolean;
}

function listPart<Entry>(
  known: readonly Entry[],
  wanted: readonly Entry[],
  isSame: (a: Entry, b: Entry) => boolean,
  maxChars: number,
): ListPart<Entry> {
  const kept = longestKept(known, wanted, isSame);
  const count = kept[1] - kept[0];
  let end = count;
  let chars = 0;
  while (end < wanted.length && (chars < maxChars || end === 0)) {
    chars += JSON.stringify(wanted[end]).length + 1;
    end += 1;
  }
  return {
    kept,
    sent: wanted.slice(count, end),
    then: wanted.slice(0, end),
    chars,
    isComplete: end === wanted.length,
  };
}

/** The part of `known` that `wanted` begins with: entries fall out at the front and change or are added at the end. */
function longestKept<Entry>(
  known: readonly Entry[],
  wanted: readonly Entry[],
  isSame: (a: Entry, b: Entry) => boolean,
): Range {
  let best: Range = [0, 0];
  for (let from = 0; from <= Math.min(MAX_SHIFT, known.length - 1); from += 1) {
    let to = from;
    while (to < known.length && to - from < wanted.length && isSame(known[to]!, wanted[to - from]!)) to += 1;
    if (to - from > best[1] - best[0]) best = [from, to];
    if (to === known.length || to - from === wanted.length) break;
  }
  return best;
}

/** A bucket only ever gets more values: the same number of them is the same bucket. */
function isSameBucket(a: LatencyBucket, b: LatencyBucket): boolean {
  return (
    a.startAt === b.startAt &&
    a.lengthMs === b.lengthMs &&
    a.venue === b.venue &&
    a.orderToConfirm.n === b.orderToConfirm.n &&
    a.orderToAck.n === b.orderToAck.n
  );
}

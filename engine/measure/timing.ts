import type { z } from 'zod';
import type { OrderStamps } from '../core/types.ts';
import type { legStampsSchema } from '../protocol/model.ts';

/** Stamps in ms since the signal, as the protocol carries them. */
export type LegStamps = z.infer<typeof legStampsSchema>;

/** Durations of one leg in ms (product.md 4). What a venue does not stamp is absent, never 0. */
export interface LegTiming {
  stamps: LegStamps;
  /** t1 - t0 */
  feedAgeMs?: number;
  /** t4 - t2: from the decision to the bytes at the socket. */
  signalToOrderMs?: number;
  /** First answer of the venue - t4; what the operator's 386 ms was. */
  orderToAckMs?: number;
  /** t8 - t4: the fill's confirmation. */
  orderToConfirmMs?: number;
  /** Parts of order_to_confirm: t5 - t4, t7 - t5, t8 - t7 (t6 stands in where the venue does not stamp t7). */
  lineOutMs?: number;
  venueMs?: number;
  lineBackMs?: number;
}

/** Timing of an episode. Its values are the slower leg's, and absent while one leg's is unknown. */
export interface TimingBreakdown {
  legs: LegTiming[];
  /** t2 - detection (first crossing of the threshold). */
  detectionToSignalMs: number;
  signalToOrderMs?: number;
  orderToAckMs?: number;
  orderToConfirmMs?: number;
  /** |t6_A - t6_B|; needs both venues' match stamps. */
  legSkewMs?: number;
  /** Detection until the later confirmation. */
  totalMs?: number;
}

/** Timing of one leg; `signalMs` is t2 on the engine's monotonic clock, as all stamps are. */
export function legTiming(stamps: OrderStamps, signalMs: number): LegTiming {
  const s = stamps;
  const published = s.t7PublishedMs ?? s.t6MatchedMs;
  return {
    stamps: {
      t0: minus(s.t0VenueEventMs, signalMs),
      t1: minus(s.t1ReceivedMs, signalMs),
      t2: 0,
      t3: minus(s.t3SignedMs, signalMs),
      t4: minus(s.t4HandedOverMs, signalMs),
      t5: minus(s.t5VenueReceivedMs, signalMs),
      t6: minus(s.t6MatchedMs, signalMs),
      t7: minus(s.t7PublishedMs, signalMs),
      ack: minus(s.ackReceivedMs, signalMs),
      t8: minus(s.t8ConfirmedMs, signalMs),
    },
    feedAgeMs: minus(s.t1ReceivedMs, s.t0VenueEventMs),
    signalToOrderMs: minus(s.t4HandedOverMs, signalMs),
    orderToAckMs: minus(s.ackReceivedMs, s.t4HandedOverMs),
    orderToConfirmMs: minus(s.t8ConfirmedMs, s.t4HandedOverMs),
    lineOutMs: minus(s.t5VenueReceivedMs, s.t4HandedOverMs),
    venueMs: minus(published, s.t5VenueReceivedMs),
    lineBackMs: minus(s.t8ConfirmedMs, published),
  };
}

/** Timing of both legs of an episode; all arguments on the engine's monotonic clock. */
export function timingBreakdown(
  legs: readonly [OrderStamps, OrderStamps],
  signalMs: number,
  detectedMs: number,
): TimingBreakdown {
  const [a, b] = [legTiming(legs[0], signalMs), legTiming(legs[1], signalMs)];
  const skew = minus(legs[0].t6MatchedMs, legs[1].t6MatchedMs);
  return {
    legs: [a, b],
    detectionToSignalMs: signalMs - detectedMs,
    signalToOrderMs: slower(a.signalToOrderMs, b.signalToOrderMs),
    orderToAckMs: slower(a.orderToAckMs, b.orderToAckMs),
    orderToConfirmMs: slower(a.orderToConfirmMs, b.orderToConfirmMs),
    legSkewMs: skew === undefined ? undefined : Math.abs(skew),
    totalMs: minus(slower(legs[0].t8ConfirmedMs, legs[1].t8ConfirmedMs), detectedMs),
  };
}

function minus(later: number | undefined, earlier: number | undefined): number | undefined {
  return later === undefined || earlier === undefined ? undefined : later - earlier;
}

function slower(a: number | undefined, b: number | undefined): number | undefined {
  return a === undefined || b === undefined ? undefined : Math.max(a, b);
}

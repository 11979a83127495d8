import { exposureOf, type DayLoss, type RiskLimits, type UnhedgedClock } from '../core/risk.ts';
import { unfilledE8 } from '../core/trade-position.ts';
import type { Env } from '../env.ts';
import type { Exposure } from '../protocol/model.ts';
import type { DeskOrder } from './desk-order.ts';
import type { VenueWatch } from './telemetry.ts';

/** Exposure and its limits as clients see them. */
export function exposureRecord(
  env: Env,
  limits: RiskLimits,
  watches: Iterable<VenueWatch>,
  openOrders: readonly DeskOrder[],
  unhedged: UnhedgedClock,
  dayLoss: DayLoss,
): Exposure {
  const figures = exposureOf(
    [...watches].map(({ venue, positionE8 }) => ({
      venue: venue.client.id,
      positionE8,
      priceE8: venue.book.bids.count > 0 ? venue.book.bids.priceE8[0]! : 0,
    })),
    openOrders.map(({ request, record }) => ({
      side: request.side,
      unfilledE8: unfilledE8({ sizeE8: request.sizeE8, filledE8: record.filledE8 }),
      inDoubt: record.state === 'DOUBT',
    })),
  );
  const { clock } = env;
  const unhedgedMs = unhedged.durationMs(clock.monotonicMs());
  return {
    netDeltaE8: figures.netDeltaE8,
    maxNetDeltaE8: limits.maxNetDeltaE8,
    notionalUsdE8: figures.notionalUsdE8,
    maxNotionalUsdE8: 2 * limits.maxNotionalE8,
    unhedgedSinceAt: unhedged.sinceMs === undefined ? undefined : clock.wallMs() - unhedgedMs,
    maxUnhedgedMs: limits.maxUnhedgedMs,
    dayLossE8: dayLoss.lossE8(clock.wallMs()),
    maxDayLossE8: limits.maxDayLossE8,
    ordersInDoubt: figures.ordersInDoubt,
  };
}

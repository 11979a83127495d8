import { DEFAULT_MARKET_ASSUMPTION, nakedLegFigures } from '../core/naked-leg.ts';
import { positionNotionalE8, type RiskLimits } from '../core/risk.ts';
import type { ArmingReport, NakedLeg } from '../protocol/arming.ts';
import { armingChecks, type CheckedDesk } from './arming-checks.ts';
import type { DeskVenue } from './desk-order.ts';
import { percentToBps, tradeConfigOf } from './plan.ts';
import { roundTripFeesBps, takerFeeBps } from './taker-fees.ts';

/** Round trip to reckon with where none is measured yet. */
const UNKNOWN_ROUND_TRIP_MS = 1_000;

/** The checks, and what the arming dialog shows beside them. */
export async function armingReport(desk: CheckedDesk, sizeE8: number, configLimits: RiskLimits): Promise<ArmingReport> {
  const checks = await armingChecks(desk);
  const { env, bot, venues, duties } = desk;
  const { maxNotionalE8, maxUnhedgedMs, maxDayLossE8 } = configLimits;
  return {
    at: env.clock.wallMs(),
    ok: checks.every(({ ok }) => ok),
    checks,
    limits: { maxNotionalE8, maxUnhedgedMs, maxDayLossE8 },
    sizeE8,
    spreadEntryBps: percentToBps(bot.spread_entry),
    orderClass: bot.order_class,
    venues: venues.map((venue) => {
      const keyExpiresAt = duties.keyExpiresAt(venue.client.id);
      return {
        venue: venue.client.id,
        takerFeeBps: takerFeeBps(venue),
        takerDelayMs: venue.client.capabilities.takerDelayMs,
        ...(keyExpiresAt === undefined ? {} : { keyExpiresAt }),
      };
    }),
    roundTripFeesBps: roundTripFeesBps(venues),
    nakedLeg: nakedLeg(desk, sizeE8),
  };
}

function nakedLeg({ bot, venues }: CheckedDesk, sizeE8: number): NakedLeg | undefined {
  if (venues.some(({ book }) => book.bids.count === 0 || book.asks.count === 0)) return undefined;
  const takerDelayMs = Math.max(...venues.map(({ client }) => client.capabilities.takerDelayMs));
  const roundTripMs = slowestRoundTripMs(venues);
  const notionalE8 = Math.max(...venues.map(({ book }) => positionNotionalE8(sizeE8, book.asks.priceE8[0]!)));
  const figures = nakedLegFigures({
    notionalE8,
    config: tradeConfigOf(bot, takerDelayMs),
    queryRoundTripMs: roundTripMs,
    orderToConfirmMs: roundTripMs + takerDelayMs,
    takerFeeBps: Math.max(...venues.map(takerFeeBps)),
    bookSpreadBps: Math.max(0, ...venues.map(bookSpreadBps)),
    market: DEFAULT_MARKET_ASSUMPTION,
  });
  return { notionalE8, ...figures };
}

/** The worst p95 of any connection to either venue. */
function slowestRoundTripMs(venues: readonly DeskVenue[]): number {
  const measured = venues.flatMap(({ client }) =>
    client.connections().flatMap(({ rttP95Ms }) => (rttP95Ms === undefined ? [] : [rttP95Ms])),
  );
  return measured.length === 0 ? UNKNOWN_ROUND_TRIP_MS : Math.max(...measured);
}

function bookSpreadBps({ book }: DeskVenue): number {
  const bidE8 = book.bids.priceE8[0]!;
  return ((book.asks.priceE8[0]! - bidE8) / bidE8) * 1e4;
}

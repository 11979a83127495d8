import { averagePriceE8 } from '../core/orders.ts';
import { notionalE8 } from '../core/units.ts';
import type { Trade as CoreTrade } from '../core/trade-types.ts';
import type { Direction, OrderStamps, VenueId } from '../core/types.ts';
import { tradeResult } from '../measure/result.ts';
import { analyseSlippage, type SlippageLeg } from '../measure/slippage.ts';
import { legTiming, timingBreakdown } from '../measure/timing.ts';
import type { TouchHistory } from '../measure/touch-history.ts';
import type { Episode, LegRecord, Mode, Trade } from '../protocol/model.ts';
import type { DeskOrder } from './desk-order.ts';

/** What is known of an episode beside its orders. Monotonic ms, but `signalAt`. */
export interface EpisodeContext {
  signalAt: number;
  signalMs: number;
  detectedMs: number;
  detectionSpreadBps: number;
}

/** What is known of a trade beside its orders. */
export interface TradeContext {
  coin: string;
  mode: Mode;
  network: string;
  tape: string;
  fees: Trade['fees'];
  orderClass: Trade['orderClass'];
  longVenue: VenueId;
  shortVenue: VenueId;
  openedAt: number;
  closedAt?: number;
  entry: EpisodeContext;
  exit?: EpisodeContext;
  journal: Trade['journal'];
}

/** How the record finds what a venue's book and clock said; `offsetMs` = venue wall ms - our monotonic ms. */
export interface VenueMeasures {
  touches: TouchHistory;
  stampsMarketData: boolean;
  offsetMs(): number | undefined;
  offsetErrorMs(): number | undefined;
  /** Estimated age of a frame where the venue does not stamp it: half the round trip. */
  estimatedFeedAgeMs(): number | undefined;
}

/**
 * The trade as clients see it, made anew from the orders at each change. Slippage appears when both legs of an episode
 * have filled and every fill's price is known; results when the trade is flat.
 */
export function buildTradeRecord(
  core: CoreTrade,
  orders: readonly DeskOrder[],
  context: TradeContext,
  measures: ReadonlyMap<VenueId, VenueMeasures>,
  complete: boolean,
): Trade {
  const entryOrders = orders.filter((order) => order.episode === 'entry');
  const exitOrders = orders.filter((order) => order.episode === 'exit');
  const entry = buildEpisode(
    'entry',
    core,
    entryOrders,
    context.entry,
    measures,
    core.state !== 'SIGNALLED' && settled(entryOrders),
  );
  const exit = context.exit && buildEpisode('exit', core, exitOrders, context.exit, measures, settled(exitOrders));
  const fills = orders.flatMap((order) => order.record.fills.map((fill) => ({ ...fill, side: order.request.side })));
  const result = core.state === 'FLAT' && complete && fills.length > 0 ? tradeResult(fills) : undefined;
  const first = entryOrders[0];
  return {
    id: core.id,
    coin: context.coin,
    state: core.state,
    mode: context.mode,
    direction: core.direction,
    longVenue: context.longVenue,
    shortVenue: context.shortVenue,
    openedAt: context.openedAt,
    closedAt: core.state === 'FLAT' ? context.closedAt : undefined,
    sizeE8: core.sizeE8,
    notionalE8: first ? notionalE8(first.view.touchE8, core.sizeE8) : 0,
    grossE8: result?.grossE8,
    feesE8: result?.feesE8,
    netE8: result?.netE8,
    network: context.network,
    tape: context.tape,
    fees: context.fees,
    orderClass: context.orderClass,
    entry,
    exit,
    journal: context.journal,
  };
}

function settled(orders: readonly DeskOrder[]): boolean {
  return orders.length > 0 && orders.every((order) => order.record.settled);
}

function buildEpisode(
  kind: 'entry' | 'exit',
  core: CoreTrade,
  orders: readonly DeskOrder[],
  context: EpisodeContext,
  measures: ReadonlyMap<VenueId, VenueMeasures>,
  over: boolean,
): Episode {
  const legs = orders.map((order) => buildLeg(order, context, measures.get(order.venue.client.id)!));
  const cost = over ? episodeCost(core.direction, kind, orders, legs) : undefined;
  const first = firstPair(orders);
  const timing =
    first && timingBreakdown([stampsOf(first[0]), stampsOf(first[1])], context.signalMs, context.detectedMs);
  const episode: Episode = {
    kind,
    state: !over ? 'running' : cost ? 'complete' : 'failed',
    signalAt: context.signalAt,
    detectionSpreadBps: cost?.detectionSpreadBps ?? context.detectionSpreadBps,
    executionSpreadBps: cost?.executionSpreadBps,
    slippageBps: cost?.slippageBps,
    feesBps: cost?.feesBps,
    shortfallBps: cost?.shortfallBps,
    detectionToSignalMs: context.signalMs - context.detectedMs,
    signalToOrderMs: timing?.signalToOrderMs,
    orderToAckMs: timing?.orderToAckMs,
    orderToConfirmMs: timing?.orderToConfirmMs,
    legSkewMs: timing?.legSkewMs,
    totalMs: timing?.totalMs,
    submission: 'parallel',
    legs,
  };
  return episode;
}

/** The two orders the episode began with. */
function firstPair(orders: readonly DeskOrder[]): [DeskOrder, DeskOrder] | undefined {
  const a = orders.find((order) => order.plan.leg === 'A');
  const b = orders.find((order) => order.plan.leg === 'B');
  return a && b ? [a, b] : undefined;
}

/** Slippage of the episode; writes each leg's cost onto its first order's record. Undefined unless both legs filled. */
function episodeCost(
  direction: Direction,
  kind: 'entry' | 'exit',
  orders: readonly DeskOrder[],
  legs: LegRecord[],
): ReturnType<typeof analyseSlippage> | undefined {
  const purpose = kind;
  const longName = direction === 'AOverB' ? 'A' : 'B';
  const shortName = longName === 'A' ? 'B' : 'A';
  const sold = costLeg(kind === 'entry' ? shortName : longName, purpose, orders, legs);
  const bought = costLeg(kind === 'entry' ? longName : shortName, purpose, orders, legs);
  if (!sold || !bought) return undefined;
  const analysis = analyseSlippage(sold.leg, bought.leg);
  legs[sold.index]!.cost = analysis.sold;
  legs[bought.index]!.cost = analysis.bought;
  return analysis;
}

function costLeg(
  name: 'A' | 'B',
  purpose: 'entry' | 'exit',
  orders: readonly DeskOrder[],
  legs: readonly LegRecord[],
): { leg: SlippageLeg; index: number } | undefined {
  const index = orders.findIndex((order) => order.plan.leg === name && order.plan.purpose === purpose);
  const attempts = orders.filter((order) => order.plan.leg === name && order.plan.purpose === purpose);
  const fills = attempts.flatMap((order) => order.record.fills);
  const filledE8 = attempts.reduce((sum, order) => sum + order.record.filledE8, 0);
  const pricedE8 = fills.reduce((sum, fill) => sum + fill.sizeE8, 0);
  const fillPriceE8 = averagePriceE8(fills);
  if (index < 0 || fillPriceE8 === undefined || pricedE8 < filledE8) return undefined;
  const record = legs[index]!;
  return {
    index,
    leg: {
      touchAtDetectionE8: record.touchAtDetectionE8,
      touchAtMatchE8: attempts.length === 1 ? record.touchAtMatchE8 : undefined,
      splitEstimated: true,
      fillPriceE8,
      filledE8,
      feeE8: fills.reduce((sum, fill) => sum + fill.feeE8, 0),
    },
  };
}

function stampsOf(order: DeskOrder): OrderStamps {
  return order.record.stamps;
}

function buildLeg(order: DeskOrder, context: EpisodeContext, venue: VenueMeasures): LegRecord {
  const { plan, record, request, view, prepared } = order;
  const offsetMs = venue.offsetMs();
  const first = plan.purpose === 'entry' || (plan.purpose === 'exit' && plan.key.endsWith(':1'));
  const signalMs = first ? context.signalMs : order.decidedAtMs;
  const venueEventMs =
    Number.isNaN(view.venueTimeMs) || offsetMs === undefined ? undefined : view.venueTimeMs - offsetMs;
  const stamps: OrderStamps = {
    ...record.stamps,
    t0VenueEventMs: venueEventMs,
    t1ReceivedMs: view.receivedAtMs,
    t3SignedMs: prepared?.signature === 'onDemand' ? prepared.signedAtMs : undefined,
  };
  const timing = legTiming(stamps, signalMs);
  return {
    venue: order.venue.client.id,
    symbol: request.symbol,
    side: request.side,
    purpose: plan.purpose,
    orderId: order.orderId,
    venueOrderId: record.venueOrderId,
    state: record.state,
    reason: record.reason,
    sizeE8: request.sizeE8,
    filledE8: record.filledE8,
    limitPriceE8: prepared?.request.limitPriceE8 ?? request.limitPriceE8,
    reduceOnly: request.reduceOnly,
    averagePriceE8: averagePriceE8(record.fills),
    touchAtDetectionE8: view.touchE8,
    touchAtMatchE8: touchAtMatch(order, venue),
    fills: record.fills.map(({ fillId, priceE8, sizeE8, feeE8, venueTimeMs, receivedAtMs }) => ({
      fillId,
      priceE8,
      sizeE8,
      feeE8,
      venueAt: venueTimeMs,
      receivedAt: context.signalAt + (receivedAtMs - context.signalMs),
    })),
    stamps: timing.stamps,
    offsetErrorMs: venue.offsetErrorMs(),
    signature: prepared?.signature ?? 'onDemand',
    signMs: prepared?.signMs ?? 0,
    slotAgeMs: prepared?.slotAgeMs ?? 0,
    orderToAckMs: timing.orderToAckMs,
    orderToConfirmMs: timing.orderToConfirmMs,
    feedAgeMs: timing.feedAgeMs ?? venue.estimatedFeedAgeMs(),
    feedAgeEstimated: timing.feedAgeMs === undefined,
    simulated: prepared?.travel,
    bookAtDetection: view.levels,
  };
}

/** The touch the order met at the venue, from our own history of its book: always a reconstruction. */
function touchAtMatch(order: DeskOrder, venue: VenueMeasures): number | undefined {
  const [fill] = order.record.fills;
  if (!fill) return undefined;
  const confirmedMs = order.record.stamps.t8ConfirmedMs ?? fill.receivedAtMs;
  const touch = order.prepared?.travel
    ? // Paper matched it against this very book at this very moment.
      venue.touches.knownAt(confirmedMs)
    : venue.stampsMarketData
      ? venue.touches.atVenueBefore(fill.venueTimeMs)
      : venue.touches.heardBefore(confirmedMs);
  return touch && (order.request.side === 'BUY' ? touch.askE8 : touch.bidE8);
}

import { isTerminal, type OrderStamps, type OrderState, type Side, type VenueId } from './types.ts';

/** News about one order, as every venue client reports it (venues/venue.ts, OrderUpdate). */
export interface OrderNews {
  venue: VenueId;
  orderId: number;
  venueOrderId?: string;
  state: OrderState;
  /** Total filled so far as the venue states it; absent when the message does not say. */
  filledSizeE8?: number;
  reason?: string;
  stamps: OrderStamps;
}

/** One execution (venues/venue.ts, FillReport). */
export interface FillNews {
  venue: VenueId;
  orderId: number;
  venueOrderId: string;
  fillId: string;
  side: Side;
  priceE8: number;
  sizeE8: number;
  /** Positive = paid, in 1e-8 USD. */
  feeE8: number;
  venueTimeMs: number;
  receivedAtMs: number;
}

/** Answer of the authoritative query (venues/venue.ts, OrderTruth). */
export type TruthNews =
  | {
      known: true;
      state: OrderState;
      filledSizeE8: number;
      venueOrderId: string;
      fills: readonly FillNews[];
      reason?: string;
    }
  | { known: false; afterReceiveWindow: boolean };

/** What a venue told that cannot be right; kept on the order, shown, never acted on in silence. */
export type OrderAnomaly =
  'FILL_REFUSED' | 'OVERFILLED' | 'FILLED_AFTER_REJECTION' | 'CONTRADICTING_ENDS' | 'VENUE_DENIES_FILLED_ORDER';

export interface OrderRecord {
  readonly venue: VenueId;
  readonly orderId: number;
  readonly side: Side;
  readonly sizeE8: number;
  readonly state: OrderState;
  /** The larger of what the venue stated and what its fills add up to: the truth in quantity. */
  readonly filledE8: number;
  /** Largest cumulative quantity the venue stated. */
  readonly statedE8: number;
  /** Fills by their id, in the order of the venue's time and id. */
  readonly fills: readonly FillNews[];
  /** The order is over and its quantity is final; fills may still be missing (`awaitedFillsE8`). */
  readonly settled: boolean;
  readonly venueOrderId?: string;
  readonly reason?: string;
  readonly stamps: OrderStamps;
  readonly anomalies: readonly OrderAnomaly[];
  /** Parts the state is derived from. */
  readonly facts: OrderFacts;
}

interface OrderFacts {
  readonly progress: keyof typeof PROGRESS_RANK;
  readonly end?: keyof typeof END_RANK;
  readonly endStatesQuantity: boolean;
  readonly doubted: boolean;
}

export function createOrder(order: Pick<OrderRecord, 'venue' | 'orderId' | 'side' | 'sizeE8'>): OrderRecord {
  return {
    ...order,
    state: 'INTENT',
    filledE8: 0,
    statedE8: 0,
    fills: [],
    settled: false,
    stamps: {},
    anomalies: [],
    facts: { progress: 'INTENT', endStatesQuantity: false, doubted: false },
  };
}

/**
 * The order after one piece of news. Facts are joined, never replaced, and the state is derived from all of them: any
 * order and any repetition of the same news gives the same record. DOUBT (told as news with state DOUBT) gives way to
 * an end only: an acknowledgement or a part filled leaves the rest unknown.
 * Returns the same object when the news told nothing new or belongs to another order.
 */
export function applyOrderNews(order: OrderRecord, news: OrderNews): OrderRecord {
  if (news.orderId !== order.orderId || news.venue !== order.venue) return order;
  const { facts } = order;
  const { state } = news;
  let { progress, end, endStatesQuantity, doubted } = facts;
  const anomalies = new Set(order.anomalies);
  if (isEnd(state)) {
    if (end !== undefined && end !== state) anomalies.add('CONTRADICTING_ENDS');
    if (end === undefined || END_RANK[state] > END_RANK[end]) end = state;
    endStatesQuantity ||= state === 'FILLED' || state === 'REJECTED' || news.filledSizeE8 !== undefined;
  } else if (state === 'DOUBT') {
    doubted = true;
  } else if (PROGRESS_RANK[state] > PROGRESS_RANK[progress]) {
    progress = state;
  }
  // FILLED without a quantity means all of it; FILLED with one means what it says.
  const statedNow = news.filledSizeE8 ?? (state === 'FILLED' ? order.sizeE8 : 0);
  return derive(order, {
    facts: { progress, end, endStatesQuantity, doubted },
    statedE8: Math.max(order.statedE8, statedNow),
    venueOrderId: order.venueOrderId ?? news.venueOrderId,
    reason: isTerminal(state) ? (news.reason ?? order.reason) : (order.reason ?? news.reason),
    stamps: earliest(order.stamps, news.stamps),
    anomalies,
  });
}

/**
 * The order after one fill: counted once per fill id. A fill without a positive price and size, or on the other side,
 * is refused and noted: booking it would corrupt the average price.
 */
export function applyFill(order: OrderRecord, fill: FillNews): OrderRecord {
  if (fill.orderId !== order.orderId || fill.venue !== order.venue) return order;
  if (order.fills.some((known) => known.fillId === fill.fillId)) return order;
  const anomalies = new Set(order.anomalies);
  if (!(fill.priceE8 > 0) || !(fill.sizeE8 > 0) || !Number.isFinite(fill.feeE8) || fill.side !== order.side) {
    return derive(order, { anomalies: anomalies.add('FILL_REFUSED') });
  }
  const fills = [...order.fills, fill].sort((a, b) => a.venueTimeMs - b.venueTimeMs || (a.fillId < b.fillId ? -1 : 1));
  return derive(order, { fills, venueOrderId: order.venueOrderId ?? fill.venueOrderId, anomalies });
}

/**
 * The order after the venue's answer to the authoritative query. "Unknown" ends the order (EXPIRED) only when it was
 * asked after the receive window and nothing is known to have filled; before, it says nothing.
 */
export function applyTruth(order: OrderRecord, truth: TruthNews): OrderRecord {
  const { venue, orderId } = order;
  if (truth.known) {
    const { state, filledSizeE8, venueOrderId, reason } = truth;
    const withFills = truth.fills.reduce(applyFill, order);
    return applyOrderNews(withFills, { venue, orderId, state, filledSizeE8, venueOrderId, reason, stamps: {} });
  }
  if (!truth.afterReceiveWindow || isTerminal(order.state)) return order;
  if (order.filledE8 > 0)
    return derive(order, { anomalies: new Set(order.anomalies).add('VENUE_DENIES_FILLED_ORDER') });
  const reason = 'the venue has no trace of it after the receive window';
  return applyOrderNews(order, { venue, orderId, state: 'EXPIRED', filledSizeE8: 0, reason, stamps: {} });
}

/** Size-weighted average price of the known fills in 1e-8 units (not rounded); undefined without a fill. */
export function averagePriceE8(fills: readonly Pick<FillNews, 'priceE8' | 'sizeE8'>[]): number | undefined {
  let sizeE8 = 0;
  let weighted = 0;
  const base = fills[0]?.priceE8 ?? 0;
  // Weighted by the distance to the first price: sums of price x size would leave the exact range of doubles.
  for (const fill of fills) {
    sizeE8 += fill.sizeE8;
    weighted += (fill.priceE8 - base) * fill.sizeE8;
  }
  return sizeE8 > 0 ? base + weighted / sizeE8 : undefined;
}

/** Quantity the venue stated as filled whose fills have not come yet: price and fee of that part are unknown. */
export function awaitedFillsE8(order: Pick<OrderRecord, 'filledE8' | 'fills'>): number {
  return order.filledE8 - sumSizeE8(order.fills);
}

/**
 * State to tell the trade machine: an end whose quantity is not yet final (Vest's CANCELLED names none) counts as
 * still alive, so that its time-out asks the venue instead of assuming zero.
 */
export function stateForTrade(order: Pick<OrderRecord, 'state' | 'settled' | 'filledE8'>): OrderState {
  if (!isTerminal(order.state) || order.settled) return order.state;
  return order.filledE8 > 0 ? 'PARTIAL' : 'ACKED';
}

function derive(order: OrderRecord, change: DerivedChange): OrderRecord {
  const facts = change.facts ?? order.facts;
  const fills = change.fills ?? order.fills;
  const statedE8 = change.statedE8 ?? order.statedE8;
  const filledE8 = Math.max(statedE8, sumSizeE8(fills));
  const anomalies = change.anomalies;
  if (filledE8 > order.sizeE8) anomalies.add('OVERFILLED');
  if (facts.end === 'REJECTED' && filledE8 > 0) anomalies.add('FILLED_AFTER_REJECTION');
  const state = stateOf(facts, filledE8, order.sizeE8);
  const next: OrderRecord = {
    ...order,
    facts,
    fills,
    statedE8,
    filledE8,
    state,
    settled: state === 'FILLED' || (facts.end !== undefined && facts.endStatesQuantity),
    venueOrderId: 'venueOrderId' in change ? change.venueOrderId : order.venueOrderId,
    reason: 'reason' in change ? change.reason : order.reason,
    stamps: change.stamps ?? order.stamps,
    anomalies: anomalies.size === order.anomalies.length ? order.anomalies : [...anomalies].sort(),
  };
  return sameRecord(order, next) ? order : next;
}

type DerivedChange = Partial<
  Pick<OrderRecord, 'facts' | 'fills' | 'statedE8' | 'venueOrderId' | 'reason' | 'stamps'>
> & {
  anomalies: Set<OrderAnomaly>;
};

function stateOf(facts: OrderFacts, filledE8: number, sizeE8: number): OrderState {
  if (filledE8 >= sizeE8) return 'FILLED';
  if (facts.end !== undefined) return facts.end;
  if (facts.doubted) return 'DOUBT';
  return filledE8 > 0 ? 'PARTIAL' : facts.progress;
}

const PROGRESS_RANK = { INTENT: 0, SENT: 1, ACKED: 2, PARTIAL: 3 } as const;
/** Which of two contradicting ends is kept, so that their order does not matter. */
const END_RANK = { REJECTED: 0, EXPIRED: 1, CANCELLED: 2, FILLED: 3 } as const;

function isEnd(state: OrderState): state is keyof typeof END_RANK {
  return isTerminal(state);
}

function sumSizeE8(fills: readonly { sizeE8: number }[]): number {
  return fills.reduce((sum, fill) => sum + fill.sizeE8, 0);
}

/** The earliest of each stamp: the same fact may be told twice. */
function earliest(known: OrderStamps, told: OrderStamps): OrderStamps {
  let merged = known;
  for (const name of Object.keys(told) as (keyof OrderStamps)[]) {
    const value = told[name];
    if (value === undefined || !Number.isFinite(value)) continue;
    const old = merged[name];
    if (old !== undefined && old <= value) continue;
    merged = { ...merged, [name]: value };
  }
  return merged;
}

function sameRecord(a: OrderRecord, b: OrderRecord): boolean {
  return (
    a.state === b.state &&
    a.filledE8 === b.filledE8 &&
    a.statedE8 === b.statedE8 &&
    a.settled === b.settled &&
    a.fills === b.fills &&
    a.venueOrderId === b.venueOrderId &&
    a.reason === b.reason &&
    a.stamps === b.stamps &&
    a.anomalies === b.anomalies &&
    a.facts.progress === b.facts.progress &&
    a.facts.end === b.facts.end &&
    a.facts.doubted === b.facts.doubted
  );
}

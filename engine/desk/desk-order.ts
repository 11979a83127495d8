import type { OrderBook } from '../core/book.ts';
import { createOrder, type OrderRecord } from '../core/orders.ts';
import { limitPriceE8 } from '../core/sizing.ts';
import type { OrderPlan } from '../core/trade-types.ts';
import type { Side } from '../core/types.ts';
import type { OrderRequest, PreparedOrder, VenueClient } from '../venues/venue.ts';

const BOOK_LEVELS_KEPT = 8;

/** One venue of the desk with the market it trades there. */
export interface DeskVenue {
  leg: 'A' | 'B';
  client: VenueClient;
  symbol: string;
  book: OrderBook;
}

/** Where the market stood when an order was decided; monotonic ms, the venue's own clock for `venueTimeMs` (NaN: unstamped). */
export interface MarketView {
  touchE8: number;
  /** Side the order takes, best first. */
  levels: [number, number][];
  receivedAtMs: number;
  venueTimeMs: number;
}

/** One order from plan to terminal state, with everything the trade's record needs later. */
export interface DeskOrder {
  plan: OrderPlan;
  tradeId: number;
  episode: 'entry' | 'exit';
  venue: DeskVenue;
  request: OrderRequest;
  view: MarketView;
  /** When the plan was decided (t2), monotonic. */
  decidedAtMs: number;
  prepared?: PreparedOrder;
  /** 0 until the venue client has drawn the id. */
  orderId: number;
  record: OrderRecord;
  /** Given up before it was handed to its client: must never be sent. */
  dropped: boolean;
}

/** The side of the book an order takes. */
export function takenSide(book: OrderBook, side: Side): OrderBook['bids'] {
  return side === 'BUY' ? book.asks : book.bids;
}

/** Builds the order's request at the touch of this moment. The book must have the needed side. */
export function createDeskOrder(
  plan: OrderPlan,
  venue: DeskVenue,
  tradeId: number,
  episode: 'entry' | 'exit',
  decidedAtMs: number,
): DeskOrder {
  const { book, client, symbol } = venue;
  const taken = takenSide(book, plan.side);
  const touchE8 = taken.priceE8[0]!;
  const levels: [number, number][] = [];
  for (let i = 0; i < Math.min(BOOK_LEVELS_KEPT, taken.count); i++) levels.push([taken.priceE8[i]!, taken.sizeE8[i]!]);
  return {
    plan,
    tradeId,
    episode,
    venue,
    request: {
      symbol,
      side: plan.side,
      sizeE8: plan.sizeE8,
      limitPriceE8: limitPriceE8(plan.side, touchE8, plan.bandBps, client.market(symbol).tickE8),
      reduceOnly: plan.reduceOnly,
    },
    view: { touchE8, levels, receivedAtMs: book.receivedAtMs, venueTimeMs: book.venueTimeMs },
    decidedAtMs,
    orderId: 0,
    record: createOrder({ venue: client.id, orderId: 0, side: plan.side, sizeE8: plan.sizeE8 }),
    dropped: false,
  };
}

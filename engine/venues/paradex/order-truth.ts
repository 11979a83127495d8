import { parseE8 } from '../../core/units.ts';
import type { Clock } from '../../env.ts';
import type { OrderTruth } from '../venue.ts';
import { toFillReport } from './fill-report.ts';
import { clientIdOf } from './order-text.ts';
import type { ParadexRest } from './rest.ts';
import type { Order } from './wire.ts';

/** The venue's clock is known with an error; fills this much older than the order are looked at, too. */
const CLOCK_MARGIN_MS = 60_000;

export interface OrderQuestion {
  orderId: number;
  /** Undefined when this client did not send it (asked after a restart). */
  sizeE8?: number;
  /** Venue's clock, ms since the epoch. */
  sentVenueMs: number;
  /** Monotonic ms after which the venue cannot act on it any more. */
  deadAtMs: number;
}

/**
 * Asks the venue what became of an order. Its trace is the order history by client id and the fills since it was sent; both
 * empty, asked after the receive window, is the authoritative negative. (The by-client-id query shows open orders only and a
 * 404 from it proves nothing.) Rejects with NetworkError when Paradex could not be asked.
 */
export async function askOrderTruth(rest: ParadexRest, clock: Clock, question: OrderQuestion): Promise<OrderTruth> {
  const askedAtMs = clock.monotonicMs();
  const clientId = clientIdOf(question.orderId);
  const [history, allFills] = await Promise.all([
    rest.ordersByClientId(clientId),
    rest.fillsSince(question.sentVenueMs - CLOCK_MARGIN_MS),
  ]);
  const order = history.find(({ client_id }) => client_id === clientId);
  const fills = allFills
    .filter((fill) => fill.client_id === clientId || (order && fill.order_id === order.id))
    .map((fill) => toFillReport(fill, question.orderId, clock.monotonicMs(), 'query'));
  const first = fills[0];
  if (!order && !first) return { known: false, afterReceiveWindow: askedAtMs >= question.deadAtMs };

  const summedE8 = fills.reduce((sum, fill) => sum + fill.sizeE8, 0);
  const filledSizeE8 = Math.max(summedE8, order ? statedFilledE8(order) : 0);
  const sizeE8 = order ? parseE8(order.size) : question.sizeE8;
  const reason = order?.cancel_reason ? { reason: order.cancel_reason } : {};
  return {
    known: true,
    state: stateOf(order, filledSizeE8, sizeE8),
    filledSizeE8,
    venueOrderId: order?.id ?? first?.venueOrderId ?? '',
    fills,
    ...reason,
  };
}

function statedFilledE8(order: Order): number {
  return order.remaining_size === '' ? 0 : parseE8(order.size) - parseE8(order.remaining_size);
}

function stateOf(order: Order | undefined, filledE8: number, sizeE8: number | undefined) {
  if (filledE8 === sizeE8) return 'FILLED';
  if (order?.status === 'CLOSED') return 'CANCELLED';
  return filledE8 > 0 ? 'PARTIAL' : 'ACKED';
}

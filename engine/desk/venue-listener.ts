import type { VenueEntryFacts } from '../core/entry-checks.ts';
import type { OrderBook } from '../core/book.ts';
import type { VenueListener } from '../venues/venue.ts';
import type { DeskOrder } from './desk-order.ts';
import type { VenueWatch } from './telemetry.ts';
import type { TradeSession } from './trade-session.ts';

/** What a venue's news lead to. The watch and the facts exist once the desk is built. */
export interface ListeningDesk {
  onBook(book: OrderBook): void;
  watch(): VenueWatch;
  facts(): VenueEntryFacts;
  /** The running trade, then those whose last fills are awaited. */
  sessions(): Iterable<TradeSession>;
  isStarted(): boolean;
  notice(level: 'info' | 'warn' | 'error', code: string, message: string): void;
}

/** Leads one venue's news to the book, the entry checks and the trade whose order they speak of. */
export function createVenueListener(desk: ListeningDesk): VenueListener {
  const find = (orderId: number): { session: TradeSession; order: DeskOrder } | undefined => {
    for (const session of desk.sessions()) {
      const order = session.runner.find(orderId);
      if (order) return { session, order };
    }
    return undefined;
  };
  return {
    onBook: (book) => desk.onBook(book),
    onMarketDataStatus(_symbol, status, detail) {
      const watch = desk.watch();
      watch.status = status;
      watch.statusDetail = detail;
      desk.facts().gapped = status === 'gap';
    },
    onOrder(update) {
      const found = find(update.orderId);
      found?.session.runner.onOrderUpdate(found.order, update);
    },
    onFill(fill) {
      const found = find(fill.orderId);
      if (found) {
        found.session.runner.onFill(found.order, fill);
      } else if (desk.isStarted()) {
        const what = `${fill.venue} reports fill ${fill.fillId} of an order this desk does not know.`;
        desk.notice('error', 'HS_FILL_UNEXPLAINED', what);
      }
    },
    onConnection: () => undefined,
    onNotice: ({ level, code, message }) => desk.notice(level, code, message),
  };
}

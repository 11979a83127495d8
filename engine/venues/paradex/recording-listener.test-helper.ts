import type { ConnectionReport, FillReport, OrderUpdate, VenueListener } from '../venue.ts';

/** A listener that keeps what it is told, for tests. */
export interface RecordingListener extends VenueListener {
  orders: OrderUpdate[];
  fills: FillReport[];
  statuses: string[];
  notices: string[];
  connections: ConnectionReport[];
  bookChanges: number;
  statesOf(orderId: number): string[];
}

export function recordingListener(): RecordingListener {
  const orders: OrderUpdate[] = [];
  const fills: FillReport[] = [];
  const statuses: string[] = [];
  const notices: string[] = [];
  const connections: ConnectionReport[] = [];
  const listener: RecordingListener = {
    orders,
    fills,
    statuses,
    notices,
    connections,
    bookChanges: 0,
    statesOf: (orderId) => orders.filter((update) => update.orderId === orderId).map((update) => update.state),
    onBook: () => {
      listener.bookChanges++;
    },
    onMarketDataStatus: (symbol, status, detail) => statuses.push(`${symbol} ${status}${detail && `: ${detail}`}`),
    onOrder: (update) => orders.push(update),
    onFill: (fill) => fills.push(fill),
    onConnection: (report) => connections.push(report),
    onNotice: ({ code, message }) => notices.push(`${code} ${message}`),
  };
  return listener;
}

/** Order ids from 1. */
export function countingIds(): { next(): number } {
  let last = 0;
  return { next: () => ++last };
}

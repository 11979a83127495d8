import type { VenueListener } from '../venue.ts';

/** The listener, until `silence()`: late answers of a stopping client must not reach a desk that is gone. */
export function silenceable(target: VenueListener): { listener: VenueListener; silence(): void } {
  let silent = false;
  const pass = <Arguments extends unknown[]>(call: (...args: Arguments) => void) => {
    return (...args: Arguments): void => {
      if (!silent) call(...args);
    };
  };
  return {
    listener: {
      onBook: pass((book) => target.onBook(book)),
      onMarketDataStatus: pass((symbol, status, detail) => target.onMarketDataStatus(symbol, status, detail)),
      onOrder: pass((update) => target.onOrder(update)),
      onFill: pass((fill) => target.onFill(fill)),
      onConnection: pass((report) => target.onConnection(report)),
      onNotice: pass((notice) => target.onNotice(notice)),
    },
    silence: () => {
      silent = true;
    },
  };
}

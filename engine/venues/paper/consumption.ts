import type { BookSide, OrderBook } from '../../core/book.ts';

interface Taken {
  /** Shown size of the level when it was taken from. */
  shownE8: number;
  takenE8: number;
}

/**
 * What our own simulated fills took from the shown book. The real book does not know of them, so a level goes on showing
 * what is not there any more until the venue next updates it. An update is seen by its size changing or the level leaving;
 * where each message is a whole new book (`everyMessageRenews`), every message is one.
 */
export class Consumption {
  private readonly everyMessageRenews: boolean;
  private readonly bids = new Map<number, Taken>();
  private readonly asks = new Map<number, Taken>();

  constructor(everyMessageRenews: boolean) {
    this.everyMessageRenews = everyMessageRenews;
  }

  /** After each change of the book. Cheap while nothing is taken. */
  onBook(book: OrderBook): void {
    if (this.bids.size > 0) this.renew(this.bids, book.bids);
    if (this.asks.size > 0) this.renew(this.asks, book.asks);
  }

  /** Size of a level that is really there. */
  leftE8(side: 'bids' | 'asks', priceE8: number, shownE8: number): number {
    return shownE8 - (this[side].get(priceE8)?.takenE8 ?? 0);
  }

  take(side: 'bids' | 'asks', priceE8: number, shownE8: number, takenE8: number): void {
    const before = this[side].get(priceE8)?.takenE8 ?? 0;
    this[side].set(priceE8, { shownE8, takenE8: before + takenE8 });
  }

  private renew(levels: Map<number, Taken>, side: BookSide): void {
    if (this.everyMessageRenews) levels.clear();
    for (const [priceE8, { shownE8 }] of levels) if (sizeAt(side, priceE8) !== shownE8) levels.delete(priceE8);
  }
}

function sizeAt(side: BookSide, priceE8: number): number {
  for (let level = 0; level < side.count; level++) if (side.priceE8[level] === priceE8) return side.sizeE8[level]!;
  return 0;
}

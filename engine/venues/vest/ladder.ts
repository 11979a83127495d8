import type { OrderBook } from '../../core/book.ts';
import { errorMessage } from '../../core/errors.ts';
import type { Side } from '../../core/types.ts';
import type { Env } from '../../env.ts';
import type { LadderReport, LadderWant, OrderRequest, VenueListener } from '../venue.ts';
import type { VestSettings } from './config.ts';
import { isWithinSlack, rungPricesE8 } from './ladder-policy.ts';
import type { VestPreparedOrder } from './prepared-order.ts';
import type { VestOrderSigner } from './order-signer.ts';

const BPS = 10_000;

interface Shelf {
  want: LadderWant;
  slots: VestPreparedOrder[];
  /** Where orders were last bounded: limit price over touch. */
  limitToTouch: number;
}

/**
 * Orders signed ahead: per market, side and size a few limit prices around where orders are bounded, complete bodies, single
 * use, refilled off the hot path and before their signatures grow too old. Off where nonces must rise: an unused older
 * nonce would be refused after a newer one.
 */
export class VestLadder {
  private readonly env: Env;
  private readonly settings: VestSettings;
  private readonly signer: VestOrderSigner;
  private readonly bookOf: (symbol: string) => OrderBook | undefined;
  private readonly listener: VenueListener;
  private readonly maxSlotAgeMs: number;
  private shelves = new Map<string, Shelf>();
  private hits = 0;
  private misses = 0;
  private refilling = false;
  private cancelRefill: () => void = () => undefined;

  constructor(
    env: Env,
    settings: VestSettings,
    signer: VestOrderSigner,
    bookOf: (symbol: string) => OrderBook | undefined,
    listener: VenueListener,
  ) {
    this.env = env;
    this.settings = settings;
    this.signer = signer;
    this.bookOf = bookOf;
    this.listener = listener;
    this.maxSlotAgeMs = settings.ladder.maxSignatureAgeMs - settings.receiveWindowMs;
  }

  set(wants: LadderWant[]): void {
    this.drop();
    if (this.settings.nonceRule === 'increasing' || wants.length === 0) return;
    for (const want of wants) this.shelves.set(shelfKey(want), { want, slots: [], limitToTouch: expectedBound(want) });
    this.cancelRefill = this.env.timers.every(this.settings.ladder.refillPeriodMs, () => void this.refill());
    void this.refill();
  }

  /** The tightest slot that fits, or undefined: sign at once. */
  take(request: OrderRequest): VestPreparedOrder | undefined {
    const shelf = this.shelves.get(shelfKey(request));
    const nowMs = this.env.clock.monotonicMs();
    let best = -1;
    if (shelf) {
      const { slots, want } = shelf;
      for (let index = 0; index < slots.length; index++) {
        const slot = slots[index]!;
        const priceE8 = slot.request.limitPriceE8;
        if (nowMs - slot.signedAtMs > this.maxSlotAgeMs) continue;
        if (!isWithinSlack(want.side, request.limitPriceE8, priceE8, this.settings.ladder.slackBps)) continue;
        if (best < 0 || isTighter(want.side, priceE8, slots[best]!.request.limitPriceE8)) best = index;
      }
      this.learnBound(shelf, request);
    }
    if (!shelf || best < 0) {
      this.misses++;
      return undefined;
    }
    const [slot] = shelf.slots.splice(best, 1);
    slot!.takeFromLadder(nowMs);
    this.hits++;
    return slot;
  }

  report(): LadderReport {
    let slots = 0;
    for (const shelf of this.shelves.values()) slots += shelf.slots.length;
    return { hits: this.hits, misses: this.misses, slots };
  }

  /** Forgets every slot; a refill under way finds its shelves gone. */
  drop(): void {
    this.cancelRefill();
    this.shelves = new Map();
  }

  private async refill(): Promise<void> {
    if (this.refilling) return;
    this.refilling = true;
    const { shelves } = this;
    try {
      for (const shelf of shelves.values()) await this.refillShelf(shelf, () => shelves === this.shelves);
    } catch (error) {
      this.drop();
      this.listener.onNotice({
        level: 'warn',
        code: 'HS_VEST_LADDER',
        message: `Orders are no longer signed ahead, each is signed at its signal: ${errorMessage(error)}`,
      });
    } finally {
      this.refilling = false;
    }
  }

  private async refillShelf(shelf: Shelf, isCurrent: () => boolean): Promise<void> {
    const touchE8 = this.touchOf(shelf.want);
    if (touchE8 === undefined) return;
    const { symbol, side, sizeE8, reduceOnly } = shelf.want;
    const { rungs, stepBps } = this.settings.ladder;
    const centreE8 = touchE8 * shelf.limitToTouch;
    const wanted = rungPricesE8(side, centreE8, this.signer.tickE8(symbol), rungs, stepBps);
    const nowMs = this.env.clock.monotonicMs();
    // Replaced at three quarters of the age, so that a fresh slot is there before the old one may no longer be used.
    const isGood = (slot: VestPreparedOrder): boolean =>
      wanted.includes(slot.request.limitPriceE8) && nowMs - slot.signedAtMs < 0.75 * this.maxSlotAgeMs;
    shelf.slots = shelf.slots.filter(isGood);
    for (const limitPriceE8 of wanted) {
      if (shelf.slots.some((slot) => slot.request.limitPriceE8 === limitPriceE8)) continue;
      const slot = await this.signer.sign({ symbol, side, sizeE8, reduceOnly, limitPriceE8 });
      if (!isCurrent()) return;
      shelf.slots.push(slot);
    }
  }

  private learnBound(shelf: Shelf, request: OrderRequest): void {
    const touchE8 = this.touchOf(shelf.want);
    if (touchE8 !== undefined) shelf.limitToTouch = request.limitPriceE8 / touchE8;
  }

  /** The price a taking order of this side meets first. */
  private touchOf({ symbol, side }: LadderWant): number | undefined {
    const book = this.bookOf(symbol);
    const opposite = side === 'BUY' ? book?.asks : book?.bids;
    return book?.valid && opposite && opposite.count > 0 ? opposite.priceE8[0] : undefined;
  }
}

function isTighter(side: Side, priceE8: number, thanE8: number): boolean {
  return side === 'BUY' ? priceE8 < thanE8 : priceE8 > thanE8;
}

function expectedBound({ side, bandBps = 0 }: LadderWant): number {
  return 1 + ((side === 'BUY' ? 1 : -1) * bandBps) / BPS;
}

function shelfKey({ symbol, side, sizeE8, reduceOnly }: LadderWant | OrderRequest): string {
  return `${symbol} ${side} ${sizeE8} ${reduceOnly}`;
}

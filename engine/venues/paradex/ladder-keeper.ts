import type { OrderBook } from '../../core/book.ts';
import { limitPriceE8 } from '../../core/sizing.ts';
import { errorMessage } from '../../core/errors.ts';
import type { Env } from '../../env.ts';
import type { LadderReport, LadderWant, OrderRequest } from '../venue.ts';
import { isDueForRenewal, isFarOff, isUsable, servingPriceE8, wantedPricesE8 } from './ladder.ts';
import type { OrderStamp, SignedText } from './order-signing.ts';

/** Refills follow the market at most this often: the signer needs about a millisecond a slot. */
const REFILL_EVERY_MS = 50;

export interface LadderOptions {
  env: Env;
  steps: number;
  stepTicks: number;
  maxAgeMs: number;
  tickE8(symbol: string): number;
  book(symbol: string): OrderBook;
  /** A time stamp no other order has. */
  nextStamp(): OrderStamp;
  sign(request: OrderRequest, stamp: OrderStamp): Promise<SignedText>;
  onFailure(message: string): void;
}

interface Rung {
  want: LadderWant;
  stepE8: number;
  /** How far beyond the touch the last order was bounded (BUY: above the ask; SELL: below the bid, negative). */
  offsetE8?: number;
  slots: Map<number, SignedText>;
  /** Shared by the slots, whose hashes then have most of their work in common. When one of them is used, all go. */
  stamp?: OrderStamp;
}

/** Keeps signed orders ready around the touch. Taking one is a look-up; signing happens between the signals. */
export class LadderKeeper {
  private readonly options: LadderOptions;
  private rungs: Rung[] = [];
  private hits = 0;
  private misses = 0;
  /** Changes when every slot is destroyed: what was being signed for the old ladder is thrown away. */
  private generation = 0;
  private refilling = false;
  private cancelTimer: (() => void) | undefined;

  constructor(options: LadderOptions) {
    this.options = options;
  }

  set(wants: LadderWant[]): void {
    const { steps, stepTicks, tickE8, env } = this.options;
    if (steps === 0) return;
    this.rungs = wants.map((want) => {
      return this.rungOf(want) ?? { want, stepE8: tickE8(want.symbol) * stepTicks, slots: new Map() };
    });
    this.cancelTimer ??= env.timers.every(REFILL_EVERY_MS, () => this.startRefill());
    this.startRefill();
  }

  /** The slot for this order, which is then gone with all that share its stamp; undefined = sign on demand. */
  take(request: OrderRequest): SignedText | undefined {
    const rung = this.rungOf(request);
    if (!rung) {
      this.misses++;
      return undefined;
    }
    const touch = this.touchE8(rung);
    if (touch !== undefined) rung.offsetE8 = request.limitPriceE8 - touch;
    const priceE8 = servingPriceE8(request.side, request.limitPriceE8, rung.stepE8);
    const slot = rung.slots.get(priceE8);
    if (!slot || !this.isUsable(slot.stamp)) {
      this.misses++;
      return undefined;
    }
    this.hits++;
    spend(rung, slot.stamp);
    return slot;
  }

  /** After a miss: the ladder's stamp, if there is one, since signing with it costs half; the ladder then gets another. */
  takeStamp(request: OrderRequest): OrderStamp | undefined {
    const rung = this.rungOf(request);
    const stamp = rung?.stamp;
    if (!rung || !stamp) return undefined;
    const usable = this.isUsable(stamp);
    spend(rung, stamp);
    return usable ? stamp : undefined;
  }

  /** Destroys every slot and stops signing ahead until the next `set`. */
  drop(): void {
    this.generation++;
    this.rungs = [];
    this.cancelTimer?.();
    this.cancelTimer = undefined;
  }

  report(): LadderReport {
    let slots = 0;
    for (const rung of this.rungs) {
      for (const { stamp } of rung.slots.values()) if (!stamp.spent) slots++;
    }
    return { hits: this.hits, misses: this.misses, slots };
  }

  /** Compared one by one: there are a handful, and the hash of a key string costs more on a path run once a minute. */
  private rungOf({ symbol, side, sizeE8, reduceOnly }: LadderWant | OrderRequest): Rung | undefined {
    for (const rung of this.rungs) {
      const { want } = rung;
      if (want.sizeE8 !== sizeE8 || want.side !== side) continue;
      if (want.reduceOnly === reduceOnly && want.symbol === symbol) return rung;
    }
    return undefined;
  }

  private startRefill(): void {
    if (this.refilling) return;
    this.refilling = true;
    this.refill()
      .catch((error: unknown) => this.options.onFailure(errorMessage(error)))
      .finally(() => (this.refilling = false));
  }

  /** One slot at a time, nearest first, so that an order signed on demand waits for one signature at most. */
  private async refill(): Promise<void> {
    const generation = this.generation;
    for (const rung of this.rungs) {
      const missing = this.missingPrices(rung);
      if (missing.length === 0) continue;
      const stamp = this.stampFor(rung);
      const { symbol, side, sizeE8, reduceOnly } = rung.want;
      for (const limitPriceE8 of missing) {
        const slot = await this.options.sign({ symbol, side, sizeE8, reduceOnly, limitPriceE8 }, stamp);
        if (generation !== this.generation) return;
        if (rung.stamp !== stamp) break;
        rung.slots.set(limitPriceE8, slot);
      }
    }
  }

  private stampFor(rung: Rung): OrderStamp {
    const { env, maxAgeMs, nextStamp } = this.options;
    if (!rung.stamp || isDueForRenewal(rung.stamp, env.clock.monotonicMs(), maxAgeMs)) rung.stamp = nextStamp();
    return rung.stamp;
  }

  private isUsable(stamp: OrderStamp): boolean {
    return isUsable(stamp, this.options.env.clock.monotonicMs(), this.options.maxAgeMs);
  }

  private missingPrices(rung: Rung): number[] {
    const touch = this.touchE8(rung);
    if (touch === undefined) return [];
    const { steps, maxAgeMs, env } = this.options;
    const nowMs = env.clock.monotonicMs();
    const expectedE8 = this.expectedLimitE8(rung, touch);
    for (const [priceE8, slot] of rung.slots) {
      if (!isUsable(slot.stamp, nowMs, maxAgeMs) || isFarOff(priceE8, expectedE8, rung.stepE8, steps)) {
        rung.slots.delete(priceE8);
      }
    }
    return wantedPricesE8(rung.want.side, expectedE8, rung.stepE8, steps).filter((priceE8) => {
      const slot = rung.slots.get(priceE8);
      return !slot || isDueForRenewal(slot.stamp, nowMs, maxAgeMs);
    });
  }

  private expectedLimitE8({ want, offsetE8 }: Rung, touchE8: number): number {
    if (offsetE8 !== undefined) return touchE8 + offsetE8;
    return limitPriceE8(want.side, touchE8, want.bandBps ?? 0, this.options.tickE8(want.symbol));
  }

  /** The touch an order of this side takes from. */
  private touchE8({ want }: Rung): number | undefined {
    const book = this.options.book(want.symbol);
    const side = want.side === 'BUY' ? book.asks : book.bids;
    return book.valid && side.count > 0 ? side.priceE8[0] : undefined;
  }
}

/** No two orders that are sent share a stamp: this makes all its slots unusable at once; the next refill clears them away. */
function spend(rung: Rung, stamp: OrderStamp): void {
  stamp.spent = true;
  if (rung.stamp === stamp) rung.stamp = undefined;
}

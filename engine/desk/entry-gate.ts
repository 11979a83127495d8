import {
  entryRefusalMask,
  explainRefusals,
  type EntryFacts,
  type EntryRefusal,
  type VenueEntryFacts,
} from '../core/entry-checks.ts';
import { positionNotionalE8, type RiskLimits } from '../core/risk.ts';
import type { Env } from '../env.ts';
import type { DeskVenue } from './desk-order.ts';
import { RECEIVE_WINDOW_MS } from './plan.ts';

/** A book not heard of for this long blocks entries. The recorded markets are never silent for longer than 1.3 s. */
export const BOOK_MAX_AGE_MS = 2_000;
/** Before a tape's end: no entries in its last seconds, so that there is time to close (product.md 5). */
export const TAPE_END_MARGIN_MS = 5_000;

export interface GateInputs {
  /** Signed position at the venue, in coin. */
  positionE8(venue: DeskVenue): number;
  orderInDoubt(venue: DeskVenue): boolean;
  dayLossE8(): number;
  tapeEndsAtWallMs(): number | undefined;
}

/** All reasons against an entry (core/entry-checks), kept current from the desk. */
export class EntryGate {
  readonly facts: EntryFacts;
  private readonly env: Env;
  private readonly venues: readonly [DeskVenue, DeskVenue];
  private readonly inputs: GateInputs;

  constructor(env: Env, venues: readonly [DeskVenue, DeskVenue], limits: RiskLimits, inputs: GateInputs) {
    this.env = env;
    this.venues = venues;
    this.inputs = inputs;
    const factsOf = ({ book }: DeskVenue): VenueEntryFacts => ({
      book,
      bookMaxAgeMs: BOOK_MAX_AGE_MS,
      gapped: false,
      canTrade: false,
      closedForEntries: false,
      orderInDoubt: false,
      notionalAfterE8: 0,
      maxNotionalE8: limits.maxNotionalE8,
      clockSkewMs: Number.NaN,
      receiveWindowMs: RECEIVE_WINDOW_MS,
    });
    this.facts = {
      a: factsOf(venues[0]),
      b: factsOf(venues[1]),
      positionOpen: false,
      cooldownUntilMs: Number.NEGATIVE_INFINITY,
      paused: false,
      disarmed: false,
      halted: false,
      tapeEnding: false,
      worstNetDeltaE8: 0,
      maxNetDeltaE8: limits.maxNetDeltaE8,
      dayLossE8: 0,
      maxDayLossE8: limits.maxDayLossE8,
    };
  }

  /** Other limits from now on: arming may tighten the config's. */
  limitTo(limits: RiskLimits): void {
    const { facts } = this;
    for (const venue of [facts.a, facts.b]) venue.maxNotionalE8 = limits.maxNotionalE8;
    facts.maxNetDeltaE8 = limits.maxNetDeltaE8;
    facts.maxDayLossE8 = limits.maxDayLossE8;
  }

  /** How far the venue's clock is surely off ours; undefined while not known, which counts as good. */
  seeClock(venue: DeskVenue, skewMs: number | undefined): void {
    const facts = venue.leg === 'A' ? this.facts.a : this.facts.b;
    facts.clockSkewMs = skewMs ?? Number.NaN;
  }

  /** 0 = enter. `sizeE8` is the size of one leg. */
  refusals(sizeE8: number, cooldownUntilMs: number, nowMs: number): number {
    const { facts } = this;
    facts.cooldownUntilMs = cooldownUntilMs;
    facts.worstNetDeltaE8 = sizeE8;
    facts.dayLossE8 = this.inputs.dayLossE8();
    facts.tapeEnding = this.tapeIsEnding();
    this.refresh(facts.a, this.venues[0], sizeE8);
    this.refresh(facts.b, this.venues[1], sizeE8);
    return entryRefusalMask(facts, nowMs);
  }

  explain(mask: number, nowMs: number): EntryRefusal[] {
    return explainRefusals(mask, this.facts, nowMs);
  }

  tapeIsEnding(): boolean {
    const endsAt = this.inputs.tapeEndsAtWallMs();
    return endsAt !== undefined && endsAt - this.env.clock.wallMs() < TAPE_END_MARGIN_MS;
  }

  private refresh(facts: VenueEntryFacts, venue: DeskVenue, sizeE8: number): void {
    facts.canTrade = venue.client.canTrade();
    facts.orderInDoubt = this.inputs.orderInDoubt(venue);
    const afterE8 = Math.abs(this.inputs.positionE8(venue)) + sizeE8;
    facts.notionalAfterE8 = venue.book.asks.count > 0 ? positionNotionalE8(afterE8, venue.book.asks.priceE8[0]!) : 0;
  }
}

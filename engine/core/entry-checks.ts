import type { OrderBook } from './book.ts';
import { ONE_E8 } from './units.ts';

/** What must hold of one venue, kept current by the desk. Mutated in place: the check reads it on every signal. */
export interface VenueEntryFacts {
  readonly book: OrderBook;
  /** A book not heard of for longer blocks entries. */
  bookMaxAgeMs: number;
  /** Sequence gap since the last snapshot. */
  gapped: boolean;
  /** `VenueClient.canTrade()`. */
  canTrade: boolean;
  /** The venue reports it takes no entries now (maintenance, post-only, cancel-only). */
  closedForEntries: boolean;
  orderInDoubt: boolean;
  /** Position's value at this venue with the entry added, in 1e-8 USD, and its limit. */
  notionalAfterE8: number;
  maxNotionalE8: number;
  /** |venue clock - ours| beyond the estimate the receive window relies on; NaN while not estimated (counts as good). */
  clockSkewMs: number;
  receiveWindowMs: number;
}

/** Everything an entry depends on besides the spread. */
export interface EntryFacts {
  readonly a: VenueEntryFacts;
  readonly b: VenueEntryFacts;
  positionOpen: boolean;
  cooldownUntilMs: number;
  paused: boolean;
  /** A live desk that is not armed. */
  disarmed: boolean;
  halted: boolean;
  /** The tape has less left than an entry and its exit need (practice only). */
  tapeEnding: boolean;
  /** Largest |net delta| if only one leg of the entry filled, in-doubt orders at full size; in coin. */
  worstNetDeltaE8: number;
  maxNetDeltaE8: number;
  /** Loss of the day so far (positive = lost) and its limit, in 1e-8 USD. */
  dayLossE8: number;
  maxDayLossE8: number;
}

/** Reasons against an entry at one venue; bit i for A, bit i + 16 for B. */
const VENUE_REFUSALS = [
  'BOOK_INVALID',
  'BOOK_STALE',
  'BOOK_CROSSED',
  'BOOK_GAP',
  'VENUE_NOT_READY',
  'VENUE_CLOSED',
  'ORDER_IN_DOUBT',
  'MAX_NOTIONAL',
  'CLOCK_SKEW',
] as const;

/** Reasons that concern the desk; bits 9 to 15, then 25 and up: those between are taken by the venues. */
const DESK_REFUSALS = [
  'POSITION_OPEN',
  'COOLDOWN',
  'PAUSED',
  'HALTED',
  'TAPE_ENDING',
  'MAX_NET_DELTA',
  'DAILY_LOSS',
  'DISARMED',
] as const;

const deskBit = (index: number): number => (index < 7 ? 9 + index : 18 + index);

export type EntryRefusalCode = (typeof VENUE_REFUSALS)[number] | (typeof DESK_REFUSALS)[number];

export interface EntryRefusal {
  code: EntryRefusalCode;
  /** Venue name, where it is one venue's fault. */
  venue?: string;
  detail: string;
}

/** All reasons against an entry now as one bit mask; 0 = enter. Hot path: no allocation. */
export function entryRefusalMask(facts: EntryFacts, nowMs: number): number {
  let mask = venueMask(facts.a, nowMs) | (venueMask(facts.b, nowMs) << 16);
  if (facts.positionOpen) mask |= 1 << 9;
  if (nowMs < facts.cooldownUntilMs) mask |= 1 << 10;
  if (facts.paused) mask |= 1 << 11;
  if (facts.disarmed) mask |= 1 << 25;
  if (facts.halted) mask |= 1 << 12;
  if (facts.tapeEnding) mask |= 1 << 13;
  if (facts.worstNetDeltaE8 > facts.maxNetDeltaE8) mask |= 1 << 14;
  if (facts.dayLossE8 >= facts.maxDayLossE8) mask |= 1 << 15;
  return mask;
}

function venueMask(venue: VenueEntryFacts, nowMs: number): number {
  const { book } = venue;
  let mask = 0;
  if (!book.valid || book.bids.count === 0 || book.asks.count === 0) mask |= 1;
  // Negated so that a book never received (NaN) is stale.
  if (!(nowMs - book.receivedAtMs <= venue.bookMaxAgeMs)) mask |= 2;
  if (book.isCrossed()) mask |= 4;
  if (venue.gapped) mask |= 8;
  if (!venue.canTrade) mask |= 16;
  if (venue.closedForEntries) mask |= 32;
  if (venue.orderInDoubt) mask |= 64;
  if (venue.notionalAfterE8 > venue.maxNotionalE8) mask |= 128;
  if (Math.abs(venue.clockSkewMs) > venue.receiveWindowMs / 4) mask |= 256;
  return mask;
}

/** The reasons of `mask` with their figures, most basic first. Off the hot path. */
export function explainRefusals(mask: number, facts: EntryFacts, nowMs: number): EntryRefusal[] {
  const refusals: EntryRefusal[] = [];
  for (const [venue, shift] of [[facts.a, 0] as const, [facts.b, 16] as const]) {
    VENUE_REFUSALS.forEach((code, bit) => {
      if ((mask >>> (bit + shift)) & 1) {
        refusals.push({ code, venue: venue.book.venue, detail: venueDetail(code, venue, nowMs) });
      }
    });
  }
  DESK_REFUSALS.forEach((code, index) => {
    // A disarmed desk rests as paused: one reason of the two says it.
    if (code === 'PAUSED' && facts.disarmed) return;
    if ((mask >>> deskBit(index)) & 1) refusals.push({ code, detail: deskDetail(code, facts, nowMs) });
  });
  return refusals;
}

function venueDetail(code: (typeof VENUE_REFUSALS)[number], venue: VenueEntryFacts, nowMs: number): string {
  const { book } = venue;
  switch (code) {
    case 'BOOK_INVALID':
      return book.valid ? 'one side of the book is empty' : 'no snapshot since the last gap or start';
    case 'BOOK_STALE':
      return Number.isNaN(book.receivedAtMs)
        ? 'no frame received yet'
        : `last frame ${(nowMs - book.receivedAtMs).toFixed(0)} ms ago, limit ${venue.bookMaxAgeMs} ms`;
    case 'BOOK_CROSSED':
      return `bid ${book.bids.priceE8[0]! / ONE_E8} is not below ask ${book.asks.priceE8[0]! / ONE_E8}`;
    case 'BOOK_GAP':
      return 'a sequence number is missing; waiting for a snapshot';
    case 'VENUE_NOT_READY':
      return 'trading connection, authentication or private stream is not ready';
    case 'VENUE_CLOSED':
      return 'the venue takes no entries now';
    case 'ORDER_IN_DOUBT':
      return 'the outcome of an order is unknown';
    case 'MAX_NOTIONAL':
      return `${usd(venue.notionalAfterE8)} after the entry, limit ${usd(venue.maxNotionalE8)}`;
    case 'CLOCK_SKEW':
      return `clock off by ${venue.clockSkewMs.toFixed(0)} ms, limit ${venue.receiveWindowMs / 4} ms (a quarter of the window)`;
  }
}

function deskDetail(code: (typeof DESK_REFUSALS)[number], facts: EntryFacts, nowMs: number): string {
  switch (code) {
    case 'POSITION_OPEN':
      return 'a trade is running';
    case 'COOLDOWN':
      return `${(facts.cooldownUntilMs - nowMs).toFixed(0)} ms left`;
    case 'PAUSED':
      return 'entries are paused by the operator';
    case 'DISARMED':
      return 'live trading is not armed';
    case 'HALTED':
      return 'trading is halted';
    case 'TAPE_ENDING':
      return 'the recorded market is about to end';
    case 'MAX_NET_DELTA':
      return `${facts.worstNetDeltaE8 / ONE_E8} if one leg alone fills, limit ${facts.maxNetDeltaE8 / ONE_E8}`;
    case 'DAILY_LOSS':
      return `${usd(facts.dayLossE8)} lost today, limit ${usd(facts.maxDayLossE8)}`;
  }
}

function usd(amountE8: number): string {
  return `${(amountE8 / ONE_E8).toFixed(2)} USD`;
}

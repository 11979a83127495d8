import { describe, expect, it } from 'vitest';
import { OrderBook } from './book.ts';
import {
  entryRefusalMask,
  explainRefusals,
  type EntryFacts,
  type EntryRefusalCode,
  type VenueEntryFacts,
} from './entry-checks.ts';

const NOW = 10_000;

function venue(name: string): VenueEntryFacts {
  const book = new OrderBook(name, 'BTC', 4);
  book.bids.set(60_000e8, 1e8);
  book.asks.set(60_001e8, 1e8);
  book.valid = true;
  book.receivedAtMs = NOW - 100;
  return {
    book,
    bookMaxAgeMs: 2000,
    gapped: false,
    canTrade: true,
    closedForEntries: false,
    orderInDoubt: false,
    notionalAfterE8: 1800e8,
    maxNotionalE8: 5000e8,
    clockSkewMs: Number.NaN,
    receiveWindowMs: 2000,
  };
}

function good(): EntryFacts {
  return {
    a: venue('paradex'),
    b: venue('vest'),
    positionOpen: false,
    cooldownUntilMs: Number.NEGATIVE_INFINITY,
    paused: false,
    disarmed: false,
    halted: false,
    tapeEnding: false,
    worstNetDeltaE8: 0.03e8,
    maxNetDeltaE8: 0.03e8,
    dayLossE8: 0,
    maxDayLossE8: 100e8,
  };
}

type Spoil = (facts: EntryFacts) => void;
const venueCases: [EntryRefusalCode, (venue: VenueEntryFacts) => void][] = [
  ['BOOK_INVALID', (v) => (v.book.valid = false)],
  ['BOOK_INVALID', (v) => (v.book.bids.count = 0)],
  ['BOOK_STALE', (v) => (v.book.receivedAtMs = NOW - 2001)],
  ['BOOK_STALE', (v) => (v.book.receivedAtMs = Number.NaN)],
  ['BOOK_CROSSED', (v) => v.book.bids.set(60_001e8, 1e8)],
  ['BOOK_GAP', (v) => (v.gapped = true)],
  ['VENUE_NOT_READY', (v) => (v.canTrade = false)],
  ['VENUE_CLOSED', (v) => (v.closedForEntries = true)],
  ['ORDER_IN_DOUBT', (v) => (v.orderInDoubt = true)],
  ['MAX_NOTIONAL', (v) => (v.notionalAfterE8 = 5000e8 + 1)],
  ['CLOCK_SKEW', (v) => (v.clockSkewMs = -501)],
];
const deskCases: [EntryRefusalCode, Spoil][] = [
  ['POSITION_OPEN', (f) => (f.positionOpen = true)],
  ['COOLDOWN', (f) => (f.cooldownUntilMs = NOW + 1)],
  ['PAUSED', (f) => (f.paused = true)],
  ['HALTED', (f) => (f.halted = true)],
  ['TAPE_ENDING', (f) => (f.tapeEnding = true)],
  ['MAX_NET_DELTA', (f) => (f.worstNetDeltaE8 += 1)],
  ['DAILY_LOSS', (f) => (f.dayLossE8 = f.maxDayLossE8)],
  ['DISARMED', (f) => (f.disarmed = true)],
];

describe('entry checks', () => {
  it('lets an entry through when nothing is wrong', () => {
    expect(entryRefusalMask(good(), NOW)).toBe(0);
  });

  it.each(venueCases)('refuses for %s at either venue and names it', (code, spoil) => {
    for (const side of ['a', 'b'] as const) {
      const facts = good();
      spoil(facts[side]);
      const refusals = explainRefusals(entryRefusalMask(facts, NOW), facts, NOW);
      expect(refusals.map((refusal) => refusal.code)).toEqual([code]);
      expect(refusals[0]!.venue).toBe(facts[side].book.venue);
      expect(refusals[0]!.detail).not.toBe('');
    }
  });

  it.each(deskCases)('refuses for %s', (code, spoil) => {
    const facts = good();
    spoil(facts);
    const refusals = explainRefusals(entryRefusalMask(facts, NOW), facts, NOW);
    expect(refusals.map((refusal) => refusal.code)).toEqual([code]);
  });

  it('gives all reasons at once', () => {
    const facts = good();
    venueCases.forEach(([, spoil]) => (spoil(facts.a), spoil(facts.b)));
    deskCases.forEach(([, spoil]) => spoil(facts));
    facts.a.book.asks.count = 0;
    const codes = explainRefusals(entryRefusalMask(facts, NOW), facts, NOW).map((refusal) => refusal.code);
    expect(new Set([...codes, 'BOOK_CROSSED', 'PAUSED'])).toEqual(
      new Set([...venueCases, ...deskCases].map(([code]) => code)),
    );
  });
});

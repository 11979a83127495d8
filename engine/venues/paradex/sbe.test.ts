import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { OrderBook } from '../../core/book.ts';
import { trimE8 } from '../../core/units.ts';
import { applyBook, applyTouch, bboMarketOffset, bookMarketOffset, eventTimeUs, isSnapshot } from './sbe.ts';
import { readTouch, SBE_TEMPLATE, SbeFrameError, sequenceOf, templateIdOf } from './sbe.ts';
import { decodeSbeMessage } from './sbe-message.ts';
import sbe from './vectors/sbe.json' with { type: 'json' };

interface Sample {
  what: string;
  hex: string;
  decoded: Record<string, unknown>;
}
const samples = sbe.samples as Sample[];
const frameOf = (sample: Sample): Uint8Array => Buffer.from(sample.hex, 'hex');
const samplesOf = (templateId: number): Sample[] => samples.filter(({ decoded }) => decoded._templateId === templateId);

function levels(side: OrderBook['bids']): [string, string][] {
  return Array.from({ length: side.count }, (_, index) => [trimE8(side.priceE8[index]!), trimE8(side.sizeE8[index]!)]);
}

const touch = { sequence: 0, bidPriceE8: 0, bidSizeE8: 0, askPriceE8: 0, askSizeE8: 0 };

/** What the client does with a frame, on a fresh book. */
function decodeHot(frame: Uint8Array, book = new OrderBook('paradex', 'BTC-USD-PERP')): OrderBook {
  switch (templateIdOf(frame)) {
    case SBE_TEMPLATE.bbo:
      bboMarketOffset(frame);
      readTouch(frame, touch);
      applyTouch(touch, book);
      break;
    case SBE_TEMPLATE.book:
      bookMarketOffset(frame);
      applyBook(frame, book, isSnapshot(frame));
      break;
  }
  book.sequence = sequenceOf(frame);
  book.venueTimeMs = eventTimeUs(frame) / 1000;
  return book;
}

describe('every sample frame', () => {
  it.each(samples)('$what', (sample) => {
    const { _templateId, _schemaId, _version, _blockLength, _trailing, ...fields } = sample.decoded;
    const message = decodeSbeMessage(frameOf(sample))!;
    expect(message).toEqual({
      templateId: _templateId,
      version: _version,
      name: expect.any(String),
      fields,
      trailingBytes: _trailing,
    });
  });
});

describe('hot path', () => {
  it.each(samplesOf(SBE_TEMPLATE.bbo))('$what: the touch goes into the book', (sample) => {
    const book = decodeHot(frameOf(sample));
    const { bidPrice, bidSize, askPrice, askSize, seq, ts } = sample.decoded;
    expect(levels(book.bids)).toEqual(bidPrice === null ? [] : [[bidPrice, bidSize]]);
    expect(levels(book.asks)).toEqual(askPrice === null ? [] : [[askPrice, askSize]]);
    expect(book.sequence).toBe(seq);
    expect(book.venueTimeMs).toBe((ts as number) / 1000);
  });

  it.each(samplesOf(SBE_TEMPLATE.book))('$what: the levels go into the book', (sample) => {
    const book = decodeHot(frameOf(sample));
    const present = (side: unknown) => (side as [string, string][]).filter(([, size]) => size !== '0');
    expect(levels(book.bids)).toEqual(present(sample.decoded.bids));
    expect(levels(book.asks)).toEqual(present(sample.decoded.asks));
  });

  it('a delta removes, a snapshot replaces', () => {
    const book = new OrderBook('paradex', 'BTC-USD-PERP');
    book.bids.set(8167270000000, 5);
    book.bids.set(8167260000000, 6);
    book.asks.set(8486700000000, 7);
    const removal = samplesOf(SBE_TEMPLATE.book).find(({ what }) => what.includes('removing'))!;
    decodeHot(frameOf(removal), book);
    expect(levels(book.bids)).toEqual([['81672.6', '0.00000006']]);
    expect(book.asks.count).toBe(0);
    const snapshot = samplesOf(SBE_TEMPLATE.book).find(({ decoded }) => decoded.pkgType === 'SNAPSHOT')!;
    decodeHot(frameOf(snapshot), book);
    expect(levels(book.bids)).toEqual(snapshot.decoded.bids);
  });
});

describe('broken frames', () => {
  const bytes = (frame: Uint8Array): Uint8Array => Uint8Array.from(frame);
  const tryBoth = (frame: Uint8Array): void => {
    for (const decode of [decodeHot, decodeSbeMessage]) {
      try {
        decode(frame);
      } catch (error) {
        expect(error).toBeInstanceOf(SbeFrameError);
      }
    }
  };

  it('a frame cut anywhere before its last field is refused whole', () => {
    for (const sample of [...samplesOf(SBE_TEMPLATE.bbo), ...samplesOf(SBE_TEMPLATE.book)]) {
      const frame = bytes(frameOf(sample));
      for (let length = 0; length < frame.length; length++) {
        const book = new OrderBook('paradex', 'BTC-USD-PERP');
        expect(() => decodeHot(frame.subarray(0, length), book)).toThrow(SbeFrameError);
        expect(book.bids.count + book.asks.count).toBe(0);
      }
    }
  });

  it('a frame with any bytes changed decodes or is refused by a typed error', () => {
    const anySample = fc.constantFrom(...samples.map(frameOf));
    fc.assert(
      fc.property(
        anySample,
        fc.array(fc.tuple(fc.nat(), fc.integer({ min: 0, max: 255 })), { maxLength: 12 }),
        (frame, edits) => {
          const broken = bytes(frame);
          for (const [place, value] of edits) broken[place % broken.length] = value;
          tryBoth(broken);
        },
      ),
      { numRuns: 2000 },
    );
  });

  it('garbage is refused by a typed error', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 300 }), (garbage) => tryBoth(garbage)),
      { numRuns: 1000 },
    );
  });

  it('an unknown template is skipped', () => {
    const frame = bytes(frameOf(samples[0]!));
    frame[2] = 99;
    expect(decodeSbeMessage(frame)).toBeUndefined();
  });

  it('a frame of another schema is refused', () => {
    const frame = bytes(frameOf(samples[0]!));
    frame[4] = 2;
    expect(() => templateIdOf(frame)).toThrow(SbeFrameError);
  });
});

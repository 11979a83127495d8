import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { OrderBook } from '../../core/book.ts';
import { parseE8 } from '../../core/units.ts';
import { decimalToE8, replaceBook } from './depth.ts';

function levels(side: OrderBook['bids']): number[][] {
  return Array.from({ length: side.count }, (_, index) => [side.priceE8[index]! / 1e8, side.sizeE8[index]! / 1e8]);
}

describe('vest depth', () => {
  it('replaces the whole book: levels of the message before are gone', () => {
    const book = new OrderBook('vest', 'BTC-PERP');
    replaceBook(
      book,
      {
        bids: [
          ['100.5', '1'],
          ['100', '2'],
        ],
        asks: [['101', '3']],
      },
      20,
      5,
    );
    replaceBook(
      book,
      {
        bids: [['99', '1.25']],
        asks: [
          ['99.5', '0.5'],
          ['99.75', '1'],
        ],
      },
      20,
      7.5,
    );
    expect(levels(book.bids)).toEqual([[99, 1.25]]);
    expect(levels(book.asks)).toEqual([
      [99.5, 0.5],
      [99.75, 1],
    ]);
    expect(book).toMatchObject({ valid: true, sequence: 2, receivedAtMs: 7.5, venueTimeMs: Number.NaN });
  });

  it('sorts a side that does not come best first and skips empty levels', () => {
    const book = new OrderBook('vest', 'BTC-PERP');
    const asks = [
      ['102', '2'],
      ['103', '0'],
      ['101', '1'],
      ['104', '4'],
    ];
    replaceBook(
      book,
      {
        bids: [
          ['98', '1'],
          ['99', '1'],
          ['97', '1'],
        ],
        asks,
      },
      2,
      0,
    );
    expect(levels(book.bids).map(([price]) => price)).toEqual([99, 98]);
    expect(levels(book.asks)).toEqual([
      [101, 1],
      [102, 2],
    ]);
  });

  it.each([
    ['a side missing', { bids: [] }],
    ['a price that is no number', { bids: [['x', '1']], asks: [] }],
    ['a number instead of a decimal string', { bids: [[100, 1]], asks: [] }],
    ['no object', null],
  ])('refuses %s and leaves no half book', (_, data) => {
    const book = new OrderBook('vest', 'BTC-PERP');
    replaceBook(book, { bids: [['1', '1']], asks: [['2', '1']] }, 20, 0);
    expect(() => replaceBook(book, data, 20, 1)).toThrow();
    expect(book).toMatchObject({ valid: false, bids: { count: 0 }, asks: { count: 0 } });
  });

  it('reads decimals exactly as parseE8 does', () => {
    const anyText = fc.oneof(
      fc
        .tuple(fc.nat(99_999_999), fc.nat(99_999_999), fc.nat(9))
        .map(([a, b, cut]) => `${a}.${String(b).slice(0, cut)}`),
      fc.nat().map(String),
      fc.constantFrom('', '.', '1.', '.5', '-1.5', '1e5', '1..2', '0.123456789', '0.1234567800', '99999999999', ' 1'),
    );
    const outcome = (parse: (text: string) => number, text: string): number | string => {
      try {
        return parse(text);
      } catch {
        return 'refused';
      }
    };
    fc.assert(
      fc.property(anyText, (text) => {
        expect(outcome(decimalToE8, text)).toEqual(outcome(parseE8, text));
      }),
    );
  });
});

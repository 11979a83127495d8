import type { BookSide, OrderBook } from '../../core/book.ts';
import { parseE8 } from '../../core/units.ts';

const POWERS_OF_TEN = [1e8, 1e7, 1e6, 1e5, 1e4, 1e3, 1e2, 1e1, 1];

/**
 * Replaces the whole book by one `@depth` message (each message is complete; v2 has no sequence number). Sizes of 0 are
 * skipped; a side that does not come best first is sorted. Throws on a malformed message and leaves the book cleared.
 */
export function replaceBook(book: OrderBook, data: unknown, maxLevels: number, receivedAtMs: number): void {
  try {
    const { bids, asks } = data as { bids: unknown; asks: unknown };
    replaceSide(book.bids, bids, maxLevels, -1);
    replaceSide(book.asks, asks, maxLevels, 1);
  } catch (error) {
    book.clear();
    throw error;
  }
  book.receivedAtMs = receivedAtMs;
  book.sequence++;
  book.valid = true;
}

/** `sign`: 1 when the best price is the lowest (asks), -1 when it is the highest. */
function replaceSide(side: BookSide, levels: unknown, maxLevels: number, sign: 1 | -1): void {
  if (!Array.isArray(levels)) throw new TypeError('a side of the depth message is no array');
  const { priceE8, sizeE8 } = side;
  const capacity = Math.min(maxLevels, priceE8.length);
  let count = 0;
  let previous = Number.NEGATIVE_INFINITY;
  for (let index = 0; index < levels.length && count < capacity; index++) {
    const level = levels[index] as [string, string];
    const size = decimalToE8(level[1]);
    if (size <= 0) continue;
    const price = decimalToE8(level[0]);
    if (price * sign <= previous) {
      insertUnsorted(side, levels);
      side.count = Math.min(side.count, capacity);
      return;
    }
    previous = price * sign;
    priceE8[count] = price;
    sizeE8[count] = size;
    count++;
  }
  side.count = count;
}

function insertUnsorted(side: BookSide, levels: unknown[]): void {
  side.count = 0;
  for (const level of levels as [string, string][]) side.set(decimalToE8(level[0]), decimalToE8(level[1]));
}

/** parseE8 for the plain decimals of a depth message; anything unusual goes to parseE8 itself. */
export function decimalToE8(text: string): number {
  if (typeof text !== 'string') throw new TypeError('a level of the depth message is no pair of decimal strings');
  const { length } = text;
  let value = 0;
  let point = -1;
  for (let index = 0; index < length; index++) {
    const digit = text.charCodeAt(index) - 48;
    if (digit >= 0 && digit <= 9) value = value * 10 + digit;
    else if (digit === -2 && point < 0 && index > 0) point = index;
    else return parseE8(text);
  }
  const decimals = point < 0 ? 0 : length - point - 1;
  if (length === 0 || length > 16 || decimals > 8 || (point > 0 && decimals === 0)) return parseE8(text);
  const scaled = value * POWERS_OF_TEN[decimals]!;
  return scaled <= Number.MAX_SAFE_INTEGER ? scaled : parseE8(text);
}

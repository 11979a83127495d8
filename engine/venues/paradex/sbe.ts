import type { OrderBook } from '../../core/book.ts';
import { HalfspreadError } from '../../core/errors.ts';

/**
 * Paradex's binary public frames (SBE, schema 1, versions 0-2): little-endian, packed, one message a frame. This file is the
 * hot path: best bid and offer and book frames go straight into an OrderBook, with no BigInt and nothing allocated. The rest
 * of the messages is decoded by sbe-message.ts.
 */
export const SBE_SCHEMA_ID = 1;
export const HEADER_BYTES = 8;
const GROUP_HEADER_BYTES = 4;
const LEVEL_BYTES = 16;

export const SBE_TEMPLATE = {
  trade: 1,
  bbo: 2,
  book: 3,
  marketSummary: 4,
  fundingData: 5,
  fundingRateComparison: 6,
  order: 20,
  fill: 21,
  position: 22,
  account: 23,
  heartbeat: 40,
  subscribed: 41,
} as const;

const BBO_BLOCK_BYTES = 48;
const BOOK_BLOCK_BYTES = 89;
/** High half of INT64_MIN, which stands for "no value". */
const NULL_HIGH = -0x80000000;
const TWO_32 = 4_294_967_296;

/** A frame that does not hold what its header promises. The book it belongs to can no longer be trusted. */
export class SbeFrameError extends HalfspreadError {
  override readonly name = 'SbeFrameError';
  constructor(what: string) {
    super(
      'HS_PARADEX_FRAME',
      `A binary frame of Paradex cannot be read: ${what}.`,
      'The market data is requested again; if this repeats, Paradex changed its format and Halfspread needs an update.',
    );
  }
}

/** Template id of a frame. @throws SbeFrameError when it is too short, or of a schema this decoder does not know. */
export function templateIdOf(frame: Uint8Array): number {
  if (frame.length < HEADER_BYTES) throw new SbeFrameError(`${frame.length} bytes are no header`);
  if (readU16(frame, 4) !== SBE_SCHEMA_ID) throw new SbeFrameError(`schema ${readU16(frame, 4)} is unknown`);
  return readU16(frame, 2);
}

/** Venue's event time, microseconds since the epoch: the first field of every message. */
export function eventTimeUs(frame: Uint8Array): number {
  if (frame.length < HEADER_BYTES + 8) throw new SbeFrameError('it ends before its time stamp');
  return readI64(frame, HEADER_BYTES);
}

/** Sequence number of a BBO or book frame: per market, below 2^53. */
export function sequenceOf(frame: Uint8Array): number {
  if (frame.length < HEADER_BYTES + 16) throw new SbeFrameError('it ends before its sequence number');
  return readI64(frame, HEADER_BYTES + 8);
}

/** Offset of the market's length byte in a checked BBO frame. @throws SbeFrameError when the frame is cut short. */
export function bboMarketOffset(frame: Uint8Array): number {
  const blockLength = readU16(frame, 0);
  if (blockLength < BBO_BLOCK_BYTES) throw new SbeFrameError(`a BBO block of ${blockLength} bytes`);
  return checkedText(frame, HEADER_BYTES + blockLength);
}

/** Offset of the market's length byte behind both groups of a book frame. @throws SbeFrameError when the frame is cut short. */
export function bookMarketOffset(frame: Uint8Array): number {
  const blockLength = readU16(frame, 0);
  if (blockLength < BOOK_BLOCK_BYTES) throw new SbeFrameError(`a book block of ${blockLength} bytes`);
  const asks = groupEnd(frame, HEADER_BYTES + blockLength);
  return checkedText(frame, groupEnd(frame, asks));
}

/** True for a SNAPSHOT, false for a DELTA. Only for frames `bookMarketOffset` accepted. */
export function isSnapshot(frame: Uint8Array): boolean {
  const packageType = frame[HEADER_BYTES + 16]!;
  if (packageType > 1) throw new SbeFrameError(`book package type ${packageType}`);
  return packageType === 0;
}

/** The touch one BBO frame told; an absent side has price and size 0. */
export interface Touch {
  sequence: number;
  bidPriceE8: number;
  bidSizeE8: number;
  askPriceE8: number;
  askSizeE8: number;
}

/** Reads a BBO frame into a reused object. Only for frames `bboMarketOffset` accepted. */
export function readTouch(frame: Uint8Array, touch: Touch): void {
  touch.sequence = readI64(frame, HEADER_BYTES + 8);
  touch.bidPriceE8 = readNullable(frame, HEADER_BYTES + 16);
  touch.bidSizeE8 = readNullable(frame, HEADER_BYTES + 24);
  touch.askPriceE8 = readNullable(frame, HEADER_BYTES + 32);
  touch.askSizeE8 = readNullable(frame, HEADER_BYTES + 40);
}

/** The touch replaces the book's: better levels are gone, an absent side is empty. */
export function applyTouch(touch: Touch, book: OrderBook): void {
  book.bids.setTouch(touch.bidPriceE8, touch.bidSizeE8);
  book.asks.setTouch(touch.askPriceE8, touch.askSizeE8);
}

/** Absolute sizes of the frame's levels; a snapshot replaces the book. Only for frames `bookMarketOffset` accepted. */
export function applyBook(frame: Uint8Array, book: OrderBook, snapshot: boolean): void {
  if (snapshot) book.clear();
  const bids = HEADER_BYTES + readU16(frame, 0);
  const asks = applyGroup(frame, bids, book.bids);
  applyGroup(frame, asks, book.asks);
}

/** 64-bit integer as a double: exact up to 2^53, which every price, size and time in microseconds stays below. */
export function readI64(frame: Uint8Array, offset: number): number {
  return readI32(frame, offset + 4) * TWO_32 + (readI32(frame, offset) >>> 0);
}

export function readU16(frame: Uint8Array, offset: number): number {
  return frame[offset]! | (frame[offset + 1]! << 8);
}

function readI32(frame: Uint8Array, offset: number): number {
  return frame[offset]! | (frame[offset + 1]! << 8) | (frame[offset + 2]! << 16) | (frame[offset + 3]! << 24);
}

/** Mantissa of a nullable price or size; 0 when it has no value. */
function readNullable(frame: Uint8Array, offset: number): number {
  const high = readI32(frame, offset + 4);
  const low = readI32(frame, offset) >>> 0;
  return high === NULL_HIGH && low === 0 ? 0 : high * TWO_32 + low;
}

function groupEnd(frame: Uint8Array, offset: number): number {
  if (offset + GROUP_HEADER_BYTES > frame.length) throw new SbeFrameError('it ends before its levels');
  const entryBytes = readU16(frame, offset);
  const entries = readU16(frame, offset + 2);
  if (entries > 0 && entryBytes < LEVEL_BYTES) throw new SbeFrameError(`levels of ${entryBytes} bytes`);
  const end = offset + GROUP_HEADER_BYTES + entryBytes * entries;
  if (end > frame.length) throw new SbeFrameError(`it ends within its ${entries} levels`);
  return end;
}

function applyGroup(frame: Uint8Array, offset: number, side: OrderBook['bids']): number {
  const entryBytes = readU16(frame, offset);
  const entries = readU16(frame, offset + 2);
  let entry = offset + GROUP_HEADER_BYTES;
  for (let index = 0; index < entries; index++) {
    side.set(readI64(frame, entry), readI64(frame, entry + 8));
    entry += entryBytes;
  }
  return entry;
}

function checkedText(frame: Uint8Array, offset: number): number {
  if (offset >= frame.length || offset + 1 + frame[offset]! > frame.length) {
    throw new SbeFrameError('it ends before its market name');
  }
  return offset;
}

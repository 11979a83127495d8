import type { ReplayedLevel } from '../market.ts';

/** Encoder of the venue's public binary frames: SBE schema 1, little-endian, packed; one message per frame. */

export type SbeVersion = 0 | 1 | 2;

const SCHEMA_ID = 1;
const HEADER_BYTES = 8;
const GROUP_HEADER_BYTES = 4;
const LEVEL_BYTES = 16;
/** Null of every nullable 64-bit field. */
const NULL_I64 = -(1n << 63n);

const TEMPLATE = { trade: 1, bbo: 2, book: 3, summary: 4, heartbeat: 40 } as const;

/** Sequential writer over a frame of known size. */
class FrameWriter {
  readonly bytes: Uint8Array;
  private readonly view: DataView;
  private offset = 0;

  constructor(template: number, version: SbeVersion, blockBytes: number, tailBytes: number) {
    this.bytes = new Uint8Array(HEADER_BYTES + blockBytes + tailBytes);
    this.view = new DataView(this.bytes.buffer);
    this.u16(blockBytes).u16(template).u16(SCHEMA_ID).u16(version);
  }

  u8(value: number): this {
    this.view.setUint8(this.offset, value);
    this.offset += 1;
    return this;
  }

  u16(value: number): this {
    this.view.setUint16(this.offset, value, true);
    this.offset += 2;
    return this;
  }

  /** Undefined is written as null. */
  i64(value: number | bigint | undefined): this {
    this.view.setBigInt64(this.offset, value === undefined ? NULL_I64 : BigInt(value), true);
    this.offset += 8;
    return this;
  }

  nulls(count: number): this {
    for (let index = 0; index < count; index++) this.i64(undefined);
    return this;
  }

  group(levels: readonly ReplayedLevel[]): this {
    this.u16(LEVEL_BYTES).u16(levels.length);
    for (const level of levels) this.i64(level.priceE8).i64(level.sizeE8);
    return this;
  }

  text(value: string): this {
    this.u8(value.length);
    for (let index = 0; index < value.length; index++) this.u8(value.charCodeAt(index));
    return this;
  }
}

export interface TradeFrame {
  tsUs: number;
  sequence: number;
  /** Decimal digits; version 2 carries them, the numeric field is cut to 64 bits. */
  id: string;
  side: 'BUY' | 'SELL';
  priceE8: number;
  sizeE8: number;
  createdAtUs: number;
  market: string;
}

export function encodeTrade(trade: TradeFrame, version: SbeVersion): Uint8Array {
  const tail = 1 + trade.market.length + (version >= 2 ? 1 + trade.id.length : 0);
  const frame = new FrameWriter(TEMPLATE.trade, version, 50, tail)
    .i64(trade.tsUs)
    .i64(trade.sequence)
    .i64(BigInt.asIntN(64, BigInt(trade.id)))
    .u8(trade.side === 'BUY' ? 1 : 2)
    .i64(trade.priceE8)
    .i64(trade.sizeE8)
    .i64(trade.createdAtUs)
    .u8(1)
    .text(trade.market);
  return version >= 2 ? frame.text(trade.id).bytes : frame.bytes;
}

export interface BboFrame {
  tsUs: number;
  sequence: number;
  bid?: ReplayedLevel;
  ask?: ReplayedLevel;
  market: string;
}

export function encodeBbo(bbo: BboFrame, version: SbeVersion): Uint8Array {
  return new FrameWriter(TEMPLATE.bbo, version, 48, 1 + bbo.market.length)
    .i64(bbo.tsUs)
    .i64(bbo.sequence)
    .i64(bbo.bid?.priceE8)
    .i64(bbo.bid?.sizeE8)
    .i64(bbo.ask?.priceE8)
    .i64(bbo.ask?.sizeE8)
    .text(bbo.market).bytes;
}

export interface BookFrame {
  tsUs: number;
  sequence: number;
  snapshot: boolean;
  bids: readonly ReplayedLevel[];
  asks: readonly ReplayedLevel[];
  market: string;
}

/** The ten best-price and spread fields are null on plain `deltas`, as recorded from the venue. */
export function encodeBook(book: BookFrame, version: SbeVersion): Uint8Array {
  const groups = 2 * GROUP_HEADER_BYTES + LEVEL_BYTES * (book.bids.length + book.asks.length);
  return new FrameWriter(TEMPLATE.book, version, 89, groups + 1 + book.market.length)
    .i64(book.tsUs)
    .i64(book.sequence)
    .u8(book.snapshot ? 0 : 1)
    .nulls(9)
    .group(book.bids)
    .group(book.asks)
    .text(book.market).bytes;
}

export interface SummaryFrame {
  tsUs: number;
  markPriceE8: number;
  lastPriceE8: number;
  volumeE8: bigint;
  bid?: ReplayedLevel;
  ask?: ReplayedLevel;
  market: string;
}

/** Index and fair price are the mark price; funding, open interest and price change are not recorded and stay 0. */
export function encodeSummary(summary: SummaryFrame, version: SbeVersion): Uint8Array {
  const frame = new FrameWriter(TEMPLATE.summary, version, version === 0 ? 216 : 240, 1 + summary.market.length)
    .i64(summary.tsUs)
    .i64(0)
    .i64(summary.markPriceE8)
    .i64(summary.markPriceE8)
    .i64(summary.lastPriceE8)
    .i64(summary.volumeE8)
    .i64(0)
    .i64(0)
    .i64(summary.bid?.priceE8)
    .i64(summary.ask?.priceE8)
    .i64(summary.volumeE8)
    .i64(0)
    .nulls(12)
    .i64(summary.markPriceE8)
    .i64(summary.bid?.sizeE8)
    .i64(summary.ask?.sizeE8);
  if (version >= 1) frame.nulls(2).i64(0);
  return frame.text(summary.market).bytes;
}

export function encodeHeartbeat(tsUs: number, sequence: number, version: SbeVersion): Uint8Array {
  return new FrameWriter(TEMPLATE.heartbeat, version, 16, 0).i64(tsUs).i64(sequence).bytes;
}

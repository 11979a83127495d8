/** Binary frames as Paradex would send them, for tests; sizes and prices in 1e-8 units. */
type Level = [priceE8: number, sizeE8: number];

const NULL_VALUE = -(2n ** 63n);

export function bboFrame(symbol: string, sequence: number, bid: Level | undefined, ask: Level | undefined): Uint8Array {
  const frame = new Writer();
  frame.header(48, 2);
  frame.i64(BigInt(sequence) * 1000n);
  frame.i64(BigInt(sequence));
  for (const level of [bid, ask]) {
    frame.i64(level ? BigInt(level[0]) : NULL_VALUE);
    frame.i64(level ? BigInt(level[1]) : NULL_VALUE);
  }
  frame.text(symbol);
  return frame.bytes();
}

export function bookFrame(
  symbol: string,
  kind: 'snapshot' | 'delta',
  sequence: number,
  bids: Level[],
  asks: Level[],
): Uint8Array {
  const frame = new Writer();
  frame.header(89, 3);
  frame.i64(BigInt(sequence) * 1000n);
  frame.i64(BigInt(sequence));
  frame.u8(kind === 'snapshot' ? 0 : 1);
  for (let field = 0; field < 9; field++) frame.i64(NULL_VALUE);
  for (const levels of [bids, asks]) {
    frame.u16(16);
    frame.u16(levels.length);
    for (const [priceE8, sizeE8] of levels) {
      frame.i64(BigInt(priceE8));
      frame.i64(BigInt(sizeE8));
    }
  }
  frame.text(symbol);
  return frame.bytes();
}

class Writer {
  private readonly view = new DataView(new ArrayBuffer(4096));
  private offset = 0;

  header(blockLength: number, templateId: number): void {
    for (const value of [blockLength, templateId, 1, 1]) this.u16(value);
  }
  u8(value: number): void {
    this.view.setUint8(this.offset, value);
    this.offset += 1;
  }
  u16(value: number): void {
    this.view.setUint16(this.offset, value, true);
    this.offset += 2;
  }
  i64(value: bigint): void {
    this.view.setBigInt64(this.offset, value, true);
    this.offset += 8;
  }
  text(text: string): void {
    this.u8(text.length);
    for (const byte of new TextEncoder().encode(text)) this.u8(byte);
  }
  bytes(): Uint8Array {
    return new Uint8Array(this.view.buffer.slice(0, this.offset));
  }
}

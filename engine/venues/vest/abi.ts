/**
 * Standard ABI encoding (Solidity specification, not packed) of the few argument lists Vest signs, laid by hand into one
 * reused buffer: a fixed head of 32-byte words, then each string as length word and padded bytes.
 */
const WORD = 32;

export class AbiWriter {
  private readonly bytes: Uint8Array;
  private readonly view: DataView;
  private head = 0;
  private tail = 0;

  constructor(capacityBytes: number) {
    this.bytes = new Uint8Array(capacityBytes);
    this.view = new DataView(this.bytes.buffer);
  }

  /** Begins an argument list of `words` arguments. */
  begin(words: number): void {
    this.bytes.fill(0, 0, this.tail);
    this.head = 0;
    this.tail = words * WORD;
  }

  /** Non-negative safe integer as uint256. */
  uint(value: number): void {
    const high = Math.floor(value / 0x1_0000_0000);
    this.view.setUint32(this.head + 24, high);
    this.view.setUint32(this.head + 28, value - high * 0x1_0000_0000);
    this.head += WORD;
  }

  bool(value: boolean): void {
    this.bytes[this.head + 31] = value ? 1 : 0;
    this.head += WORD;
  }

  /** ASCII text (symbols, decimals, hex ids are nothing else). Throws RangeError when it does not fit or is not ASCII. */
  text(value: string): void {
    const { length } = value;
    const start = this.tail + WORD;
    const end = start + Math.ceil(length / WORD) * WORD;
    if (end > this.bytes.length) throw new RangeError(`ABI text of ${length} bytes does not fit into the buffer`);
    this.uint(this.tail);
    this.view.setUint32(this.tail + 28, length);
    for (let index = 0; index < length; index++) {
      const char = value.charCodeAt(index);
      if (char > 127) throw new RangeError('ABI text is not ASCII');
      this.bytes[start + index] = char;
    }
    this.tail = end;
  }

  /** The encoded list; valid until the next `begin`. */
  encoded(): Uint8Array {
    return this.bytes.subarray(0, this.tail);
  }
}

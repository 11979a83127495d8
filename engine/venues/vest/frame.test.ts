import { brotliCompressSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { frameText } from './frame.ts';

const text = '{"channel":"BTC-PERP@depth","data":{"bids":[],"asks":[]}}';

describe('vest binary frame', () => {
  it('is UTF-8 JSON, also as a view into a larger buffer', () => {
    const larger = Buffer.from(`xx${text}yy`);
    expect(frameText(new Uint8Array(larger.buffer, larger.byteOffset + 2, text.length))).toBe(text);
  });

  it('is Brotli of JSON', () => {
    expect(frameText(brotliCompressSync(text))).toBe(text);
  });

  it('is refused when it is neither, or a decompression bomb', () => {
    expect(frameText(Uint8Array.of(0xff, 1, 2, 3))).toBeUndefined();
    expect(frameText(new Uint8Array())).toBeUndefined();
    expect(frameText(brotliCompressSync(Buffer.alloc(64 * 1024 * 1024)))).toBeUndefined();
  });
});

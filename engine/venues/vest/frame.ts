import { brotliDecompressSync } from 'node:zlib';

const OPENING_BRACE = 0x7b;
const MAX_FRAME_BYTES = 4 * 1024 * 1024;

/**
 * Text of a binary frame: UTF-8 JSON (what live clients met), or Brotli of it (an older deployment). Undefined when it is
 * neither.
 */
export function frameText(bytes: Uint8Array): string | undefined {
  if (bytes[0] === OPENING_BRACE) return utf8(bytes);
  try {
    return utf8(brotliDecompressSync(bytes, { maxOutputLength: MAX_FRAME_BYTES }));
  } catch {
    return undefined;
  }
}

function utf8(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('utf8');
}

import { inflateSync } from 'node:zlib';

/** Pixels row by row from the top, 4 bytes each: red, green, blue, alpha (not premultiplied). */
export interface Bitmap {
  width: number;
  height: number;
  rgba: Uint8Array;
}

const SIGNATURE = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);
const BYTES_PER_PIXEL = 4;

/**
 * Decodes the PNGs our renderer writes: 8 bits a channel, RGBA, not interlaced (PNG specification, ISO/IEC 15948).
 * @throws Error for any other PNG
 */
export function decodePng(file: Uint8Array): Bitmap {
  const bytes = Buffer.from(file);
  if (!bytes.subarray(0, 8).equals(SIGNATURE)) throw new Error('not a PNG file');
  let width = 0;
  let height = 0;
  const data: Buffer[] = [];
  for (let at = 8; at < bytes.length;) {
    const length = bytes.readUInt32BE(at);
    const type = bytes.toString('latin1', at + 4, at + 8);
    const chunk = bytes.subarray(at + 8, at + 8 + length);
    if (type === 'IHDR') {
      [width, height] = [chunk.readUInt32BE(0), chunk.readUInt32BE(4)];
      const [depth, colourType, , , interlace] = chunk.subarray(8);
      if (depth !== 8 || colourType !== 6 || interlace !== 0) throw new Error('not an 8-bit RGBA PNG');
    } else if (type === 'IDAT') data.push(chunk);
    at += 12 + length;
  }
  return { width, height, rgba: unfilter(inflateSync(Buffer.concat(data)), width, height) };
}

/** Undoes the row filters: each byte was stored as a difference to its neighbours. */
function unfilter(filtered: Buffer, width: number, height: number): Uint8Array {
  const rowLength = width * BYTES_PER_PIXEL;
  const pixels = new Uint8Array(rowLength * height);
  for (let row = 0; row < height; row++) {
    const filter = filtered[row * (rowLength + 1)];
    for (let column = 0; column < rowLength; column++) {
      const at = row * rowLength + column;
      const left = column >= BYTES_PER_PIXEL ? pixels[at - BYTES_PER_PIXEL]! : 0;
      const above = row > 0 ? pixels[at - rowLength]! : 0;
      const aboveLeft = row > 0 && column >= BYTES_PER_PIXEL ? pixels[at - rowLength - BYTES_PER_PIXEL]! : 0;
      pixels[at] = filtered[row * (rowLength + 1) + 1 + column]! + predicted(filter, left, above, aboveLeft);
    }
  }
  return pixels;
}

function predicted(filter: number | undefined, left: number, above: number, aboveLeft: number): number {
  switch (filter) {
    case 0:
      return 0;
    case 1:
      return left;
    case 2:
      return above;
    case 3:
      return (left + above) >> 1;
    case 4:
      return paeth(left, above, aboveLeft);
    default:
      throw new Error(`unknown PNG row filter ${filter}`);
  }
}

/** The neighbour nearest to left + above - aboveLeft. */
function paeth(left: number, above: number, aboveLeft: number): number {
  const estimate = left + above - aboveLeft;
  const [toLeft, toAbove, toAboveLeft] = [left, above, aboveLeft].map((value) => Math.abs(estimate - value)) as [
    number,
    number,
    number,
  ];
  if (toLeft <= toAbove && toLeft <= toAboveLeft) return left;
  return toAbove <= toAboveLeft ? above : aboveLeft;
}

const HEADER_BYTES = 8;

/** Kinds of a macOS icon file that hold a PNG, by what they are shown as: points, and pixels per point. */
const KINDS = {
  ic11: 32, // 16 pt, doubled
  ic12: 64, // 32 pt, doubled
  ic07: 128,
  ic13: 256, // 128 pt, doubled
  ic08: 256,
  ic14: 512, // 256 pt, doubled
  ic09: 512,
  ic10: 1024, // 512 pt, doubled
} as const;

/** Sizes in px an icon file of macOS needs. */
export const ICNS_SIZES = [...new Set(Object.values(KINDS))];

/** A macOS icon file (Apple Icon Image format). `png` gives the square picture of a size. */
export function encodeIcns(png: (size: number) => Uint8Array): Buffer {
  const entries = Object.entries(KINDS).map(([kind, size]) => chunk(kind, png(size)));
  return chunk('icns', Buffer.concat(entries));
}

/** Four letters, the length with this header, the content. */
function chunk(kind: string, content: Uint8Array): Buffer {
  const head = Buffer.alloc(HEADER_BYTES);
  head.write(kind, 'latin1');
  head.writeUInt32BE(HEADER_BYTES + content.length, 4);
  return Buffer.concat([head, content]);
}

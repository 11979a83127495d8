const MAX_EDITS = 8;

/** A copy of `frame` with one to eight bytes changed, cut off, doubled, inserted or replaced by a telling value. */
export function mutate(frame: Uint8Array, random: () => number): Uint8Array {
  let bytes = [...frame];
  const edits = 1 + Math.floor(random() * MAX_EDITS);
  for (let edit = 0; edit < edits; edit++) {
    const at = Math.floor(random() * (bytes.length + 1));
    const kind = random();
    if (kind < 0.4) bytes[Math.min(at, Math.max(0, bytes.length - 1))] = Math.floor(random() * 256);
    else if (kind < 0.6)
      bytes[Math.min(at, Math.max(0, bytes.length - 1))] = TELLING[Math.floor(random() * TELLING.length)]!;
    else if (kind < 0.75) bytes = bytes.slice(0, at);
    else if (kind < 0.9) bytes.splice(at, 0, Math.floor(random() * 256));
    else bytes.splice(at, 0, ...bytes.slice(at, at + Math.floor(random() * 32)));
  }
  return Uint8Array.from(bytes);
}

/** Extremes of binary numbers, and the characters JSON is made of. */
const TELLING = [0x00, 0x01, 0x7f, 0x80, 0xff, ...Buffer.from('{}[]",:0-e.\\')];

import { parseE8 } from '../../core/units.ts';

/**
 * A decimal of any length in 1e-8 units, rounded half away from zero: for fees and averages, which the venue may state with more
 * digits than it trades in. "" (no value) is 0. Prices and sizes go through `parseE8`, which refuses to round.
 */
export function roundE8(text: string): number {
  if (text === '') return 0;
  const dot = text.indexOf('.');
  if (dot < 0 || text.length - dot - 1 <= 8) return parseE8(text);
  const cut = parseE8(text.slice(0, dot + 9));
  if (text.charCodeAt(dot + 9) < 53) return cut;
  return text.startsWith('-') ? cut - 1 : cut + 1;
}

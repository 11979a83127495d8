import { HalfspreadError } from '../core/errors.ts';

/**
 * Canonical JSON of RFC 8785 (JCS): keys sorted by UTF-16 code units, no white space, numbers as ECMAScript prints
 * them. Both sides of the handshake hash this form, so that a re-serialised message still has the same signature.
 * Members that are undefined are left out, as JSON.stringify does.
 * @throws HalfspreadError HS_CANONICAL_JSON for what JSON cannot hold (NaN, infinities, functions, lone surrogates).
 */
export function canonicalJson(value: unknown): string {
  if (value === null || typeof value === 'boolean') return JSON.stringify(value);
  if (typeof value === 'string') return canonicalString(value);
  if (typeof value === 'number') {
    if (!Number.isFinite(value)) throw notJson('a number that is not finite');
    return JSON.stringify(value);
  }
  if (Array.isArray(value)) return `[${value.map(canonicalJson).join(',')}]`;
  if (typeof value === 'object') return canonicalObject(value);
  throw notJson(`a value of type ${typeof value}`);
}

function canonicalObject(value: object): string {
  const members = Object.entries(value)
    .filter(([, member]) => member !== undefined)
    // The default comparison of strings is by UTF-16 code units, which is what RFC 8785 3.2.3 asks for.
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([key, member]) => `${canonicalString(key)}:${canonicalJson(member)}`);
  return `{${members.join(',')}}`;
}

function canonicalString(text: string): string {
  if (!text.isWellFormed()) throw notJson('a string with a lone surrogate');
  return JSON.stringify(text);
}

function notJson(what: string): HalfspreadError {
  return new HalfspreadError('HS_CANONICAL_JSON', `Cannot write ${what} as canonical JSON.`, 'Report this as a bug.');
}

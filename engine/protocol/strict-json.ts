import { HalfspreadError } from '../core/errors.ts';

/** Nesting a message may have (security.md, table of limits). */
export const MAX_JSON_DEPTH = 16;

/**
 * JSON.parse for text from the other side of a wire. Two parsers must never read one text differently, and no key may
 * reach an object's prototype: duplicate keys, `__proto__` and nesting beyond `maxDepth` are refused.
 * @throws HalfspreadError HS_JSON_REFUSED
 */
export function parseStrictJson(text: string, maxDepth: number = MAX_JSON_DEPTH): unknown {
  checkStructure(text, maxDepth);
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw refused('is not JSON', cause);
  }
}

/**
 * Walks the text once without recursion, before JSON.parse builds anything. It assumes nothing about the grammar
 * beyond strings and brackets; JSON.parse judges the rest.
 */
function checkStructure(text: string, maxDepth: number): void {
  /** One entry per open bracket: the keys seen in an object, undefined for an array. */
  const open: (Set<string> | undefined)[] = [];
  for (let at = 0; at < text.length; at += 1) {
    const char = text[at];
    if (char === '{' || char === '[') {
      open.push(char === '{' ? new Set() : undefined);
      if (open.length > maxDepth) throw refused(`is nested deeper than ${maxDepth} levels`);
    } else if (char === '}' || char === ']') {
      open.pop();
    } else if (char === '"') {
      const end = endOfString(text, at);
      const keys = open.at(-1);
      if (keys && isKey(text, end)) noteKey(keys, text.slice(at, end + 1));
      at = end;
    }
  }
}

function noteKey(keys: Set<string>, literal: string): void {
  let key: unknown;
  try {
    key = JSON.parse(literal);
  } catch (cause) {
    throw refused('is not JSON', cause);
  }
  if (key === '__proto__') throw refused('names __proto__');
  if (keys.has(String(key))) throw refused(`names the key ${literal.slice(0, 40)} twice`);
  keys.add(String(key));
}

function endOfString(text: string, start: number): number {
  for (let at = start + 1; at < text.length; at += 1) {
    if (text[at] === '\\') at += 1;
    else if (text[at] === '"') return at;
  }
  throw refused('is not JSON');
}

function isKey(text: string, endOfLiteral: number): boolean {
  let at = endOfLiteral + 1;
  while (text[at] === ' ' || text[at] === '\n' || text[at] === '\r' || text[at] === '\t') at += 1;
  return text[at] === ':';
}

function refused(what: string, cause?: unknown): HalfspreadError {
  return new HalfspreadError('HS_JSON_REFUSED', `A message ${what}.`, 'Use a client of the same version.', { cause });
}

import type { Language } from '../../main/ipc/schema.ts';

/**
 * A number as a person types it: "25,000" and "25000.5" in English, "25 000,5" in French; comma and point both work where
 * they can mean one thing only. Undefined for everything else.
 */
export function parseNumber(language: Language, typed: string): number | undefined {
  const compact = typed.replaceAll(/[\s\u00a0\u202f]/g, '');
  if (!/^\d[\d.,]*$/.test(compact)) return undefined;
  const group = language === 'en' ? ',' : '.';
  const point = language === 'en' ? '.' : ',';
  const pieces = compact.split(point);
  const [whole = '', decimals] = pieces;
  if (pieces.length > 2 || decimals?.includes(group)) return undefined;
  const groups = whole.split(group);
  const isGrouped = groups.length > 1 && groups.slice(1).every((each) => each.length === 3) && groups[0] !== '';
  if (groups.length === 1 || isGrouped) return finite(`${groups.join('')}.${decimals ?? ''}`);
  // The other language's point, once, where it cannot be a group.
  if (groups.length === 2 && decimals === undefined) return finite(groups.join('.'));
  return undefined;
}

function finite(text: string): number | undefined {
  const value = Number(text);
  return Number.isFinite(value) ? value : undefined;
}

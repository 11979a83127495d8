import { refusal, type Refusal } from '../exchange/state.ts';
import type { WireValue } from '../wire-json.ts';

const DEFAULT_PAGE_SIZE = 100;
const MAX_PAGE_SIZE = 5_000;

interface Item {
  id: string;
  atMs: number;
}

export type PageResult = { ok: true; body: WireValue } | { ok: false; refusal: Refusal };

/**
 * One page of a list, newest first, between `start_at` and `end_at` (ms). Cursors name the item to go on after, so a list
 * that grows at its head does not shift its pages.
 * @param items oldest first
 */
export function page<T extends Item>(items: T[], query: URLSearchParams, view: (item: T) => WireValue): PageResult {
  const bad = (name: string): PageResult => ({
    ok: false,
    refusal: refusal('INVALID_REQUEST_PARAMETER', `${name} is not valid`),
  });
  const size = wholeNumber(query.get('page_size'), DEFAULT_PAGE_SIZE);
  if (size === undefined || size < 1 || size > MAX_PAGE_SIZE) return bad('page_size');
  const startAtMs = wholeNumber(query.get('start_at'), 0);
  if (startAtMs === undefined) return bad('start_at');
  const endAtMs = wholeNumber(query.get('end_at'), Number.MAX_SAFE_INTEGER);
  if (endAtMs === undefined) return bad('end_at');
  const newestFirst = items.filter(({ atMs }) => atMs >= startAtMs && atMs <= endAtMs).toReversed();
  let from = 0;
  const cursor = query.get('cursor');
  if (cursor !== null && cursor !== '') {
    const lastId = Buffer.from(cursor, 'base64url').toString();
    from = newestFirst.findIndex(({ id }) => id === lastId) + 1;
    if (from === 0) return bad('cursor');
  }
  const results = newestFirst.slice(from, from + size);
  const isLast = from + results.length >= newestFirst.length;
  const cursorAt = (item: T | undefined): WireValue =>
    item === undefined ? null : Buffer.from(item.id).toString('base64url');
  return {
    ok: true,
    body: {
      next: isLast ? null : cursorAt(results.at(-1)),
      prev: from > size ? cursorAt(newestFirst[from - size - 1]) : null,
      results: results.map(view),
    },
  };
}

function wholeNumber(text: string | null, fallback: number): number | undefined {
  if (text === null || text === '') return fallback;
  return /^\d{1,16}$/.test(text) ? Number(text) : undefined;
}

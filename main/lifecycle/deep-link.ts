/**
 * Links from outside (`halfspread://trade/12`, `halfspread open trade/12`). Anybody can make one, so a link only ever
 * opens a page: there is no form of it that starts, closes, arms or changes anything. Pure.
 */
import { PAGES, type Route } from '../ipc/route-schema.ts';

export const LINK_SCHEME = 'halfspread';

const PREFIX = `${LINK_SCHEME}:`;
const MAX_LINK_CHARS = 64;
const PATH = /^([a-z]{1,16})(?:\/([1-9]\d{0,14}))?$/;

/** `isExact` false: it asked for something there is no page for (an action, a parameter, an unknown page). */
export interface DeepLink {
  route: Route;
  isExact: boolean;
}

/** Undefined: not a link of ours. A link of ours that is not exactly a page leads to the overview. */
export function readDeepLink(text: string): DeepLink | undefined {
  if (!text.toLowerCase().startsWith(PREFIX)) return undefined;
  const route = text.startsWith(`${PREFIX}//`) && text.length <= MAX_LINK_CHARS ? routeOfLink(text) : undefined;
  return route ? { route, isExact: true } : { route: { page: 'overview' }, isExact: false };
}

/** The link among the arguments a program was started with; the last one, as systems append it. */
export function findDeepLink(args: readonly string[]): DeepLink | undefined {
  const text = args.findLast((arg) => arg.toLowerCase().startsWith(PREFIX));
  return text === undefined ? undefined : readDeepLink(text);
}

/** "overview", "trade/12"; undefined for anything else. */
export function readRoutePath(path: string): Route | undefined {
  const [, page, id] = PATH.exec(path) ?? [];
  if (page === 'trade') return id === undefined ? undefined : { page, tradeId: Number(id) };
  const known = PAGES.find((each) => each === page);
  return known !== undefined && id === undefined ? { page: known } : undefined;
}

/** Systems add a slash to a link that has none after its host. */
function routeOfLink(text: string): Route | undefined {
  return readRoutePath(text.slice(PREFIX.length + 2).replace(/\/$/, ''));
}

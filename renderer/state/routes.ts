/** Where the window is: the part of the address after `#`. Links and back buttons work on it; it only navigates. */
export const PAGES = [
  'overview',
  'latency',
  'trades',
  'slippage',
  'sites',
  'alerts',
  'risk',
  'settings',
  'diagnostics',
] as const;
export type Page = (typeof PAGES)[number];

export type Route = { page: Page } | { page: 'trade'; tradeId: number };

/** `#/trade/12` -> that trade; anything unknown -> the overview. */
export function parseRoute(hash: string): Route {
  const [page, argument] = hash.replace(/^#\/?/, '').split('/');
  if (page === 'trade' && argument && /^[1-9]\d{0,14}$/.test(argument)) return { page, tradeId: Number(argument) };
  const known = PAGES.find((each) => each === page);
  return { page: known ?? 'overview' };
}

export function hrefOf(route: Route): string {
  return route.page === 'trade' ? `#/trade/${route.tradeId}` : `#/${route.page}`;
}

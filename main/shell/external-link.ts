import { HalfspreadError } from '../../engine/protocol/errors.ts';

/**
 * Whom a link of the window may lead to: the venues' own documentation and sites. Exact names: a page that could choose
 * the address could otherwise carry data out in it.
 */
const ALLOWED_HOSTS: ReadonlySet<string> = new Set([
  'docs.paradex.trade',
  'app.paradex.trade',
  'docs.vestmarkets.com',
  'trade.vestmarkets.com',
]);

/**
 * The address in its normal form, if the system's browser may be asked to open it: https, the standard port, a host of
 * the list, no user name or password.
 * @throws HalfspreadError HS_EXTERNAL_LINK
 */
export function checkExternalLink(address: string): string {
  const url = URL.canParse(address) ? new URL(address) : undefined;
  const isAllowed =
    url?.protocol === 'https:' &&
    url.port === '' &&
    url.username === '' &&
    url.password === '' &&
    ALLOWED_HOSTS.has(url.hostname);
  if (isAllowed) return url.href;
  throw new HalfspreadError(
    'HS_EXTERNAL_LINK',
    `Halfspread does not open ${JSON.stringify(address.slice(0, 200))}: only https links to ${[...ALLOWED_HOSTS].join(', ')}.`,
    'If you trust the address, copy it into your browser yourself.',
  );
}

/** The window's own scheme: its files out of memory, with the headers that bind the page. */
import { contentSecurityPolicy, PERMISSIONS_POLICY } from '../content-policy.ts';
import { windowStoppedPage } from '../window-stopped-page.ts';
import type { StaticFile } from '../static-files.ts';

export const APP_SCHEME = 'app';
/** `standard`: it has origins, so that 'self' means something. Registered before Electron is ready. */
export const APP_SCHEME_PRIVILEGES = { scheme: APP_SCHEME, privileges: { standard: true, secure: true } };

const APP_HOST = 'halfspread';
const APP_ORIGIN = `${APP_SCHEME}://${APP_HOST}`;
export const OWN_PAGE_URL = `${APP_ORIGIN}/`;
/** Shown instead of a window that keeps crashing. */
export const STOPPED_PAGE_PATH = '/stopped.html';
export const STOPPED_PAGE_URL = `${APP_ORIGIN}${STOPPED_PAGE_PATH}`;

const HEADERS = {
  'content-security-policy': contentSecurityPolicy("'none'"),
  'permissions-policy': PERMISSIONS_POLICY,
  'x-content-type-options': 'nosniff',
  'referrer-policy': 'no-referrer',
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-resource-policy': 'same-origin',
  'x-dns-prefetch-control': 'off',
  'cache-control': 'no-store',
};

/** Whether the address is of the window's own files: this scheme and host, nothing that only begins like it. */
export function isOwnUrl(address: string): boolean {
  const url = URL.canParse(address) ? new URL(address) : undefined;
  return url?.protocol === `${APP_SCHEME}:` && url.host === APP_HOST && url.username === '' && url.password === '';
}

/** Answers from the table of files read at start: no path of a request reaches the disk. */
export function answerFile(files: ReadonlyMap<string, StaticFile>, request: { url: string; method: string }): Response {
  if (request.method !== 'GET') return refuse(405, 'only GET');
  if (!isOwnUrl(request.url)) return refuse(404, 'not found');
  const { pathname } = new URL(request.url);
  if (pathname === STOPPED_PAGE_PATH) return answer('text/html; charset=utf-8', windowStoppedPage());
  const file = files.get(pathname === '/' ? '/index.html' : pathname);
  return file ? answer(file.contentType, new Uint8Array(file.bytes)) : refuse(404, 'not found');
}

function answer(contentType: string, body: string | Uint8Array<ArrayBuffer>): Response {
  return new Response(body, { headers: { ...HEADERS, 'content-type': contentType } });
}

function refuse(status: number, why: string): Response {
  return new Response(why, { status, headers: { ...HEADERS, 'content-type': 'text/plain; charset=utf-8' } });
}

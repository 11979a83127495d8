import type { IncomingHttpHeaders } from 'node:http';

/** The page may load its own files and talk to its own origin, nothing else (security.md). */
export const CONTENT_SECURITY_POLICY =
  "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; connect-src 'self'; " +
  "base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

export const SECURITY_HEADERS: Record<string, string> = {
  'content-security-policy': CONTENT_SECURITY_POLICY,
  'x-content-type-options': 'nosniff',
  'x-frame-options': 'DENY',
  'referrer-policy': 'no-referrer',
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-resource-policy': 'same-origin',
};

/** Cookies are shared by all ports of a host: the port in the name keeps two shells apart. */
export function cookieName(port: number): string {
  return `halfspread_${port}`;
}

export function cookieOf(headers: IncomingHttpHeaders, port: number): string | undefined {
  for (const part of (headers.cookie ?? '').split(';')) {
    const [name, value] = part.trim().split('=', 2);
    if (name === cookieName(port)) return value;
  }
  return undefined;
}

/**
 * Only the literal loopback names are answered: a page that made its own name resolve to this machine (DNS rebinding)
 * sends that name.
 */
export function isOwnHost(headers: IncomingHttpHeaders, port: number): boolean {
  return headers.host === `127.0.0.1:${port}` || headers.host === `localhost:${port}`;
}

/** A WebSocket is not held back by the same-origin rule: the page that opens it must be ours. */
export function isOwnOrigin(headers: IncomingHttpHeaders): boolean {
  return headers.origin !== undefined && headers.origin === `http://${headers.host}`;
}

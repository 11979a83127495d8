import type { IncomingHttpHeaders } from 'node:http';
import { contentSecurityPolicy, PERMISSIONS_POLICY } from '../content-policy.ts';

export const SECURITY_HEADERS: Record<string, string> = {
  // The page talks to main over a WebSocket of its own origin.
  'content-security-policy': contentSecurityPolicy("'self'"),
  'permissions-policy': PERMISSIONS_POLICY,
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

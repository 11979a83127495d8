import type { IncomingMessage } from 'node:http';
import { AGENT_PATH } from '../protocol/handshake.ts';
import { SUBPROTOCOL } from '../protocol/messages.ts';

/**
 * Why an upgrade request is not served; undefined when it is. Browsers send Origin and cookies, our clients never.
 * @param host the one value of `Host` on this carrier
 */
export function upgradeRefusal(request: IncomingMessage, host: string | undefined): string | undefined {
  if (request.url !== AGENT_PATH) return 'path';
  if (host === undefined || request.headers.host !== host) return 'host';
  if (request.headers.origin !== undefined) return 'origin';
  if (request.headers.cookie !== undefined) return 'cookie';
  if (request.headers['sec-websocket-protocol'] !== SUBPROTOCOL) return 'subprotocol';
  return undefined;
}

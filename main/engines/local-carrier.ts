import { createConnection } from 'node:net';
import { WebSocket } from 'ws';
import type { ClientIdentity } from '../../engine/protocol/client-session.ts';
import {
  AGENT_PATH,
  AUTH_TIMEOUT_MS,
  LOCAL_HOST,
  MAX_FRAGMENTS,
  MAX_PAYLOAD_TO_CLIENT_BYTES,
} from '../../engine/protocol/handshake.ts';
import { SUBPROTOCOL } from '../../engine/protocol/messages.ts';
import type { LinkCarrier } from './link-carrier.ts';

/** The private pipe of an engine on this machine. */
export function localCarrier(pipe: string, identity: ClientIdentity): LinkCarrier {
  return {
    open: () =>
      Promise.resolve({
        identity,
        socket: new WebSocket(`ws://${LOCAL_HOST}${AGENT_PATH}`, SUBPROTOCOL, {
          createConnection: () => createConnection(pipe),
          perMessageDeflate: false,
          maxPayload: MAX_PAYLOAD_TO_CLIENT_BYTES,
          maxFragments: MAX_FRAGMENTS,
          handshakeTimeout: AUTH_TIMEOUT_MS,
        }),
      }),
    endedBy: () => undefined,
    backoff: { baseMs: 100, maxMs: 5_000 },
    blockedWaitMs: () => undefined,
  };
}

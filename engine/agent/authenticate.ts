import { randomUUID } from 'node:crypto';
import { PROTOCOL_VERSION, type Auth, type AuthOk, type Command, type Hello, type Role } from '../protocol/messages.ts';
import { authOkTranscript, authTranscript, commandTranscript } from '../protocol/handshake.ts';
import { deviceIdOf, newNonce, sha256, signBytes, verifyBytes, type SigningKey } from './keys.ts';

const ROLE_RANK: Record<Role, number> = { view: 0, operate: 1, admin: 2 };

export function roleAllows(has: Role, needs: Role): boolean {
  return ROLE_RANK[has] >= ROLE_RANK[needs];
}

/** A client this start of the agent knows, and the most it may ask for. */
export interface TrustedDevice {
  /** Ed25519, SPKI DER, base64. */
  publicKey: string;
  maxRole: Role;
  /** Whether its signature counts for AUTHORIZED_COMMANDS. False for a key that lies in a file, like the CLI's. */
  mayAuthorize: boolean;
}

export type AuthRefusal = 'protocol' | 'unknownDevice' | 'role' | 'signature';
export type AuthOutcome = { granted: AuthOk } | { refused: AuthRefusal };

/** The device may never authorize, or its signature is not over this command in this session. */
export type AuthorizationRefusal = 'device' | 'signature';

/** The agent's side of "agent/1", without a connection. */
export interface Authenticator {
  /** A HELLO with a nonce of its own: an AUTH captured elsewhere never fits. */
  newHello(state: { bootId: string; nowMs: number; trading: string }): Hello;
  check(hello: Hello, auth: Auth): AuthOutcome;
  /** Looks at the signature that came with a command; undefined when it is good. `deviceId` is the session's. */
  checkCommand(
    hello: Hello,
    deviceId: string,
    signed: { id: string; command: Command; authorization: string },
  ): AuthorizationRefusal | undefined;
}

export function createAuthenticator(
  agentId: string,
  key: SigningKey,
  cookie: Uint8Array,
  devices: TrustedDevice[],
): Authenticator {
  const byId = new Map(devices.map((device) => [deviceIdOf(device.publicKey), device]));
  return {
    newHello: ({ bootId, nowMs, trading }) => ({
      type: 'HELLO',
      protocols: [PROTOCOL_VERSION],
      agentId,
      bootId,
      nonceA: newNonce(),
      nowMs,
      // One engine per data folder on the local carrier: there is no second one to order by term.
      term: 1,
      state: trading,
    }),
    check(hello, auth) {
      if (!hello.protocols.includes(auth.protocol)) return { refused: 'protocol' };
      const device = byId.get(auth.deviceId);
      if (!device) return { refused: 'unknownDevice' };
      if (!verifyBytes(device.publicKey, authTranscript(hello, auth, cookie, sha256), auth.sig)) {
        return { refused: 'signature' };
      }
      if (!roleAllows(device.maxRole, auth.role)) return { refused: 'role' };
      const granted = { type: 'AUTH_OK', sessionId: randomUUID(), role: auth.role } as const;
      const sig = signBytes(key.privateKey, authOkTranscript(hello, auth, granted, cookie, sha256));
      return { granted: { ...granted, sig } };
    },
    checkCommand(hello, deviceId, { id, command, authorization }) {
      const device = byId.get(deviceId);
      if (!device?.mayAuthorize) return 'device';
      const transcript = commandTranscript(hello, id, command, sha256);
      return verifyBytes(device.publicKey, transcript, authorization) ? undefined : 'signature';
    },
  };
}

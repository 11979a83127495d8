import { randomUUID } from 'node:crypto';
import { PROTOCOL_VERSION, type Auth, type AuthOk, type Command, type Hello, type Role } from '../protocol/messages.ts';
import { authOkTranscript, authTranscript, commandTranscript } from '../protocol/handshake.ts';
import type { Seal } from '../protocol/sealed.ts';
import { newNonce, sha256, signBytes, verifyBytes, type SigningKey } from './keys.ts';

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
  /** Highest protocol ever agreed with it: it may not come with a lower one. */
  lowestProtocol?: number;
}

/** What the carrier knows of who is at the other end. */
export interface Carried {
  /** Ties the handshake to this carrier: the pipe's cookie, or both pins and the exporter of TLS. */
  binding: Uint8Array;
  /** The device whose certificate was shown; only it may authenticate here. */
  deviceId?: string;
}

export type AuthRefusal = 'protocol' | 'unknownDevice' | 'anotherDevice' | 'role' | 'signature';
export type AuthOutcome = { granted: AuthOk } | { refused: AuthRefusal };

/** The device may never authorize, or its signature is not over this command in this session. */
export type AuthorizationRefusal = 'device' | 'signature';

/** The agent's side of "agent/1", without a connection. */
export interface Authenticator {
  /** A HELLO with a nonce of its own: an AUTH captured elsewhere never fits. */
  newHello(state: { bootId: string; nowMs: number; trading: string; term: number; seal?: Seal }): Hello;
  check(hello: Hello, auth: Auth, carried: Carried): AuthOutcome;
  /** Looks at the signature that came with a command; undefined when it is good. `deviceId` is the session's. */
  checkCommand(
    hello: Hello,
    deviceId: string,
    signed: { id: string; command: Command; authorization: string },
  ): AuthorizationRefusal | undefined;
}

/** @param deviceOf the device of this id, undefined when it is not known (any more). */
export function createAuthenticator(
  agentId: string,
  key: SigningKey,
  deviceOf: (deviceId: string) => TrustedDevice | undefined,
): Authenticator {
  return {
    newHello: ({ bootId, nowMs, trading, term, seal }) => ({
      type: 'HELLO',
      protocols: [PROTOCOL_VERSION],
      agentId,
      bootId,
      nonceA: newNonce(),
      nowMs,
      term,
      state: trading,
      ...(seal && { seal }),
    }),
    check(hello, auth, { binding, deviceId }) {
      const device = deviceOf(auth.deviceId);
      if (!hello.protocols.includes(auth.protocol) || auth.protocol < (device?.lowestProtocol ?? 0)) {
        return { refused: 'protocol' };
      }
      if (!device) return { refused: 'unknownDevice' };
      if (deviceId !== undefined && deviceId !== auth.deviceId) return { refused: 'anotherDevice' };
      if (!verifyBytes(device.publicKey, authTranscript(hello, auth, binding, sha256), auth.sig)) {
        return { refused: 'signature' };
      }
      if (!roleAllows(device.maxRole, auth.role)) return { refused: 'role' };
      const granted = { type: 'AUTH_OK', sessionId: randomUUID(), role: auth.role } as const;
      const sig = signBytes(key.privateKey, authOkTranscript(hello, auth, granted, binding, sha256));
      return { granted: { ...granted, sig } };
    },
    checkCommand(hello, deviceId, { id, command, authorization }) {
      const device = deviceOf(deviceId);
      if (!device?.mayAuthorize) return 'device';
      const transcript = commandTranscript(hello, id, command, sha256);
      return verifyBytes(device.publicKey, transcript, authorization) ? undefined : 'signature';
    },
  };
}

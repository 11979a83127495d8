/**
 * What both sides of the handshake "agent/1" sign (security.md). Pure: hash and signature are handed in or made by the
 * caller (engine/agent, main/engines), so that carriers differ only in what they bind.
 */
import { canonicalJson } from './canonical.ts';
import { PROTOCOL_VERSION, type Auth, type AuthOk, type Command, type Hello } from './messages.ts';

/** The one path a client may upgrade, and the Host it names; on the local carrier there is no TCP host at all. */
export const AGENT_PATH = '/agent/1';
export const LOCAL_HOST = 'halfspread.local';
/** Also TLS's server name. Nobody looks it up: the pin says who it is, wherever it runs. */
export const REMOTE_HOST = 'halfspread.internal';

export const AUTH_TIMEOUT_MS = 5_000;
export const NONCE_BYTES = 32;
export const COOKIE_BYTES = 32;

/** Payload limits by direction (security.md): into the agent, into the client. */
export const MAX_PAYLOAD_TO_AGENT_BYTES = 256 * 1024;
export const MAX_PAYLOAD_TO_CLIENT_BYTES = 1024 * 1024;
export const MAX_FRAGMENTS = 16;
export const HEARTBEAT_PERIOD_MS = 15_000;
export const PEER_DEAD_AFTER_MS = 45_000;

/** WebSocket close codes of the agent; a client decides by them whether trying again makes sense. */
export const CLOSE = {
  stopping: 1001,
  badMessage: 4400,
  authenticationFailed: 4401,
  authenticationLate: 4408,
  slowReader: 4413,
  tooManyMessages: 4429,
  tooManySessions: 4503,
  peerDead: 4504,
  /** The device was revoked, or its certificate was. */
  revoked: 4403,
} as const;

const AUTH_LABEL = 'halfspread agent/1 AUTH\0';
const AUTH_OK_LABEL = 'halfspread agent/1 AUTH_OK\0';
const COMMAND_LABEL = 'halfspread agent/1 COMMAND\0';

/** SHA-256 of the UTF-8 bytes of a text, or of bytes. */
export type Sha256 = (data: string | Uint8Array) => Uint8Array;

/**
 * Bytes the client signs: label || H(HELLO) || H(AUTH without sig) || H(binding).
 * @param binding what ties the handshake to its carrier: the pipe's cookie, or `tlsBinding`.
 */
export function authTranscript(hello: Hello, auth: Omit<Auth, 'sig'>, binding: Uint8Array, sha256: Sha256): Uint8Array {
  const { type, protocol, deviceId, nonceD, role } = auth;
  const unsigned = canonicalJson({ type, protocol, deviceId, nonceD, role });
  return join(AUTH_LABEL, [sha256(canonicalJson(hello)), sha256(unsigned), sha256(binding)]);
}

/** Bytes the agent signs: its own label, the whole AUTH with its signature, and the session it grants. */
export function authOkTranscript(
  hello: Hello,
  auth: Auth,
  granted: Omit<AuthOk, 'sig'>,
  binding: Uint8Array,
  sha256: Sha256,
): Uint8Array {
  const { type, sessionId, role } = granted;
  const session = canonicalJson({ type, sessionId, role });
  return join(AUTH_OK_LABEL, [
    sha256(canonicalJson(hello)),
    sha256(canonicalJson(auth)),
    sha256(session),
    sha256(binding),
  ]);
}

/**
 * Bytes the session's device signs to authorize one command: label || H(HELLO) || H(command id) || H(command). HELLO carries
 * the agent's nonce, so the signature is worth nothing in another session or to another engine; the id makes it take
 * effect once.
 */
export function commandTranscript(hello: Hello, id: string, command: Command, sha256: Sha256): Uint8Array {
  return join(COMMAND_LABEL, [sha256(canonicalJson(hello)), sha256(id), sha256(canonicalJson(command))]);
}

/** RFC 8446 7.5: a value both ends of one TLS connection can compute and nobody between two connections can. */
export const TLS_EXPORTER_LABEL = 'EXPORTER-halfspread-agent-1';
export const TLS_EXPORTER_BYTES = 32;

/** What the handshake binds on the remote carrier. @param pins SPKI hashes, base64 @param exporter of this connection */
export function tlsBinding(pins: { client: string; agent: string }, exporter: Uint8Array): Uint8Array {
  const head = Uint8Array.from(`${pins.client} ${pins.agent} `, (char) => char.charCodeAt(0));
  const bytes = new Uint8Array(head.length + exporter.length);
  bytes.set(head);
  bytes.set(exporter, head.length);
  return bytes;
}

/** The highest protocol both sides speak, or undefined. */
export function commonProtocol(offered: readonly number[]): number | undefined {
  return offered.includes(PROTOCOL_VERSION) ? PROTOCOL_VERSION : undefined;
}

function join(label: string, hashes: Uint8Array[]): Uint8Array {
  const head = Uint8Array.from(label, (char) => char.charCodeAt(0));
  const bytes = new Uint8Array(head.length + hashes.reduce((sum, hash) => sum + hash.length, 0));
  bytes.set(head);
  let at = head.length;
  for (const hash of hashes) {
    bytes.set(hash, at);
    at += hash.length;
  }
  return bytes;
}

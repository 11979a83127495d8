import { createHash, createPublicKey, randomBytes, verify, X509Certificate } from 'node:crypto';
import { connect as connectTcp, type Socket } from 'node:net';
import { connect as connectTls, type TLSSocket } from 'node:tls';
import { WebSocket } from 'ws';
import type { ClientIdentity } from '../../engine/protocol/client-session.ts';
import { HalfspreadError } from '../../engine/protocol/errors.ts';
import {
  AGENT_PATH,
  AUTH_TIMEOUT_MS,
  CLOSE,
  MAX_FRAGMENTS,
  MAX_PAYLOAD_TO_CLIENT_BYTES,
  NONCE_BYTES,
  REMOTE_HOST,
  TLS_EXPORTER_BYTES,
  TLS_EXPORTER_LABEL,
  tlsBinding,
} from '../../engine/protocol/handshake.ts';
import { SUBPROTOCOL, type Role } from '../../engine/protocol/messages.ts';
import type { PinnedCertificate } from '../../engine/protocol/pins.ts';
import { ENDED_BEFORE_HTTP, type LinkCarrier, type OpenedCarrier } from './link-carrier.ts';
import {
  authenticationRefused,
  isBlocking,
  notEnrolled,
  revoked,
  tlsFailed,
  tooManySessions,
  unreachable,
  wrongPin,
} from './remote-errors.ts';

const CONNECT_TIMEOUT_MS = 10_000;
/** A source that failed before waits its turn at the agent's door. */
const TLS_TIMEOUT_MS = 20_000;
const BLOCKED_WAIT_MS = 30_000;

/** This computer, as an agent has it enrolled; main/keys opens it from the keychain. */
export interface DeviceIdentity {
  deviceId: string;
  /** Ed25519, SPKI DER, base64. */
  publicKey: string;
  /** Ed25519 signature, base64. */
  sign(bytes: Uint8Array): string;
  tlsKeyPem: string;
  tlsCertificatePem: string;
}

/** An agent as it was met over SSH; never learned from a first connection. */
export interface RemoteTarget {
  /** "203.0.113.7", "[2001:db8::7]" without brackets, or a name. */
  host: string;
  port: number;
  /** The certificates it may show: one, or two during a rotation. */
  serverPins: PinnedCertificate[];
  /** Its Ed25519 key: SPKI DER, base64. */
  serverPublicKey: string;
  identity: DeviceIdentity;
  role: Role;
  /** Highest protocol ever agreed with it. */
  lowestProtocol?: number;
}

/** TLS 1.3 with both certificates pinned. @param target is read at every connection: pins may be added */
export function remoteCarrier(target: RemoteTarget): LinkCarrier {
  let wasRevoked = false;

  async function open(): Promise<OpenedCarrier> {
    const stream = await openTcp(target);
    const secure = await openTls(stream, target);
    const agentPin = checkedPin(secure, target);
    const exporter = secure.exportKeyingMaterial(TLS_EXPORTER_BYTES, TLS_EXPORTER_LABEL, Buffer.alloc(0));
    const ownPin = spkiPinOf(new X509Certificate(target.identity.tlsCertificatePem));
    // Over the checked connection and no other; the scheme says nothing about it.
    const socket = new WebSocket(`ws://${REMOTE_HOST}${AGENT_PATH}`, SUBPROTOCOL, {
      createConnection: () => secure,
      perMessageDeflate: false,
      maxPayload: MAX_PAYLOAD_TO_CLIENT_BYTES,
      maxFragments: MAX_FRAGMENTS,
      handshakeTimeout: AUTH_TIMEOUT_MS,
    });
    return {
      socket,
      identity: clientIdentity(target, tlsBinding({ client: ownPin, agent: agentPin }, exporter)),
      wireBytes: () => ({ received: stream.bytesRead, sent: stream.bytesWritten }),
    };
  }

  return {
    open,
    endedBy(code) {
      switch (code) {
        case CLOSE.revoked:
          wasRevoked = true;
          return revoked();
        case CLOSE.authenticationFailed:
          return authenticationRefused();
        case CLOSE.tooManySessions:
          return tooManySessions();
        case ENDED_BEFORE_HTTP:
          // TLS 1.3 is done for the client before the agent has looked at its certificate: a refusal comes as an end.
          return wasRevoked ? revoked() : notEnrolled();
        default:
          return undefined;
      }
    },
    backoff: { baseMs: 500, maxMs: 15_000 },
    blockedWaitMs: ({ code }) => (isBlocking(code) ? BLOCKED_WAIT_MS : undefined),
  };
}

function openTcp({ host, port }: RemoteTarget): Promise<Socket> {
  return new Promise((resolve, reject) => {
    const stream = connectTcp({ host, port, noDelay: true, keepAlive: true });
    const timer = setTimeout(() => stream.destroy(new Error('no answer in time')), CONNECT_TIMEOUT_MS);
    stream.once('connect', () => {
      clearTimeout(timer);
      resolve(stream);
    });
    stream.on('error', (cause) => {
      clearTimeout(timer);
      reject(unreachable(host, port, cause));
    });
  });
}

function openTls(stream: Socket, target: RemoteTarget): Promise<TLSSocket> {
  const { serverPins, identity } = target;
  return new Promise((resolve, reject) => {
    const secure = connectTls({
      socket: stream,
      servername: REMOTE_HOST,
      ca: serverPins.map(({ certificatePem }) => certificatePem),
      key: identity.tlsKeyPem,
      cert: identity.tlsCertificatePem,
      rejectUnauthorized: true,
      minVersion: 'TLSv1.3',
      maxVersion: 'TLSv1.3',
      checkServerIdentity: (_name, certificate) =>
        isPinned(target, spkiPinOf(new X509Certificate(certificate.raw))) ? undefined : wrongPin(),
    });
    const fail = (error: HalfspreadError) => {
      clearTimeout(timer);
      secure.destroy();
      stream.destroy();
      reject(error);
    };
    const timer = setTimeout(() => fail(tlsFailed('no answer in time')), TLS_TIMEOUT_MS);
    secure.once('secureConnect', () => {
      clearTimeout(timer);
      resolve(secure);
    });
    secure.on('error', (cause: NodeJS.ErrnoException) => fail(tlsError(cause)));
    secure.once('close', () => fail(tlsFailed('closed during the handshake')));
  });
}

/** Once more on the connected socket, before the first byte. @returns the pin. @throws HalfspreadError HS_LINK_WRONG_PIN */
function checkedPin(secure: TLSSocket, target: RemoteTarget): string {
  const certificate = secure.getPeerX509Certificate();
  const pin = certificate && spkiPinOf(certificate);
  const isGood = secure.authorized && secure.getProtocol() === 'TLSv1.3' && !secure.isSessionReused();
  if (pin !== undefined && isGood && isPinned(target, pin)) return pin;
  secure.destroy();
  throw wrongPin();
}

function isPinned({ serverPins }: RemoteTarget, pin: string): boolean {
  return serverPins.some(({ spkiPin }) => spkiPin === pin);
}

/** Verification errors of OpenSSL and BoringSSL: the certificate is not the pinned one. */
function tlsError(cause: NodeJS.ErrnoException): HalfspreadError {
  if (cause instanceof HalfspreadError) return cause;
  const code = cause.code ?? '';
  if (/SELF_SIGNED|UNABLE_TO|CERT_|LEAF_SIGNATURE|ALTNAME/.test(code)) return wrongPin(cause);
  if (/ALERT_(UNKNOWN_CA|BAD_CERTIFICATE|CERTIFICATE_)/.test(code)) return notEnrolled(cause);
  return tlsFailed(cause.message, cause);
}

function clientIdentity(target: RemoteTarget, binding: Uint8Array): ClientIdentity {
  const { identity, role, serverPublicKey, lowestProtocol } = target;
  const agentKey = createPublicKey({ key: Buffer.from(serverPublicKey, 'base64'), format: 'der', type: 'spki' });
  return {
    deviceId: identity.deviceId,
    role,
    binding,
    lowestProtocol,
    sha256: (data) => createHash('sha256').update(data).digest(),
    newNonce: () => randomBytes(NONCE_BYTES).toString('base64'),
    sign: (bytes) => identity.sign(bytes),
    verifyAgent: (bytes, signature) => verify(null, bytes, agentKey, Buffer.from(signature, 'base64')),
  };
}

/** SHA-256 of the certificate's SubjectPublicKeyInfo, base64. */
export function spkiPinOf(certificate: X509Certificate): string {
  return createHash('sha256')
    .update(certificate.publicKey.export({ format: 'der', type: 'spki' }))
    .digest('base64');
}

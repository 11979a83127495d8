/** A client for tests of the agent that can do everything wrong. */
import { createConnection, type Socket } from 'node:net';
import { WebSocket, type ClientOptions } from 'ws';
import { AGENT_PATH, authTranscript, LOCAL_HOST } from '../protocol/handshake.ts';
import { helloSchema, SUBPROTOCOL, type AgentMessage, type Auth, type Hello, type Role } from '../protocol/messages.ts';
import { deviceIdOf, newNonce, sha256, signBytes, type SigningKey } from './keys.ts';

/** Where an agent is: the path of its pipe, or how to open a connection of another carrier. */
export type Whereabouts = string | { host: string; open(): Promise<{ stream: Socket; binding?: Uint8Array }> };

export interface RawClient {
  socket: WebSocket;
  /** The stream below the frames. */
  stream: Socket;
  /** What the connection itself binds; the pipe's cookie is not known to it. */
  binding: Uint8Array | undefined;
  hello: Hello;
  received: AgentMessage[];
  /** The next message not asked for yet. */
  next(): Promise<AgentMessage>;
  closed: Promise<number>;
  send(message: unknown): void;
}

export async function connectRaw(
  where: Whereabouts,
  options: ClientOptions & { path?: string } = {},
): Promise<RawClient> {
  const { stream, binding } =
    typeof where === 'string' ? { stream: createConnection(where), binding: undefined } : await where.open();
  const host = typeof where === 'string' ? LOCAL_HOST : where.host;
  const socket = new WebSocket(`ws://${host}${options.path ?? AGENT_PATH}`, SUBPROTOCOL, {
    createConnection: () => stream,
    perMessageDeflate: false,
    ...options,
  });
  const received: AgentMessage[] = [];
  const waiting: ((message: AgentMessage) => void)[] = [];
  let asked = 0;
  socket.on('message', (data) => {
    const message = JSON.parse(data.toString()) as AgentMessage;
    // The agent's heartbeat and markers are answered as every client does, and are nothing a test asks for.
    if (message.type === 'PING' && socket.readyState === WebSocket.OPEN) {
      return socket.send(JSON.stringify({ type: 'PONG', id: message.id }));
    }
    received.push(message);
    if (waiting.length > 0) waiting.shift()!(received[asked++]!);
  });
  const closed = new Promise<number>((resolve) => socket.on('close', resolve));
  const failed = new Promise<never>((_resolve, reject) => {
    socket.on('error', reject);
    socket.on('close', (code) => reject(new Error(`closed with ${code}`)));
  });
  // Only the first message is raced against the end; later ends are looked at through `closed`.
  failed.catch(() => undefined);
  const next = () =>
    asked < received.length
      ? Promise.resolve(received[asked++]!)
      : new Promise<AgentMessage>((resolve) => waiting.push(resolve));
  const hello = helloSchema.parse(await Promise.race([next(), failed]));
  return {
    socket,
    stream,
    binding,
    hello,
    received,
    next,
    closed,
    send: (message) => socket.send(typeof message === 'string' ? message : JSON.stringify(message)),
  };
}

export interface Credentials {
  key: SigningKey;
  /** What is bound, base64: the pipe's cookie. Left out, it is the connection's own binding. */
  cookie?: string;
  role: Role;
}

export function authFor(hello: Hello, { key, cookie, role }: Credentials, binding?: Uint8Array): Auth {
  const unsigned = {
    type: 'AUTH',
    protocol: 1,
    deviceId: deviceIdOf(key.publicKey),
    nonceD: newNonce(),
    role,
  } as const;
  const bound = cookie === undefined ? binding : Buffer.from(cookie, 'base64');
  if (!bound) throw new Error('nothing to bind');
  return { ...unsigned, sig: signBytes(key.privateKey, authTranscript(hello, unsigned, bound, sha256)) };
}

/** Connected and accepted. */
export async function enterRaw(where: Whereabouts, credentials: Credentials): Promise<RawClient> {
  const client = await connectRaw(where);
  client.send(authFor(client.hello, credentials, client.binding));
  const answer = await client.next();
  if (answer.type !== 'AUTH_OK') throw new Error(`expected AUTH_OK, got ${answer.type}`);
  return client;
}

/** A client that can be made to break every rule: what the attack tests speak to the agent with. */
import { createConnection, type Socket } from 'node:net';
import { WebSocket, type ClientOptions } from 'ws';
import { AGENT_PATH, authTranscript, LOCAL_HOST } from '../protocol/handshake.ts';
import { helloSchema, SUBPROTOCOL, type AgentMessage, type Auth, type Hello, type Role } from '../protocol/messages.ts';
import { deviceIdOf, newNonce, sha256, signBytes, type SigningKey } from './keys.ts';

export interface RawClient {
  socket: WebSocket;
  /** The stream below the frames. */
  stream: Socket;
  hello: Hello;
  received: AgentMessage[];
  /** The next message not asked for yet. */
  next(): Promise<AgentMessage>;
  closed: Promise<number>;
  send(message: unknown): void;
}

export async function connectRaw(pipe: string, options: ClientOptions & { path?: string } = {}): Promise<RawClient> {
  const stream = createConnection(pipe);
  const socket = new WebSocket(`ws://${LOCAL_HOST}${options.path ?? AGENT_PATH}`, SUBPROTOCOL, {
    createConnection: () => stream,
    perMessageDeflate: false,
    ...options,
  });
  const received: AgentMessage[] = [];
  const waiting: ((message: AgentMessage) => void)[] = [];
  let asked = 0;
  socket.on('message', (data) => {
    received.push(JSON.parse(data.toString()) as AgentMessage);
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
    hello,
    received,
    next,
    closed,
    send: (message) => socket.send(typeof message === 'string' ? message : JSON.stringify(message)),
  };
}

export interface Credentials {
  key: SigningKey;
  cookie: string;
  role: Role;
}

export function authFor(hello: Hello, { key, cookie, role }: Credentials): Auth {
  const unsigned = {
    type: 'AUTH',
    protocol: 1,
    deviceId: deviceIdOf(key.publicKey),
    nonceD: newNonce(),
    role,
  } as const;
  const transcript = authTranscript(hello, unsigned, Buffer.from(cookie, 'base64'), sha256);
  return { ...unsigned, sig: signBytes(key.privateKey, transcript) };
}

/** Connected and accepted. */
export async function enterRaw(pipe: string, credentials: Credentials): Promise<RawClient> {
  const client = await connectRaw(pipe);
  client.send(authFor(client.hello, credentials));
  const answer = await client.next();
  if (answer.type !== 'AUTH_OK') throw new Error(`expected AUTH_OK, got ${answer.type}`);
  return client;
}

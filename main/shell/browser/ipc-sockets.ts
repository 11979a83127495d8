import { z } from 'zod';
import { WebSocketServer, type WebSocket } from 'ws';
import { parseStrictJson } from '../../../engine/protocol/strict-json.ts';
import type { IpcEventData, IpcEventName } from '../../ipc/schema.ts';
import type { IpcServer } from '../../ipc/server.ts';

export const IPC_PATH = '/ipc';

const MAX_PAYLOAD_BYTES = 256 * 1024;
const MAX_FRAGMENTS = 16;
const MAX_WINDOWS = 16;
/** A window that does not read is closed; it opens again and starts from a fresh state. */
const CLOSE_ABOVE_BYTES = 16 * 1024 * 1024;
const HEARTBEAT_PERIOD_MS = 15_000;
const BAD_MESSAGE = 4400;
const TOO_SLOW = 4413;
const TOO_MANY = 4503;

const callSchema = z.strictObject({
  kind: z.literal('call'),
  id: z.number().int(),
  name: z.string().max(64),
  input: z.unknown(),
});

/** The windows' WebSockets: calls in, answers and events out, one JSON text a frame. */
export interface IpcSockets {
  readonly server: WebSocketServer;
  emit<Name extends IpcEventName>(name: Name, data: IpcEventData<Name>): void;
  stop(): void;
}

export function createIpcSockets(ipc: IpcServer): IpcSockets {
  const server = new WebSocketServer({
    noServer: true,
    perMessageDeflate: false,
    maxPayload: MAX_PAYLOAD_BYTES,
    maxFragments: MAX_FRAGMENTS,
  });
  const answered = new WeakSet<WebSocket>();

  function send(socket: WebSocket, text: string): void {
    if (socket.readyState !== socket.OPEN) return;
    socket.send(text);
    if (socket.bufferedAmount > CLOSE_ABOVE_BYTES) socket.close(TOO_SLOW);
  }

  async function answer(socket: WebSocket, text: string): Promise<void> {
    let call: z.infer<typeof callSchema>;
    try {
      call = callSchema.parse(parseStrictJson(text));
    } catch {
      // Not our window: it never sends such a frame.
      return socket.close(BAD_MESSAGE);
    }
    const result = await ipc.answer(call.name, call.input);
    send(socket, JSON.stringify({ kind: 'answer', id: call.id, ...result }));
  }

  server.on('connection', (socket) => {
    if (server.clients.size > MAX_WINDOWS) return socket.close(TOO_MANY);
    answered.add(socket);
    socket.on('pong', () => answered.add(socket));
    // A broken frame: ws closes the connection itself.
    socket.on('error', () => undefined);
    socket.on('message', (data, isBinary) => {
      if (isBinary) return socket.close(BAD_MESSAGE);
      void answer(socket, data.toString());
    });
  });

  const heartbeat = setInterval(() => {
    for (const socket of server.clients) {
      if (!answered.delete(socket)) socket.terminate();
      else socket.ping();
    }
  }, HEARTBEAT_PERIOD_MS);

  return {
    server,
    emit(name, data) {
      if (server.clients.size === 0) return;
      const text = JSON.stringify({ kind: 'event', name, data });
      for (const socket of server.clients) send(socket, text);
    },
    stop() {
      clearInterval(heartbeat);
      for (const socket of server.clients) socket.terminate();
      server.close();
    },
  };
}

import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Duplex } from 'node:stream';
import { WebSocketServer, type WebSocket } from 'ws';
import type { EndpointResponse, VenueEndpoint } from '../host.ts';
import { listen } from '../links/listen.ts';
import { BufferedConnection } from './buffered-connection.ts';

export interface VenueServer {
  port: number;
  close(): Promise<void>;
}

/** Paradex pings every 55 s and ends a connection whose pong is not back within 5 s (venues/paradex.md 8). */
const PING_EVERY_MS = 55_000;
const PONG_WITHIN_MS = 5_000;
const MAX_REQUEST_BYTES = 1024 * 1024;
const MAX_FRAGMENTS = 64;
/** Longer than any pause of a client that pings, so that only the client ends its kept connections. */
const KEEP_ALIVE_MS = 120_000;

/** HTTP and WebSocket on loopback in front of a venue; knows nothing of what is said. */
export async function startVenueServer(endpoint: VenueEndpoint): Promise<VenueServer> {
  const webSockets = new WebSocketServer({
    noServer: true,
    perMessageDeflate: false,
    maxPayload: MAX_REQUEST_BYTES,
    maxFragments: MAX_FRAGMENTS,
  });
  const server = createServer({ keepAliveTimeout: KEEP_ALIVE_MS, noDelay: true }, (request, response) => {
    serveRequest(endpoint, request, response);
  });
  server.on('upgrade', (request: IncomingMessage, socket: Duplex, head: Buffer) => {
    serveUpgrade(endpoint, webSockets, request, socket, head);
  });
  await listen(server, { host: '127.0.0.1', port: 0 });
  const { port } = server.address() as AddressInfo;
  return {
    port,
    close: async () => {
      const closed = new Promise<void>((resolve) => server.close(() => resolve()));
      for (const webSocket of webSockets.clients) webSocket.terminate();
      server.closeAllConnections();
      await closed;
    },
  };
}

function serveRequest(endpoint: VenueEndpoint, request: IncomingMessage, response: ServerResponse): void {
  const chunks: Buffer[] = [];
  let bytes = 0;
  request.on('data', (chunk: Buffer) => {
    bytes += chunk.length;
    if (bytes > MAX_REQUEST_BYTES) {
      send(response, { status: 413, headers: { connection: 'close' }, body: '' });
      request.removeAllListeners('data').resume();
      return;
    }
    chunks.push(chunk);
  });
  request.on('end', () => {
    if (bytes > MAX_REQUEST_BYTES) return;
    endpoint.http(
      {
        method: request.method ?? 'GET',
        path: request.url ?? '/',
        headers: headersOf(request),
        body: Buffer.concat(chunks).toString('utf8'),
      },
      (answer) => send(response, answer),
    );
  });
}

function send(response: ServerResponse, answer: EndpointResponse): void {
  if (response.destroyed || response.headersSent) return;
  const body = Buffer.from(answer.body, 'utf8');
  const headers = { 'content-type': 'application/json', ...answer.headers, 'content-length': String(body.length) };
  response.writeHead(answer.status, headers).end(body);
}

function serveUpgrade(
  endpoint: VenueEndpoint,
  webSockets: WebSocketServer,
  request: IncomingMessage,
  socket: Duplex,
  head: Buffer,
): void {
  const connection = new BufferedConnection();
  const answer = endpoint.upgrade({ path: request.url ?? '/', headers: headersOf(request) }, connection);
  if (!answer.accepted) {
    const body = Buffer.from(answer.body, 'utf8');
    socket.on('error', () => socket.destroy());
    socket.write(`HTTP/1.1 ${answer.status} Refused\r\nconnection: close\r\ncontent-length: ${body.length}\r\n\r\n`);
    socket.end(body);
    return;
  }
  const { session } = answer;
  let upgraded = false;
  const ended = (): void => session.onClose();
  socket.once('close', () => {
    if (!upgraded) ended();
  });
  webSockets.handleUpgrade(request, socket, head, (webSocket) => {
    upgraded = true;
    webSocket.on('message', (data: Buffer, isBinary) => {
      if (isBinary) webSocket.close(1003, 'text frames only');
      else session.onText(data.toString('utf8'));
    });
    webSocket.on('close', ended);
    // A protocol error is followed by 'close', which tells the session; without a listener it would end the process.
    webSocket.on('error', () => webSocket.terminate());
    keepAlive(webSocket);
    connection.attach(webSocket);
  });
}

function keepAlive(webSocket: WebSocket): void {
  let pongTimeout: NodeJS.Timeout | undefined;
  const pings = setInterval(() => {
    webSocket.ping();
    pongTimeout = setTimeout(() => webSocket.terminate(), PONG_WITHIN_MS);
  }, PING_EVERY_MS);
  webSocket.on('pong', () => clearTimeout(pongTimeout));
  webSocket.on('close', () => {
    clearInterval(pings);
    clearTimeout(pongTimeout);
  });
}

function headersOf(request: IncomingMessage): Record<string, string> {
  const headers: Record<string, string> = {};
  for (const [name, value] of Object.entries(request.headers)) {
    headers[name] = Array.isArray(value) ? value.join(', ') : (value ?? '');
  }
  return headers;
}

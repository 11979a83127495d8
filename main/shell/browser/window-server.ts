import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Duplex } from 'node:stream';
import type { IpcServer } from '../../ipc/server.ts';
import type { IpcEventData, IpcEventName, Route } from '../../ipc/schema.ts';
import { readRoutePath } from '../../lifecycle/deep-link.ts';
import { MAX_SECRET_BODY_BYTES, SECRET_PATH, handedSecretSchema } from '../../../engine/protocol/secret-prompt.ts';
import { createAccess, newSecret, sameSecret } from './access.ts';
import { cookieName, cookieOf, isOwnHost, isOwnOrigin, SECURITY_HEADERS } from './http-rules.ts';
import { createIpcSockets, IPC_PATH } from './ipc-sockets.ts';
import { page, PAGE_STYLE, PAGE_STYLE_PATH, type PageName } from './pages.ts';
import { readStaticFiles } from '../static-files.ts';
import type { SecretGate } from './secret-prompt.ts';

const OPEN_PREFIX = '/open/';
const LINK_PATH = '/link';
const REQUEST_TIMEOUT_MS = 10_000;
const MAX_CONNECTIONS = 256;

/** The window on loopback: the renderer's files and its WebSocket, behind a one-time link. */
export interface WindowServer {
  /** "http://127.0.0.1:43210" */
  origin: string;
  /** Whoever knows it may ask for links (`POST /link`) and hand over secrets (`/secret`): it stands in a file of mode 0600. */
  linkSecret: string;
  newLink(): string;
  emit<Name extends IpcEventName>(name: Name, data: IpcEventData<Name>): void;
  stop(): Promise<void>;
}

/**
 * Listens on 127.0.0.1 on a port the system chooses.
 * @param rendererFolder the built renderer
 * @param onRoute a link was asked for that opens this page
 */
export async function startWindowServer(
  rendererFolder: string,
  ipc: IpcServer,
  secrets: SecretGate,
  onRoute: (route: Route) => void = () => undefined,
): Promise<WindowServer> {
  const files = await readStaticFiles(rendererFolder);
  const access = createAccess(Date.now);
  const linkSecret = newSecret();
  const sockets = createIpcSockets(ipc);
  const server = createServer({
    headersTimeout: REQUEST_TIMEOUT_MS,
    requestTimeout: REQUEST_TIMEOUT_MS,
    maxHeaderSize: 16 * 1024,
  });
  server.maxConnections = MAX_CONNECTIONS;
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(0, '127.0.0.1', () => resolve());
  });
  const { port } = server.address() as AddressInfo;
  const origin = `http://127.0.0.1:${port}`;
  const newLink = () => `${origin}${OPEN_PREFIX}${access.newLinkToken()}`;

  function answer(request: IncomingMessage, response: ServerResponse): void {
    for (const [name, value] of Object.entries(SECURITY_HEADERS)) response.setHeader(name, value);
    response.setHeader('cache-control', 'no-store');
    if (!isOwnHost(request.headers, port)) return void response.writeHead(421).end();
    const path = (request.url ?? '/').split('?', 1)[0] ?? '/';
    if (request.method === 'POST' && (path === LINK_PATH || path.startsWith(`${LINK_PATH}/`))) {
      return answerLink(request, response, path.slice(LINK_PATH.length + 1));
    }
    if (path === SECRET_PATH) return answerSecret(request, response);
    if (request.method !== 'GET' && request.method !== 'HEAD') {
      return void response.writeHead(405, { allow: 'GET, HEAD' }).end();
    }
    if (path === PAGE_STYLE_PATH) return send(response, 200, 'text/css; charset=utf-8', PAGE_STYLE);
    if (path.startsWith(OPEN_PREFIX)) return answerOpen(request, response, path.slice(OPEN_PREFIX.length));
    if (!access.hasSession(cookieOf(request.headers, port))) return sendPage(response, 'needsLink');
    answerFile(response, path);
  }

  function answerOpen(request: IncomingMessage, response: ServerResponse, token: string): void {
    // A preview of the link must not spend it.
    if (request.method === 'HEAD') return void response.writeHead(405, { allow: 'GET' }).end();
    const outcome = access.redeem(token);
    if ('refused' in outcome) return sendPage(response, 'spent');
    response.setHeader('set-cookie', `${cookieName(port)}=${outcome.cookie}; HttpOnly; SameSite=Strict; Path=/`);
    sendPage(response, 'opened');
  }

  /** A page cannot know the secret; one that sends an Origin is refused whatever it knows. */
  function mayCommand({ headers }: IncomingMessage): boolean {
    return sameSecret(headers.authorization ?? '', `Bearer ${linkSecret}`) && headers.origin === undefined;
  }

  function answerSecret(request: IncomingMessage, response: ServerResponse): void {
    if (!mayCommand(request)) return void response.writeHead(403).end();
    const answerJson = (value: unknown) => send(response, 200, 'application/json', JSON.stringify(value));
    if (request.method === 'GET') return answerJson(secrets.pending());
    if (request.method !== 'POST') return void response.writeHead(405, { allow: 'GET, POST' }).end();
    readBody(request, MAX_SECRET_BODY_BYTES).then(
      (body) => {
        const handed = handedSecretSchema.safeParse(body);
        if (!handed.success) return void response.writeHead(400).end();
        answerJson(secrets.hand(handed.data.id, handed.data.secret));
      },
      () => void response.writeHead(400).end(),
    );
  }

  /** @param page "trade/12"; empty: no page in particular */
  function answerLink(request: IncomingMessage, response: ServerResponse, page: string): void {
    if (!mayCommand(request)) return void response.writeHead(403).end();
    const route = readRoutePath(page);
    if (page !== '' && !route) return void response.writeHead(400).end();
    if (route) onRoute(route);
    send(response, 200, 'application/json', JSON.stringify({ link: newLink() }));
  }

  function answerFile(response: ServerResponse, path: string): void {
    if (!files.has('/index.html')) return sendPage(response, 'notBuilt');
    const file = files.get(path === '/' ? '/index.html' : path);
    if (!file) return sendPage(response, 'notFound');
    if (file.immutable) response.setHeader('cache-control', 'private, max-age=31536000, immutable');
    send(response, 200, file.contentType, file.bytes);
  }

  server.on('request', answer);
  server.on('upgrade', (request: IncomingMessage, stream: Duplex, head: Buffer) => {
    const { headers } = request;
    stream.on('error', () => stream.destroy());
    const allowed =
      request.url === IPC_PATH &&
      isOwnHost(headers, port) &&
      isOwnOrigin(headers) &&
      access.hasSession(cookieOf(headers, port));
    if (!allowed) {
      stream.end('HTTP/1.1 403 Forbidden\r\nConnection: close\r\nContent-Length: 0\r\n\r\n');
      return;
    }
    sockets.server.handleUpgrade(request, stream, head, (socket) => sockets.server.emit('connection', socket, request));
  });

  return {
    origin,
    linkSecret,
    newLink,
    emit: (name, data) => sockets.emit(name, data),
    async stop() {
      sockets.stop();
      const closed = new Promise<void>((resolve) => server.close(() => resolve()));
      server.closeAllConnections();
      await closed;
    },
  };
}

/** JSON of at most `maxBytes`. Rejects else, without quoting it. */
async function readBody(request: IncomingMessage, maxBytes: number): Promise<unknown> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of request) {
    const part = Buffer.from(chunk as Uint8Array);
    bytes += part.length;
    if (bytes > maxBytes) throw new RangeError(`more than ${maxBytes} bytes`);
    chunks.push(part);
  }
  return JSON.parse(Buffer.concat(chunks).toString('utf8'));
}

function sendPage(response: ServerResponse, name: PageName): void {
  const { status, html } = page(name);
  send(response, status, 'text/html; charset=utf-8', html);
}

function send(response: ServerResponse, status: number, contentType: string, body: string | Buffer): void {
  response.writeHead(status, { 'content-type': contentType }).end(body);
}

import diagnostics from 'node:diagnostics_channel';
import { Pool } from 'undici';
import { WebSocket } from 'ws';
import type {
  Clock,
  HttpOriginReport,
  HttpRequest,
  HttpResponse,
  Network,
  Socket,
  SocketHandlers,
  SocketOptions,
} from '../env.ts';
import { NetworkError, errorMessage } from '../core/errors.ts';

/** Connections per venue origin: two legs' orders plus queries never wait for each other. */
const CONNECTIONS_PER_ORIGIN = 4;
const KEEP_ALIVE_MS = 120_000;
const MAX_FRAME_BYTES = 4 * 1024 * 1024;

interface Origin {
  pool: Pool;
  report: HttpOriginReport;
}

type HandedOver = (atMs: number) => void;

/** Network over `ws` and `undici`, both with compression and Nagle off. */
export function createNodeNetwork(clock: Clock): Network & { close(): Promise<void> } {
  const origins = new Map<string, Origin>();
  const handedOver = watchHandOver(clock);

  function originOf(url: string): Origin {
    const { origin } = new URL(url);
    let entry = origins.get(origin);
    if (!entry) {
      const report: HttpOriginReport = { origin, requests: 0, newConnections: 0 };
      const pool = new Pool(origin, {
        connections: CONNECTIONS_PER_ORIGIN,
        pipelining: 1,
        keepAliveTimeout: KEEP_ALIVE_MS,
        keepAliveMaxTimeout: KEEP_ALIVE_MS,
      });
      pool.on('connect', () => {
        report.newConnections++;
      });
      entry = { pool, report };
      origins.set(origin, entry);
    }
    return entry;
  }

  async function request(options: HttpRequest): Promise<HttpResponse> {
    const { pool, report } = originOf(options.url);
    const { pathname, search } = new URL(options.url);
    report.requests++;
    try {
      handedOver.next = options.onHandedToSocket;
      const pending = pool.request({
        method: options.method,
        path: pathname + search,
        headers: options.headers,
        body: options.body,
        headersTimeout: options.timeoutMs,
        bodyTimeout: options.timeoutMs,
        signal: AbortSignal.timeout(options.timeoutMs),
      });
      handedOver.next = undefined;
      const answer = await pending;
      const receivedAtMs = clock.monotonicMs();
      const body = await answer.body.text();
      const headers: Record<string, string> = {};
      for (const [name, value] of Object.entries(answer.headers))
        headers[name] = Array.isArray(value) ? value.join(', ') : (value ?? '');
      return { status: answer.statusCode, headers, body, receivedAtMs };
    } catch (error) {
      throw new NetworkError(
        'HS_NET_NO_ANSWER',
        `No complete answer to ${options.method} ${options.url}: ${errorMessage(error)}. The outcome is unknown.`,
        'Check the line and the address; the program retries what is safe to retry.',
        { cause: error },
      );
    } finally {
      handedOver.next = undefined;
    }
  }

  return {
    openSocket: (options, handlers) => openSocket(options, handlers, clock),
    request,
    async warm(url) {
      await request({ method: 'GET', url, timeoutMs: 10_000 });
    },
    httpReports: () => [...origins.values()].map(({ report }) => ({ ...report })),
    async close() {
      handedOver.stop();
      await Promise.all([...origins.values()].map(({ pool }) => pool.destroy()));
    },
  };
}

/**
 * Reports when a request's last byte was written to its socket. undici writes idle sockets one turn after the call, so the
 * time of the call is not t4; its diagnostics channel is. `next` marks the request created inside the following call.
 */
function watchHandOver(clock: Clock): { next: HandedOver | undefined; stop(): void } {
  const callbacks = new WeakMap<object, HandedOver>();
  const state = { next: undefined as HandedOver | undefined, stop };
  const onCreate = (message: unknown): void => {
    if (state.next) callbacks.set((message as { request: object }).request, state.next);
  };
  const onWritten = (message: unknown): void => {
    const { request } = message as { request: object & { body?: unknown } };
    const callback = callbacks.get(request);
    if (!callback) return;
    callbacks.delete(request);
    callback(clock.monotonicMs());
  };
  const onHeaders = (message: unknown): void => {
    // A request with a body is handed over when its body is; undici announces that separately.
    const { request } = message as { request: { body?: unknown } };
    if (request.body === undefined || request.body === null) onWritten(message);
  };
  diagnostics.subscribe('undici:request:create', onCreate);
  diagnostics.subscribe('undici:client:sendHeaders', onHeaders);
  diagnostics.subscribe('undici:request:bodySent', onWritten);
  function stop(): void {
    diagnostics.unsubscribe('undici:request:create', onCreate);
    diagnostics.unsubscribe('undici:client:sendHeaders', onHeaders);
    diagnostics.unsubscribe('undici:request:bodySent', onWritten);
  }
  return state;
}

function openSocket(options: SocketOptions, handlers: SocketHandlers, clock: Clock): Socket {
  const socket = new WebSocket(options.url, {
    headers: options.headers,
    handshakeTimeout: options.openTimeoutMs,
    perMessageDeflate: false,
    skipUTF8Validation: true,
    maxPayload: MAX_FRAME_BYTES,
  });
  let closed = false;
  let failure = '';
  let pingSentAtMs: number | undefined;
  const closeOnce = (code: number, reason: string): void => {
    if (closed) return;
    closed = true;
    handlers.onClose(code, reason);
  };
  socket.on('open', () => {
    handlers.onOpen();
  });
  socket.on('message', (data: Buffer | ArrayBuffer | Buffer[], isBinary) => {
    const receivedAtMs = clock.monotonicMs();
    const bytes = Buffer.isBuffer(data) ? data : Array.isArray(data) ? Buffer.concat(data) : Buffer.from(data);
    if (isBinary) handlers.onBinary(bytes, receivedAtMs);
    else handlers.onText(bytes.toString('utf8'), receivedAtMs);
  });
  socket.on('pong', () => {
    if (pingSentAtMs === undefined) return;
    const roundTripMs = clock.monotonicMs() - pingSentAtMs;
    pingSentAtMs = undefined;
    handlers.onPong(roundTripMs);
  });
  socket.on('error', (error) => {
    failure = error.message;
  });
  socket.on('close', (code, reason) => closeOnce(code, reason.toString('utf8') || failure));
  return {
    sendText(text) {
      if (socket.readyState !== WebSocket.OPEN) {
        throw new NetworkError(
          'HS_NET_NOT_OPEN',
          `The connection to ${options.url} is not open.`,
          'It reconnects by itself; wait for "ready".',
        );
      }
      // Without compression ws writes the frame to the socket inside this call.
      socket.send(text);
      return clock.monotonicMs();
    },
    ping() {
      if (socket.readyState !== WebSocket.OPEN || pingSentAtMs !== undefined) return;
      pingSentAtMs = clock.monotonicMs();
      socket.ping();
    },
    close(code = 1000, reason = '') {
      if (socket.readyState === WebSocket.CONNECTING) socket.terminate();
      else socket.close(code, reason);
    },
  };
}

import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { WebSocketServer, type WebSocket } from 'ws';

export interface ScriptedAnswer {
  status?: number;
  headers?: Record<string, string>;
  body: string;
}

/** What one path answers; `hang` never does. */
export type Script = Record<string, ScriptedAnswer | 'hang'>;

export interface ScriptedHost {
  /** "127.0.0.1:4711" */
  host: string;
  /** "GET /v2/exchangeInfo", with the query cut off, in the order they came. */
  asked: string[];
  stop(): Promise<void>;
}

/**
 * A host that answers by its script and nothing else: for what no practice venue does.
 * @param script by "GET /path"; "*" is for all others
 * @param onSocket what happens to a WebSocket; without it upgrades are refused
 */
export async function startScriptedHost(script: Script, onSocket?: (socket: WebSocket) => void): Promise<ScriptedHost> {
  const asked: string[] = [];
  const server = createServer((request: IncomingMessage, response: ServerResponse) => {
    const key = `${request.method} ${(request.url ?? '').split('?')[0]}`;
    asked.push(key);
    const answer = script[key] ?? script['*'] ?? { status: 404, body: '{"detail":"Not Found"}' };
    if (answer === 'hang') return;
    response
      .writeHead(answer.status ?? 200, { 'content-type': 'application/json', ...answer.headers })
      .end(answer.body);
  });
  const sockets = onSocket === undefined ? undefined : new WebSocketServer({ server });
  sockets?.on('connection', (socket) => onSocket?.(socket));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    host: `127.0.0.1:${(server.address() as AddressInfo).port}`,
    asked,
    async stop() {
      for (const socket of sockets?.clients ?? []) socket.terminate();
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

/** What Cloudflare puts in front of a venue. */
export const CHALLENGE: ScriptedAnswer = {
  status: 403,
  headers: { 'content-type': 'text/html' },
  body: '<!DOCTYPE html><html><head><title>Just a moment...</title></head></html>',
};

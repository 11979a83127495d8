import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { listen } from '../links/listen.ts';

export interface StatusServer {
  url: string;
  close(): Promise<void>;
}

/** Answers every GET with the venues' own health as JSON. No link lies before it: it is about the venues, not of them. */
export async function startStatusServer(status: () => object): Promise<StatusServer> {
  const server = createServer((request, response) => {
    request.resume();
    response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(status()));
  });
  await listen(server, { host: '127.0.0.1', port: 0 });
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}/`,
    close: async () => {
      const closed = new Promise<void>((resolve) => server.close(() => resolve()));
      server.closeAllConnections();
      await closed;
    },
  };
}

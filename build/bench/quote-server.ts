/** Worker thread of P9: a WebSocket server that sends both venues' recorded quotes as SBE frames at their recorded times. */
import type { AddressInfo } from 'node:net';
import { parentPort, workerData } from 'node:worker_threads';
import { WebSocketServer, type WebSocket } from 'ws';
import { bboFrame, snapshotFrame, SYMBOL } from './market-feed.ts';
import { monotonicUs } from './monotonic.ts';
import type { Quote } from './recorded-quotes.ts';

const { quotes } = workerData as { quotes: Quote[] };
const SETTLE_MS = 300;
const port = parentPort!;
const sockets = new Map<string, WebSocket>();
const server = new WebSocketServer({ host: '127.0.0.1', port: 0, perMessageDeflate: false });

server.on('listening', () => port.postMessage({ port: (server.address() as AddressInfo).port }));
server.on('connection', (socket, request) => {
  const venue = request.url!.startsWith('/A') ? 'A' : 'B';
  socket.on('message', (data: Buffer) => {
    const { id, params } = JSON.parse(data.toString('utf8')) as { id: number; params: { channel: string } };
    socket.send(JSON.stringify({ jsonrpc: '2.0', id, result: params }));
    if (!params.channel.startsWith('order_book')) return;
    socket.send(
      snapshotFrame(
        quotes.find((quote) => quote.venue === venue)!,
        SYMBOL,
        1,
      ),
    );
    sockets.set(venue, socket);
    if (sockets.size === 2) setTimeout(play, SETTLE_MS);
  });
});

function play(): void {
  const startedMs = performance.now();
  let next = 0;
  const sendDue = (): void => {
    const elapsedMs = performance.now() - startedMs;
    while (next < quotes.length && quotes[next]!.atMs <= elapsedMs) {
      const quote = quotes[next++]!;
      const sentUs = Math.floor(monotonicUs());
      sockets.get(quote.venue)!.send(bboFrame(quote, SYMBOL, sentUs, next + 1).bytes);
    }
    if (next < quotes.length) setTimeout(sendDue, Math.max(0, quotes[next]!.atMs - (performance.now() - startedMs)));
    else setTimeout(() => port.postMessage({ done: true }), SETTLE_MS);
  };
  sendDue();
}

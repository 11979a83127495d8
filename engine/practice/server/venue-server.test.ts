import { expect, onTestFinished, test } from 'vitest';
import { WebSocket } from 'ws';
import type { EndpointConnection, VenueEndpoint } from '../host.ts';
import { startVenueServer } from './venue-server.ts';

interface Venue {
  origin: string;
  log: string[];
  connection: EndpointConnection | undefined;
}

/** Answers HTTP with what it was asked, refuses sockets at /no, greets the others inside the upgrade and echoes. */
async function startVenue(): Promise<Venue> {
  const venue: Venue = { origin: '', log: [], connection: undefined };
  const endpoint: VenueEndpoint = {
    http: (request, reply) =>
      setImmediate(() => reply({ status: 201, headers: { 'x-venue': 'yes' }, body: JSON.stringify(request) })),
    upgrade: (request, connection) => {
      if (request.path === '/no') return { accepted: false, status: 401, body: 'who are you' };
      venue.connection = connection;
      connection.sendText(`welcome to ${request.path}`);
      return {
        accepted: true,
        session: {
          onText: (text) => connection.sendText(`echo ${text}`),
          onClose: () => venue.log.push('session over'),
        },
      };
    },
    stop: () => undefined,
  };
  const server = await startVenueServer(endpoint);
  onTestFinished(() => server.close());
  venue.origin = `127.0.0.1:${server.port}`;
  return venue;
}

async function openSocket(
  url: string,
): Promise<{ socket: WebSocket; next(): Promise<{ data: Buffer; binary: boolean }> }> {
  const socket = new WebSocket(url);
  onTestFinished(() => socket.terminate());
  const messages: { data: Buffer; binary: boolean }[] = [];
  let wake = (): void => undefined;
  socket.on('message', (data: Buffer, binary) => {
    messages.push({ data, binary });
    wake();
  });
  await new Promise((resolve, reject) => socket.on('open', resolve).on('error', reject));
  return {
    socket,
    next: async () => {
      while (messages.length === 0) await new Promise<void>((resolve) => (wake = resolve));
      return messages.shift()!;
    },
  };
}

test('an HTTP request reaches the venue whole, and its answer the client', async () => {
  const { origin } = await startVenue();
  const answer = await fetch(`http://${origin}/v1/orders?market=X`, {
    method: 'POST',
    headers: { 'X-Api-Key': 'k' },
    body: '{"é":1}',
  });
  expect([answer.status, answer.headers.get('x-venue')]).toEqual([201, 'yes']);
  expect(await answer.json()).toMatchObject({
    method: 'POST',
    path: '/v1/orders?market=X',
    headers: { 'x-api-key': 'k' },
    body: '{"é":1}',
  });
});

test('a request body above the limit is refused', async () => {
  const { origin } = await startVenue();
  const answer = await fetch(`http://${origin}/`, { method: 'POST', body: 'x'.repeat(1024 * 1024 + 1) });
  expect(answer.status).toBe(413);
});

test('frames of both kinds pass, also those sent inside the upgrade', async () => {
  const venue = await startVenue();
  const { socket, next } = await openSocket(`ws://${venue.origin}/v1?sbe=1`);
  expect((await next()).data.toString()).toBe('welcome to /v1?sbe=1');
  socket.send('hello');
  expect(await next()).toEqual({ data: Buffer.from('echo hello'), binary: false });
  const frame = Uint8Array.of(1, 2, 3);
  venue.connection!.sendBinary(frame);
  frame.fill(0);
  expect(await next()).toEqual({ data: Buffer.from([1, 2, 3]), binary: true });
});

test('either side may close; the session hears of it once', async () => {
  const venue = await startVenue();
  const first = await openSocket(`ws://${venue.origin}/v1`);
  venue.connection!.close(4031, 'no subscription');
  expect(await new Promise((resolve) => first.socket.on('close', (code) => resolve(code)))).toBe(4031);
  const second = await openSocket(`ws://${venue.origin}/v1`);
  second.socket.close();
  await new Promise((resolve) => second.socket.on('close', resolve));
  await expect.poll(() => venue.log).toEqual(['session over', 'session over']);
});

test('a refused upgrade answers with the venue status and body', async () => {
  const { origin } = await startVenue();
  await expect(openSocket(`ws://${origin}/no`)).rejects.toThrow('401');
});

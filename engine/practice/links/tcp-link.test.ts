import { connect, createServer, type AddressInfo, type Socket } from 'node:net';
import { expect, onTestFinished, test } from 'vitest';
import { RealSchedule } from '../timing/real-schedule.ts';
import { listen } from './listen.ts';
import { createTcpLink, type TcpLink } from './tcp-link.ts';

function oneWay(medianMs: number) {
  return { medianMs, jitterBelowMs: 0, jitterAboveMs: 0 };
}

async function linkTo(onVenueSocket: (socket: Socket) => void, outMs: number, backMs: number): Promise<TcpLink> {
  const server = createServer({ allowHalfOpen: true }, (socket) => {
    socket.on('error', () => socket.destroy());
    onVenueSocket(socket);
  });
  await listen(server, { host: '127.0.0.1', port: 0 });
  const schedule = new RealSchedule();
  const link = await createTcpLink({
    leg: { toVenue: oneWay(outMs), fromVenue: oneWay(backMs) },
    seed: 1,
    schedule,
    listen: { host: '127.0.0.1', port: 0 },
    upstream: { host: '127.0.0.1', port: (server.address() as AddressInfo).port },
  });
  onTestFinished(async () => {
    await link.close();
    schedule.stop();
    server.close();
  });
  return link;
}

function client(link: TcpLink): Socket {
  const socket = connect({ port: link.port, host: link.host, noDelay: true });
  onTestFinished(() => void socket.destroy());
  return socket;
}

function nextText(socket: Socket): Promise<string> {
  return new Promise((resolve) => socket.once('data', (chunk) => resolve(chunk.toString())));
}

const echo = (socket: Socket): void => void socket.pipe(socket);

test('a new connection waits one round trip more than a kept one', async () => {
  const socket = client(await linkTo(echo, 60, 40));
  const startMs = performance.now();
  socket.write('first');
  expect(await nextText(socket)).toBe('first');
  const firstMs = performance.now() - startMs;
  const againMs = performance.now();
  socket.write('second');
  expect(await nextText(socket)).toBe('second');
  const secondMs = performance.now() - againMs;
  // Bounds below only, less the link's own cost and early tolerance: how late a busy machine delivers is reported.
  expect(firstMs).toBeGreaterThan(195);
  expect(secondMs).toBeGreaterThan(97);
});

test('each direction has its own delay', async () => {
  let venueHeardMs = 0;
  const link = await linkTo(
    (socket) =>
      void socket.on('data', (chunk) => {
        venueHeardMs = performance.now();
        socket.write(chunk);
      }),
    80,
    0,
  );
  const socket = client(link);
  socket.write('warm');
  await nextText(socket);
  const sentMs = performance.now();
  socket.write('x');
  await nextText(socket);
  expect(venueHeardMs - sentMs).toBeGreaterThan(78);
});

test('bytes arrive complete and in order, and lateness is counted per direction', async () => {
  const link = await linkTo(echo, 5, 5);
  const socket = client(link);
  const sent = Buffer.from(Uint8Array.from({ length: 300_000 }, (_, i) => i * 7));
  const received: Buffer[] = [];
  const done = new Promise<void>((resolve) => {
    socket.on('data', (chunk: Buffer) => {
      received.push(chunk);
      if (received.reduce((sum, part) => sum + part.length, 0) === sent.length) resolve();
    });
  });
  for (let at = 0; at < sent.length; at += 10_000) socket.write(sent.subarray(at, at + 10_000));
  await done;
  expect(Buffer.concat(received).equals(sent)).toBe(true);
  const { toVenue, fromVenue } = link.lateness();
  expect(Math.min(toVenue.n, fromVenue.n)).toBeGreaterThan(0);
});

test('an end is carried after the bytes before it, and the other direction stays open until it ends too', async () => {
  const link = await linkTo(
    (socket) => {
      let heard = '';
      socket.on('data', (chunk) => (heard += chunk.toString()));
      socket.on('end', () => socket.end(`heard ${heard}`));
    },
    20,
    20,
  );
  const socket = client(link);
  socket.end('last words');
  expect(await nextText(socket)).toBe('heard last words');
  await new Promise<void>((resolve) => socket.on('end', resolve));
});

test('a receiver that does not read holds the sender back', async () => {
  let venueSocket: Socket | undefined;
  const link = await linkTo((socket) => (venueSocket = socket), 1, 1);
  const socket = client(link);
  socket.write('hello');
  socket.pause();
  while (!venueSocket) await new Promise((resolve) => setImmediate(resolve));
  const megabyte = Buffer.alloc(1024 * 1024);
  let drained = true;
  for (let sent = 0; sent < 64 && drained; sent++) {
    drained = venueSocket.write(megabyte) || (await drainedWithin(venueSocket, 300));
  }
  expect(drained).toBe(false);
});

test('a venue that is gone ends the connection', async () => {
  const server = createServer();
  await listen(server, { host: '127.0.0.1', port: 0 });
  const { port } = server.address() as AddressInfo;
  await new Promise<void>((resolve) => server.close(() => resolve()));
  const schedule = new RealSchedule();
  const link = await createTcpLink({
    leg: { toVenue: oneWay(1), fromVenue: oneWay(1) },
    seed: 1,
    schedule,
    listen: { host: '127.0.0.1', port: 0 },
    upstream: { host: '127.0.0.1', port },
  });
  onTestFinished(async () => {
    await link.close();
    schedule.stop();
  });
  const socket = client(link);
  socket.on('error', () => undefined);
  await new Promise<void>((resolve) => socket.on('close', () => resolve()));
});

test('an address in use is refused by name', async () => {
  const link = await linkTo(echo, 1, 1);
  const schedule = new RealSchedule();
  await expect(
    createTcpLink({
      leg: { toVenue: oneWay(1), fromVenue: oneWay(1) },
      seed: 1,
      schedule,
      listen: { host: '127.0.0.1', port: link.port },
      upstream: { host: '127.0.0.1', port: 1 },
    }),
  ).rejects.toMatchObject({ code: 'HS_LISTEN_BUSY', message: expect.stringContaining(`127.0.0.1:${link.port}`) });
});

/** True when the socket drained, false when it was still full after `waitMs`. */
function drainedWithin(socket: Socket, waitMs: number): Promise<boolean> {
  return new Promise((resolve) => {
    const timeout = setTimeout(() => resolve(false), waitMs);
    socket.once('drain', () => {
      clearTimeout(timeout);
      resolve(true);
    });
  });
}
